/*
 * Macros whose body is neither a number nor a name: `#define u64 unsigned hyper`, an empty one,
 * several definitions in a row. The lexer goes on in the body and comes back at its end; the
 * tokens are placed where the macro was used. As in C, a macro inside its own body is a plain
 * name. Macros with arguments are not expanded. A macro of a macro of ... multiplies text, so
 * all that is expanded of a file is together at most as long as a file may be.
 */
#include <string.h>

#include "symbol.h"

static bool
is_open(const struct lexer *lexer, uint16_t name)
{
	for (unsigned i = 0; i < lexer->expanding; i++)
		if (lexer->expansions[i].name == name)
			return true;
	return false;
}

static bool
begin(struct lexer *lexer, const struct symbol *macro)
{
	if (lexer->expanding == LEXER_EXPANSIONS)
		return lexer_error(lexer, lexer->token.at,
				   "expected at most %d macros inside each other, found more",
				   LEXER_EXPANSIONS);
	lexer->expanded += macro->body_length + 1u;
	if (lexer->expanded > LIMIT_SPEC_OCTETS)
		return lexer_error(lexer, lexer->token.at,
				   "expected macros of at most %d octets in all, found more",
				   LIMIT_SPEC_OCTETS);
	if (lexer->expanding == 0)
		lexer->used_at = lexer->token.at;
	lexer->expansions[lexer->expanding++] = (struct expansion){
		macro->name, lexer->line, lexer->at, lexer->end, lexer->line_start};
	lexer->at = macro->body;
	lexer->end = macro->body + macro->body_length;
	return true;
}

bool
expand_end(struct lexer *lexer)
{
	if (lexer->expanding == 0)
		return false;
	const struct expansion *back = &lexer->expansions[--lexer->expanding];
	lexer->at = back->at;
	lexer->end = back->end;
	lexer->line = back->line;
	lexer->line_start = back->line_start;
	lexer->fresh = false;
	return true;
}

/* Is "(" what follows? Only then is a macro with arguments one. */
static bool
arguments_follow(const struct lexer *lexer)
{
	struct lexer ahead = *lexer;
	return lexer_word(&ahead).kind == TOKEN_END && lexer_ahead(&ahead, 0) == '(';
}

bool
expand_token(struct lexer *lexer)
{
	const struct token *token = &lexer->token;
	if (token->kind != TOKEN_NAME || lexer->failed)
		return false;
	uint16_t name = name_find(lexer->spec, token->text, token->length);
	const struct symbol *macro =
		symbol_find_local(lexer->spec, SPACE_MACRO, name, lexer->source);
	if (!macro || !macro->defined || !macro->body || is_open(lexer, name))
		return false;
	if (!macro->arguments)
		return begin(lexer, macro);
	return arguments_follow(lexer) &&
	       lexer_error(lexer, token->at,
			   "expected text without macros that take arguments (expand them "
			   "with cpp), "
			   "found \"%.40s\"",
			   spec_name(lexer->spec, name));
}
