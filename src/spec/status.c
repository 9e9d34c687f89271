/*
 * Which enumerations are outcomes, and which of their values are success: by names, as nothing
 * else says it. A type is an outcome when its name has a word like status or error in it, or
 * one of its values is named a success; a leading enumeration that is neither is a kind, such
 * as the discriminant of a union, and fails at nothing. Words of a name are what stands between
 * underscores and digits, in either case.
 */
#include <string.h>
#include <strings.h>

#include "load.h"

static bool
begins(const char *text, size_t length, const char *word)
{
	size_t size = strlen(word);
	return length >= size && strncasecmp(text, word, size) == 0;
}

static bool
is(const char *text, size_t length, const char *word)
{
	return length == strlen(word) && begins(text, length, word);
}

/* OK, SUCC, SUCCESS, SUCCEEDED, TRUE, GRANTED. */
static bool
means_success(const char *text, size_t length)
{
	return is(text, length, "ok") || is(text, length, "true") ||
	       is(text, length, "granted") || begins(text, length, "succ");
}

static bool
means_failure(const char *text, size_t length)
{
	return begins(text, length, "fail") || begins(text, length, "err") ||
	       is(text, length, "denied") || is(text, length, "false") ||
	       is(text, length, "bad");
}

static bool
negates(const char *text, size_t length)
{
	return is(text, length, "no") || is(text, length, "not");
}

enum outcome { OUTCOME_UNSAID, OUTCOME_SUCCESS, OUTCOME_FAILURE };

static bool
is_between(char c)
{
	return c == '_' || lexer_is_digit(c);
}

/* NOT_OK is a failure, NO_ERROR is none, NO_CHANGE is neither. */
static enum outcome
outcome_of(const char *name)
{
	enum outcome outcome = OUTCOME_UNSAID;
	bool negated = false;
	for (size_t length; *name != '\0'; name += length) {
		while (is_between(*name))
			name++;
		for (length = 0; name[length] != '\0' && !is_between(name[length]);)
			length++;
		if (length > 0 && means_failure(name, length))
			return negated ? OUTCOME_SUCCESS : OUTCOME_FAILURE;
		if (length > 0 && means_success(name, length))
			outcome = negated ? OUTCOME_FAILURE : OUTCOME_SUCCESS;
		negated = length > 0 ? negates(name, length) : negated;
	}
	return negated ? OUTCOME_FAILURE : outcome;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
ends(const char *text, size_t length, const char *word)
{
	size_t size = strlen(word);
	return length >= size && is(text + length - size, size, word);
}

/* nfsstat3, nlm4_stats, gqr_status, lighterr, error_t, nis_result; not state, nor terrain. */
static bool
names_outcome(const char *name)
{
	static const char *const words[] = {"stat", "stats", "status",
					    "err",  "error", "result"};
	for (size_t length; *name != '\0'; name += length + (name[length] != '\0')) {
		for (length = 0; is_letter(name[length]);)
			length++;
		for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
			if (ends(name, length, words[i]))
				return true;
	}
	return false;
}

void
status_note(struct spec *spec, struct spec_type *type)
{
	type->status = names_outcome(spec_name(spec, type->name));
	for (uint32_t i = 0; type->kind == SPEC_ENUM && i < type->count; i++) {
		struct spec_part *part = &spec->parts[type->first + i];
		enum outcome outcome = outcome_of(spec_name(spec, part->name));
		part->failed = outcome == OUTCOME_UNSAID ? part->value != 0
							 : outcome == OUTCOME_FAILURE;
		type->status |= outcome == OUTCOME_SUCCESS;
	}
}

bool
spec_is_status(const struct spec *spec, uint16_t type)
{
	while (!spec->types[type].status && spec->types[type].kind == SPEC_ALIAS)
		type = spec->types[type].element;
	return spec->types[type].status && spec_resolve(spec, type)->kind == SPEC_ENUM;
}

bool
spec_status_failed(const struct spec *spec, uint16_t type, int64_t value)
{
	const struct spec_type *shape = spec_resolve(spec, type);
	const struct spec_part *part =
		shape->kind == SPEC_ENUM ? spec_find_part(spec, shape, value, NULL) : NULL;
	return part != NULL ? part->failed : value != 0;
}
