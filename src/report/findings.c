/*
 * findings: the table as a whole, and one finding as it is put together.
 *
 * The rows stand in findings_*.c, an array an area; a finding's number is found
 * by walking the few areas. Evidence is a short sorted array: an insertion keeps it
 * ascending, and when it is full the highest frame goes.
 */
#include "finding.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "findings.h"
#include "object.h"

struct area {
	size_t first, count;
	const struct finding_kind *const *kinds;
};

#define AREA(name) name##_first, name##_count, name

static const struct area areas[] = {
	{AREA(findings_portmap)}, {AREA(findings_service)}, {AREA(findings_mount)},
	{AREA(findings_nfs)},     {AREA(findings_helper)},  {AREA(findings_tcp)},
	{AREA(findings_path)},    {AREA(findings_host)},    {AREA(findings_later)},
};

static_assert(findings_portmap_count + findings_service_count + findings_mount_count +
			      findings_nfs_count + findings_helper_count + findings_tcp_count +
			      findings_path_count + findings_host_count +
			      findings_later_count ==
		      FINDINGS,
	      "the areas hold every finding");

const struct finding_kind *
finding_kind(enum finding_id id)
{
	for (size_t i = 0; i < sizeof areas / sizeof areas[0]; i++) {
		size_t at = (size_t)id - areas[i].first;
		if (at < areas[i].count)
			return areas[i].kinds[at];
	}
	abort(); /* no enum finding_id */
}

const struct finding_kind *
finding_find(const char *id)
{
	for (int i = 0; i < FINDINGS; i++) {
		const struct finding_kind *kind = finding_kind((enum finding_id)i);
		if (strcmp(kind->id, id) == 0)
			return kind;
	}
	return NULL;
}

const char *
severity_name(enum severity severity)
{
	static const char *const names[] = {
		[SEVERITY_ERROR] = "error",
		[SEVERITY_WARNING] = "warning",
		[SEVERITY_NOTE] = "note",
	};
	return names[severity];
}

const char *
confidence_name(enum confidence confidence)
{
	static const char *const names[] = {
		[CERTAIN] = "certain",
		[LIKELY] = "likely",
		[POSSIBLE] = "possible",
	};
	return names[confidence];
}

void
finding_init(struct finding *finding, enum finding_id id)
{
	*finding = (struct finding){
		.id = id, .severity = finding_kind(id)->severity, .confidence = CERTAIN};
	text_init(&finding->sentence);
}

void
finding_release(struct finding *finding)
{
	text_release(&finding->sentence);
	finding->frame_count = 0;
}

void
finding_frame(struct finding *finding, uint64_t frame)
{
	size_t at = 0;
	if (frame == 0)
		return;
	while (at < finding->frame_count && finding->frames[at] < frame)
		at++;
	if (at == FINDING_FRAMES || (at < finding->frame_count && finding->frames[at] == frame))
		return;
	size_t kept = finding->frame_count < FINDING_FRAMES ? finding->frame_count
							    : FINDING_FRAMES - 1;
	memmove(&finding->frames[at + 1], &finding->frames[at],
		(kept - at) * sizeof finding->frames[0]);
	finding->frames[at] = frame;
	finding->frame_count = kept + 1;
}

void
finding_json(struct text *out, const struct finding *finding)
{
	const struct finding_kind *kind = finding_kind(finding->id);
	text_format(out, "\"id\":\"%s\",\"severity\":\"%s\"", kind->id,
		    severity_name(finding->severity));
	object_escaped(out, "text", &finding->sentence);
	text_string_put(out, ",\"frames\":[");
	for (size_t i = 0; i < finding->frame_count; i++) {
		text_string_put(out, i == 0 ? "" : ",");
		text_unsigned(out, finding->frames[i]);
	}
	text_char(out, ']');
	object_string(out, "cause", kind->cause);
	object_string(out, "remedy", kind->remedy);
	text_format(out, ",\"confidence\":\"%s\"", confidence_name(finding->confidence));
}
