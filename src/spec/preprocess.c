/*
 * The part of the C preprocessor that specifications use: conditionals, and #define of a
 * constant. rpcgen runs cpp with RPC_HDR, RPC_XDR, RPC_SVC, RPC_CLNT or RPC_TBL defined by
 * turns; what all of its outputs share is what stands outside them, so here none is defined.
 * A macro counts in conditionals of its own file; its value, if it has one, is also a constant
 * of the file. #include is dealt with before the file is read (load.c), or not at all; every
 * other line is passed over.
 */
#include <string.h>

#include "constant.h"

bool
lexer_skipping(const struct lexer *lexer)
{
	return lexer->depth > 0 && !lexer->conditionals[lexer->depth - 1].active;
}

static bool
word_is(const struct token *token, const char *word)
{
	return token->kind == TOKEN_NAME && token->length == strlen(word) &&
	       memcmp(token->text, word, token->length) == 0;
}

/* The name behind #ifdef, #ifndef, #define, #undef; NAME_NONE and a mistake without one. */
static uint16_t
read_macro_name(struct lexer *lexer)
{
	char found[80];
	lexer_scan(lexer);
	if (lexer->token.kind == TOKEN_NAME) {
		uint16_t name =
			name_intern(lexer->spec, lexer->token.text, lexer->token.length);
		if (name == NAME_NONE)
			lexer_error(lexer, lexer->token.at,
				    "expected at most %d names, found more", LIMIT_SPEC_NAMES);
		return name;
	}
	lexer_quote(lexer, found, sizeof found);
	lexer_error(lexer, lexer->token.at, "expected a name, found %s", found);
	return NAME_NONE;
}

static bool
is_defined(const struct lexer *lexer, uint16_t name)
{
	const struct symbol *macro =
		symbol_find_local(lexer->spec, SPACE_MACRO, name, lexer->source);
	return macro && macro->defined;
}

static bool
read_test(struct lexer *lexer)
{
	struct constant value = {0};
	char found[80];
	lexer_scan(lexer);
	if (!constant_parse(lexer, CONSTANT_TEST, &value) || lexer->token.kind == TOKEN_END)
		return value.number != 0;
	lexer_quote(lexer, found, sizeof found);
	return lexer_error(lexer, lexer->token.at, "expected the end of the line, found %s",
			   found);
}

static void
open_conditional(struct lexer *lexer, struct position at, const char *word)
{
	bool outer = !lexer_skipping(lexer), active = false;
	if (lexer->depth == LIMIT_SPEC_NESTING) {
		lexer_error(lexer, at,
			    "expected at most %d conditionals inside each other, found more",
			    LIMIT_SPEC_NESTING);
		return;
	}
	if (outer && strcmp(word, "if") == 0)
		active = read_test(lexer);
	else if (outer)
		active = is_defined(lexer, read_macro_name(lexer)) == (word[2] == 'd');
	lexer->conditionals[lexer->depth++] =
		(struct conditional){.at = at, .active = active, .taken = active || !outer};
}

/* #elif, #else, #endif. */
static void
turn_conditional(struct lexer *lexer, struct position at, const char *word)
{
	if (lexer->depth == 0) {
		lexer_error(lexer, at, "expected \"#if\" before this, found \"#%s\"", word);
		return;
	}
	struct conditional *top = &lexer->conditionals[lexer->depth - 1];
	if (strcmp(word, "endif") == 0) {
		lexer->depth--;
		return;
	}
	if (top->last) {
		lexer_error(lexer, at,
			    "expected \"#endif\" (for the conditional at %u:%u), found \"#%s\"",
			    top->at.line, top->at.column, word);
		return;
	}
	top->last = strcmp(word, "else") == 0;
	top->active = !top->taken && (top->last || read_test(lexer));
	top->taken |= top->active;
}

/*
 * The body of a macro as a number, or as another name; without either it is only defined, which
 * is no mistake. Reads ahead with a lexer of its own.
 */
static bool
read_body(const struct lexer *lexer, struct constant *body)
{
	struct error none = {.text = ""};
	struct lexer ahead = *lexer;
	ahead.error = &none;
	lexer_scan(&ahead);
	bool arguments = ahead.token.text == lexer->at && lexer_is(&ahead, '(');
	return !arguments && ahead.token.kind != TOKEN_END &&
	       constant_parse(&ahead, CONSTANT_VALUE, body) && !body->text &&
	       ahead.token.kind == TOKEN_END && !ahead.failed;
}

/* A macro's value is also a constant, unless the file defines one. */
static void
define_value(struct lexer *lexer, uint16_t name, const struct constant *body)
{
	struct symbol *constant =
		symbol_find_local(lexer->spec, SPACE_CONSTANT, name, lexer->source);
	if (!constant || constant->weak) {
		constant = symbol_add(lexer->spec, SPACE_CONSTANT, name, lexer->source);
		constant->weak = true;
		constant->constant = *body;
	}
}

/* A body that the parser will see in place of the name (expand.c). */
static void
set_tokens(const struct lexer *lexer, struct symbol *macro)
{
	struct lexer ahead = *lexer;
	macro->arguments = lexer_ahead(lexer, 0) == '(';
	lexer_skip_line(&ahead);
	macro->body = lexer->at;
	macro->body_length = (uint32_t)(ahead.at - lexer->at);
}

static void
define(struct lexer *lexer)
{
	uint16_t name = read_macro_name(lexer);
	struct constant body = {.at = lexer->token.at};
	if (lexer->failed)
		return;
	bool valued = read_body(lexer, &body) && body.base != name;
	struct symbol *macro = symbol_add(lexer->spec, SPACE_MACRO, name, lexer->source);
	macro->defined = true;
	if (!valued && body.base != name) {
		set_tokens(lexer, macro);
		return;
	}
	if (!valued)
		return;
	macro->constant = body;
	define_value(lexer, name, &body);
}

/* Where the line ends, or its first comment begins, which may go on over other lines. */
static const char *
passed_line_end(const struct lexer *lexer)
{
	const char *at = lexer->at;
	while (at < lexer->end && *at != '\n' &&
	       !(*at == '/' && lexer->end - at > 1 && at[1] == '*'))
		at++;
	return at;
}

/* `%#define NAME value`: defined for the C compiler only, but files use such names as sizes. */
static void
define_passed(struct lexer *lexer, struct lexer *line)
{
	struct token word = lexer_word(line), name = lexer_word(line);
	lexer->includes |= word_is(&word, "include");
	struct constant body = {.at = lexer_position(line)};
	if (line->failed || !word_is(&word, "define") || name.kind != TOKEN_NAME)
		return;
	uint16_t id = name_intern(line->spec, name.text, name.length);
	if (id && read_body(line, &body) && body.base != id &&
	    !symbol_find_local(line->spec, SPACE_CONSTANT, id, line->source))
		define_value(line, id, &body);
}

/*
 * For rpcgen's output, also where it stands in #ifdef RPC_HDR: C that may define names which
 * the file then uses (`%typedef unsigned int foo_id;`).
 */
void
preprocess_passed_line(struct lexer *lexer)
{
	struct error none = {.text = ""};
	struct lexer line = *lexer;
	line.directive = true;
	line.error = &none;
	line.end = passed_line_end(lexer);
	while (line.at < line.end)
		lexer_pass(&line);
	line.at = lexer->at;
	lexer_word(&line);
	if (line.at < line.end && *line.at++ == '#')
		define_passed(lexer, &line);
}

static void
undefine(struct lexer *lexer)
{
	uint16_t name = read_macro_name(lexer);
	struct symbol *macro = symbol_find_local(lexer->spec, SPACE_MACRO, name, lexer->source);
	if (macro)
		macro->defined = false;
}

/* A #define that does not count here: who has what it asks for defines the name. */
static void
pass_defined(struct lexer *lexer)
{
	struct token name = lexer_word(lexer);
	if (name.kind != TOKEN_NAME)
		return;
	lexer->at = name.text;
	lexer_pass(lexer);
}

void
preprocess_line(struct lexer *lexer, struct position at)
{
	static const char *const opening[] = {"if", "ifdef", "ifndef"};
	static const char *const turning[] = {"elif", "else", "endif"};
	lexer->directive = true;
	struct token word = lexer_word(lexer);
	lexer->includes |= word_is(&word, "include");
	for (size_t i = 0; i < sizeof opening / sizeof *opening; i++)
		if (word_is(&word, opening[i]))
			open_conditional(lexer, at, opening[i]);
	for (size_t i = 0; i < sizeof turning / sizeof *turning; i++)
		if (word_is(&word, turning[i]))
			turn_conditional(lexer, at, turning[i]);
	if (!lexer_skipping(lexer) && word_is(&word, "define"))
		define(lexer);
	else if (!lexer_skipping(lexer) && word_is(&word, "undef"))
		undefine(lexer);
	else if (word_is(&word, "define"))
		pass_defined(lexer);
	lexer_skip_line(lexer);
}
