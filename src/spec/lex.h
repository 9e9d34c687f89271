/*
 * lex: a specification's text as tokens; what the preprocessor takes away is never seen.
 *
 * lexer_next() leaves the next token in lexer->token. A mistake is told once in *error;
 * from then on every token is TOKEN_END, so a parser needs no check of its own. The text
 * belongs to the caller and has to outlive the lexer; tokens point into it.
 */
#ifndef RPCSCOPE_SPEC_LEX_H
#define RPCSCOPE_SPEC_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "limits.h"

struct spec;

enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_NUMBER, TOKEN_STRING, TOKEN_SIGN };

enum keyword {
	KEYWORD_NONE,
	KEYWORD_BOOL,
	KEYWORD_CASE,
	KEYWORD_CHAR,
	KEYWORD_CONST,
	KEYWORD_DEFAULT,
	KEYWORD_DOUBLE,
	KEYWORD_ENUM,
	KEYWORD_FLOAT,
	KEYWORD_HYPER,
	KEYWORD_INT,
	KEYWORD_LONG,
	KEYWORD_OPAQUE,
	KEYWORD_PROGRAM,
	KEYWORD_QUADRUPLE,
	KEYWORD_SHORT,
	KEYWORD_STRING,
	KEYWORD_STRUCT,
	KEYWORD_SWITCH,
	KEYWORD_TYPEDEF,
	KEYWORD_UNION,
	KEYWORD_UNSIGNED,
	KEYWORD_VERSION,
	KEYWORD_VOID,
	KEYWORDS
};

/* Octets of a name; the longest known one, of an NFSv4.2 file, has 57. */
enum { LEXER_NAME_OCTETS = 255 };
/* Macros that stand in each other's bodies. */
enum { LEXER_EXPANSIONS = 16 };

/* A sign of two characters as one number. */
#define SIGN_PAIR(first, second) (((first) << 8) | (second))

struct position {
	uint32_t line, column; /* from 1; a column is an octet */
};

struct token {
	uint8_t kind;
	uint8_t keyword; /* of a TOKEN_NAME */
	uint16_t sign;   /* '{', or SIGN_PAIR('<', '<') */
	uint32_t length;
	const char *text;
	int64_t number; /* TOKEN_NUMBER, also a character constant; 64 bits, wrapped */
	struct position at;
};

struct conditional {
	struct position at;
	bool active; /* its lines count */
	bool taken;  /* a branch of it has counted already */
	bool last;   /* #else was there */
};

/* Where the text goes on behind a macro. */
struct expansion {
	uint16_t name; /* of the macro */
	uint32_t line;
	const char *at, *end, *line_start;
};

struct lexer {
	struct spec *spec; /* where macros are kept */
	uint16_t source;   /* id of the file, the scope of macros */
	const char *file;
	struct error *error;
	const char *at, *end, *line_start;
	uint32_t line;
	bool fresh;     /* nothing but blanks since the line began */
	bool directive; /* inside a preprocessor line: a newline is the end */
	bool failed;
	bool includes; /* there was an #include: other files may define what this one does not
			*/
	bool lines_passed; /* there were lines for the preprocessor or for rpcgen's output */
	uint64_t hash;     /* over the tokens since it was set to 0 */
	unsigned depth;    /* of conditionals */
	struct conditional conditionals[LIMIT_SPEC_NESTING];
	struct token token;
	unsigned expanding;      /* macros that the text at hand is of */
	size_t expanded;         /* octets of all so far */
	struct position used_at; /* the outermost one */
	struct expansion expansions[LEXER_EXPANSIONS];
};

/* The text of a file; the lexer keeps pointers into it. */
struct file_text {
	const char *name, *text;
	size_t length;
};

void lexer_init(struct lexer *lexer, struct spec *spec, uint16_t source,
		const struct file_text *file, struct error *error);
void lexer_next(struct lexer *lexer);
bool lexer_is(const struct lexer *lexer, uint16_t sign);
/* May the file leave that name to others, by what it has besides the language? */
bool lexer_leaves(const struct lexer *lexer, uint16_t name);
/* "FILE:LINE:COLUMN: " and the rest; false. */
bool lexer_error(struct lexer *lexer, struct position at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The current token as a message quotes it. */
void lexer_quote(const struct lexer *lexer, char *quoted, size_t size);

/* Between lex.c, literal.c, preprocess.c and expand.c. */

/* By hand: <ctype.h> asks the locale. */
static inline bool
lexer_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
lexer_is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static inline bool
lexer_is_name(char c)
{
	return lexer_is_name_start(c) || lexer_is_digit(c);
}

/* The octet so far ahead; 0 behind the end. */
static inline char
lexer_ahead(const struct lexer *lexer, size_t count)
{
	return (size_t)(lexer->end - lexer->at) > count ? lexer->at[count] : '\0';
}

/* From its first octet; a mistake leaves lexer->failed. */
void lexer_scan_number(struct lexer *lexer);
void lexer_scan_quoted(struct lexer *lexer);
struct position lexer_position(const struct lexer *lexer);
/* The next token of the text, whatever the conditionals say. */
void lexer_scan(struct lexer *lexer);
/* The word that stands here, if one does: what follows '#' may be anything. */
struct token lexer_word(struct lexer *lexer);
/* Over an octet of what does not count, or over a name, which is then one that it may leave. */
void lexer_pass(struct lexer *lexer);
/* To the end of a line, past the comments that it opens. */
void lexer_skip_line(struct lexer *lexer);
bool lexer_skipping(const struct lexer *lexer);
/* A line that begins with '#'; the lexer stands behind that sign. */
void preprocess_line(struct lexer *lexer, struct position at);
/* A line that begins with '%', likewise; the lexer does not move. */
void preprocess_passed_line(struct lexer *lexer);
/* Is the token a macro's name? Then its body comes next. */
bool expand_token(struct lexer *lexer);
/* From the end of a body back to where it was used; false outside of any. */
bool expand_end(struct lexer *lexer);

#endif
