/* missing: a few ranges, in order of their age; one that is filled in its middle becomes two.
 */
#include "missing.h"

#include <string.h>

#include "limits.h"

void
missing_remove(struct stream *stream, unsigned index)
{
	stream->missing_count--;
	memmove(stream->missing + index, stream->missing + index + 1,
		(stream->missing_count - index) * sizeof stream->missing[0]);
}

void
missing_add(struct stream *stream, uint32_t from, uint32_t to)
{
	if (from == to)
		return;
	if (stream->missing_count == LIMIT_MISSING_RANGES)
		missing_remove(stream, 0);
	stream->missing[stream->missing_count++] = (struct stream_range){from, to};
}

void
missing_fill(struct stream *stream, unsigned index, uint32_t from, uint32_t to)
{
	struct stream_range *range = &stream->missing[index];
	struct stream_range before = {range->from, from}, after = {to, range->to};

	if (before.from != before.to && after.from != after.to) {
		*range = before;
		missing_add(stream, after.from, after.to);
	} else if (before.from != before.to || after.from != after.to) {
		*range = before.from != before.to ? before : after;
	} else {
		missing_remove(stream, index);
	}
}
