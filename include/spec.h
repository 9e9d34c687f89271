/*
 * spec: RPC programs as data, loaded from files in the RPC language.
 *
 * The language is that of RFC 5531 section 12 and RFC 4506 section 6, and what
 * real files written for rpcgen add to it (docs/spec-language.md). Every file
 * is a name space of its own that sees the names of files loaded before it.
 * The built-in specifications (src/spec/NAME.x) are embedded as text and go
 * through the same loader.
 *
 * The graph is plain arrays; ids are indices into them and never change. A
 * loaded spec is only read. Hostile files are refused in bounded time and
 * memory: sizes finite, cycles by value refused, bounds in limits.h.
 */
#ifndef RPCSCOPE_SPEC_H
#define RPCSCOPE_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

enum spec_kind {
	SPEC_VOID,
	SPEC_INT, /* int, also short and char as rpcgen takes them */
	SPEC_UINT,
	SPEC_HYPER,
	SPEC_UHYPER,
	SPEC_FLOAT,
	SPEC_DOUBLE,
	SPEC_QUADRUPLE,
	SPEC_BOOL,
	SPEC_UNKNOWN, /* the file leaves it to one that was not loaded: nothing can be read */
	SPEC_ENUM,    /* parts: values */
	SPEC_OPAQUE,  /* opaque x[size] */
	SPEC_OPAQUE_VAR, /* opaque x<size> */
	SPEC_STRING,     /* string x<size> */
	SPEC_STRUCT,     /* parts: members */
	SPEC_UNION,      /* element: discriminant's type; parts: arms */
	SPEC_ARRAY,      /* element x[size] */
	SPEC_ARRAY_VAR,  /* element x<size> */
	SPEC_OPTIONAL,   /* element *x */
	SPEC_ALIAS,      /* typedef element name: same octets, another name */
	SPEC_KINDS
};

#define SPEC_UNBOUNDED UINT32_MAX
#define SPEC_NO_VALUE  INT64_MIN /* of a part whose constant is in a file not loaded */

struct spec_type {
	uint8_t kind;    /* enum spec_kind */
	uint8_t meaning; /* what spec_hooks.meaning said of its name, or of the first one that
			    it is an alias of; 0 none */
	uint8_t opener;  /* what spec_hooks.opener said of its name; 0 none */
	uint8_t list; /* STRUCT whose last member is an optional of itself: a chain, walked as a
			 loop */
	bool status;  /* its name, or one of its values', says that it is an outcome */
	uint16_t name;    /* 0: has none */
	uint16_t element; /* type id, see the kinds above */
	uint16_t shape;   /* type id behind every alias: its own if it is none */
	uint16_t layout; /* STRUCT of fixed layout: number of its row in spec.layouts; 0 none */
	uint32_t size;   /* fixed size or bound, in octets or elements */
	uint32_t minimum;         /* least octets it takes on the wire */
	uint32_t first, count;    /* its parts: indices into spec.parts */
	uint32_t distinct;        /* ENUM, UNION: how many different values they have */
	uint16_t name_of_element; /* UNION: name of the discriminant */
	uint16_t source;          /* id of the file it came from */
};

/* A struct's member, a union's arm or an enum's value. */
struct spec_part {
	uint16_t name;
	uint16_t type;  /* member and arm: of the declaration (an arm may be VOID) */
	int64_t value;  /* arm: its case; enum: the number (both as signed 32-bit, unsigned kept
			   positive) */
	bool otherwise; /* arm: `default`; always the last part */
	bool failed;    /* enum: as an outcome it is no success (status.c) */
};

enum {
	LAYOUT_FIELDS = 64,
	LAYOUT_OCTETS = 252,
};

/*
 * A field of a struct in which nothing depends on the octets: no union, array, optional, nor
 * anything of variable size, however deep. Where each of its fields stands is known at load.
 */
struct spec_place {
	uint16_t name, type; /* as of a member; of the struct itself they are its user's */
	uint8_t kind; /* of a leaf; SPEC_STRUCT opens a struct, SPEC_VOID closes it again */
	uint8_t depth, offset;
	uint8_t length;  /* of an opening: of everything in it */
	uint8_t partner; /* of an opening and its closing: the other one */
};

struct spec_layout {
	uint32_t first; /* in spec.places, from the opening of the struct to its closing */
	uint8_t count, depth, octets; /* of fields, of the deepest of them, of all of them */
};

struct spec_procedure {
	uint32_t number;
	uint16_t name;         /* as in the file: PMAPPROC_GETPORT */
	uint16_t short_name;   /* what follows PROC_, PROC3_, ...: GETPORT */
	uint16_t result;       /* type id */
	uint32_t first, count; /* arguments: members in spec.parts; none for void */
};

struct spec_version {
	uint32_t number;
	uint16_t name;
	uint32_t first, count; /* procedures, in order of number */
};

struct spec_program {
	uint32_t number;
	uint16_t name;
	uint16_t source; /* id of its file */
	bool built_in;
	uint32_t first, count; /* versions */
};

/* A name that a file uses and, by its #include lines, leaves to one that was not loaded. */
struct spec_absent {
	uint16_t name;
	uint16_t source;       /* id of the file that uses it */
	uint32_t line, column; /* where it does first */
};

struct spec_source {
	uint16_t name; /* file name as given; built-in: "portmap.x" */
	bool built_in;
};

/* Names that the walker uses itself; they have these ids in every spec. */
enum spec_fixed_name {
	NAME_NONE,      /* "" */
	NAME_ARGUMENTS, /* "arguments" */
	NAME_RESULTS,   /* "results" */
	NAME_LENGTH,    /* "length": the length word in front of an opened opaque */
	NAME_COUNT,     /* "count": the number of elements of an array */
	NAME_FOLLOWS,   /* "follows": an optional's or a list's boolean */
	NAME_PADDING,   /* "padding" */
	NAME_REST,      /* "rest": octets that could not be decoded */
	NAME_RESULT,    /* "result": a result that is no struct */
	NAME_ARG, /* "arg": the only argument, when it is no struct; then arg1, arg2, ... */
	NAME_FIXED
};

/* Types of the language itself; they have these ids in every spec. Same order as spec_kind. */
enum spec_fixed_type {
	TYPE_VOID,
	TYPE_INT,
	TYPE_UINT,
	TYPE_HYPER,
	TYPE_UHYPER,
	TYPE_FLOAT,
	TYPE_DOUBLE,
	TYPE_QUADRUPLE,
	TYPE_BOOL,
	TYPE_UNKNOWN,
	TYPE_FIXED
};

/* What the rest of the program knows of a type by its name; asked once a type, at load. */
struct spec_hooks {
	uint8_t (*meaning)(const char *type_name);
	uint8_t (*opener)(const char *type_name);
};

struct spec {
	struct spec_type *types;
	size_t type_count, type_capacity;
	struct spec_part *parts;
	size_t part_count, part_capacity;
	uint32_t *ordered; /* of a type, from `first` on: `distinct` parts in order of value */
	size_t ordered_capacity;
	struct spec_layout *layouts; /* from 1 */
	size_t layout_count, layout_capacity;
	struct spec_place *places;
	size_t place_count, place_capacity;
	struct spec_procedure *procedures;
	size_t procedure_count, procedure_capacity;
	struct spec_version *versions;
	size_t version_count, version_capacity;
	struct spec_program *programs;
	size_t program_count, program_capacity;
	struct spec_source *sources;
	size_t source_count, source_capacity;
	struct spec_absent *absent;
	size_t absent_count, absent_capacity;
	const char **names;
	size_t name_count, name_capacity; /* by id, terminated */
	struct spec_private *private;     /* the loader's: name look-up, constants */
};

struct spec *spec_new(const struct spec_hooks *hooks);
void spec_free(struct spec *spec);

/*
 * Loads one specification. On a mistake nothing of it stays, *error says
 * "FILE:LINE:COLUMN: expected ..., found ...", and false is returned.
 * A program and version loaded later replaces one loaded before.
 */
bool spec_load_text(struct spec *spec, const char *file_name, const char *text, size_t length,
		    bool built_in, struct error *error);
/*
 * Puts files into an order in which each comes after those that define what it lacks, as far as
 * that can be; the order given otherwise. What they include and built-in names do not matter.
 */
void spec_order_paths(const char **paths, size_t count);
/* A file, or every .x file of a directory: in order of name as above. */
bool spec_load_path(struct spec *spec, const char *path, struct error *error);
/* The specifications built into the program. */
bool spec_load_built_in(struct spec *spec, struct error *error);

/* NULL where there is none. */
const struct spec_program *spec_find_program(const struct spec *spec, uint32_t program);
const struct spec_procedure *spec_find_procedure(const struct spec *spec, uint32_t program,
						 uint32_t version, uint32_t procedure);
/* The same of a built-in specification, whatever a user's file says of that number. */
const struct spec_procedure *spec_find_built_in(const struct spec *spec, uint32_t program,
						uint32_t version, uint32_t procedure);
/* Type id by name, the one loaded last; TYPE_VOID where there is none. */
uint16_t spec_find_type(const struct spec *spec, const char *name);

/* That of the first type on the way through the aliases that has an opener; 0 where none has.
 */
uint8_t spec_opener(const struct spec *spec, uint16_t type);
/*
 * The part of an enum or a union that has that value, the first one where several do; the
 * `default` arm where none does, NULL without one. In time that grows with the logarithm of
 * how many there are: every value on the wire asks. `steps`: how many were looked at, or NULL.
 */
const struct spec_part *spec_find_part(const struct spec *spec, const struct spec_type *type,
				       int64_t value, unsigned *steps);
/* Name of an enum's value; NULL when the number is not one of it. */
const char *spec_enum_name(const struct spec *spec, uint16_t type, int64_t value);

/* Is it an enumeration that says how something came out, by names (status.c)? */
bool spec_is_status(const struct spec *spec, uint16_t type);
/* Is that value of it no success? 0 is one unless its name says otherwise. */
bool spec_status_failed(const struct spec *spec, uint16_t type, int64_t value);

/* The type behind every alias. */
static inline const struct spec_type *
spec_resolve(const struct spec *spec, uint16_t type)
{
	return &spec->types[spec->types[type].shape];
}

/* Of the first type on the way through the aliases that has one; 0 where none has. */
static inline uint8_t
spec_meaning(const struct spec *spec, uint16_t type)
{
	return spec->types[type].meaning;
}

static inline const char *
spec_name(const struct spec *spec, uint16_t id)
{
	return spec->names[id];
}

#endif
