/*
 * What parsing leaves behind: types, constants, debts. A type gets its id with its first
 * mention, so a definition fills the place that a mention has made. A second definition is
 * taken when it is the same word for word (files are put together from several), which the
 * lexer's hash over the definition's tokens tells.
 */
#include <string.h>

#include "load.h"

static bool
add_type(struct load *load, const struct spec_type *type, struct position at, uint16_t *id)
{
	struct spec *spec = load->spec;
	*id = TYPE_VOID;
	if (spec->type_count >= LIMIT_SPEC_NAMES)
		return lexer_error(&load->lexer, at, "expected at most %d types, found more",
				   LIMIT_SPEC_NAMES);
	size_t index = spec->type_count - load->mark.types;
	load->type_at = memory_grow(load->type_at, &load->type_at_capacity, index + 1,
				    sizeof *load->type_at);
	load->type_at[index] = at;
	spec->types = memory_grow(spec->types, &spec->type_capacity, spec->type_count + 1,
				  sizeof *spec->types);
	*id = (uint16_t)spec->type_count;
	spec->types[spec->type_count] = *type;
	spec->types[spec->type_count++].source = load->source;
	return true;
}

void
define_debt(struct load *load, enum debt_target target, size_t index,
	    const struct constant *constant)
{
	load->debts = memory_grow(load->debts, &load->debt_capacity, load->debt_count + 1,
				  sizeof *load->debts);
	load->debts[load->debt_count++] = (struct debt){
		.target = target, .index = (uint32_t)index, .constant = *constant};
}

bool
define_anonymous(struct load *load, const struct declared *declared, uint16_t *type)
{
	*type = declared->type.kind == SPEC_ALIAS ? declared->type.element : TYPE_VOID;
	if (declared->type.kind == SPEC_ALIAS || declared->type.kind == SPEC_VOID)
		return true;
	if (!add_type(load, &declared->type, declared->at, type))
		return false;
	if (declared->sized)
		define_debt(load, DEBT_SIZE, *type, &declared->size);
	return true;
}

bool
define_mention(struct load *load, uint16_t name, struct position at, uint16_t *type)
{
	struct symbol *symbol = symbol_find_local(load->spec, SPACE_TYPE, name, load->source);
	if (symbol) {
		*type = symbol->type;
		return true;
	}
	struct spec_type place = {.kind = SPEC_ALIAS, .name = name};
	if (!add_type(load, &place, at, type))
		return false;
	symbol = symbol_add(load->spec, SPACE_TYPE, name, load->source);
	symbol->type = *type;
	symbol->at = at;
	return true;
}

static bool
defined_already(struct load *load, uint16_t name, struct position at, struct position before)
{
	return lexer_error(
		&load->lexer, at,
		"expected a new name, found \"%.40s\", which is defined otherwise at %u:%u",
		spec_name(load->spec, name), before.line, before.column);
}

bool
define_type(struct load *load, const struct declared *declared)
{
	uint16_t id;
	if (!define_mention(load, declared->name, declared->at, &id))
		return false;
	struct symbol *symbol =
		symbol_find_local(load->spec, SPACE_TYPE, declared->name, load->source);
	struct spec_type type = declared->type;
	if (type.kind == SPEC_ALIAS && type.element == id)
		return true; /* typedef struct x x: C needs it, here it says nothing */
	if (symbol->defined && symbol->hash == load->lexer.hash)
		return true;
	if (symbol->defined)
		return defined_already(load, declared->name, declared->at, symbol->at);
	symbol->defined = true;
	symbol->hash = load->lexer.hash;
	symbol->at = declared->at;
	type.name = declared->name;
	type.source = load->source;
	load->spec->types[id] = type;
	load->type_at[id - load->mark.types] = declared->at;
	if (declared->sized)
		define_debt(load, DEBT_SIZE, id, &declared->size);
	return true;
}

bool
define_constant(struct load *load, uint16_t name, const struct constant *constant, bool weak)
{
	struct symbol *symbol =
		symbol_find_local(load->spec, SPACE_CONSTANT, name, load->source);
	if (symbol && weak)
		return true;
	if (symbol && !symbol->weak) {
		const struct constant *before = &symbol->constant;
		return (before->base == constant->base && before->number == constant->number) ||
		       defined_already(load, name, constant->at, before->at);
	}
	if (constant->base == name) /* enum { A = A }: the A of a file before */
		return true;
	symbol = symbol_add(load->spec, SPACE_CONSTANT, name, load->source);
	symbol->constant = *constant;
	symbol->weak = weak;
	return true;
}

struct pending *
define_pending(struct load *load)
{
	load->pending = memory_grow(load->pending, &load->pending_capacity,
				    load->pending_count + 1, sizeof *load->pending);
	struct pending *pending = &load->pending[load->pending_count++];
	memset(pending, 0, sizeof *pending);
	return pending;
}

void
define_parts(struct load *load, size_t base, uint32_t *first, uint32_t *count)
{
	struct spec *spec = load->spec;
	size_t added = load->pending_count - base;
	spec->parts = memory_grow(spec->parts, &spec->part_capacity, spec->part_count + added,
				  sizeof *spec->parts);
	*first = (uint32_t)spec->part_count;
	*count = (uint32_t)added;
	for (size_t i = base; i < load->pending_count; i++) {
		const struct pending *pending = &load->pending[i];
		spec->parts[spec->part_count] = pending->part;
		if (pending->owes)
			define_debt(load, DEBT_PART, spec->part_count, &pending->constant);
		spec->part_count++;
	}
	load->pending_count = base;
}
