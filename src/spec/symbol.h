/*
 * symbol: what a name stands for, in the file being loaded and in those before it.
 *
 * Names have spaces: types, constants, the preprocessor's macros, those of a file that no
 * other one defines, and those of lines that are passed over. A symbol is never
 * changed by another file's; the newest of a name hides the older ones, and forgetting the
 * newest brings those back (symbol_forget).
 */
#ifndef RPCSCOPE_SPEC_SYMBOL_H
#define RPCSCOPE_SPEC_SYMBOL_H

#include <sys/types.h>

#include "lex.h"
#include "memory.h"
#include "spec.h"

enum symbol_space {
	SPACE_TYPE,
	SPACE_CONSTANT,
	SPACE_MACRO,
	SPACE_ABSENT,
	SPACE_PASSED, /* words of lines that were passed over: others may define them */
	SYMBOL_SPACES
};

/* An integer, or a name's value (not known yet) plus an integer. */
struct constant {
	int64_t number;
	uint16_t base; /* 0: the number is all */
	bool text; /* a string constant, or one worked out from what is not known: no number */
	struct position at;
};

struct symbol {
	uint16_t name, source;
	uint8_t space;
	bool defined; /* type: not only mentioned; macro: not #undef'd */
	bool weak;    /* constant: a procedure's name and the like; a real one replaces it */
	bool active;  /* constant: being worked out */
	uint16_t type;
	uint32_t shadowed; /* index + 1 of the next older one of the name */
	struct position at;
	uint64_t hash; /* type: of the tokens that defined it */
	struct constant constant;
	const char *body; /* macro that is no number or name: in its file's text, while that
			     loads */
	uint32_t body_length;
	bool arguments; /* macro */
};

/* A file that was loaded by path, so that it is not loaded a second time. */
struct loaded_file {
	dev_t device;
	ino_t inode;
};

enum { PROGRAM_GUESSES = 256 };

struct spec_private {
	struct spec_hooks hooks;
	struct arena arena;              /* the names' characters */
	uint32_t *slots;                 /* name ids by hash, 0 empty */
	size_t slot_count;               /* a power of two */
	uint32_t *newest[SYMBOL_SPACES]; /* by name id: index + 1 into symbols */
	size_t newest_capacity[SYMBOL_SPACES];
	struct symbol *symbols;
	size_t symbol_count, symbol_capacity;
	uint32_t *by_number; /* programs in order of number, then of loading */
	size_t indexed, by_number_capacity;
	/* By a program's number, but for its higher digits: how many of the index have one up
	 * to it. Of several the last one; 0 for none. */
	uint32_t guesses[PROGRAM_GUESSES];
	struct loaded_file *files;
	size_t file_count, file_capacity;
};

/* Id of a name; 0 when there are LIMIT_SPEC_NAMES already. */
uint16_t name_intern(struct spec *spec, const char *text, size_t length);
/* Id of a name that exists; 0 where it does not. */
uint16_t name_find(const struct spec *spec, const char *text, size_t length);
/* Forgets all names from that id on. */
void name_forget(struct spec *spec, size_t count);

/* The newest symbol of that name, of whatever file; NULL where there is none. */
struct symbol *symbol_find(const struct spec *spec, enum symbol_space space, uint16_t name);
/* The same, only of that file. */
struct symbol *symbol_find_local(const struct spec *spec, enum symbol_space space,
				 uint16_t name, uint16_t source);
struct symbol *symbol_add(struct spec *spec, enum symbol_space space, uint16_t name,
			  uint16_t source);
/* Hides a symbol that is the newest of its name: the next older one counts again. */
void symbol_hide(struct spec *spec, const struct symbol *symbol);
/* Forgets all symbols from that index on. */
void symbol_forget(struct spec *spec, size_t count);

/*
 * The number that a name of SPACE_CONSTANT stands for, through other names. False where it
 * stands for nothing, for a string, or for itself.
 */
bool symbol_number(struct spec *spec, uint16_t name, int64_t *number);
/* The undefined name because of which that one stands for nothing; 0 when it is another reason.
 */
uint16_t symbol_missing(struct spec *spec, uint16_t name);

#endif
