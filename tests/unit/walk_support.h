/*
 * walk_support: what the tests of the walker share: octets against a guard page,
 * seeded random numbers, what holds for every tape, and a tape as a line of text.
 *
 * The line: NAME{ struct, NAME< union, NAME[ array, NAME? optional, NAME( list,
 * NAME| opened opaque, } for each end. A leaf is NAME=, a letter and the value: i int,
 * u uint, h hyper, U uhyper, f float, d double, q quadruple, b bool, e enum, x opaque,
 * s string, # count, ? follows, L length, P padding, R rest. After ! the flags: C cut,
 * S short, P padding, L limit, V value, O from an opener.
 */
#ifndef RPCSCOPE_WALK_SUPPORT_H
#define RPCSCOPE_WALK_SUPPORT_H

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "limits.h"
#include "load_support.h"
#include "spec.h"
#include "tape.h"
#include "text.h"
#include "walk.h"

/* -- octets that end where memory does: reading one further is a fault -- */

enum { GUARDED_OCTETS = 1 << 16 };

struct guarded {
	uint8_t *start; /* GUARDED_OCTETS of memory, then a page that cannot be read */
};

static inline void
guarded_init(struct guarded *guarded)
{
	guarded->start = mmap(NULL, GUARDED_OCTETS + 4096, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(guarded->start, MAP_FAILED);
	assert_int_equal(mprotect(guarded->start + GUARDED_OCTETS, 4096, PROT_NONE), 0);
}

static inline const uint8_t *
guarded_put(struct guarded *guarded, const void *octets, uint32_t size)
{
	uint8_t *at = guarded->start + GUARDED_OCTETS - size;

	assert_true(size <= GUARDED_OCTETS);
	if (size != 0)
		memcpy(at, octets, size);
	return at;
}

static inline void
guarded_release(struct guarded *guarded)
{
	munmap(guarded->start, GUARDED_OCTETS + 4096);
}

/* -- random numbers (splitmix64) -- */

struct random_source {
	uint64_t state;
};

static inline uint64_t
random_next(struct random_source *random)
{
	uint64_t z = random->state += 0x9e3779b97f4a7c15U;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
	z = (z ^ z >> 27) * 0x94d049bb133111ebU;
	return z ^ z >> 31;
}

static inline uint32_t
random_below(struct random_source *random, uint32_t bound)
{
	if (bound == 0)
		abort();
	return (uint32_t)(random_next(random) % bound);
}

/* -- what holds for every tape -- */

/* NULL when it does: the leaves tile [from, to), every opening is closed and covers what is in
 * it, depths and counts are within their bounds. */
static inline const char *
tape_fault(const struct tape *tape, uint32_t from, uint32_t to)
{
	size_t open[LIMIT_DEPTH + 1], depth = 0;
	uint32_t at = from;

	if (tape->count > (size_t)tape->captured * LIMIT_FIELDS_PER_OCTET + LIMIT_FIELDS_BASE)
		return "more fields than allowed";
	for (size_t i = 0; i < tape->count; i++) {
		const struct field *field = &tape->fields[i];
		bool bytes = field->kind == FIELD_OPAQUE || field->kind == FIELD_STRING ||
			     field->kind == FIELD_PADDING || field->kind == FIELD_REST;

		if (field->offset != at)
			return "a gap or an overlap";
		if (field->kind == FIELD_CLOSE) {
			if (depth == 0 || field->u != open[--depth])
				return "closes what is not open";
			const struct field *opening = &tape->fields[open[depth]];
			if (opening->end != i || opening->length != at - opening->offset)
				return "an opening does not cover what is in it";
		}
		if (field->depth != depth)
			return "wrong depth";
		if (field_is_open(field)) {
			if (depth > LIMIT_DEPTH)
				return "too deep";
			open[depth++] = i;
		}
		if (!field_is_leaf(field))
			continue;
		if (field->length > to - at)
			return "a leaf leaves the octets";
		if (bytes && (field->bytes.at < at || field->bytes.size > field->length ||
			      field->bytes.at - at > field->length - field->bytes.size))
			return "content outside of its leaf";
		at += field->length;
	}
	if (depth != 0)
		return "left open";
	return at == to ? NULL : "the leaves do not reach the end";
}

/* -- a tape as a line of text -- */

static inline void
render_value(struct text *out, const struct tape *tape, const struct field *field)
{
	static const char letters[FIELD_KINDS] = {
		[FIELD_INT] = 'i',     [FIELD_UINT] = 'u',   [FIELD_HYPER] = 'h',
		[FIELD_UHYPER] = 'U',  [FIELD_FLOAT] = 'f',  [FIELD_DOUBLE] = 'd',
		[FIELD_BOOL] = 'b',    [FIELD_ENUM] = 'e',   [FIELD_QUADRUPLE] = 'q',
		[FIELD_OPAQUE] = 'x',  [FIELD_STRING] = 's', [FIELD_COUNT] = '#',
		[FIELD_FOLLOWS] = '?', [FIELD_LENGTH] = 'L', [FIELD_PADDING] = 'P',
		[FIELD_REST] = 'R',
	};

	text_char(out, letters[field->kind]);
	switch (field->kind) {
	case FIELD_STRING:
		text_put(out, tape->octets + field->bytes.at, field->bytes.size);
		break;
	case FIELD_OPAQUE:
	case FIELD_QUADRUPLE:
	case FIELD_PADDING:
	case FIELD_REST:
		text_octets(out, tape->octets + field->bytes.at, field->bytes.size);
		break;
	case FIELD_FLOAT:
	case FIELD_DOUBLE:
		text_hex(out, field->u, 1);
		break;
	case FIELD_INT:
	case FIELD_HYPER:
	case FIELD_ENUM:
		text_signed(out, (int64_t)field->u);
		break;
	default:
		text_unsigned(out, field->u);
	}
}

static inline void
render(struct text *out, const struct tape *tape)
{
	text_reset(out);
	for (size_t i = 0; i < tape->count; i++) {
		const struct field *field = &tape->fields[i];

		if (i != 0)
			text_char(out, ' ');
		if (field->kind == FIELD_CLOSE) {
			text_char(out, '}');
			continue;
		}
		text_string_put(out, spec_name(tape->spec, field->name));
		if (field_is_open(field)) {
			text_char(out, "{<[?(|"[field->kind]);
		} else {
			text_char(out, '=');
			render_value(out, tape, field);
		}
		if (field->flags != 0)
			text_char(out, '!');
		for (unsigned bit = 0; bit < 6; bit++) {
			if (field->flags >> bit & 1)
				text_char(out, "CSPLVO"[bit]);
		}
	}
}

#endif
