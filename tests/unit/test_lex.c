/*
 * test_lex: what the lexer makes of text: words, numbers, positions, what it leaves out,
 * and the conditionals. A text is written as one line of its tokens.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/spec/lex.h"
#include "spec.h"
#include "text.h"

struct example {
	const char *text, *tokens; /* "LINE:COLUMN:TOKEN " each; or the error */
};

static void
put_tokens(struct lexer *lexer, struct text *out)
{
	for (lexer_next(lexer); lexer->token.kind != TOKEN_END; lexer_next(lexer)) {
		const struct token *token = &lexer->token;
		text_format(out, "%u:%u:", token->at.line, token->at.column);
		if (token->kind == TOKEN_NUMBER)
			text_format(out, "#%lld", (long long)token->number);
		else
			text_put(out, token->text, token->length);
		if (token->keyword)
			text_char(out, '!');
		text_char(out, ' ');
	}
}

static void
check(const struct example *example)
{
	struct spec *spec = spec_new(NULL);
	struct error error = {.text = ""};
	struct lexer lexer;
	struct text out;
	text_init(&out);
	lexer_init(&lexer, spec, 99,
		   &(struct file_text){"x", example->text, strlen(example->text)}, &error);
	put_tokens(&lexer, &out);
	assert_int_equal(lexer.failed, error.text[0] != '\0');
	assert_string_equal(error.text[0] ? error.text : text_string(&out), example->tokens);
	text_release(&out);
	spec_free(spec);
}

static void
check_all(const struct example *examples, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check(&examples[i]);
}

#define CHECK_ALL(examples) check_all(examples, sizeof examples / sizeof *examples)

static void
test_words(void **state)
{
	static const struct example examples[] = {
		{"", ""},
		{"struct structure _a1", "1:1:struct! 1:8:structure 1:18:_a1 "},
		{"a{b}\n  c;", "1:1:a 1:2:{ 1:3:b 1:4:} 2:3:c 2:4:; "},
		{"<<>><=>===!=&&||<>", "1:1:<< 1:3:>> 1:5:<= 1:7:>= 1:9:== 1:11:!= 1:13:&& "
				       "1:15:|| 1:17:< 1:18:> "},
		{"\"a \\\" b\" c", "1:1:\"a \\\" b\" 1:10:c "},
		{"\xef\xbb\xbf"
		 "a\r\nb\f\v\x1a",
		 "1:4:a 2:1:b "},
		{"a \\\n b", "1:1:a 2:2:b "},
		{"caf\xc3\xa9", "x:1:4: expected text, found the octet 0xc3"},
		{"a @", "x:1:3: expected a word, found \"@\""},
		{"\"a\nb\"",
		 "x:1:1: expected \" at the end of this text, found the end of the line"},
		{"\"a\\\nb\"",
		 "x:1:1: expected \" at the end of this text, found the end of the line"},
	};
	(void)state;
	CHECK_ALL(examples);
}

static void
test_numbers(void **state)
{
	static const struct example examples[] = {
		{"0 10 0x1F 017 5u 6UL 7LL",
		 "1:1:#0 1:3:#10 1:6:#31 1:11:#15 1:15:#5 1:18:#6 1:22:#7 "},
		{"-1", "1:1:- 1:2:#1 "},
		{"0xffffffffffffffff 18446744073709551615", "1:1:#-1 1:20:#-1 "},
		{"18446744073709551616",
		 "x:1:1: expected a number of at most 64 bits, found a longer one"},
		{"0x", "x:1:3: expected a digit, found \" \""},
		{"08", "x:1:2: expected a digit, found \"8\""},
		{"12ab", "x:1:3: expected a digit, found \"a\""},
		{"0x1g", "x:1:4: expected a digit, found \"g\""},
		{"'a' '\\n' '\\0' '\\\\' '\\''", "1:1:#97 1:5:#10 1:10:#0 1:15:#92 1:20:#39 "},
		{"'ab'", "x:1:1: expected one character between the quotes, found 2 octets"},
		{"''", "x:1:1: expected one character between the quotes, found 0 octets"},
	};
	(void)state;
	CHECK_ALL(examples);
}

static void
test_left_out(void **state)
{
	static const struct example examples[] = {
		{"a /* b\n c */ d // e\nf", "1:1:a 2:7:d 3:1:f "},
		{"/**/a/***/b", "1:5:a 1:11:b "},
		{"%a \"\n  % b 'c\nd", "3:1:d "},
		{"a % b", "1:1:a 1:3:% 1:5:b "},
		{"#include \"it's\"\n#pragma x\n# 12 \"y\"\n#\na", "5:1:a "},
		{"/* c */ #define X\n#ifdef X\na\n#endif", "3:1:a "},
		{"#define X 1 /* over\n lines */ 2\na", "3:1:a "},
		{"a /* b",
		 "x:1:7: expected \"*/\" (for the \"/*\" at 1:3), found the end of the "
		 "file"},
		{"#define A 1 /* b",
		 "x:1:17: expected \"*/\" (for the \"/*\" at 1:13), found the end of the file"},
		{"/*/", "x:1:4: expected \"*/\" (for the \"/*\" at 1:1), found the end of the "
			"file"},
	};
	(void)state;
	CHECK_ALL(examples);
}

static void
test_conditionals(void **state)
{
	static const struct example examples[] = {
		{"#ifdef A\na\n#else\nb\n#endif\nc", "4:1:b 6:1:c "},
		{"#ifndef A\na\n#else\nb\n#endif\nc", "2:1:a 6:1:c "},
		{"#if 0\na ' \" @\n#elif 1\nb\n#elif 1\nc\n#else\nd\n#endif", "4:1:b "},
		{"#if 0\n#if 1\na\n#else\nb\n#endif\n#elif oops oops\n#endif",
		 "x:7:12: expected the end of the line, found \"oops\""},
		{"#if 1\na\n#elif oops oops\n#endif", "2:1:a "},
		{"#if 0\n#if 1 +\na\n#endif\n#endif\nb", "6:1:b "},
		{"#if 0\n/*\n#endif\n*/\na\n#endif\nb", "7:1:b "},
		{"#if 0\n%/*\n#endif\nb", "4:1:b "},
		{"#define A 2\n#if A == 2 && defined(A) && !defined B\na\n#endif", "3:1:a "},
		{"#define A\n#undef A\n#ifdef A\na\n#endif\nb", "6:1:b "},
		{"#define A(x) x\n#ifdef A\na\n#endif", "3:1:a "},
		{"#if RPC_HDR\na\n#endif\nb", "4:1:b "},
		{"#if (1 << 3) - 2 * 3 == 2\na\n#endif", "2:1:a "},
		{"#if -1 < 0 && ~0 == -1 && 7 % 4 == 3 && (6 ^ 5) == 3\na\n#endif", "2:1:a "},
		{"#endif", "x:1:1: expected \"#if\" before this, found \"#endif\""},
		{"a\n #if 1\n",
		 "x:3:1: expected \"#endif\" (for the conditional at 2:2), found the end of "
		 "the file"},
		{"#if (1", "x:1:7: expected \")\" (for the \"(\" at 1:5), found the end of the "
			   "line"},
		{"#ifdef\n#endif", "x:1:7: expected a name, found the end of the line"},
	};
	(void)state;
	CHECK_ALL(examples);
}

/* Every prefix of a text that has everything ends well: in tokens or one error line. */
static void
test_prefixes(void **state)
{
	static const char text[] =
		"#define A (1 << 2)\n#if defined(A) && A == 4\n%x\nconst /* c */ B = 0x1f; "
		"'\\n' \"s\\\"\" // d\n#else\n#endif\n<<a>> \\\n #define\n";
	struct spec *spec = spec_new(NULL);
	(void)state;
	for (size_t length = 0; length < sizeof text; length++) {
		struct error error = {.text = ""};
		struct lexer lexer;
		char *copy = memcpy(test_malloc(length + 1), text, length);
		lexer_init(&lexer, spec, (uint16_t)(length + 10),
			   &(struct file_text){"x", copy, length}, &error);
		size_t count = 0;
		for (lexer_next(&lexer); lexer.token.kind != TOKEN_END; lexer_next(&lexer))
			count++;
		assert_true(count <= length);
		assert_true(lexer.failed == (error.text[0] != '\0'));
		assert_true(lexer.at <= copy + length);
		test_free(copy);
	}
	spec_free(spec);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),    cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_left_out), cmocka_unit_test(test_conditionals),
		cmocka_unit_test(test_prefixes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
