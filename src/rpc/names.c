/*
 * names: program numbers and addresses as people call them.
 *
 * Programs are kept in one array sorted by number, each with the first name found
 * for it: in the user's own specifications, the last one first, as it is the one in force;
 * then the table below, then rpc(5), then the built-in specifications. Hosts are sorted
 * by address. Both are made once and only searched afterwards.
 */
#include "names.h"

#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "memory.h"

/* What rpcinfo(8) calls them, for machines without /etc/rpc. IANA, "RPC Program Numbers". */
static const struct {
	uint32_t number;
	const char *name;
	const char *alias; /* both are understood where the user names a program */
} well_known[] = {
	{100000, "portmapper", "rpcbind"},  {100000, NULL, "portmap"},
	{100000, NULL, "sunrpc"},           {100001, "rstatd", "rstat"},
	{100002, "rusersd", "rusers"},      {100003, "nfs", "nfsd"},
	{100004, "ypserv", NULL},           {100005, "mountd", "mount"},
	{100007, "ypbind", NULL},           {100008, "walld", "wall"},
	{100009, "yppasswdd", NULL},        {100011, "rquotad", "rquota"},
	{100012, "sprayd", "spray"},        {100017, "rexd", NULL},
	{100020, "llockmgr", NULL},         {100021, "nlockmgr", "nlm"},
	{100024, "status", "statd"},        {100024, NULL, "nsm"},
	{100026, "bootparam", NULL},        {100028, "ypupdated", NULL},
	{100029, "keyserv", NULL},          {100069, "ypxfrd", NULL},
	{100083, "ttdbserverd", NULL},      {100133, "nsm_addrand", NULL},
	{100227, "nfs_acl", "nfsacl"},      {100300, "nisd", NULL},
	{400122, "nfs_callback_old", NULL}, {0x40000000, "nfs_callback", "nfs_cb"},
	{150001, "pcnfsd", NULL},           {24007, "glusterfs", NULL},
};

enum { PROGRAM_GUESSES = 1024 };

/* `order` is when it was found: of several names the first one counts. */
struct program {
	uint32_t number;
	size_t order;
	char *name;
};

struct host {
	struct address address;
	size_t order;
	char *name;
};

struct names {
	const struct spec *spec;
	bool numeric;
	struct program *programs;
	size_t program_count, program_capacity;
	/* Place of the program whose number ends so, of several the last one's. */
	size_t guesses[PROGRAM_GUESSES];
	struct host *hosts;
	size_t host_count, host_capacity;
};

static int
compare(size_t left, size_t right)
{
	return (left > right) - (left < right);
}

static int
program_order(const void *a, const void *b)
{
	const struct program *left = a;
	const struct program *right = b;
	int order = compare(left->number, right->number);
	return order != 0 ? order : compare(left->order, right->order);
}

static int
number_order(const void *number, const void *program)
{
	return compare(*(const uint32_t *)number, ((const struct program *)program)->number);
}

static int
host_order(const void *a, const void *b)
{
	const struct host *left = a;
	const struct host *right = b;
	int order = memcmp(&left->address, &right->address, sizeof left->address);
	return order != 0 ? order : compare(left->order, right->order);
}

static int
address_order(const void *address, const void *host)
{
	return memcmp(address, &((const struct host *)host)->address, sizeof(struct address));
}

/* Names come from files: only what is safe to print is taken. */
static char *
clean_copy(const char *name)
{
	char *copy = memory_get(strlen(name) + 1);
	for (size_t i = 0; name[i] != '\0'; i++)
		copy[i] = isgraph((unsigned char)name[i]) ? name[i] : '?';
	return copy;
}

static void
add_program(struct names *names, uint32_t number, const char *name)
{
	size_t order = names->program_count++;
	names->programs = memory_grow(names->programs, &names->program_capacity,
				      names->program_count, sizeof *names->programs);
	names->programs[order] =
		(struct program){.number = number, .order = order, .name = clean_copy(name)};
}

static void
add_rpc_file(struct names *names)
{
	setrpcent(0);
	for (struct rpcent *entry = getrpcent(); entry != NULL; entry = getrpcent())
		add_program(names, (uint32_t)entry->r_number, entry->r_name);
	endrpcent();
}

static void
sort_programs(struct names *names)
{
	size_t kept = 0;
	qsort(names->programs, names->program_count, sizeof *names->programs, program_order);
	for (size_t i = 0; i < names->program_count; i++) {
		if (kept > 0 && names->programs[kept - 1].number == names->programs[i].number)
			free(names->programs[i].name);
		else
			names->programs[kept++] = names->programs[i];
	}
	names->program_count = kept;
	for (size_t i = 0; i < kept; i++)
		names->guesses[names->programs[i].number % PROGRAM_GUESSES] = i;
}

/* From the last to the first: what was loaded later is in force. */
static void
add_specified(struct names *names, const struct spec *spec, bool built_in)
{
	for (size_t i = spec != NULL ? spec->program_count : 0; i-- > 0;) {
		const struct spec_program *program = &spec->programs[i];
		if (program->built_in == built_in)
			add_program(names, program->number, spec_name(spec, program->name));
	}
}

struct names *
names_new(const struct spec *spec, bool numeric)
{
	struct names *names = memory_get(sizeof *names);
	names->spec = spec;
	names->numeric = numeric;
	add_specified(names, spec, false);
	for (size_t i = 0; i < sizeof well_known / sizeof well_known[0]; i++) {
		if (well_known[i].name != NULL)
			add_program(names, well_known[i].number, well_known[i].name);
	}
	add_rpc_file(names);
	add_specified(names, spec, true);
	sort_programs(names);
	return names;
}

void
names_free(struct names *names)
{
	if (names == NULL)
		return;
	for (size_t i = 0; i < names->program_count; i++)
		free(names->programs[i].name);
	for (size_t i = 0; i < names->host_count; i++)
		free(names->hosts[i].name);
	free(names->programs);
	free(names->hosts);
	free(names);
}

static void
add_host(struct names *names, const struct address *address, const char *name)
{
	size_t order = names->host_count++;
	names->hosts = memory_grow(names->hosts, &names->host_capacity, names->host_count,
				   sizeof *names->hosts);
	names->hosts[order] =
		(struct host){.address = *address, .order = order, .name = clean_copy(name)};
}

/* One line of hosts(5): an address, its name, aliases; '#' begins a comment. False when it is
 * none. */
static bool
read_host(struct names *names, char *line)
{
	line[strcspn(line, "#\r\n")] = '\0';
	char *rest = NULL;
	char *address_field = strtok_r(line, " \t", &rest);
	if (address_field == NULL)
		return true; /* blank */
	address_field[strcspn(address_field, "%")] =
		'\0'; /* a scope (RFC 4007) is this machine's */
	const char *name = strtok_r(NULL, " \t", &rest);
	struct address address;
	if (name == NULL || !address_parse(&address, address_field))
		return false;
	for (; name != NULL; name = strtok_r(NULL, " \t", &rest))
		add_host(names, &address, name);
	return true;
}

static bool
read_hosts(struct names *names, FILE *file, const char *path, struct error *error)
{
	char *line = NULL;
	size_t capacity = 0;
	bool good = true;
	for (unsigned number = 1; good && getline(&line, &capacity, file) >= 0; number++) {
		if (!read_host(names, line))
			good = error_set(
				error, "%s:%u: expected an address and a name, as in hosts(5)",
				path, number);
	}
	free(line);
	if (good && ferror(file))
		good = error_set(error, "%s: %s", path, strerror(errno));
	return good;
}

bool
names_load_hosts(struct names *names, const char *path, struct error *error)
{
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return error_set(error, "%s: %s", path, strerror(errno));
	bool good = read_hosts(names, file, path, error);
	fclose(file);
	qsort(names->hosts, names->host_count, sizeof *names->hosts, host_order);
	return good;
}

const char *
names_program(const struct names *names, uint32_t program)
{
	if (names->numeric || names->program_count == 0)
		return NULL;
	const struct program *found =
		&names->programs[names->guesses[program % PROGRAM_GUESSES]];
	if (found->number != program)
		found = bsearch(&program, names->programs, names->program_count,
				sizeof *names->programs, number_order);
	return found != NULL ? found->name : NULL;
}

const char *
names_program_of(const struct names *names, uint32_t program, bool callback)
{
	if (callback)
		return names->numeric ? NULL : "nfs_callback";
	return names_program(names, program);
}

const char *
names_message_program(const struct names *names, const struct message *message)
{
	return names_program_of(names, message->program, message->callback);
}

static bool
well_known_number(const char *name, uint32_t *program)
{
	for (size_t i = 0; i < sizeof well_known / sizeof well_known[0]; i++) {
		const char *first = well_known[i].name, *alias = well_known[i].alias;
		if ((first != NULL && strcasecmp(name, first) == 0) ||
		    (alias != NULL && strcasecmp(name, alias) == 0)) {
			*program = well_known[i].number;
			return true;
		}
	}
	return false;
}

bool
names_program_number(const struct names *names, const char *name, uint32_t *program)
{
	char *end = NULL;
	errno = 0;
	unsigned long number = strtoul(name, &end, 0);
	if (isdigit((unsigned char)name[0]) && *end == '\0' && errno == 0 &&
	    number <= UINT32_MAX) {
		*program = (uint32_t)number;
		return true;
	}
	for (size_t i = 0; i < names->program_count; i++) {
		if (strcasecmp(name, names->programs[i].name) == 0) {
			*program = names->programs[i].number;
			return true;
		}
	}
	return well_known_number(name, program);
}

const char *
names_found_procedure(const struct names *names, const struct spec_procedure *found,
		      uint32_t procedure)
{
	if (names->numeric)
		return NULL;
	if (found != NULL)
		return spec_name(names->spec, found->short_name);
	/* RFC 5531 section 12.1: procedure 0 does no work in any program. */
	return procedure == 0 ? "NULL" : NULL;
}

const char *
names_procedure(const struct names *names, uint32_t program, uint32_t version,
		uint32_t procedure)
{
	return names_found_procedure(
		names, spec_find_procedure(names->spec, program, version, procedure),
		procedure);
}

const char *
names_message_procedure(const struct names *names, const struct message *message)
{
	return names_found_procedure(names, decode_find_procedure(names->spec, message),
				     message->procedure);
}

const char *
names_protocol(uint32_t protocol)
{
	switch (protocol) {
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	default:
		return NULL;
	}
}

const char *
names_host(const struct names *names, const struct address *address)
{
	if (names->numeric || names->host_count == 0)
		return NULL;
	/* Aliases are kept, to be looked up by: the name wanted here is the file's first. */
	size_t low = 0, high = names->host_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (address_order(address, &names->hosts[middle]) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	bool found =
		low < names->host_count && address_equal(&names->hosts[low].address, address);
	return found ? names->hosts[low].name : NULL;
}

bool
names_host_address(const struct names *names, const char *name, struct address *address)
{
	for (size_t i = 0; i < names->host_count; i++) {
		if (strcasecmp(names->hosts[i].name, name) == 0) {
			*address = names->hosts[i].address;
			return true;
		}
	}
	return false;
}

void
names_host_text(const struct names *names, struct text *out, const struct address *address)
{
	const char *name = names_host(names, address);
	if (name != NULL)
		text_string_put(out, name);
	else
		address_text(out, address);
}
