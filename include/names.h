/*
 * names: what people call programs, ports' protocols and hosts.
 *
 * Program names are those of the user's specifications, then rpcinfo's: a table of the
 * well-known ones, then rpc(5) as getrpcent() reads it (once, at start), then those of the
 * built-in specifications. Host names
 * come only from a hosts(5) file that the user gave; no DNS query is ever made.
 */
#ifndef RPCSCOPE_NAMES_H
#define RPCSCOPE_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "address.h"
#include "error.h"
#include "spec.h"
#include "text.h"

struct message;
struct names;

/* `numeric` is -n: no names at all. */
struct names *names_new(const struct spec *spec, bool numeric);
void names_free(struct names *names);
bool names_load_hosts(struct names *names, const char *path, struct error *error);

/* "mountd"; NULL when the number has no name, or names are not wanted. */
const char *names_program(const struct names *names, uint32_t program);
/* The same of a call's program: one that an NFS client announced is its callback. */
const char *names_program_of(const struct names *names, uint32_t program, bool callback);
/* The number of a program name (also aliases such as rpcbind, mount), or of a decimal number.
 */
bool names_program_number(const struct names *names, const char *name, uint32_t *program);
/* "GETPORT"; NULL likewise. */
const char *names_procedure(const struct names *names, uint32_t program, uint32_t version,
			    uint32_t procedure);
/* Of a message that has_procedure: names_program_of(), and its procedure's. */
const char *names_message_program(const struct names *names, const struct message *message);
const char *names_message_procedure(const struct names *names, const struct message *message);
/* The same where it is known what describes the procedure, or that nothing does. */
const char *names_found_procedure(const struct names *names, const struct spec_procedure *found,
				  uint32_t procedure);
/* "udp", "tcp" for an IP protocol number; NULL for others. */
const char *names_protocol(uint32_t protocol);
/* "patgate.patent.ibm.com"; NULL likewise. */
const char *names_host(const struct names *names, const struct address *address);
/* The address of a host name from the hosts file; false when it is not there. */
bool names_host_address(const struct names *names, const char *name, struct address *address);
/* Host name or address. */
void names_host_text(const struct names *names, struct text *out,
		     const struct address *address);

#endif
