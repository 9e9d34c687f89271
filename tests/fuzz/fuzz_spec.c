/*
 * fuzz_spec: octets as a specification. Whatever they are, loading them ends in
 * a loaded specification or one error line, and the built-in names still stand.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "spec.h"
#include "value.h"
#include "walk.h"

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
	const struct spec_hooks hooks = {.meaning = value_meaning, .opener = opaque_number};
	struct error error = {0};
	struct spec *spec = spec_new(&hooks);
	bool loaded = spec_load_text(spec, "fuzz.x", (const char *)octets, size, false, &error);
	if (loaded != (error.text[0] == '\0') || strchr(error.text, '\n'))
		abort();
	if (strcmp(spec_name(spec, NAME_RESULT), "result") != 0)
		abort();
	spec_free(spec);
	return 0;
}
