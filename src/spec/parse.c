/*
 * Definitions (RFC 4506 section 6.3) and programs (RFC 5531 section 12.2), by recursive
 * descent; every bracket goes on a stack, which bounds the depth and lets a mistake name the
 * bracket that was left open. From rpcgen: several arguments, with names; from xdrgen: pragma
 * lines, which say nothing about the wire.
 */
#include <stdio.h>
#include <string.h>

#include "load.h"

bool
load_expected(struct load *load, const char *what)
{
	const struct lexer *lexer = &load->lexer;
	char found[80], open[80] = "";
	bool closing = strchr("}])>", what[1]) && what[0] == '"';
	lexer_quote(lexer, found, sizeof found);
	if (load->depth > 0 && (closing || lexer->token.kind == TOKEN_END)) {
		const struct bracket *top = &load->brackets[load->depth - 1];
		snprintf(open, sizeof open, " (for the \"%c\" at %u:%u)", top->sign,
			 top->at.line, top->at.column);
	}
	return lexer_error(&load->lexer, lexer->token.at, "expected %s%s, found %s", what, open,
			   found);
}

bool
load_take(struct load *load, char sign)
{
	char what[] = {'"', sign, '"', '\0'};
	if (!lexer_is(&load->lexer, (uint16_t)sign))
		return load_expected(load, what);
	lexer_next(&load->lexer);
	return true;
}

bool
load_open(struct load *load, char sign)
{
	struct position at = load->lexer.token.at;
	if (load->depth == LIMIT_SPEC_NESTING)
		return lexer_error(&load->lexer, at,
				   "expected at most %d brackets inside each other, found more",
				   LIMIT_SPEC_NESTING);
	if (!load_take(load, sign))
		return false;
	load->brackets[load->depth++] = (struct bracket){sign, at};
	return true;
}

bool
load_close(struct load *load, char sign)
{
	if (!load_take(load, sign))
		return false;
	load->depth--;
	return true;
}

uint16_t
load_name(struct load *load, const char *what)
{
	const struct token *token = &load->lexer.token;
	if (token->kind != TOKEN_NAME) {
		load_expected(load, what);
		return NAME_NONE;
	}
	uint16_t name = name_intern(load->spec, token->text, token->length);
	if (name == NAME_NONE)
		lexer_error(&load->lexer, token->at, "expected at most %d names, found more",
			    LIMIT_SPEC_NAMES);
	lexer_next(&load->lexer);
	return name;
}

static bool
parse_constant(struct load *load)
{
	lexer_next(&load->lexer);
	struct constant constant = {.at = load->lexer.token.at};
	uint16_t name = load_name(load, "a name");
	if (name == NAME_NONE || !load_take(load, '='))
		return false;
	constant.text = load->lexer.token.kind == TOKEN_STRING; /* rpcgen takes them */
	if (constant.text) {
		constant.number = (int64_t)load->lexer.hash; /* tells two texts apart */
		lexer_next(&load->lexer);
	} else if (!constant_parse(&load->lexer, CONSTANT_VALUE, &constant)) {
		return false;
	}
	return define_constant(load, name, &constant, false) && load_take(load, ';');
}

static bool
parse_typedef(struct load *load)
{
	struct declared declared;
	lexer_next(&load->lexer);
	if (!declare(load, DECLARED_NAMED, &declared))
		return false;
	if (declared.type.kind == SPEC_VOID)
		return lexer_error(&load->lexer, declared.at,
				   "expected a type, found \"void\"");
	return define_type(load, &declared) && load_take(load, ';');
}

/* enum NAME {...}, struct NAME {...}, union NAME switch ... */
static bool
parse_tagged(struct load *load, bool (*body)(struct load *, struct spec_type *))
{
	struct declared declared = {0};
	lexer_next(&load->lexer);
	declared.at = load->lexer.token.at;
	declared.name = load_name(load, "a name");
	return declared.name && body(load, &declared.type) && define_type(load, &declared) &&
	       load_take(load, ';');
}

/* `= NUMBER ;` and the name as a constant, which rpcgen's #define makes it. */
static bool
parse_number(struct load *load, uint16_t name, enum debt_target target, size_t index)
{
	struct constant constant;
	if (!load_take(load, '=') || !constant_parse(&load->lexer, CONSTANT_VALUE, &constant) ||
	    !define_constant(load, name, &constant, true))
		return false;
	define_debt(load, target, index, &constant);
	return load_take(load, ';');
}

static uint16_t
argument_name(struct load *load, size_t number)
{
	char text[32];
	int length = snprintf(text, sizeof text, "arg%zu", number);
	return name_intern(load->spec, text, (size_t)length);
}

/* The names that a mistake in the file cannot be blamed for: arg, or arg1, arg2, ... */
static bool
name_arguments(struct load *load, size_t base)
{
	size_t count = load->pending_count - base;
	for (size_t i = 0; i < count; i++) {
		struct pending *pending = &load->pending[base + i];
		if (pending->part.name == NAME_NONE)
			pending->part.name = count == 1 ? NAME_ARG : argument_name(load, i + 1);
		if (pending->part.name == NAME_NONE)
			return lexer_error(&load->lexer, load->lexer.token.at,
					   "expected at most %d names, found more",
					   LIMIT_SPEC_NAMES);
	}
	return true;
}

static bool
parse_arguments(struct load *load, uint32_t *first, uint32_t *count)
{
	size_t base = load->pending_count;
	if (!load_open(load, '('))
		return false;
	while (!lexer_is(&load->lexer, ')')) {
		struct declared argument;
		uint16_t type;
		if (!declare(load, DECLARED_ARGUMENT, &argument) ||
		    !define_anonymous(load, &argument, &type))
			return false;
		bool nothing = argument.type.kind == SPEC_VOID;
		if (!nothing)
			define_pending(load)->part =
				(struct spec_part){.name = argument.name, .type = type};
		if (nothing || !lexer_is(&load->lexer, ','))
			break;
		lexer_next(&load->lexer);
	}
	if (!load_close(load, ')') || !name_arguments(load, base))
		return false;
	define_parts(load, base, first, count);
	return true;
}

static bool
parse_procedure(struct load *load)
{
	struct spec *spec = load->spec;
	struct spec_procedure procedure = {0};
	struct declared result;
	if (!declare(load, DECLARED_RESULT, &result) ||
	    !define_anonymous(load, &result, &procedure.result))
		return false;
	struct position at = load->lexer.token.at;
	procedure.name = load_name(load, "a procedure's name");
	if (procedure.name == NAME_NONE ||
	    !parse_arguments(load, &procedure.first, &procedure.count))
		return false;
	procedure.short_name = load_short_name(spec, procedure.name);
	spec->procedures = memory_grow(spec->procedures, &spec->procedure_capacity,
				       spec->procedure_count + 1, sizeof *spec->procedures);
	spec->procedures[spec->procedure_count++] = procedure;
	size_t index = spec->procedure_count - load->mark.procedures;
	load->procedure_at = memory_grow(load->procedure_at, &load->procedure_at_capacity,
					 index, sizeof *load->procedure_at);
	load->procedure_at[index - 1] = at;
	return parse_number(load, procedure.name, DEBT_PROCEDURE, spec->procedure_count - 1);
}

static bool
parse_version(struct load *load)
{
	struct spec *spec = load->spec;
	struct spec_version version = {.first = (uint32_t)spec->procedure_count};
	if (load->lexer.token.keyword != KEYWORD_VERSION)
		return load_expected(load, "\"version\"");
	lexer_next(&load->lexer);
	struct position at = load->lexer.token.at;
	version.name = load_name(load, "a version's name");
	if (version.name == NAME_NONE || !load_open(load, '{'))
		return false;
	while (!lexer_is(&load->lexer, '}'))
		if (!parse_procedure(load))
			return false;
	version.count = (uint32_t)(spec->procedure_count - version.first);
	spec->versions = memory_grow(spec->versions, &spec->version_capacity,
				     spec->version_count + 1, sizeof *spec->versions);
	spec->versions[spec->version_count++] = version;
	size_t index = spec->version_count - load->mark.versions;
	load->version_at = memory_grow(load->version_at, &load->version_at_capacity, index,
				       sizeof *load->version_at);
	load->version_at[index - 1] = at;
	return load_close(load, '}') &&
	       parse_number(load, version.name, DEBT_VERSION, spec->version_count - 1);
}

static bool
parse_program(struct load *load)
{
	struct spec *spec = load->spec;
	struct spec_program program = {.source = load->source,
				       .built_in = load->built_in,
				       .first = (uint32_t)spec->version_count};
	lexer_next(&load->lexer);
	program.name = load_name(load, "a program's name");
	if (program.name == NAME_NONE || !load_open(load, '{'))
		return false;
	do {
		if (!parse_version(load))
			return false;
	} while (!lexer_is(&load->lexer, '}'));
	program.count = (uint32_t)(spec->version_count - program.first);
	spec->programs = memory_grow(spec->programs, &spec->program_capacity,
				     spec->program_count + 1, sizeof *spec->programs);
	spec->programs[spec->program_count++] = program;
	return load_close(load, '}') &&
	       parse_number(load, program.name, DEBT_PROGRAM, spec->program_count - 1);
}

/* What other compilers' files have at the beginning of a definition. */
static bool
parse_other(struct load *load)
{
	const struct token *token = &load->lexer.token;
	if (token->length == 6 && memcmp(token->text, "pragma", 6) == 0) {
		while (!lexer_is(&load->lexer, ';') && token->kind != TOKEN_END)
			lexer_next(&load->lexer);
		return load_take(load, ';');
	}
	if (token->length == 9 && memcmp(token->text, "namespace", 9) == 0)
		return load_expected(load, "a definition (name spaces are not of the RPC "
					   "language, RFC 5531)");
	return load_expected(load, "a definition");
}

static bool
parse_definition(struct load *load)
{
	load->lexer.hash = 0;
	load->definition_count++;
	if (load->lexer.token.kind == TOKEN_NAME)
		switch (load->lexer.token.keyword) {
		case KEYWORD_CONST:
			return parse_constant(load);
		case KEYWORD_TYPEDEF:
			return parse_typedef(load);
		case KEYWORD_ENUM:
			return parse_tagged(load, declare_enum);
		case KEYWORD_STRUCT:
			return parse_tagged(load, declare_struct);
		case KEYWORD_UNION:
			return parse_tagged(load, declare_union);
		case KEYWORD_PROGRAM:
			return parse_program(load);
		}
	else if (lexer_is(&load->lexer, ';'))
		return load_take(load, ';');
	return parse_other(load);
}

bool
parse_all(struct load *load)
{
	lexer_next(&load->lexer);
	while (load->lexer.token.kind != TOKEN_END)
		if (!parse_definition(load))
			return false;
	if (load->lexer.failed)
		return false;
	return load->definition_count > 0 || load->lexer.lines_passed ||
	       load_expected(load, "a definition");
}
