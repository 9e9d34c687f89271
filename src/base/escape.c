/*
 * escape: octets from the wire as characters that do no harm.
 *
 * Both escapes go over the octets one UTF-8 sequence (RFC 3629) at a time. What
 * is plain text stays; the rest becomes \xNN, an octet at a time. A sequence that
 * is valid but acts on a terminal (C1 controls, bidirectional overrides) is
 * escaped as well.
 */
#include "text.h"

/* Length of the well-formed UTF-8 sequence at `at`, and its code point; 0 when there is none.
 */
static size_t
sequence(const uint8_t *at, size_t left, uint32_t *code_point)
{
	static const struct {
		uint8_t mask, lead;
		size_t length;
		uint32_t least;
	} forms[] = {{0x80, 0x00, 1, 0},
		     {0xe0, 0xc0, 2, 0x80},
		     {0xf0, 0xe0, 3, 0x800},
		     {0xf8, 0xf0, 4, 0x10000}};
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		if ((at[0] & forms[i].mask) != forms[i].lead)
			continue;
		if (forms[i].length > left)
			return 0;
		uint32_t code = at[0] & (uint8_t)~forms[i].mask;
		for (size_t k = 1; k < forms[i].length; k++) {
			if ((at[k] & 0xc0) != 0x80)
				return 0;
			code = code << 6 | (at[k] & 0x3f);
		}
		if (code < forms[i].least || code > 0x10ffff ||
		    (code >= 0xd800 && code <= 0xdfff))
			return 0;
		*code_point = code;
		return forms[i].length;
	}
	return 0;
}

/* Code points that steer a terminal or turn the reading direction. */
static bool
acts_on_terminal(uint32_t code_point)
{
	static const struct {
		uint32_t from, to;
	} ranges[] = {
		{0x00, 0x1f},     {0x7f, 0x9f},     {0x061c, 0x061c},
		{0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},
		{0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f},
	};
	for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
		if (code_point >= ranges[i].from && code_point <= ranges[i].to)
			return true;
	}
	return false;
}

static void
escape_octets(struct text *text, const uint8_t *octets, size_t count, const char *backslash)
{
	for (size_t i = 0; i < count; i++) {
		text_string_put(text, backslash);
		text_char(text, 'x');
		text_hex(text, octets[i], 2);
	}
}

/* How many of the first octets are ASCII that no escape touches: mostly all of them. */
static size_t
plain_run(const uint8_t *octets, size_t count)
{
	size_t i = 0;
	while (i < count && octets[i] >= ' ' && octets[i] < 0x7f && octets[i] != '\\' &&
	       octets[i] != '"')
		i++;
	return i;
}

/* `backslash` is how one backslash is written; `quote` is a character that needs one in front.
 */
static void
escape(struct text *text, const uint8_t *octets, size_t count, const char *backslash,
       bool quote, bool ascii)
{
	size_t i = 0;
	while (i < count) {
		uint32_t code_point = 0;
		size_t plain = plain_run(octets + i, count - i);
		text_put(text, octets + i, plain);
		i += plain;
		if (i == count)
			return;
		size_t length = sequence(octets + i, count - i, &code_point);
		if (length == 0 || acts_on_terminal(code_point) ||
		    (code_point > 0x7f && ascii)) {
			length = length != 0 ? length : 1;
			escape_octets(text, octets + i, length, backslash);
		} else if (code_point == '\\') {
			text_string_put(text, backslash);
			text_string_put(text, backslash);
		} else if (code_point == '"' && quote) {
			text_string_put(text, "\\\"");
		} else {
			text_put(text, octets + i, length);
		}
		i += length;
	}
}

void
text_escape(struct text *text, const void *octets, size_t count)
{
	escape(text, octets, count, "\\", false, text->ascii);
}

void
text_escape_json(struct text *text, const void *octets, size_t count)
{
	escape(text, octets, count, "\\\\", true, false);
}

void
text_escape_quoted(struct text *text, const void *octets, size_t count)
{
	escape(text, octets, count, "\\", true, text->ascii);
}
