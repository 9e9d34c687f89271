/*
 * One pass over the text, no copy of it. Between two tokens lie blanks, comments, lines that
 * begin with '%' (rpcgen copies them to its output; here only their #define counts) and lines
 * that begin with '#', which preprocess.c takes. While a conditional is false everything but
 * those lines and comments is stepped over. Words: RFC 4506 section 6.2; also C's character
 * constants, suffixes of numbers and // comments, which files written for rpcgen and xdrgen
 * have.
 */
#include "lex.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "symbol.h"

static const char *const keyword_texts[] = {
	[KEYWORD_NONE] = "",
	[KEYWORD_BOOL] = "bool",
	[KEYWORD_CASE] = "case",
	[KEYWORD_CHAR] = "char",
	[KEYWORD_CONST] = "const",
	[KEYWORD_DEFAULT] = "default",
	[KEYWORD_DOUBLE] = "double",
	[KEYWORD_ENUM] = "enum",
	[KEYWORD_FLOAT] = "float",
	[KEYWORD_HYPER] = "hyper",
	[KEYWORD_INT] = "int",
	[KEYWORD_LONG] = "long",
	[KEYWORD_OPAQUE] = "opaque",
	[KEYWORD_PROGRAM] = "program",
	[KEYWORD_QUADRUPLE] = "quadruple",
	[KEYWORD_SHORT] = "short",
	[KEYWORD_STRING] = "string",
	[KEYWORD_STRUCT] = "struct",
	[KEYWORD_SWITCH] = "switch",
	[KEYWORD_TYPEDEF] = "typedef",
	[KEYWORD_UNION] = "union",
	[KEYWORD_UNSIGNED] = "unsigned",
	[KEYWORD_VERSION] = "version",
	[KEYWORD_VOID] = "void",
};
static_assert(sizeof keyword_texts / sizeof *keyword_texts == KEYWORDS, "a text a keyword");

static const uint16_t sign_pairs[] = {
	SIGN_PAIR('<', '<'), SIGN_PAIR('>', '>'), SIGN_PAIR('<', '='), SIGN_PAIR('>', '='),
	SIGN_PAIR('=', '='), SIGN_PAIR('!', '='), SIGN_PAIR('&', '&'), SIGN_PAIR('|', '|'),
};

void
lexer_init(struct lexer *lexer, struct spec *spec, uint16_t source,
	   const struct file_text *file, struct error *error)
{
	memset(lexer, 0, sizeof *lexer);
	lexer->spec = spec;
	lexer->source = source;
	lexer->file = file->name;
	lexer->error = error;
	lexer->at = file->text;
	lexer->end = file->text + file->length;
	lexer->line_start = file->text;
	lexer->line = 1;
	lexer->fresh = true;
	if (file->length >= 3 &&
	    memcmp(file->text, "\xef\xbb\xbf", 3) == 0) /* a byte order mark */
		lexer->at += 3;
}

struct position
lexer_position(const struct lexer *lexer)
{
	if (lexer->expanding > 0)
		return lexer->used_at;
	return (struct position){lexer->line, (uint32_t)(lexer->at - lexer->line_start) + 1};
}

bool
lexer_error(struct lexer *lexer, struct position at, const char *format, ...)
{
	char text[400];
	va_list list;
	va_start(list, format);
	vsnprintf(text, sizeof text, format, list);
	va_end(list);
	lexer->failed = true;
	return error_set(lexer->error, "%.100s:%u:%u: %s", lexer->file, at.line, at.column,
			 text);
}

bool
lexer_is(const struct lexer *lexer, uint16_t sign)
{
	return lexer->token.kind == TOKEN_SIGN && lexer->token.sign == sign;
}

void
lexer_quote(const struct lexer *lexer, char *quoted, size_t size)
{
	enum { SHOWN = 40 }; /* octets of a long token */
	const struct token *token = &lexer->token;
	int length = token->length > SHOWN ? SHOWN : (int)token->length;
	const char *dots = token->length > SHOWN ? "..." : "";
	if (token->kind == TOKEN_END)
		snprintf(quoted, size, "the end of the %s", lexer->directive ? "line" : "file");
	else if (token->kind == TOKEN_STRING)
		snprintf(quoted, size, "a string");
	else
		snprintf(quoted, size, "\"%.*s%s\"", length, token->text, dots);
}

/* Over one octet, which may be a newline. */
static void
step(struct lexer *lexer)
{
	if (*lexer->at++ != '\n')
		return;
	lexer->line++;
	lexer->line_start = lexer->at;
	lexer->fresh = true;
}

static void
skip_comment(struct lexer *lexer)
{
	struct position opened = lexer_position(lexer);
	lexer->at += 2;
	while (lexer->at < lexer->end &&
	       !(lexer_ahead(lexer, 0) == '*' && lexer_ahead(lexer, 1) == '/'))
		step(lexer);
	if (lexer->at < lexer->end)
		lexer->at += 2;
	else
		lexer_error(
			lexer, lexer_position(lexer),
			"expected \"*/\" (for the \"/*\" at %u:%u), found the end of the file",
			opened.line, opened.column);
}

/* The rest of a line, comments not looked at; stops at the newline. */
static void
skip_plain_line(struct lexer *lexer)
{
	const char *newline = memchr(lexer->at, '\n', (size_t)(lexer->end - lexer->at));
	lexer->at = newline ? newline : lexer->end;
}

/* Steps over one thing that is no token. False when a token (or the end) is next. */
static bool
skip_one(struct lexer *lexer)
{
	char c = lexer_ahead(lexer, 0);
	if (c == '\n' && lexer->directive)
		return false;
	if (c == ' ' || (c >= '\t' && c <= '\r') || c == 0x1a) { /* 0x1a: CP/M's end of file */
		step(lexer);
	} else if (c == '\\' &&
		   (lexer_ahead(lexer, 1) == '\n' || lexer_ahead(lexer, 1) == '\r')) {
		step(lexer);
		if (lexer_ahead(lexer, 0) == '\r' && lexer_ahead(lexer, 1) == '\n')
			step(lexer);
		step(lexer);
	} else if (c == '/' && lexer_ahead(lexer, 1) == '*') {
		bool fresh = lexer->fresh;
		skip_comment(lexer);
		lexer->fresh = fresh || lexer->fresh;
	} else if (c == '/' && lexer_ahead(lexer, 1) == '/') {
		skip_plain_line(lexer);
	} else {
		return false;
	}
	return true;
}

/*
 * Over an octet that is not looked at, or a quoted text: what looks like a comment in it is
 * none. A quote that nothing closes on its line is an apostrophe.
 */
static void
skip_character(struct lexer *lexer)
{
	char quote = *lexer->at++;
	if (quote != '"' && quote != '\'')
		return;
	const char *at = lexer->at;
	while (at < lexer->end && *at != quote && *at != '\n')
		at += *at == '\\' && lexer->end - at > 1 && at[1] != '\n' ? 2 : 1;
	if (at < lexer->end && *at == quote)
		lexer->at = at + 1;
}

void
lexer_pass(struct lexer *lexer)
{
	const char *start = lexer->at;
	if (!lexer_is_name(*start)) {
		skip_character(lexer);
		return;
	}
	while (lexer->at < lexer->end && lexer_is_name(*lexer->at))
		lexer->at++;
	size_t length = (size_t)(lexer->at - start);
	if (!lexer_is_name_start(*start) || length > LEXER_NAME_OCTETS)
		return;
	uint16_t name = name_intern(lexer->spec, start, length);
	if (name && !symbol_find_local(lexer->spec, SPACE_PASSED, name, lexer->source))
		symbol_add(lexer->spec, SPACE_PASSED, name, lexer->source);
}

bool
lexer_leaves(const struct lexer *lexer, uint16_t name)
{
	return lexer->includes ||
	       symbol_find_local(lexer->spec, SPACE_PASSED, name, lexer->source) != NULL;
}

void
lexer_skip_line(struct lexer *lexer)
{
	lexer->directive = true;
	while (!lexer->failed && lexer->at < lexer->end && *lexer->at != '\n')
		if (!skip_one(lexer))
			skip_character(lexer);
	lexer->directive = false;
}

static void
scan_name(struct lexer *lexer)
{
	struct token *token = &lexer->token;
	while (lexer->at < lexer->end && lexer_is_name(*lexer->at))
		lexer->at++;
	token->kind = TOKEN_NAME;
	size_t length = (size_t)(lexer->at - token->text);
	if (length > LEXER_NAME_OCTETS)
		lexer_error(lexer, token->at,
			    "expected a name of at most %d octets, found one of %zu",
			    LEXER_NAME_OCTETS, length);
	for (unsigned i = 1; i < KEYWORDS; i++)
		if (keyword_texts[i][0] == token->text[0] &&
		    strlen(keyword_texts[i]) == length &&
		    memcmp(keyword_texts[i], token->text, length) == 0)
			token->keyword = (uint8_t)i;
}

static void
scan_sign(struct lexer *lexer)
{
	char c = *lexer->at;
	uint16_t pair =
		(uint16_t)SIGN_PAIR((unsigned char)c, (unsigned char)lexer_ahead(lexer, 1));
	lexer->token.kind = TOKEN_SIGN;
	lexer->token.sign = (unsigned char)c;
	if (c == '\0' || !strchr("{}[]()<>=;:,*-+~!|&^/%#?.", c)) {
		lexer->token.kind = TOKEN_END;
		if (c > ' ' && c < 0x7f)
			lexer_error(lexer, lexer->token.at, "expected a word, found \"%c\"", c);
		else
			lexer_error(lexer, lexer->token.at,
				    "expected text, found the octet 0x%02x", (unsigned char)c);
		return;
	}
	lexer->at++;
	for (size_t i = 0; i < sizeof sign_pairs / sizeof *sign_pairs; i++)
		if (sign_pairs[i] == pair) {
			lexer->token.sign = pair;
			lexer->at++;
			return;
		}
}

struct token
lexer_word(struct lexer *lexer)
{
	struct token token = {.kind = TOKEN_END};
	while (lexer->at < lexer->end && skip_one(lexer))
		continue;
	token.text = lexer->at;
	if (lexer_is_name_start(lexer_ahead(lexer, 0)))
		token.kind = TOKEN_NAME;
	while (token.kind == TOKEN_NAME && lexer_is_name(lexer_ahead(lexer, 0)))
		lexer->at++;
	token.length = (uint32_t)(lexer->at - token.text);
	return token;
}

void
lexer_scan(struct lexer *lexer)
{
	while (!lexer->failed && lexer->at < lexer->end && skip_one(lexer))
		continue;
	lexer->token = (struct token){.at = lexer_position(lexer), .text = lexer->at};
	if (lexer->failed || lexer->at >= lexer->end || *lexer->at == '\n')
		return;
	lexer->fresh = false;
	char c = *lexer->at;
	if (lexer_is_name_start(c))
		scan_name(lexer);
	else if (lexer_is_digit(c))
		lexer_scan_number(lexer);
	else if (c == '"' || c == '\'')
		lexer_scan_quoted(lexer);
	else
		scan_sign(lexer);
	lexer->token.length = (uint32_t)(lexer->at - lexer->token.text);
	if (lexer->failed)
		lexer->token.kind = TOKEN_END;
}

/* Everything up to the next token that counts. */
static void
skip_to_token(struct lexer *lexer)
{
	while (!lexer->failed && (lexer->at < lexer->end || expand_end(lexer))) {
		struct position at = lexer_position(lexer);
		if (lexer->at == lexer->end || skip_one(lexer))
			continue;
		bool fresh = lexer->fresh && lexer->expanding == 0;
		if (fresh && *lexer->at == '%') {
			lexer->lines_passed = true;
			lexer->at++;
			preprocess_passed_line(lexer);
			skip_plain_line(lexer);
		} else if (fresh && *lexer->at == '#') {
			lexer->lines_passed = true;
			lexer->at++;
			preprocess_line(lexer, at);
		} else if (lexer_skipping(lexer)) {
			lexer->fresh = false;
			lexer_pass(lexer);
		} else {
			return;
		}
	}
}

void
lexer_next(struct lexer *lexer)
{
	do {
		skip_to_token(lexer);
		lexer_scan(lexer);
	} while (expand_token(lexer));
	const struct token *token = &lexer->token;
	for (uint32_t i = 0; i < token->length; i++)
		lexer->hash = (lexer->hash ^ (unsigned char)token->text[i]) * 0x100000001b3u;
	lexer->hash = (lexer->hash ^ ' ') * 0x100000001b3u;
	if (token->kind != TOKEN_END || lexer->failed || lexer->depth == 0)
		return;
	const struct conditional *open = &lexer->conditionals[lexer->depth - 1];
	lexer_error(lexer, token->at,
		    "expected \"#endif\" (for the conditional at %u:%u), found the end of the "
		    "file",
		    open->at.line, open->at.column);
}
