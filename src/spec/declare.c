/*
 * Declarations (RFC 4506 section 6.2) and the bodies of enum, struct and union. As rpcgen does,
 * `struct x`, `enum x` and `union x` name a type, short and char are whole integers, long is an
 * int, and a string may go without brackets. A body may stand wherever a type may.
 */
#include "load.h"

static const uint8_t simple_types[KEYWORDS] = {
	[KEYWORD_VOID] = TYPE_VOID,     [KEYWORD_INT] = TYPE_INT,
	[KEYWORD_SHORT] = TYPE_INT,     [KEYWORD_CHAR] = TYPE_INT,
	[KEYWORD_LONG] = TYPE_INT,      [KEYWORD_UNSIGNED] = TYPE_UINT,
	[KEYWORD_HYPER] = TYPE_HYPER,   [KEYWORD_FLOAT] = TYPE_FLOAT,
	[KEYWORD_DOUBLE] = TYPE_DOUBLE, [KEYWORD_QUADRUPLE] = TYPE_QUADRUPLE,
	[KEYWORD_BOOL] = TYPE_BOOL,
};

static bool
take_keyword(struct load *load, enum keyword keyword)
{
	if (load->lexer.token.kind != TOKEN_NAME || load->lexer.token.keyword != keyword)
		return false;
	lexer_next(&load->lexer);
	return true;
}

/* Behind the first word: `unsigned long int`, `long long`, `short int`. */
static uint16_t
integer_words(struct load *load, enum keyword first)
{
	bool without_sign = first == KEYWORD_UNSIGNED, hyper = first == KEYWORD_HYPER;
	bool is_long = first == KEYWORD_LONG;
	if (without_sign) {
		hyper = take_keyword(load, KEYWORD_HYPER);
		is_long = !hyper && take_keyword(load, KEYWORD_LONG);
		if (!hyper && !is_long && take_keyword(load, KEYWORD_CHAR))
			return TYPE_UINT;
		if (!hyper && !is_long)
			take_keyword(load, KEYWORD_SHORT);
	}
	hyper |= is_long && take_keyword(load, KEYWORD_LONG);
	if (first != KEYWORD_INT)
		take_keyword(load, KEYWORD_INT);
	if (hyper)
		return without_sign ? TYPE_UHYPER : TYPE_HYPER;
	return without_sign ? TYPE_UINT : TYPE_INT;
}

/* Behind struct, enum or union: a name, a body, or both (which defines the name). */
static bool
tagged(struct load *load, enum keyword keyword, struct declared *declared)
{
	struct declared body = {.at = load->lexer.token.at};
	bool is_union = keyword == KEYWORD_UNION;
	if (load->lexer.token.kind == TOKEN_NAME &&
	    load->lexer.token.keyword != KEYWORD_SWITCH) {
		body.name = load_name(load, "a name");
		if (body.name == NAME_NONE)
			return false;
	}
	bool has_body = is_union ? load->lexer.token.keyword == KEYWORD_SWITCH
				 : lexer_is(&load->lexer, '{');
	if (body.name && !has_body) {
		declared->type.kind = SPEC_ALIAS;
		return define_mention(load, body.name, body.at, &declared->type.element);
	}
	if (!(is_union                  ? declare_union(load, &body.type)
	      : keyword == KEYWORD_ENUM ? declare_enum(load, &body.type)
					: declare_struct(load, &body.type)))
		return false;
	declared->type = body.type;
	if (body.name == NAME_NONE)
		return true;
	declared->type = (struct spec_type){.kind = SPEC_ALIAS};
	return define_type(load, &body) &&
	       define_mention(load, body.name, body.at, &declared->type.element);
}

static bool
specifier(struct load *load, struct declared *declared)
{
	struct token token = load->lexer.token;
	enum keyword keyword = token.keyword;
	declared->type.kind = SPEC_ALIAS;
	if (token.kind != TOKEN_NAME)
		return load_expected(load, "a type");
	if (keyword == KEYWORD_NONE) {
		uint16_t name = load_name(load, "a type");
		return name && define_mention(load, name, token.at, &declared->type.element);
	}
	if (keyword != KEYWORD_STRING && keyword != KEYWORD_OPAQUE &&
	    keyword != KEYWORD_STRUCT && keyword != KEYWORD_ENUM && keyword != KEYWORD_UNION &&
	    keyword != KEYWORD_VOID && simple_types[keyword] == TYPE_VOID)
		return load_expected(load, "a type");
	lexer_next(&load->lexer);
	if (keyword == KEYWORD_STRUCT || keyword == KEYWORD_ENUM || keyword == KEYWORD_UNION)
		return tagged(load, keyword, declared);
	declared->type.element = simple_types[keyword];
	if (keyword == KEYWORD_STRING)
		declared->type.kind = SPEC_STRING;
	else if (keyword == KEYWORD_OPAQUE)
		declared->type.kind = SPEC_OPAQUE;
	else if (keyword == KEYWORD_VOID)
		declared->type.kind = SPEC_VOID;
	else if (declared->type.element == TYPE_INT || declared->type.element == TYPE_UINT ||
		 declared->type.element == TYPE_HYPER)
		declared->type.element = integer_words(load, keyword);
	return true;
}

/* A pointer to, or an array of, what was declared so far needs that as a type of its own. */
static bool
wrap(struct load *load, struct declared *declared, enum spec_kind kind)
{
	uint16_t element;
	if (!define_anonymous(load, declared, &element))
		return false;
	declared->type = (struct spec_type){.kind = (uint8_t)kind, .element = element};
	return true;
}

/* [n], <n> or <>. */
static bool
brackets(struct load *load, struct declared *declared)
{
	bool fixed = lexer_is(&load->lexer, '[');
	bool opaque = declared->type.kind == SPEC_OPAQUE;
	char closing = fixed ? ']' : '>';
	if (!load_open(load, fixed ? '[' : '<'))
		return false;
	if (opaque)
		declared->type.kind = fixed ? SPEC_OPAQUE : SPEC_OPAQUE_VAR;
	else if (declared->type.kind != SPEC_STRING &&
		 !wrap(load, declared, fixed ? SPEC_ARRAY : SPEC_ARRAY_VAR))
		return false;
	declared->type.size = SPEC_UNBOUNDED;
	declared->sized = fixed || !lexer_is(&load->lexer, (uint16_t)closing);
	if (declared->sized && !constant_parse(&load->lexer, CONSTANT_SIZE, &declared->size))
		return false;
	return load_close(load, closing);
}

static bool
suffix(struct load *load, struct declared *declared, enum declared_name naming)
{
	bool square = lexer_is(&load->lexer, '['), angle = lexer_is(&load->lexer, '<');
	enum spec_kind kind = declared->type.kind;
	if (kind == SPEC_OPTIONAL || (kind == SPEC_STRING && !angle && !square)) {
		if (kind == SPEC_STRING)
			declared->type.size = SPEC_UNBOUNDED;
		return true;
	}
	if (kind == SPEC_STRING && square)
		return load_expected(load, "\"<\" (a string has no fixed length)");
	if (kind == SPEC_OPAQUE && !angle && !square)
		return load_expected(load, "\"[\" or \"<\" after an opaque's name");
	if (angle || square)
		return (naming != DECLARED_RESULT || angle ||
			load_expected(load, "a procedure's name")) &&
		       brackets(load, declared);
	return true;
}

bool
declare(struct load *load, enum declared_name naming, struct declared *declared)
{
	*declared = (struct declared){.at = load->lexer.token.at};
	if (!specifier(load, declared))
		return false;
	if (declared->type.kind == SPEC_VOID)
		return true;
	if (lexer_is(&load->lexer, '*')) {
		if (declared->type.kind == SPEC_STRING || declared->type.kind == SPEC_OPAQUE)
			return load_expected(load, "a name");
		lexer_next(&load->lexer);
		if (!wrap(load, declared, SPEC_OPTIONAL))
			return false;
	}
	bool named = load->lexer.token.kind == TOKEN_NAME && naming == DECLARED_ARGUMENT;
	if (named || naming == DECLARED_NAMED) {
		declared->at = load->lexer.token.at;
		declared->name = load_name(load, "a name");
		if (declared->name == NAME_NONE)
			return false;
	}
	return suffix(load, declared, naming);
}

/* One value of an enum; `before` is the value before it (RFC 4506 has no default, C does). */
static bool
enum_value(struct load *load, struct constant *before)
{
	struct constant constant = {.at = load->lexer.token.at,
				    .base = before->base,
				    .number = (int64_t)((uint64_t)before->number + 1)};
	uint16_t name = load_name(load, "a name");
	if (name == NAME_NONE)
		return false;
	if (lexer_is(&load->lexer, '=')) {
		lexer_next(&load->lexer);
		if (!constant_parse(&load->lexer, CONSTANT_VALUE, &constant))
			return false;
	}
	struct pending *pending = define_pending(load);
	*pending = (struct pending){.part = {.name = name}, .constant = constant, .owes = true};
	*before = constant;
	return define_constant(load, name, &constant, false);
}

bool
declare_enum(struct load *load, struct spec_type *type)
{
	struct constant before = {.number = -1};
	size_t base = load->pending_count;
	if (!load_open(load, '{'))
		return false;
	do {
		if (!enum_value(load, &before))
			return false;
		if (!lexer_is(&load->lexer, ','))
			break;
		lexer_next(&load->lexer);
	} while (!lexer_is(&load->lexer, '}'));
	type->kind = SPEC_ENUM;
	define_parts(load, base, &type->first, &type->count);
	return load_close(load, '}');
}

bool
declare_struct(struct load *load, struct spec_type *type)
{
	size_t base = load->pending_count;
	if (!load_open(load, '{'))
		return false;
	while (!lexer_is(&load->lexer, '}')) {
		struct declared member;
		uint16_t id;
		if (!declare(load, DECLARED_NAMED, &member) ||
		    !define_anonymous(load, &member, &id) || !load_take(load, ';'))
			return false;
		if (member.type.kind == SPEC_VOID)
			continue;
		struct pending *pending = define_pending(load);
		pending->part = (struct spec_part){.name = member.name, .type = id};
	}
	type->kind = SPEC_STRUCT;
	define_parts(load, base, &type->first, &type->count);
	return load_close(load, '}');
}

/* The labels of one arm, one part each; they get the arm's type when it is known. */
static bool
case_labels(struct load *load, bool *otherwise)
{
	do {
		struct pending pending = {.owes = true};
		if (take_keyword(load, KEYWORD_DEFAULT)) {
			pending = (struct pending){.part = {.otherwise = true}};
			*otherwise = true;
		} else if (!take_keyword(load, KEYWORD_CASE)) {
			return load_expected(load, "\"case\", \"default\" or \"}\"");
		} else if (!constant_parse(&load->lexer, CONSTANT_VALUE, &pending.constant)) {
			return false;
		}
		*define_pending(load) = pending;
		if (!load_take(load, ':'))
			return false;
	} while (!*otherwise && load->lexer.token.keyword == KEYWORD_CASE);
	return true;
}

static bool
union_arm(struct load *load, bool *otherwise)
{
	size_t first = load->pending_count;
	struct declared arm;
	uint16_t type;
	if (*otherwise)
		return load_expected(load, "\"}\" after \"default\"");
	if (!case_labels(load, otherwise) || !declare(load, DECLARED_NAMED, &arm) ||
	    !define_anonymous(load, &arm, &type))
		return false;
	for (size_t i = first; i < load->pending_count; i++) {
		load->pending[i].part.name = arm.name;
		load->pending[i].part.type = type;
	}
	return load_take(load, ';');
}

bool
declare_union(struct load *load, struct spec_type *type)
{
	size_t base = load->pending_count;
	bool otherwise = false;
	struct declared discriminant;
	if (!take_keyword(load, KEYWORD_SWITCH))
		return load_expected(load, "\"switch\"");
	if (!load_open(load, '(') || !declare(load, DECLARED_NAMED, &discriminant) ||
	    !define_anonymous(load, &discriminant, &type->element) || !load_close(load, ')') ||
	    !load_open(load, '{'))
		return false;
	do {
		if (!union_arm(load, &otherwise))
			return false;
	} while (!lexer_is(&load->lexer, '}'));
	type->kind = SPEC_UNION;
	type->name_of_element = discriminant.name;
	define_parts(load, base, &type->first, &type->count);
	return load_close(load, '}');
}
