/*
 * specs: the programs that can be decoded, by version, with the file that says how; or, with
 * --check, whether files could be used. No capture is read.
 *
 * All versions of all programs are sorted by number and, within one, in the order in which
 * their files were loaded: the last one is in force, and the one before it is what it replaced.
 * A check loads the files in order into specifications of its own, as --spec would.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "memory.h"
#include "object.h"
#include "report.h"
#include "report_words.h"
#include "specs_absent.h"

enum {
	COLUMNS = 100,
	INDENT = 4,
	FILE_COLUMNS = 40, /* of a longer path the end is shown */
	NAME_COLUMNS = 32, /* of a longer name the beginning */
	STATUS_REFUSED = 2,
};

/* A version of a program; of which program follows from `program`, an index. */
struct item {
	uint32_t program;
	const struct spec_version *version;
};

struct specs {
	struct run *run;
	const struct spec *spec;
	int status;
};

/* -- the list -- */

/* qsort() takes no context: the numbers to go by stand in front. */
struct sorted {
	uint32_t number, version;
	struct item item;
};

static int
compare(const void *left, const void *right)
{
	const struct sorted *a = left, *b = right;
	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	if (a->version != b->version)
		return a->version < b->version ? -1 : 1;
	return (a->item.program > b->item.program) - (a->item.program < b->item.program);
}

/* All versions, those replaced too; the caller frees them. */
static struct sorted *
sort_versions(const struct spec *spec, size_t *count)
{
	struct sorted *all = memory_get((spec->version_count + 1) * sizeof *all);
	*count = 0;
	for (uint32_t i = 0; i < spec->program_count; i++) {
		const struct spec_program *program = &spec->programs[i];
		for (uint32_t k = 0; k < program->count; k++) {
			const struct spec_version *version =
				&spec->versions[program->first + k];
			all[(*count)++] =
				(struct sorted){program->number, version->number, {i, version}};
		}
	}
	qsort(all, *count, sizeof *all, compare);
	return all;
}

static void
put_cut(struct text *text, const char *name)
{
	size_t length = strlen(name);
	text_escape(text, name, length > NAME_COLUMNS ? NAME_COLUMNS - 3 : length);
	text_string_put(text, length > NAME_COLUMNS ? "..." : "");
}

/* "portmap.x (built in)"; of a long path the end, from a whole character on. */
static void
put_source(struct text *text, const struct spec *spec, uint16_t source)
{
	const char *path = spec_name(spec, spec->sources[source].name);
	size_t length = strlen(path), from = 0;
	if (length > FILE_COLUMNS)
		from = length - FILE_COLUMNS + 3;
	while (from > 0 && ((unsigned char)path[from] & 0xc0) == 0x80)
		from++;
	text_string_put(text, from > 0 ? "..." : "");
	text_escape(text, path + from, length - from);
	text_string_put(text, spec->sources[source].built_in ? " (built in)" : "");
}

static bool
put_selected_name(struct text *text, const char *name, const char *otherwise)
{
	if (name == NULL)
		text_string_put(text, otherwise);
	else
		put_cut(text, name);
	return name != NULL;
}

static void
put_procedures(const struct specs *specs, const struct sorted *version)
{
	struct text *text = specs->run->text;
	struct text entry;
	size_t start = text->length;
	text_init(&entry);
	for (uint32_t i = 0; i < version->item.version->count; i++) {
		const struct spec_procedure *procedure =
			&specs->spec->procedures[version->item.version->first + i];
		text_reset(&entry);
		text_unsigned(&entry, procedure->number);
		if (!specs->run->options->numeric) {
			text_char(&entry, ' ');
			put_cut(&entry, spec_name(specs->spec, procedure->short_name));
		}
		text_string_put(&entry, i + 1 < version->item.version->count ? "," : "");
		if (i > 0 && text->length - start + 1 + entry.length > COLUMNS) {
			text_char(text, '\n');
			start = text->length;
		}
		if (text->length == start)
			text_fill(text, ' ', INDENT);
		else
			text_char(text, ' ');
		text_put(text, entry.at, entry.length);
	}
	text_char(text, '\n');
	text_release(&entry);
}

/* "portmapper (100000) version 2: portmap.x (built in)" and the procedures under it. */
static void
put_version(const struct specs *specs, const struct sorted *version,
	    const struct sorted *replaced)
{
	struct text *text = specs->run->text;
	const struct spec_program *programs = specs->spec->programs;
	if (put_selected_name(text, names_program(specs->run->names, version->number),
			      "program"))
		text_format(text, " (%" PRIu32 ")", version->number);
	else
		text_format(text, " %" PRIu32, version->number);
	text_format(text, " version %" PRIu32 ": ", version->version);
	put_source(text, specs->spec, programs[version->item.program].source);
	text_char(text, '\n');
	if (replaced != NULL) {
		text_fill(text, ' ', INDENT);
		text_string_put(text, "in place of that in ");
		put_source(text, specs->spec, programs[replaced->item.program].source);
		text_char(text, '\n');
	}
	put_procedures(specs, version);
}

static void
put_source_json(struct text *text, const struct spec *spec, uint16_t source)
{
	object_string(text, "file", spec_name(spec, spec->sources[source].name));
	object_bool(text, "built_in", spec->sources[source].built_in);
}

static void
put_version_json(const struct specs *specs, const struct sorted *version,
		 const struct sorted *replaced)
{
	struct text *text = specs->run->text;
	const struct spec *spec = specs->spec;
	const struct spec_program *program = &spec->programs[version->item.program];
	object_begin(text, "specification");
	object_number(text, "program", version->number);
	object_string(text, "program_name", names_program(specs->run->names, version->number));
	object_string(text, "program_identifier", spec_name(spec, program->name));
	object_number(text, "version", version->version);
	object_string(text, "version_identifier", spec_name(spec, version->item.version->name));
	put_source_json(text, spec, program->source);
	object_string(
		text, "replaces",
		replaced != NULL
			? spec_name(spec,
				    spec->sources[spec->programs[replaced->item.program].source]
					    .name)
			: NULL);
	object_key(text, "procedures");
	text_char(text, '[');
	for (uint32_t i = 0; i < version->item.version->count; i++) {
		const struct spec_procedure *procedure =
			&spec->procedures[version->item.version->first + i];
		text_format(text, "%s{\"procedure\":%" PRIu32, i > 0 ? "," : "",
			    procedure->number);
		object_string(text, "procedure_name", spec_name(spec, procedure->short_name));
		object_string(text, "procedure_identifier", spec_name(spec, procedure->name));
		text_char(text, '}');
	}
	text_char(text, ']');
	object_end(text);
}

/* Was that program asked for? Without words every one is. */
static bool
is_wanted(const struct run *run, uint32_t number)
{
	uint32_t wanted;
	for (size_t i = 0; i < run->options->words.count; i++) {
		if (names_program_number(run->names, run->options->words.at[i], &wanted) &&
		    wanted == number)
			return true;
	}
	return run->options->words.count == 0;
}

static void
list(const struct specs *specs)
{
	bool json = report_as_json(specs->run);
	size_t count;
	struct sorted *all = sort_versions(specs->spec, &count);
	const struct sorted *replaced = NULL;
	for (size_t i = 0; i < count; i++) {
		if (i + 1 < count && all[i].number == all[i + 1].number &&
		    all[i].version == all[i + 1].version) {
			replaced = &all[i];
			continue;
		}
		if (is_wanted(specs->run, all[i].number))
			(json ? put_version_json : put_version)(specs, &all[i], replaced);
		replaced = NULL;
	}
	free(all);
}

/* Every word has to be a program that a specification describes. */
static bool
check_words(const struct specs *specs, struct error *error)
{
	const struct words *words = &specs->run->options->words;
	uint32_t number;
	for (size_t i = 0; i < words->count; i++) {
		if (!names_program_number(specs->run->names, words->at[i], &number))
			return error_set(error,
					 "%.100s: no such program; rpcscope specs lists them, "
					 "specs --check takes files",
					 words->at[i]);
		if (spec_find_program(specs->spec, number) == NULL)
			return error_set(error,
					 "%.100s: no specification; rpcscope specs lists them",
					 words->at[i]);
	}
	return true;
}

/* -- the check -- */

struct totals {
	size_t programs, types, absent;
};

/* Has it a name of its own, and is it not another file's that is only named here? */
static bool
is_declared(const struct spec *spec, const struct spec_type *type)
{
	return type->name != NAME_NONE &&
	       !(type->kind == SPEC_ALIAS && (type->element == TYPE_UNKNOWN ||
					      spec->types[type->element].name == type->name));
}

/* Programs, and types that are declared. */
static struct totals
count(const struct spec *spec)
{
	struct totals totals = {.programs = spec->program_count, .absent = spec->absent_count};
	for (size_t i = TYPE_FIXED; i < spec->type_count; i++)
		totals.types += is_declared(spec, &spec->types[i]);
	return totals;
}

static void
put_result(const struct specs *specs, const char *path, const struct spec *spec,
	   const struct totals *added, const struct error *trouble)
{
	struct text *text = specs->run->text;
	bool good = trouble->text[0] == '\0';
	if (report_as_json(specs->run)) {
		object_begin(text, "check");
		object_string(text, "file", path);
		object_bool(text, "ok", good);
		object_string(text, "error", good ? NULL : trouble->text);
		object_number(text, "programs", added->programs);
		object_number(text, "types", added->types);
		specs_absent_json(text, spec, spec->absent_count - added->absent);
		object_end(text);
	} else if (good) {
		text_escape(text, path, strlen(path));
		text_string_put(text, ": ok: ");
		text_count(text, added->programs, "program", "programs");
		text_string_put(text, ", ");
		text_count(text, added->types, "type", "types");
		text_char(text, '\n');
		specs_absent_lines(text, spec, spec->absent_count - added->absent);
	}
	if (!good)
		fprintf(stderr, "rpcscope: %s\n", trouble->text);
}

static bool
check_files(struct specs *specs, struct spec *spec, struct error *error)
{
	const struct options *options = specs->run->options;
	if (!spec_load_built_in(spec, error))
		return false;
	for (size_t i = 0; i < options->specs.count; i++) {
		if (!spec_load_path(spec, options->specs.at[i], error))
			return false;
	}
	const char **paths = memory_get((options->words.count + 1) * sizeof *paths);
	for (size_t i = 0; i < options->words.count; i++)
		paths[i] = options->words.at[i];
	spec_order_paths(paths, options->words.count);
	for (size_t i = 0; i < options->words.count; i++) {
		struct error trouble = {0};
		struct totals before = count(spec), after;
		if (!spec_load_path(spec, paths[i], &trouble))
			specs->status = STATUS_REFUSED;
		after = count(spec);
		after.programs -= before.programs;
		after.types -= before.types;
		after.absent -= before.absent;
		put_result(specs, paths[i], spec, &after, &trouble);
	}
	free(paths);
	return true;
}

static bool
check(struct specs *specs, struct error *error)
{
	if (specs->run->options->words.count == 0)
		return error_set(error, "specs --check: expected a specification, FILE.x");
	struct spec *spec = spec_new(NULL);
	bool good = check_files(specs, spec, error);
	spec_free(spec);
	return good;
}

/* -- the command -- */

static void *
specs_begin(struct run *run, struct sink *sink, struct error *error)
{
	struct specs *specs = memory_get(sizeof *specs);
	*specs = (struct specs){.run = run, .spec = run->decoder->spec};
	*sink = (struct sink){0};
	bool good = run->options->check ? check(specs, error) : check_words(specs, error);
	if (good) {
		if (!run->options->check)
			list(specs);
		run->done = true;
		return specs;
	}
	free(specs);
	return NULL;
}

static int
specs_finish(void *state, const struct counts *counts)
{
	const struct specs *specs = state;
	(void)counts;
	return specs->status;
}

const struct command specs_command = {
	.name = "specs",
	.purpose = "the RPC programs that can be decoded; with --check, whether FILE.x... can "
		   "be used",
	.words = "[NAME...]",
	.begin = specs_begin,
	.finish = specs_finish,
	.free = free,
};
