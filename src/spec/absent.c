/*
 * Names that a file leaves to C headers or to specifications that were not loaded. rpcgen asks
 * for no definition of a name, so files are written without; where this one has an #include,
 * a name that nothing defines is taken to come from there, and is noted. So is one that stands
 * in a line for the C compiler (`%`), or in what a conditional leaves out. What can be read
 * without it is: a bound falls away; a size, a type or an arm that hangs on it is unknown, and
 * decoding ends there. Any other such name is a mistake.
 */
#include "load.h"

static void
note(struct load *load, uint16_t name, struct position at)
{
	struct spec *spec = load->spec;
	if (symbol_find_local(spec, SPACE_ABSENT, name, load->source))
		return;
	symbol_add(spec, SPACE_ABSENT, name, load->source);
	spec->absent = memory_grow(spec->absent, &spec->absent_capacity, spec->absent_count + 1,
				   sizeof *spec->absent);
	spec->absent[spec->absent_count++] =
		(struct spec_absent){name, load->source, at.line, at.column};
}

bool
absent_type(struct load *load, const struct symbol *mention)
{
	if (!lexer_leaves(&load->lexer, mention->name))
		return false;
	load->spec->types[mention->type].element = TYPE_UNKNOWN;
	note(load, mention->name, mention->at);
	return true;
}

static void
forget_size(struct spec_type *type)
{
	bool fixed = type->kind == SPEC_OPAQUE || type->kind == SPEC_ARRAY;
	if (fixed)
		type->kind = SPEC_UNKNOWN;
	type->size = SPEC_UNBOUNDED;
}

bool
absent_number(struct load *load, const struct debt *debt)
{
	bool optional = debt->target == DEBT_SIZE || debt->target == DEBT_PART;
	uint16_t missing = symbol_missing(load->spec, debt->constant.base);
	if (missing == NAME_NONE || !lexer_leaves(&load->lexer, missing))
		return false;
	note(load, missing, debt->constant.at);
	if (!optional)
		return false;
	if (debt->target == DEBT_SIZE)
		forget_size(&load->spec->types[debt->index]);
	else
		load->spec->parts[debt->index].value = SPEC_NO_VALUE;
	return true;
}

/* The arm for all other values becomes an unknown one; where there is none, an unknown does. */
void
absent_arms(struct load *load, const struct spec_type *type)
{
	struct spec_part *parts = load->spec->parts + type->first;
	struct spec_part *last = &parts[type->count - 1];
	for (uint32_t i = 0; i < type->count; i++) {
		if (parts[i].value != SPEC_NO_VALUE)
			continue;
		if (!last->otherwise)
			parts[i] = *last;
		*last = (struct spec_part){.type = TYPE_UNKNOWN, .otherwise = true};
		return;
	}
}
