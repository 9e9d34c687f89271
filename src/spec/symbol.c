/*
 * Names are interned in an open hash table of ids. Symbols are one array in order of making;
 * for each space an array by name id holds the newest symbol of the name, and each symbol the
 * one that it hides. So look-up is an index, and a file that fails is forgotten from the top.
 */
#include "symbol.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

static size_t
slot_of(const struct spec_private *inner, const struct spec *spec, const char *text,
	size_t length)
{
	size_t mask = inner->slot_count - 1;
	size_t slot = (size_t)XXH3_64bits(text, length) & mask;
	for (; inner->slots[slot]; slot = (slot + 1) & mask) {
		const char *name = spec->names[inner->slots[slot]];
		if (strncmp(name, text, length) == 0 && name[length] == '\0')
			break;
	}
	return slot;
}

static void
fill_slots(struct spec *spec, size_t slot_count)
{
	struct spec_private *inner = spec->private;
	free(inner->slots);
	inner->slots = memory_get(slot_count * sizeof *inner->slots);
	inner->slot_count = slot_count;
	for (size_t id = 1; id < spec->name_count; id++)
		inner->slots[slot_of(inner, spec, spec->names[id], strlen(spec->names[id]))] =
			(uint32_t)id;
}

uint16_t
name_find(const struct spec *spec, const char *text, size_t length)
{
	const struct spec_private *inner = spec->private;
	if (length == 0 || inner->slot_count == 0)
		return NAME_NONE;
	return (uint16_t)inner->slots[slot_of(inner, spec, text, length)];
}

uint16_t
name_intern(struct spec *spec, const char *text, size_t length)
{
	struct spec_private *inner = spec->private;
	uint16_t id = name_find(spec, text, length);
	if (id != NAME_NONE || length == 0 || spec->name_count >= LIMIT_SPEC_NAMES)
		return id;
	char *copy = arena_get(&inner->arena, length + 1);
	memcpy(copy, text, length);
	copy[length] = '\0';
	id = (uint16_t)spec->name_count;
	spec->names = memory_grow(spec->names, &spec->name_capacity, spec->name_count + 1,
				  sizeof *spec->names);
	spec->names[spec->name_count++] = copy;
	if (spec->name_count * 2 > inner->slot_count)
		fill_slots(spec, inner->slot_count ? inner->slot_count * 2 : 1024);
	else
		inner->slots[slot_of(inner, spec, text, length)] = id;
	return id;
}

void
name_forget(struct spec *spec, size_t count)
{
	if (count == spec->name_count)
		return;
	spec->name_count = count;
	fill_slots(spec, spec->private->slot_count);
}

struct symbol *
symbol_find(const struct spec *spec, enum symbol_space space, uint16_t name)
{
	const struct spec_private *inner = spec->private;
	if (name >= inner->newest_capacity[space] || inner->newest[space][name] == 0)
		return NULL;
	return &inner->symbols[inner->newest[space][name] - 1];
}

struct symbol *
symbol_find_local(const struct spec *spec, enum symbol_space space, uint16_t name,
		  uint16_t source)
{
	struct symbol *symbol = symbol_find(spec, space, name);
	return symbol && symbol->source == source ? symbol : NULL;
}

/* Makes room for a name id in a space's array; what is new is empty. */
static void
grow_newest(struct spec_private *inner, enum symbol_space space, size_t needed)
{
	size_t before = inner->newest_capacity[space];
	uint32_t **newest = &inner->newest[space];
	*newest = memory_grow(*newest, &inner->newest_capacity[space], needed, sizeof **newest);
	if (inner->newest_capacity[space] > before)
		memset(*newest + before, 0,
		       (inner->newest_capacity[space] - before) * sizeof **newest);
}

struct symbol *
symbol_add(struct spec *spec, enum symbol_space space, uint16_t name, uint16_t source)
{
	struct spec_private *inner = spec->private;
	grow_newest(inner, space, (size_t)name + 1);
	inner->symbols = memory_grow(inner->symbols, &inner->symbol_capacity,
				     inner->symbol_count + 1, sizeof *inner->symbols);
	struct symbol *symbol = &inner->symbols[inner->symbol_count++];
	*symbol = (struct symbol){.name = name,
				  .source = source,
				  .space = (uint8_t)space,
				  .shadowed = inner->newest[space][name]};
	inner->newest[space][name] = (uint32_t)inner->symbol_count;
	return symbol;
}

void
symbol_hide(struct spec *spec, const struct symbol *symbol)
{
	spec->private->newest[symbol->space][symbol->name] = symbol->shadowed;
}

void
symbol_forget(struct spec *spec, size_t count)
{
	struct spec_private *inner = spec->private;
	while (inner->symbol_count > count)
		symbol_hide(spec, &inner->symbols[--inner->symbol_count]);
}

/* Goes from name to name up to the one that has a number, and adds up on the way. */
static bool
follow(struct spec *spec, struct symbol *symbol, int64_t *number, uint16_t *missing)
{
	uint64_t sum = 0;
	*missing = NAME_NONE;
	while (symbol && !symbol->active && !symbol->constant.text) {
		sum += (uint64_t)symbol->constant.number;
		*number = (int64_t)sum;
		if (symbol->constant.base == 0)
			return true;
		symbol->active = true;
		uint16_t base = symbol->constant.base;
		symbol = symbol_find(spec, SPACE_CONSTANT, base);
		*missing = symbol ? NAME_NONE : base;
	}
	return false;
}

bool
symbol_number(struct spec *spec, uint16_t name, int64_t *number)
{
	struct symbol *symbol = symbol_find(spec, SPACE_CONSTANT, name);
	uint16_t missing;
	bool known = follow(spec, symbol, number, &missing);
	uint64_t rest = (uint64_t)*number;
	while (symbol && symbol->active) {
		uint16_t base = symbol->constant.base;
		symbol->active = false;
		if (known || missing) { /* from now on without the way */
			uint64_t own = (uint64_t)symbol->constant.number;
			symbol->constant.number = (int64_t)rest;
			symbol->constant.base = missing;
			rest -= own;
		}
		symbol = symbol_find(spec, SPACE_CONSTANT, base);
	}
	return known;
}

uint16_t
symbol_missing(struct spec *spec, uint16_t name)
{
	int64_t number = 0;
	const struct symbol *symbol = symbol_find(spec, SPACE_CONSTANT, name);
	if (!symbol)
		return name;
	symbol_number(spec, name, &number); /* leaves only the end of the way */
	uint16_t base = symbol->constant.base;
	return base && !symbol_find(spec, SPACE_CONSTANT, base) ? base : NAME_NONE;
}
