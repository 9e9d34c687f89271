/*
 * A file from its text to a part of the spec, or to nothing: the lengths of all arrays are
 * noted before, and on a mistake cut back to that. The built-in specifications go the same way;
 * they are embedded as text.
 */
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Made by the Makefile of src/spec/NAME.x; ends with a row of NULLs. */
struct embedded {
	const char *name, *text, *end;
};
extern const struct embedded spec_embedded[];

static const char prelude_name[] = "prelude.x", message_name[] = "rpc.x";
static const char header_macro[] = "RPC_HDR";

struct mark
load_mark(const struct spec *spec)
{
	return (struct mark){.names = spec->name_count,
			     .types = spec->type_count,
			     .parts = spec->part_count,
			     .layouts = spec->layout_count,
			     .places = spec->place_count,
			     .procedures = spec->procedure_count,
			     .versions = spec->version_count,
			     .programs = spec->program_count,
			     .sources = spec->source_count,
			     .absent = spec->absent_count,
			     .symbols = spec->private->symbol_count,
			     .files = spec->private->file_count};
}

static void
guess_programs(struct spec *spec)
{
	struct spec_private *inner = spec->private;
	memset(inner->guesses, 0, sizeof inner->guesses);
	for (size_t i = 0; i < inner->indexed; i++)
		inner->guesses[spec->programs[inner->by_number[i]].number % PROGRAM_GUESSES] =
			(uint32_t)i + 1;
}

/* Takes the programs from `first` on out of the index. */
static void
unindex_programs(struct spec *spec, size_t first)
{
	struct spec_private *inner = spec->private;
	size_t kept = 0;
	for (size_t i = 0; i < inner->indexed; i++)
		if (inner->by_number[i] < first)
			inner->by_number[kept++] = inner->by_number[i];
	inner->indexed = kept;
	guess_programs(spec);
}

void
load_forget(struct spec *spec, const struct mark *mark)
{
	symbol_forget(spec, mark->symbols);
	name_forget(spec, mark->names);
	spec->type_count = mark->types;
	spec->part_count = mark->parts;
	spec->layout_count = mark->layouts;
	spec->place_count = mark->places;
	spec->procedure_count = mark->procedures;
	spec->version_count = mark->versions;
	unindex_programs(spec, mark->programs);
	spec->program_count = mark->programs;
	spec->source_count = mark->sources;
	spec->absent_count = mark->absent;
	spec->private->file_count = mark->files;
}

/* NFSPROC3_NULL -> NULL: behind the last PROC, digits and `_`; otherwise the whole name. */
uint16_t
load_short_name(struct spec *spec, uint16_t name)
{
	const char *text = spec_name(spec, name), *rest = NULL;
	for (const char *at = text; (at = strstr(at, "PROC")) != NULL;) {
		at += 4;
		const char *digits = at + strspn(at, "0123456789");
		if (digits[0] == '_' && digits[1] != '\0')
			rest = digits + 1;
	}
	if (!rest)
		return name;
	uint16_t id = name_intern(spec, rest, strlen(rest));
	return id ? id : name;
}

static void
ask_hooks(struct spec *spec, size_t first)
{
	const struct spec_hooks *hooks = &spec->private->hooks;
	for (size_t i = first; i < spec->type_count; i++) {
		struct spec_type *type = &spec->types[i];
		const char *name = spec_name(spec, type->name);
		if (type->name && hooks->meaning)
			type->meaning = hooks->meaning(name);
		if (type->name && hooks->opener)
			type->opener = hooks->opener(name);
	}
	for (size_t i = first; i < spec->type_count; i++) {
		const struct spec_type *type = &spec->types[i];
		while (type->meaning == 0 && type->kind == SPEC_ALIAS)
			type = &spec->types[type->element];
		spec->types[i].meaning = type->meaning;
	}
}

static int
compare_keys(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
	return (a > b) - (a < b);
}

/*
 * Puts the file's programs into the index, each behind those of the same number: what
 * is new is sorted, then merged from the end.
 */
static void
index_programs(struct load *load)
{
	struct spec *spec = load->spec;
	struct spec_private *inner = spec->private;
	size_t first = load->mark.programs, added = spec->program_count - first;
	uint64_t *keys = memory_get((added + 1) * sizeof *keys);
	for (size_t i = 0; i < added; i++)
		keys[i] = (uint64_t)spec->programs[first + i].number << 32 | (first + i);
	qsort(keys, added, sizeof *keys, compare_keys);
	inner->by_number = memory_grow(inner->by_number, &inner->by_number_capacity,
				       spec->program_count + 1, sizeof *inner->by_number);
	size_t old = inner->indexed, at = spec->program_count;
	for (size_t new = added; new > 0;) {
		uint32_t *slot = &inner->by_number[--at];
		if (old > 0 &&
		    spec->programs[inner->by_number[old - 1]].number > keys[new - 1] >> 32)
			*slot = inner->by_number[--old];
		else
			*slot = (uint32_t)keys[--new];
	}
	inner->indexed = spec->program_count;
	guess_programs(spec);
	free(keys);
}

static uint16_t
add_source(struct spec *spec, uint16_t name, bool built_in)
{
	spec->sources = memory_grow(spec->sources, &spec->source_capacity,
				    spec->source_count + 1, sizeof *spec->sources);
	spec->sources[spec->source_count] =
		(struct spec_source){.name = name, .built_in = built_in};
	return (uint16_t)spec->source_count++;
}

/* What no text can be: too long, or with an octet that ends strings. */
static bool
check_text(const char *file, const char *text, size_t length, struct error *error)
{
	if (length > LIMIT_SPEC_OCTETS)
		return error_set(error,
				 "%.100s:1:1: expected at most %d octets, found a longer file",
				 file, LIMIT_SPEC_OCTETS);
	const char *nul = length ? memchr(text, '\0', length) : NULL;
	if (!nul)
		return true;
	uint32_t line = 1;
	const char *line_start = text;
	for (const char *at = text; at < nul; at++)
		if (*at == '\n') {
			line++;
			line_start = at + 1;
		}
	return error_set(error, "%.100s:%u:%zu: expected text, found the octet 0x00", file,
			 line, (size_t)(nul - line_start) + 1);
}

static void
release(struct load *load)
{
	free(load->pending);
	free(load->debts);
	free(load->type_at);
	free(load->procedure_at);
	free(load->version_at);
}

static bool
begin(struct load *load, const struct file_text *file, struct error *error)
{
	struct spec *spec = load->spec;
	if (!check_text(file->name, file->text, file->length, error))
		return false;
	uint16_t name = name_intern(spec, file->name, strlen(file->name));
	if ((name == NAME_NONE && *file->name) || spec->source_count >= LIMIT_SPEC_NAMES)
		return error_set(error, "%.100s:1:1: expected at most %d names, found more",
				 file->name, LIMIT_SPEC_NAMES);
	load->source = add_source(spec, name, load->built_in);
	lexer_init(&load->lexer, spec, load->source, file, error);
	return true;
}

/* As cpp -DRPC_HDR does. */
static void
define_header(const struct load *load)
{
	uint16_t name = name_intern(load->spec, header_macro, strlen(header_macro));
	if (name == NAME_NONE)
		return;
	struct symbol *macro = symbol_add(load->spec, SPACE_MACRO, name, load->source);
	macro->defined = true;
	macro->constant.number = 1;
}

/* `header`: with what rpcgen -h defines. */
static bool
load_as(struct spec *spec, const struct file_text *file, bool built_in, bool header,
	struct error *error)
{
	struct load load = {.spec = spec, .built_in = built_in, .mark = load_mark(spec)};
	bool good = begin(&load, file, error);
	if (good && header)
		define_header(&load);
	good = good && parse_all(&load) && check_all(&load);
	if (good) {
		ask_hooks(spec, load.mark.types);
		layout_all(&load);
		index_programs(&load);
	} else {
		load_forget(spec, &load.mark);
	}
	release(&load);
	return good;
}

/*
 * What stands in #ifdef RPC_HDR is not in all of rpcgen's outputs, but those include the
 * header. So where names are missing, they are looked for there: a second time, kept if fewer
 * are.
 */
bool
spec_load_text(struct spec *spec, const char *file_name, const char *text, size_t length,
	       bool built_in, struct error *error)
{
	const struct file_text file = {file_name, text, length};
	struct mark mark = load_mark(spec);
	struct error none = {.text = ""};
	bool good = load_as(spec, &file, built_in, false, error);
	size_t absent = spec->absent_count - mark.absent;
	if ((good && absent == 0) || length > LIMIT_SPEC_OCTETS ||
	    memmem(text, length, header_macro, strlen(header_macro)) == NULL)
		return good;
	if (good)
		load_forget(spec, &mark);
	if (load_as(spec, &file, built_in, true, &none)) {
		if (!good || spec->absent_count - mark.absent < absent) {
			error->text[0] = '\0';
			return true;
		}
		load_forget(spec, &mark);
	}
	return good && load_as(spec, &file, built_in, false, error);
}

void
load_survey(struct spec *spec, const char *text, size_t length, struct survey *survey)
{
	struct error none = {.text = ""};
	struct load load = {.spec = spec, .mark = load_mark(spec)};
	if (begin(&load, &(struct file_text){"", text, length}, &none)) {
		load.lexer.includes = true; /* whatever it lacks is noted */
		parse_all(&load);
		check_names(&load);
		survey_take(survey, &load);
	}
	load.mark.names = spec->name_count; /* they are what is compared */
	load_forget(spec, &load.mark);
	release(&load);
}

/* Loads the embedded specification of that name, or without one all but the early ones. */
static bool
load_embedded(struct spec *spec, const char *name, struct error *error)
{
	for (const struct embedded *row = spec_embedded; row->name; row++) {
		bool early = strcmp(row->name, prelude_name) == 0 ||
			     strcmp(row->name, message_name) == 0;
		bool wanted = name ? strcmp(row->name, name) == 0 : !early;
		size_t length = (size_t)(row->end - row->text);
		if (wanted && !spec_load_text(spec, row->name, row->text, length, true, error))
			return false;
	}
	return true;
}

/* rpc.x comes first: other programs use its names (NFS version 4 has AUTH_SYS credentials). */
bool
spec_load_built_in(struct spec *spec, struct error *error)
{
	return load_embedded(spec, message_name, error) && load_embedded(spec, NULL, error);
}

void
load_prelude(struct spec *spec)
{
	struct error error = {.text = ""};
	if (!load_embedded(spec, prelude_name, &error)) {
		fprintf(stderr, "%s\n", error.text); /* a broken program */
		abort();
	}
}
