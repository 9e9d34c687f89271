/*
 * spec_support: what the tests of the specification loader share.
 */
#ifndef RPCSCOPE_SPEC_SUPPORT_H
#define RPCSCOPE_SPEC_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "limits.h"
#include "spec.h"
#include "text.h"

/* Loads a text as the file t.x; *error begins anew. */
static inline bool
load_text(struct spec *spec, const char *text, size_t length, struct error *error)
{
	error->text[0] = '\0';
	return spec_load_text(spec, "t.x", text, length, false, error);
}

static inline bool
load(struct spec *spec, const char *text, struct error *error)
{
	return load_text(spec, text, strlen(text), error);
}

static inline void
load_good(struct spec *spec, const char *text)
{
	struct error error;
	if (!load(spec, text, &error))
		fail_msg("%s", error.text);
}

static inline const struct spec_type *
type_named(const struct spec *spec, const char *name)
{
	uint16_t id = spec_find_type(spec, name);
	if (id == TYPE_VOID)
		fail_msg("no type %s", name);
	return &spec->types[id];
}

/* Lengths of all arrays, to see that nothing of a wrong file stays. */
static inline void
lengths(const struct spec *spec, size_t counts[7])
{
	counts[0] = spec->type_count;
	counts[1] = spec->part_count;
	counts[2] = spec->procedure_count;
	counts[3] = spec->version_count;
	counts[4] = spec->program_count;
	counts[5] = spec->source_count;
	counts[6] = spec->name_count;
}

#endif
