/*
 * object: the JSON objects of the reports, member by member; private to src/report.
 */
#ifndef RPCSCOPE_OBJECT_H
#define RPCSCOPE_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "address.h"
#include "text.h"

/* {"type":"session" */
void object_begin(struct text *text, const char *type);
/* } and the end of the line. */
void object_end(struct text *text);
/* ,"key": with nothing behind it. */
void object_key(struct text *text, const char *key);
void object_number(struct text *text, const char *key, uint64_t number);
void object_signed(struct text *text, const char *key, int64_t number);
/* Null for 0: of frames and sessions, which are counted from 1. */
void object_ordinal(struct text *text, const char *key, uint64_t number);
void object_bool(struct text *text, const char *key, bool value);
/* A string, or null. */
void object_string(struct text *text, const char *key, const char *string);
void object_address(struct text *text, const char *key, const struct address *address);
void object_endpoint(struct text *text, const char *key, const struct endpoint *endpoint);
void object_time(struct text *text, const char *key, int64_t time);

#endif
