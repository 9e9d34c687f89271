/*
 * constant: numbers as a specification writes them, from a digit to an expression.
 */
#ifndef RPCSCOPE_SPEC_CONSTANT_H
#define RPCSCOPE_SPEC_CONSTANT_H

#include "symbol.h"

/* What a name means in an expression, and where one ends. */
enum constant_use {
	CONSTANT_VALUE, /* const, enum, case, numbers of programs: all operators */
	CONSTANT_SIZE,  /* between brackets: no comparison, `>` closes */
	CONSTANT_TEST   /* #if: macros, and 0 for every other name */
};

/*
 * Reads an expression that begins with the current token; the token behind it is then the
 * current one. A name alone that is not defined yet is left as constant->base.
 */
bool constant_parse(struct lexer *lexer, enum constant_use use, struct constant *constant);

#endif
