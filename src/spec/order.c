/*
 * In which order files are loaded that belong together. A file sees only what was loaded before
 * it, so one that uses the names of another has to come after it, whatever the two are called.
 * Each file is read once by itself, in a name space without any program: what it defines and
 * what it lacks is written down. Then they are taken in the order given, each after those that
 * it needs, depth first; where they need each other, the one that was given first goes first.
 * All in time that grows with the files.
 */
#include <stdlib.h>

#include "load.h"

void
survey_take(struct survey *survey, const struct load *load)
{
	const struct spec *spec = load->spec;
	const struct spec_private *inner = spec->private;
	for (size_t i = load->mark.symbols; i < inner->symbol_count; i++) {
		const struct symbol *symbol = &inner->symbols[i];
		if (symbol->space != SPACE_CONSTANT &&
		    (symbol->space != SPACE_TYPE || !symbol->defined))
			continue;
		size_t before = survey->provider_capacity;
		survey->provider =
			memory_grow(survey->provider, &survey->provider_capacity,
				    (size_t)symbol->name + 1, sizeof *survey->provider);
		for (size_t k = before; k < survey->provider_capacity; k++)
			survey->provider[k] = 0;
		if (survey->provider[symbol->name] == 0)
			survey->provider[symbol->name] = survey->file + 1;
	}
	for (size_t i = load->mark.absent; i < spec->absent_count; i++) {
		survey->needs = memory_grow(survey->needs, &survey->need_capacity,
					    survey->need_count + 1, sizeof *survey->needs);
		survey->needs[survey->need_count++] =
			(struct need){survey->file, spec->absent[i].name};
	}
}

/* A file on its way into the order. */
struct place {
	size_t need;     /* the next one of its needs to be looked at */
	uint32_t caller; /* 1 + the file that needs this one */
	bool begun;
};

/* The next file that this one needs and that has not begun; 0 for none, otherwise 1 more. */
static uint32_t
next_needed(const struct survey *survey, struct place *places, uint32_t file)
{
	struct place *place = &places[file];
	while (place->need < survey->need_count && survey->needs[place->need].file == file) {
		uint16_t name = survey->needs[place->need++].name;
		uint32_t needed = name < survey->provider_capacity ? survey->provider[name] : 0;
		if (needed != 0 && !places[needed - 1].begun)
			return needed;
	}
	return 0;
}

/* That file and whatever it needs, at the end of the order; a loop, as files may be many. */
static void
place_file(const struct survey *survey, struct place *places, uint32_t file, uint32_t *order,
	   size_t *count)
{
	for (uint32_t at = file + 1; at != 0;) {
		struct place *place = &places[at - 1];
		place->begun = true;
		uint32_t needed = next_needed(survey, places, at - 1);
		if (needed == 0) {
			order[(*count)++] = at - 1;
			at = place->caller;
			continue;
		}
		places[needed - 1].caller = at;
		at = needed;
	}
}

static void
sort(const struct survey *survey, const char **paths, size_t count)
{
	struct place *places = memory_get((count + 1) * sizeof *places);
	uint32_t *order = memory_get((count + 1) * sizeof *order);
	const char **sorted = memory_get((count + 1) * sizeof *sorted);
	size_t placed = 0, need = 0;
	for (uint32_t file = 0; file < count; file++) {
		while (need < survey->need_count && survey->needs[need].file < file)
			need++;
		places[file].need = need;
	}
	for (uint32_t file = 0; file < count; file++)
		if (!places[file].begun)
			place_file(survey, places, file, order, &placed);
	for (size_t i = 0; i < placed; i++)
		sorted[i] = paths[order[i]];
	for (size_t i = 0; i < placed; i++)
		paths[i] = sorted[i];
	free(sorted);
	free(order);
	free(places);
}

void
spec_order_paths(const char **paths, size_t count)
{
	struct survey survey = {.file = 0};
	if (count < 2)
		return;
	struct spec *spec = spec_new(NULL);
	for (; survey.file < count; survey.file++) {
		size_t length = 0;
		char *text = path_read(paths[survey.file], &length);
		if (text != NULL)
			load_survey(spec, text, length, &survey);
		free(text);
	}
	sort(&survey, paths, count);
	free(survey.provider);
	free(survey.needs);
	spec_free(spec);
}
