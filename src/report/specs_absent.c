/*
 * specs_absent: names without a definition. A file with an #include may use them, so they are
 * no mistake; but who checks a file wants to know what will not be decoded, and a misspelt
 * name ends up here too.
 */
#include "specs_absent.h"

#include <inttypes.h>
#include <string.h>

#include "object.h"

enum { SHOWN = 10 };

void
specs_absent_lines(struct text *text, const struct spec *spec, size_t first)
{
	for (size_t i = first; i < spec->absent_count && i < first + SHOWN; i++) {
		const struct spec_absent *absent = &spec->absent[i];
		const char *file = spec_name(spec, spec->sources[absent->source].name);
		text_string_put(text, "    not defined in any file loaded: ");
		text_string_put(text, spec_name(spec, absent->name));
		text_string_put(text, ", first used at ");
		text_escape(text, file, strlen(file));
		text_format(text, ":%" PRIu32 ":%" PRIu32 "\n", absent->line, absent->column);
	}
	if (spec->absent_count > first + SHOWN)
		text_format(text, "    and %zu more\n", spec->absent_count - first - SHOWN);
}

void
specs_absent_json(struct text *text, const struct spec *spec, size_t first)
{
	object_key(text, "undefined");
	text_char(text, '[');
	for (size_t i = first; i < spec->absent_count; i++) {
		const struct spec_absent *absent = &spec->absent[i];
		text_format(text, "%s{\"line\":%" PRIu32, i > first ? "," : "", absent->line);
		object_number(text, "column", absent->column);
		object_string(text, "name", spec_name(spec, absent->name));
		object_string(text, "file",
			      spec_name(spec, spec->sources[absent->source].name));
		text_char(text, '}');
	}
	text_char(text, ']');
}
