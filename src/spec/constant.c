/*
 * Expressions by precedence climbing, C's operators on 64 bits without overflow traps. The
 * language itself knows only numbers and names (RFC 4506 section 6.3); expressions come from
 * #define and #if, and from files that were only ever run through a preprocessor. A name alone
 * may be defined later in the file; one inside an expression has to be known.
 */
#include "constant.h"

#include <string.h>

/* An operator between two numbers. */
struct binary {
	uint16_t sign;
	uint8_t precedence;
	bool compares; /* gives 0 or 1 */
};

enum { SHIFT = 8, ABOVE_ALL = 11 };

static const struct binary binaries[] = {
	{SIGN_PAIR('|', '|'), 1, true},
	{SIGN_PAIR('&', '&'), 2, true},
	{'|', 3, false},
	{'^', 4, false},
	{'&', 5, false},
	{SIGN_PAIR('=', '='), 6, true},
	{SIGN_PAIR('!', '='), 6, true},
	{'<', 7, true},
	{'>', 7, true},
	{SIGN_PAIR('<', '='), 7, true},
	{SIGN_PAIR('>', '='), 7, true},
	{SIGN_PAIR('<', '<'), SHIFT, false},
	{SIGN_PAIR('>', '>'), SHIFT, false},
	{'+', 9, false},
	{'-', 9, false},
	{'*', 10, false},
	{'/', 10, false},
	{'%', 10, false},
};

struct reading {
	struct lexer *lexer;
	enum constant_use use;
	unsigned depth;
};

static bool read_binary(struct reading *reading, unsigned least, struct constant *out);

static void
advance(struct reading *reading)
{
	if (reading->lexer->directive)
		lexer_scan(reading->lexer);
	else
		lexer_next(reading->lexer);
}

static bool
expected_number(struct lexer *lexer)
{
	char found[80];
	lexer_quote(lexer, found, sizeof found);
	return lexer_error(lexer, lexer->token.at, "expected a number or a constant, found %s",
			   found);
}

static bool
too_deep(struct reading *reading)
{
	return reading->depth > LIMIT_SPEC_NESTING &&
	       !lexer_error(reading->lexer, reading->lexer->token.at,
			    "expected at most %d brackets or signs inside each other, found "
			    "more",
			    LIMIT_SPEC_NESTING);
}

static bool
read_closing(struct reading *reading, struct position opened)
{
	char found[80];
	if (lexer_is(reading->lexer, ')')) {
		advance(reading);
		return true;
	}
	lexer_quote(reading->lexer, found, sizeof found);
	return lexer_error(reading->lexer, reading->lexer->token.at,
			   "expected \")\" (for the \"(\" at %u:%u), found %s", opened.line,
			   opened.column, found);
}

static bool
token_is(const struct lexer *lexer, const char *word)
{
	return lexer->token.kind == TOKEN_NAME && lexer->token.length == strlen(word) &&
	       memcmp(lexer->token.text, word, lexer->token.length) == 0;
}

static struct symbol *
macro_named_by_token(const struct lexer *lexer)
{
	uint16_t name = name_find(lexer->spec, lexer->token.text, lexer->token.length);
	struct symbol *macro = symbol_find_local(lexer->spec, SPACE_MACRO, name, lexer->source);
	return macro && macro->defined ? macro : NULL;
}

/* `defined NAME` or `defined(NAME)`, at the token after the word. */
static bool
read_defined(struct reading *reading, struct constant *out)
{
	struct lexer *lexer = reading->lexer;
	struct position opened = lexer->token.at;
	bool bracket = lexer_is(lexer, '(');
	if (bracket)
		lexer_scan(lexer);
	if (lexer->token.kind != TOKEN_NAME)
		return expected_number(lexer);
	out->number = macro_named_by_token(lexer) != NULL;
	lexer_scan(lexer);
	return !bracket || read_closing(reading, opened);
}

static bool
read_name(struct reading *reading, struct constant *out)
{
	struct lexer *lexer = reading->lexer;
	if (reading->use == CONSTANT_TEST) {
		if (token_is(lexer, "defined")) {
			lexer_scan(lexer);
			return read_defined(reading, out);
		}
		const struct symbol *macro = macro_named_by_token(lexer);
		if (macro && macro->constant.base)
			symbol_number(lexer->spec, macro->constant.base, &out->number);
		else if (macro && !macro->constant.text)
			out->number = macro->constant.number;
		lexer_scan(lexer);
		return true;
	}
	if (lexer->token.keyword != KEYWORD_NONE)
		return expected_number(lexer);
	uint16_t name = name_intern(lexer->spec, lexer->token.text, lexer->token.length);
	if (name == NAME_NONE)
		return lexer_error(lexer, lexer->token.at,
				   "expected at most %d names, found more", LIMIT_SPEC_NAMES);
	const struct symbol *symbol =
		symbol_find_local(lexer->spec, SPACE_CONSTANT, name, lexer->source);
	if (symbol && !symbol->constant.base && !symbol->constant.text)
		out->number = symbol->constant.number;
	else
		out->base = name;
	return true;
}

/* Gives an operand its number now. */
static bool
force(struct reading *reading, struct constant *operand)
{
	uint16_t name = operand->base;
	if (name == NAME_NONE)
		return true;
	operand->base = NAME_NONE;
	if (symbol_number(reading->lexer->spec, name, &operand->number))
		return true;
	operand->base = name;
	operand->text = lexer_leaves(reading->lexer, name);
	return operand->text ||
	       lexer_error(reading->lexer, operand->at,
			   "expected a number, found \"%.40s\", which is not defined so far",
			   spec_name(reading->lexer->spec, name));
}

static bool
read_sign(struct reading *reading, struct constant *out)
{
	struct lexer *lexer = reading->lexer;
	uint16_t sign = lexer->token.sign;
	struct position opened = lexer->token.at;
	if (sign != '(' && sign != '-' && sign != '+' && sign != '~' && sign != '!')
		return expected_number(lexer);
	advance(reading);
	if (sign == '(') {
		enum constant_use use = reading->use;
		reading->use = use == CONSTANT_SIZE ? CONSTANT_VALUE : use;
		bool good = read_binary(reading, 0, out) && read_closing(reading, opened);
		reading->use = use;
		out->at = opened;
		return good;
	}
	if (!read_binary(reading, ABOVE_ALL, out) || !force(reading, out))
		return false;
	uint64_t number = (uint64_t)out->number;
	out->at = opened;
	out->number = sign == '-'   ? (int64_t)(0 - number)
		      : sign == '~' ? (int64_t)~number
		      : sign == '!' ? number == 0
				    : out->number;
	return true;
}

static bool
read_operand(struct reading *reading, struct constant *out)
{
	struct lexer *lexer = reading->lexer;
	*out = (struct constant){.at = lexer->token.at};
	switch (lexer->token.kind) {
	case TOKEN_NUMBER:
		out->number = lexer->token.number;
		break;
	case TOKEN_NAME:
		if (!read_name(reading, out))
			return false;
		if (reading->use == CONSTANT_TEST)
			return true;
		break;
	case TOKEN_SIGN:
		return read_sign(reading, out);
	default:
		return expected_number(lexer);
	}
	advance(reading);
	return true;
}

/* Operators whose result is true or false. */
static bool
compare(uint16_t sign, int64_t a, int64_t b)
{
	switch (sign) {
	case SIGN_PAIR('|', '|'):
		return a || b;
	case SIGN_PAIR('&', '&'):
		return a && b;
	case SIGN_PAIR('=', '='):
		return a == b;
	case SIGN_PAIR('!', '='):
		return a != b;
	case SIGN_PAIR('<', '='):
		return a <= b;
	case SIGN_PAIR('>', '='):
		return a >= b;
	case '<':
		return a < b;
	default: /* '>' */
		return a > b;
	}
}

/* The others, without overflow; division and shifts have been checked. */
static uint64_t
combine(uint16_t sign, uint64_t a, uint64_t b)
{
	switch (sign) {
	case SIGN_PAIR('<', '<'):
		return a << b;
	case SIGN_PAIR('>', '>'):
		return a >> b;
	case '|':
		return a | b;
	case '^':
		return a ^ b;
	case '&':
		return a & b;
	case '+':
		return a + b;
	case '-':
		return a - b;
	case '*':
		return a * b;
	case '/':
		return b ? (uint64_t)((int64_t)a / (int64_t)b) : 0;
	default: /* '%' */
		return b ? (uint64_t)((int64_t)a % (int64_t)b) : 0;
	}
}

static bool
calculate(struct reading *reading, const struct binary *binary, struct constant *left,
	  const struct constant *right)
{
	int64_t a = left->number, b = right->number;
	uint16_t sign = binary->sign;
	bool divides = sign == '/' || sign == '%';
	bool shifts = binary->precedence == SHIFT;
	if ((divides && (b == 0 || (a == INT64_MIN && b == -1))) ||
	    (shifts && (b < 0 || b > 63)))
		return lexer_error(reading->lexer, right->at,
				   "expected a number that \"%s\" can take, found %lld",
				   sign == '/'   ? "/"
				   : sign == '%' ? "%"
						 : "<< or >>",
				   (long long)b);
	if (binary->compares)
		left->number = compare(sign, a, b);
	else
		left->number = (int64_t)combine(sign, (uint64_t)a, (uint64_t)b);
	left->text |= right->text;
	left->base = left->base ? left->base : right->base;
	return true;
}

static const struct binary *
operator_at(const struct reading *reading)
{
	bool size = reading->use == CONSTANT_SIZE;
	for (size_t i = 0; i < sizeof binaries / sizeof *binaries; i++)
		if (lexer_is(reading->lexer, binaries[i].sign))
			return size && binaries[i].precedence < SHIFT ? NULL : &binaries[i];
	return NULL;
}

/* Operators that bind at least that tightly. */
static bool
read_binary(struct reading *reading, unsigned least, struct constant *out)
{
	const struct binary *binary;
	reading->depth++;
	bool good = !too_deep(reading) && read_operand(reading, out);
	while (good && (binary = operator_at(reading)) && binary->precedence >= least) {
		struct constant right;
		advance(reading);
		good = read_binary(reading, binary->precedence + 1u, &right) &&
		       force(reading, out) && force(reading, &right) &&
		       calculate(reading, binary, out, &right);
	}
	reading->depth--;
	return good;
}

bool
constant_parse(struct lexer *lexer, enum constant_use use, struct constant *constant)
{
	struct reading reading = {.lexer = lexer, .use = use};
	return read_binary(&reading, 0, constant);
}
