/*
 * A struct spec and its look-ups. Programs are found by binary search over an index in order
 * of number and, within a number, of loading, so that the newest comes last; versions and
 * procedures stand in order of number already.
 */
#include "spec.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"

static const char *const fixed_names[] = {
	[NAME_NONE] = "",           [NAME_ARGUMENTS] = "arguments", [NAME_RESULTS] = "results",
	[NAME_LENGTH] = "length",   [NAME_COUNT] = "count",         [NAME_FOLLOWS] = "follows",
	[NAME_PADDING] = "padding", [NAME_REST] = "rest",           [NAME_RESULT] = "result",
	[NAME_ARG] = "arg",
};
static_assert(sizeof fixed_names / sizeof *fixed_names == NAME_FIXED, "a text a name");

static const uint32_t fixed_sizes[] = {
	[TYPE_VOID] = 0,   [TYPE_INT] = 4,     [TYPE_UINT] = 4,   [TYPE_HYPER] = 8,
	[TYPE_UHYPER] = 8, [TYPE_FLOAT] = 4,   [TYPE_DOUBLE] = 8, [TYPE_QUADRUPLE] = 16,
	[TYPE_BOOL] = 4,   [TYPE_UNKNOWN] = 4,
};
static_assert(sizeof fixed_sizes / sizeof *fixed_sizes == TYPE_FIXED, "a size a type");
static_assert((int)TYPE_UNKNOWN == (int)SPEC_UNKNOWN, "the same order");

struct spec *
spec_new(const struct spec_hooks *hooks)
{
	struct spec *spec = memory_get(sizeof *spec);
	spec->private = memory_get(sizeof *spec->private);
	arena_init(&spec->private->arena);
	if (hooks)
		spec->private->hooks = *hooks;
	spec->names = memory_grow(NULL, &spec->name_capacity, 1, sizeof *spec->names);
	spec->names[spec->name_count++] = fixed_names[NAME_NONE];
	for (size_t i = 1; i < NAME_FIXED; i++)
		name_intern(spec, fixed_names[i], strlen(fixed_names[i]));
	spec->types = memory_grow(NULL, &spec->type_capacity, TYPE_FIXED, sizeof *spec->types);
	for (size_t i = 0; i < TYPE_FIXED; i++)
		spec->types[spec->type_count++] = (struct spec_type){
			.kind = (uint8_t)i, .shape = (uint16_t)i, .minimum = fixed_sizes[i]};
	spec->layouts = memory_grow(NULL, &spec->layout_capacity, 1, sizeof *spec->layouts);
	spec->layouts[spec->layout_count++] = (struct spec_layout){.count = 0};
	load_prelude(spec);
	return spec;
}

void
spec_free(struct spec *spec)
{
	if (!spec)
		return;
	struct spec_private *inner = spec->private;
	arena_release(&inner->arena);
	for (size_t i = 0; i < SYMBOL_SPACES; i++)
		free(inner->newest[i]);
	free(inner->slots);
	free(inner->symbols);
	free(inner->by_number);
	free(inner->files);
	free(inner);
	free(spec->types);
	free(spec->parts);
	free(spec->ordered);
	free(spec->layouts);
	free(spec->places);
	free(spec->procedures);
	free(spec->versions);
	free(spec->programs);
	free(spec->sources);
	free(spec->absent);
	free(spec->names);
	free(spec);
}

/* How many programs of the index have a number up to that one: a guess by its last digits, and
 * the search for where that is wrong. */
static size_t
programs_up_to(const struct spec *spec, uint32_t number)
{
	const uint32_t *index = spec->private->by_number;
	size_t guess = spec->private->guesses[number % PROGRAM_GUESSES];
	if (guess > 0 && spec->programs[index[guess - 1]].number == number)
		return guess;
	size_t low = 0, high = spec->private->indexed;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (spec->programs[index[middle]].number <= number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct spec_program *
spec_find_program(const struct spec *spec, uint32_t program)
{
	size_t count = programs_up_to(spec, program);
	if (count == 0)
		return NULL;
	const struct spec_program *found = &spec->programs[spec->private->by_number[count - 1]];
	return found->number == program ? found : NULL;
}

static const struct spec_version *
version_of(const struct spec *spec, const struct spec_program *program, uint32_t number)
{
	const struct spec_version *first = spec->versions + program->first;
	size_t low = 0, high = program->count;
	/* Numbers mostly follow each other; the search is for where they do not. */
	if (high > 0 && number - first->number < high &&
	    first[number - first->number].number == number)
		return &first[number - first->number];
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (first[middle].number == number)
			return &first[middle];
		if (first[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static const struct spec_version *
find_version(const struct spec *spec, uint32_t program, uint32_t version, bool built_in)
{
	const uint32_t *index = spec->private->by_number;
	for (size_t i = programs_up_to(spec, program); i > 0; i--) {
		const struct spec_program *candidate = &spec->programs[index[i - 1]];
		if (candidate->number != program)
			break;
		if (built_in && !candidate->built_in)
			continue;
		const struct spec_version *found = version_of(spec, candidate, version);
		if (found)
			return found;
	}
	return NULL;
}

static const struct spec_procedure *
procedure_of(const struct spec *spec, const struct spec_version *found, uint32_t procedure)
{
	if (!found || found->count == 0)
		return NULL;
	const struct spec_procedure *first = spec->procedures + found->first;
	size_t low = 0, high = found->count;
	if (high > 0 && procedure - first->number < high &&
	    first[procedure - first->number].number == procedure)
		return &first[procedure - first->number];
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (first[middle].number == procedure)
			return &first[middle];
		if (first[middle].number < procedure)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct spec_procedure *
spec_find_procedure(const struct spec *spec, uint32_t program, uint32_t version,
		    uint32_t procedure)
{
	return procedure_of(spec, find_version(spec, program, version, false), procedure);
}

const struct spec_procedure *
spec_find_built_in(const struct spec *spec, uint32_t program, uint32_t version,
		   uint32_t procedure)
{
	return procedure_of(spec, find_version(spec, program, version, true), procedure);
}

uint16_t
spec_find_type(const struct spec *spec, const char *name)
{
	uint16_t id = name_find(spec, name, strlen(name));
	const struct symbol *symbol = symbol_find(spec, SPACE_TYPE, id);
	return symbol ? symbol->type : TYPE_VOID;
}

uint8_t
spec_opener(const struct spec *spec, uint16_t type)
{
	while (spec->types[type].opener == 0 && spec->types[type].kind == SPEC_ALIAS)
		type = spec->types[type].element;
	return spec->types[type].opener;
}

/* Where the value stands among those in order; type->distinct where it is none of them. */
static uint32_t
place_of(const struct spec *spec, const struct spec_type *type, int64_t value, unsigned *steps)
{
	const uint32_t *ordered = spec->ordered + type->first;
	uint32_t low = 0, high = type->distinct;
	/* Values mostly follow each other: then the first one says where it is. */
	uint64_t guess =
		high > 0 ? (uint64_t)value - (uint64_t)spec->parts[ordered[0]].value : 0;
	if (guess < high && spec->parts[ordered[guess]].value == value)
		return (uint32_t)guess;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int64_t there = spec->parts[ordered[middle]].value;
		if (steps != NULL)
			++*steps;
		if (there == value)
			return middle;
		if (there < value)
			low = middle + 1;
		else
			high = middle;
	}
	return type->distinct;
}

const struct spec_part *
spec_find_part(const struct spec *spec, const struct spec_type *type, int64_t value,
	       unsigned *steps)
{
	uint32_t place = place_of(spec, type, value, steps);
	if (place < type->distinct)
		return &spec->parts[spec->ordered[type->first + place]];
	const struct spec_part *last = spec->parts + type->first + type->count - 1;
	return type->count > 0 && last->otherwise ? last : NULL;
}

const char *
spec_enum_name(const struct spec *spec, uint16_t type, int64_t value)
{
	const struct spec_type *found = spec_resolve(spec, type);
	if (found->kind != SPEC_ENUM)
		return NULL;
	const struct spec_part *part = spec_find_part(spec, found, value, NULL);
	return part != NULL ? spec_name(spec, part->name) : NULL;
}
