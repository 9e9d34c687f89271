/*
 * load_support: specifications as tests need them, or the test ends.
 */
#ifndef RPCSCOPE_LOAD_SUPPORT_H
#define RPCSCOPE_LOAD_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "spec.h"
#include "walk.h"

/* What decoders need, and nothing of what printing does. */
static const struct spec_hooks opener_hooks = {NULL, opaque_number};

/* `text` is in the RPC language; NULL: nothing. */
static inline void
load_more(struct spec *spec, const char *text)
{
	struct error error = {""};
	if (text != NULL && !spec_load_text(spec, "test.x", text, strlen(text), false, &error))
		fail_msg("%s", error.text);
}

/* The built-in specifications, and that one. */
static inline struct spec *
load_with_built_in(const struct spec_hooks *hooks, const char *text)
{
	struct spec *spec = spec_new(hooks);
	struct error error = {""};
	if (!spec_load_built_in(spec, &error))
		fail_msg("%s", error.text);
	load_more(spec, text);
	return spec;
}

#endif
