/*
 * load: one specification on its way from text into the arrays of a struct spec.
 *
 * Parsing fills the arrays at once. What a name stands for is often not known then, because
 * specifications use names before they define them: a type that is only mentioned gets its id
 * with the first mention, and a number that is only a name is noted as a debt. check_all() pays
 * all debts, works out sizes and refuses what cannot be decoded in bounded time.
 * Every function that returns a bool has told its mistake when it returns false.
 */
#ifndef RPCSCOPE_SPEC_LOAD_H
#define RPCSCOPE_SPEC_LOAD_H

#include "constant.h"

/* How long the arrays were before a file. */
struct mark {
	size_t names, types, parts, layouts, places, procedures, versions, programs, sources,
		absent, symbols, files;
};

/* Where a number goes that is known only when the whole file was read. */
enum debt_target { DEBT_SIZE, DEBT_PART, DEBT_PROCEDURE, DEBT_VERSION, DEBT_PROGRAM };

struct debt {
	enum debt_target target;
	uint32_t index;
	struct constant constant;
};

/* A member, an arm or a value while the braces around it are open. */
struct pending {
	struct spec_part part;
	struct constant constant; /* the part's value */
	bool owes;                /* ... is not in the part yet */
};

struct bracket {
	char sign;
	struct position at;
};

struct load {
	struct spec *spec;
	struct lexer lexer;
	uint16_t source;
	bool built_in;
	struct mark mark;
	struct pending *pending; /* a stack, runs of it go to spec->parts */
	size_t pending_count, pending_capacity;
	struct debt *debts;
	size_t debt_count, debt_capacity;
	struct position *type_at; /* by type id from mark.types on */
	size_t type_at_capacity;
	struct position *procedure_at, *version_at; /* likewise */
	size_t procedure_at_capacity, version_at_capacity;
	struct bracket brackets[LIMIT_SPEC_NESTING];
	unsigned depth;
	size_t definition_count;
};

/* A declaration (RFC 4506 section 6.2): a type, and the name that it is given. */
struct declared {
	struct spec_type type; /* ALIAS: just another type, type.element */
	struct constant size;
	bool sized;    /* type.size comes from `size` */
	uint16_t name; /* 0: none */
	struct position at;
};

enum declared_name { DECLARED_NAMED, DECLARED_ARGUMENT, DECLARED_RESULT };

/* -- parse.c -- */
bool load_expected(struct load *load, const char *what);
/* Over that sign, or a mistake; brackets remember where they were opened. */
bool load_take(struct load *load, char sign);
bool load_open(struct load *load, char sign);
bool load_close(struct load *load, char sign);
/* The name that stands here, any keyword too; 0 and a mistake otherwise. */
uint16_t load_name(struct load *load, const char *what);
/* Every definition of the file. */
bool parse_all(struct load *load);

/* -- declare.c -- */
bool declare(struct load *load, enum declared_name naming, struct declared *declared);
bool declare_enum(struct load *load, struct spec_type *type);
bool declare_struct(struct load *load, struct spec_type *type);
bool declare_union(struct load *load, struct spec_type *type);

/* -- define.c -- */
/* Id of the type that a declaration says; makes one where it needs one. TYPE_VOID for void. */
bool define_anonymous(struct load *load, const struct declared *declared, uint16_t *type);
bool define_type(struct load *load, const struct declared *declared);
bool define_constant(struct load *load, uint16_t name, const struct constant *constant,
		     bool weak);
/* Id of a type by name, which may be defined later. */
bool define_mention(struct load *load, uint16_t name, struct position at, uint16_t *type);
void define_debt(struct load *load, enum debt_target target, size_t index,
		 const struct constant *constant);
/* The stack of parts. */
struct pending *define_pending(struct load *load);
void define_parts(struct load *load, size_t base, uint32_t *first, uint32_t *count);

/* -- absent.c -- */
/* May names be missing, because the file leaves some to others? Then what needs one is unknown.
 */
bool absent_type(struct load *load, const struct symbol *mention);
bool absent_number(struct load *load, const struct debt *debt);
/* After its arms' values: those of unknown ones could be any of the others. */
void absent_arms(struct load *load, const struct spec_type *type);

/* -- status.c -- */
/* Sets `status` of the type, and `failed` of its values. */
void status_note(struct spec *spec, struct spec_type *type);

/* -- layout.c: of the file's structs -- */
void layout_all(struct load *load);

/* -- check.c, size.c -- */
bool check_all(struct load *load);
/* Only what is missing, all of it: for a survey. */
void check_names(struct load *load);
bool size_all(struct load *load);

/* -- order.c: what files define and lack, before any of them is loaded -- */
struct survey {
	uint32_t *provider; /* by name id: 1 + the first file that defines it */
	size_t provider_capacity;
	struct need {
		uint32_t file;
		uint16_t name;
	} * needs; /* in order of file */
	size_t need_count, need_capacity;
	uint32_t file; /* the one at hand */
};
/* Takes what the file has: its symbols and its absent names. */
void survey_take(struct survey *survey, const struct load *load);

/* -- path.c -- */
/* The text of a regular file that is not too long; NULL otherwise. free() it. */
char *path_read(const char *path, size_t *length);

/* -- load.c -- */
/* Reads a text, leaves nothing of it but names, and has survey_take() see it between. */
void load_survey(struct spec *spec, const char *text, size_t length, struct survey *survey);
struct mark load_mark(const struct spec *spec);
/* Cuts everything back to the mark. */
void load_forget(struct spec *spec, const struct mark *mark);
/* The types and constants that every C program has, as src/spec/prelude.x says. */
void load_prelude(struct spec *spec);
/* Of a procedure's name the part that people say. */
uint16_t load_short_name(struct spec *spec, uint16_t name);

#endif
