/*
 * Numbers, character constants and strings. RFC 4506 section 6.2 has decimal, hexadecimal and
 * octal numbers; the rest is C's. A number is 64 bits, wrapped into an int64_t: specifications
 * define 0xffffffffffffffff. The text of a string is of no use here.
 */
#include <string.h>

#include "lex.h"

static void
scan_digits(struct lexer *lexer, unsigned base)
{
	uint64_t value = 0;
	bool over = false;
	const char *first = lexer->at;
	for (; lexer->at < lexer->end; lexer->at++) {
		unsigned digit = 99;
		char c = *lexer->at;
		if (lexer_is_digit(c))
			digit = (unsigned)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			digit = (unsigned)((c | 0x20) - 'a' + 10);
		if (digit >= base)
			break;
		over |= value > (UINT64_MAX - digit) / base;
		value = value * base + digit;
	}
	while (lexer->at > first && lexer_ahead(lexer, 0) && strchr("uUlL", *lexer->at))
		lexer->at++;
	lexer->token.number = (int64_t)value;
	lexer->token.kind = TOKEN_NUMBER;
	if (lexer->at == first || (lexer->at < lexer->end && lexer_is_name(*lexer->at)))
		lexer_error(lexer, lexer_position(lexer), "expected a digit, found \"%c\"",
			    lexer_ahead(lexer, 0) > ' ' && lexer_ahead(lexer, 0) < 0x7f
				    ? *lexer->at
				    : ' ');
	else if (over)
		lexer_error(lexer, lexer->token.at,
			    "expected a number of at most 64 bits, found a longer one");
}

void
lexer_scan_number(struct lexer *lexer)
{
	bool hexadecimal = *lexer->at == '0' && (lexer_ahead(lexer, 1) | 0x20) == 'x';
	bool octal = *lexer->at == '0' && !hexadecimal;
	lexer->at += hexadecimal ? 2 : 0;
	scan_digits(lexer, hexadecimal ? 16 : octal ? 8 : 10);
}

static int64_t
character_value(const char *text, size_t length)
{
	static const char letters[] = "abfnrtv", values[] = "\a\b\f\n\r\t\v";
	const char *found;
	int64_t octal = 0;
	if (length == 1)
		return (unsigned char)text[0];
	if (text[0] != '\\')
		return -1;
	if (length == 2 && (found = memchr(letters, text[1], sizeof letters - 1)) != NULL)
		return values[found - letters];
	for (size_t i = 1; i < length && text[i] >= '0' && text[i] <= '7'; i++)
		octal = octal * 8 + text[i] - '0';
	return lexer_is_digit(text[1]) ? octal : text[1];
}

void
lexer_scan_quoted(struct lexer *lexer)
{
	char quote = *lexer->at++;
	const char *first = lexer->at;
	while (lexer->at < lexer->end && *lexer->at != quote && *lexer->at != '\n')
		lexer->at += *lexer->at == '\\' && lexer_ahead(lexer, 1) > '\n' ? 2 : 1;
	size_t length = (size_t)(lexer->at - first);
	if (lexer->at >= lexer->end || *lexer->at != quote) {
		lexer_error(lexer, lexer->token.at,
			    "expected %c at the end of this text, found the end of the line",
			    quote);
		return;
	}
	lexer->at++;
	lexer->token.kind = TOKEN_STRING;
	if (quote == '"')
		return;
	lexer->token.kind = TOKEN_NUMBER;
	lexer->token.number = length > 0 && length < 5 ? character_value(first, length) : -1;
	if (lexer->token.number < 0)
		lexer_error(lexer, lexer->token.at,
			    "expected one character between the quotes, found %zu octets",
			    length);
}
