/*
 * What can be said only when the whole file was read: numbers that were names, types that were
 * mentioned, and whether what there is makes sense. A type that the file does not define is
 * that of the file loaded before; the mention becomes an alias of it. All in time that grows
 * with the file, or with n log n of it where numbers have to differ.
 */
#include <stdlib.h>
#include <string.h>

#include "load.h"

static bool
in_range(struct load *load, const struct debt *debt, int64_t base, int64_t least, int64_t most,
	 int64_t *number)
{
	const struct constant *constant = &debt->constant;
	*number = (int64_t)((uint64_t)base + (uint64_t)constant->number);
	return (*number >= least && *number <= most) ||
	       lexer_error(&load->lexer, constant->at,
			   "expected a number from %lld to %lld, found %lld", (long long)least,
			   (long long)most, (long long)*number);
}

static bool
settle(struct load *load, const struct debt *debt)
{
	struct spec *spec = load->spec;
	const struct constant *constant = &debt->constant;
	int64_t base = 0, number = 0;
	bool part = debt->target == DEBT_PART;
	if (constant->base && (constant->text || !symbol_number(spec, constant->base, &base)))
		return absent_number(load, debt) ||
		       lexer_error(
			       &load->lexer, constant->at,
			       "expected a number, found \"%.40s\", which no constant defines",
			       spec_name(spec, constant->base));
	if (!in_range(load, debt, base, part ? INT32_MIN : 0, UINT32_MAX, &number))
		return false;
	switch (debt->target) {
	case DEBT_SIZE:
		spec->types[debt->index].size = (uint32_t)number;
		break;
	case DEBT_PART:
		spec->parts[debt->index].value = number;
		break;
	case DEBT_PROCEDURE:
		spec->procedures[debt->index].number = (uint32_t)number;
		break;
	case DEBT_VERSION:
		spec->versions[debt->index].number = (uint32_t)number;
		break;
	case DEBT_PROGRAM:
		spec->programs[debt->index].number = (uint32_t)number;
		break;
	}
	return true;
}

/* The type that a name stands for in the files before; also `#define type other_type`. */
static bool
type_before(struct load *load, const struct symbol *mention, uint16_t *type)
{
	enum { MACROS = 16 }; /* of macros in a row */
	const struct symbol *symbols = load->spec->private->symbols;
	if (mention->shadowed) {
		*type = symbols[mention->shadowed - 1].type;
		return true;
	}
	uint16_t name = mention->name;
	for (int i = 0; i < MACROS; i++) {
		const struct symbol *macro =
			symbol_find_local(load->spec, SPACE_MACRO, name, load->source);
		if (!macro || !macro->constant.base)
			return false;
		name = macro->constant.base;
		const struct symbol *type_symbol = symbol_find(load->spec, SPACE_TYPE, name);
		if (type_symbol && type_symbol != mention) {
			*type = type_symbol->type;
			return true;
		}
	}
	return false;
}

static bool
settle_mentions(struct load *load)
{
	struct spec *spec = load->spec;
	struct spec_private *inner = spec->private;
	for (size_t i = load->mark.symbols; i < inner->symbol_count; i++) {
		const struct symbol mention = inner->symbols[i]; /* a note may move them */
		uint16_t type;
		if (mention.space != SPACE_TYPE || mention.defined)
			continue;
		if (type_before(load, &inner->symbols[i], &type))
			spec->types[mention.type].element = type;
		else if (!absent_type(load, &mention))
			return lexer_error(
				&load->lexer, mention.at,
				"expected a type, found \"%.40s\", which nothing defines",
				spec_name(spec, mention.name));
		symbol_hide(spec, &mention);
	}
	return true;
}

static int
compare_procedures(const void *left, const void *right)
{
	uint32_t a = ((const struct spec_procedure *)left)->number;
	uint32_t b = ((const struct spec_procedure *)right)->number;
	return (a > b) - (a < b);
}

static int
compare_versions(const void *left, const void *right)
{
	uint32_t a = ((const struct spec_version *)left)->number;
	uint32_t b = ((const struct spec_version *)right)->number;
	return (a > b) - (a < b);
}

static int
compare_values(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
	return (a > b) - (a < b);
}

static bool
sort_procedures(struct load *load, const struct spec_version *version, struct position at)
{
	struct spec *spec = load->spec;
	if (version->count == 0) /* then there may be no array */
		return true;
	struct spec_procedure *first = spec->procedures + version->first;
	qsort(first, version->count, sizeof *first, compare_procedures);
	for (uint32_t i = 1; i < version->count; i++)
		if (first[i].number == first[i - 1].number)
			return lexer_error(&load->lexer, at,
					   "expected a number of its own for each procedure of "
					   "%.40s, found %u for both %.40s and %.40s",
					   spec_name(spec, version->name), first[i].number,
					   spec_name(spec, first[i - 1].name),
					   spec_name(spec, first[i].name));
	return true;
}

static bool
sort_programs(struct load *load)
{
	struct spec *spec = load->spec;
	for (size_t i = load->mark.versions; i < spec->version_count; i++)
		if (!sort_procedures(load, &spec->versions[i],
				     load->version_at[i - load->mark.versions]))
			return false;
	for (size_t i = load->mark.programs; i < spec->program_count; i++) {
		const struct spec_program *program = &spec->programs[i];
		struct spec_version *first = spec->versions + program->first;
		struct position at = load->version_at[program->first - load->mark.versions];
		qsort(first, program->count, sizeof *first, compare_versions);
		for (uint32_t k = 1; k < program->count; k++)
			if (first[k].number == first[k - 1].number)
				return lexer_error(
					&load->lexer, at,
					"expected a number of its own for each version of "
					"%.40s, found %u for both %.40s and %.40s",
					spec_name(spec, program->name), first[k].number,
					spec_name(spec, first[k - 1].name),
					spec_name(spec, first[k].name));
	}
	return true;
}

/* RFC 4506 section 4.15: the arms of a union have different values. */
static bool
differ(struct load *load, const struct spec_type *type, struct position at)
{
	const struct spec_part *parts = load->spec->parts + type->first;
	int64_t *values = memory_get(type->count * sizeof *values);
	size_t count = 0;
	bool good = true;
	for (uint32_t i = 0; i < type->count; i++)
		if (!parts[i].otherwise && parts[i].value != SPEC_NO_VALUE)
			values[count++] = parts[i].value;
	qsort(values, count, sizeof *values, compare_values);
	for (size_t i = 1; good && i < count; i++)
		if (values[i] == values[i - 1])
			good = lexer_error(
				&load->lexer, at,
				"expected a value of its own for each arm, found %lld twice",
				(long long)values[i]);
	free(values);
	return good;
}

/* A discriminant is an int, an unsigned int, an enum or a bool (RFC 4506 section 4.15). */
static bool
check_union(struct load *load, const struct spec_type *type, struct position at)
{
	struct spec *spec = load->spec;
	enum spec_kind kind = spec_resolve(spec, type->element)->kind;
	bool unsigned_values = kind == SPEC_UINT;
	if (kind != SPEC_INT && kind != SPEC_ENUM && kind != SPEC_BOOL && !unsigned_values &&
	    kind != SPEC_UNKNOWN)
		return lexer_error(&load->lexer, at,
				   "expected int, unsigned int, bool or an enum as what the "
				   "union is switched by, found another type");
	for (uint32_t i = 0; i < type->count; i++) {
		int64_t *value = &spec->parts[type->first + i].value;
		if (*value != SPEC_NO_VALUE)
			*value = unsigned_values ? (int64_t)(uint32_t)*value : (int32_t)*value;
	}
	absent_arms(load, type);
	return differ(load, type, at);
}

static void
sign_value(int64_t *value)
{
	if (*value != SPEC_NO_VALUE)
		*value = (int32_t)*value;
}

/* What order_parts() sorts: in order of value, then of place. */
struct keyed {
	int64_t value;
	uint32_t index;
};

static int
compare_keyed(const void *left, const void *right)
{
	const struct keyed *a = left, *b = right;
	int order = (a->value > b->value) - (a->value < b->value);
	return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

/* For spec_find_part(): of parts with the same value the first one is kept. */
static void
order_parts(struct spec *spec, struct spec_type *type)
{
	struct keyed *keys = memory_get((type->count + 1) * sizeof *keys);
	uint32_t count = 0;
	for (uint32_t i = type->first; i < type->first + type->count; i++)
		if (!spec->parts[i].otherwise)
			keys[count++] = (struct keyed){spec->parts[i].value, i};
	qsort(keys, count, sizeof *keys, compare_keyed);
	type->distinct = 0;
	for (uint32_t i = 0; i < count; i++)
		if (i == 0 || keys[i].value != keys[i - 1].value)
			spec->ordered[type->first + type->distinct++] = keys[i].index;
	free(keys);
}

static bool
check_types(struct load *load)
{
	struct spec *spec = load->spec;
	spec->ordered = memory_grow(spec->ordered, &spec->ordered_capacity,
				    spec->part_count + 1, sizeof *spec->ordered);
	for (size_t i = load->mark.types; i < spec->type_count; i++) {
		struct spec_type *type = &spec->types[i];
		struct position at = load->type_at[i - load->mark.types];
		if (type->kind == SPEC_UNION && !check_union(load, type, at))
			return false;
		if (type->kind == SPEC_ENUM) /* signed: RFC 4506 section 4.3 */
			for (uint32_t k = 0; k < type->count; k++)
				sign_value(&spec->parts[type->first + k].value);
		if (type->kind == SPEC_ENUM || type->kind == SPEC_UNION)
			order_parts(spec, type);
		status_note(spec, type);
	}
	return true;
}

bool
check_all(struct load *load)
{
	for (size_t i = 0; i < load->debt_count; i++)
		if (!settle(load, &load->debts[i]))
			return false;
	return settle_mentions(load) && sort_programs(load) && size_all(load) &&
	       check_types(load);
}

void
check_names(struct load *load)
{
	for (size_t i = 0; i < load->debt_count; i++)
		settle(load, &load->debts[i]);
	settle_mentions(load);
}
