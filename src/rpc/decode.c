/*
 * How it works: one walker goes over the record, first with rpc.x's rpc_msg,
 * then, from where that ended, with the procedure's argument types or its result
 * type. What neither of them takes is a FIELD_REST, so the leaves tile all that
 * is at hand. Without the header, it begins where message_parse() saw it end.
 */
#include "decode.h"

#include <string.h>

/* By name, in a built-in file: a user's file may have the same name for a type of its own. */
uint16_t
decoder_find_type(const struct spec *spec, const char *name)
{
	for (size_t i = TYPE_FIXED; i < spec->type_count; i++) {
		const struct spec_type *type = &spec->types[i];

		if (strcmp(spec_name(spec, type->name), name) == 0 &&
		    spec->sources[type->source].built_in)
			return (uint16_t)i;
	}
	return TYPE_VOID;
}

void
decoder_init(struct decoder *decoder, const struct spec *spec)
{
	*decoder = (struct decoder){
		.spec = spec,
		.header_type = decoder_find_type(spec, "rpc_msg"),
	};
	security_find_types(decoder->security, spec);
}

const struct spec_procedure *
decode_find_procedure(const struct spec *spec, const struct message *message)
{
	return message->callback ? spec_find_built_in(spec, NFS_CALLBACK, message->version,
						      message->procedure)
				 : spec_find_procedure(spec, message->program, message->version,
						       message->procedure);
}

/* Is the type's own opening fit to be the body's? */
static bool
is_body(const struct spec *spec, uint16_t type)
{
	const struct spec_type *shape = spec_resolve(spec, type);

	return shape->kind == SPEC_UNION || (shape->kind == SPEC_STRUCT && !shape->list);
}

static bool
decode_members(struct walker *walker, const struct spec_part *parts, uint32_t count,
	       uint16_t opening_name, uint16_t member_name)
{
	size_t opening;
	bool whole;

	if (count == 1 && is_body(walker->spec, parts[0].type))
		return walk(walker, parts[0].type, opening_name);
	opening = walk_open(walker, FIELD_OPEN_STRUCT, TYPE_VOID, opening_name);
	whole = opening != SIZE_MAX;
	for (uint32_t i = 0; whole && i < count; i++)
		whole = walk(walker, parts[i].type,
			     parts[i].name != NAME_NONE ? parts[i].name : member_name);
	walk_close(walker, opening);
	return whole;
}

bool
decode_procedure(struct walker *walker, const struct spec_procedure *procedure,
		 enum message_kind kind)
{
	const struct spec_part result = {.type = procedure->result, .name = NAME_RESULT};
	const struct spec_part *arguments =
		procedure->count != 0 ? &walker->spec->parts[procedure->first] : NULL;

	if (kind == MESSAGE_CALL)
		return decode_members(walker, arguments, procedure->count, NAME_ARGUMENTS,
				      NAME_ARG);
	return decode_members(walker, &result, 1, NAME_RESULTS, NAME_RESULT);
}

/* Calls and successful replies have one (RFC 5531 section 9), if their header is whole. */
static bool
has_body(const struct message *message)
{
	if (message->kind == MESSAGE_CALL)
		return message->verifier.present;
	return message->kind == MESSAGE_REPLY && message->status == STATUS_SUCCESS;
}

static void
walk_body(struct walker *walker, const struct message *message)
{
	const char *left_over = message->kind == MESSAGE_CALL
					? "octets left over after the arguments"
					: "octets left over after the results";

	if (message->kind == MESSAGE_REPLY && message->status == STATUS_UNKNOWN)
		left_over = NULL; /* cut off before its status, or one that there is not */
	else if (!has_body(message))
		left_over = message->kind == MESSAGE_REPLY ? "octets left over after the reply"
							   : NULL;
	if (has_body(message) && !security_walk_body(walker, walker->tape->procedure))
		left_over = NULL; /* nothing says what they are */
	walk_rest(walker, walker->stopped ? NULL : left_over);
}

void
decode_message(const struct decoder *decoder, const struct message *message, unsigned parts,
	       struct tape *tape)
{
	const struct record *record = message->record;
	uint16_t header = decoder->header_type;
	struct decoding decoding = {decoder, message};
	struct walker walker;

	tape_reset(tape, decoder->spec, record->octets, record->captured, record->length);
	if (parts & DECODE_BODY && message->has_procedure)
		tape->procedure = decode_find_procedure(decoder->spec, message);
	walker_init(&walker, tape, parts & DECODE_HEADER ? 0 : message->body, &decoding);
	if (message->kind == MESSAGE_MALFORMED ||
	    (parts & DECODE_HEADER && header == TYPE_VOID))
		walk_rest(&walker, NULL);
	else if (parts & DECODE_HEADER)
		walk(&walker, header, decoder->spec->types[header].name);
	if (!walker.stopped && message->kind != MESSAGE_MALFORMED && parts & DECODE_BODY)
		walk_body(&walker, message);
}

/* The body's opening among the fields from `first` on, not deeper. */
static size_t
find_body(const struct tape *tape, size_t first, size_t end)
{
	for (size_t i = first; i < end; i = tape_skip(tape, i)) {
		const struct field *field = &tape->fields[i];

		if (field_is_open(field) &&
		    (field->name == NAME_ARGUMENTS || field->name == NAME_RESULTS))
			return i;
	}
	return SIZE_MAX;
}

size_t
decode_envelope(const struct tape *tape)
{
	for (size_t i = 0; i < tape->count; i = tape_skip(tape, i)) {
		const struct field *field = &tape->fields[i];

		if (field->kind == FIELD_OPEN_STRUCT && field->type != TYPE_VOID &&
		    strcmp(spec_name(tape->spec, field->name), "rpc_gss_integ_data") == 0)
			return i;
	}
	return SIZE_MAX;
}

size_t
decode_body(const struct tape *tape)
{
	size_t body = find_body(tape, 0, tape->count), data;

	if (body != SIZE_MAX)
		return body;
	data = decode_envelope(tape);
	if (data++ == SIZE_MAX || tape->fields[data].kind != FIELD_OPEN_OPAQUE)
		return SIZE_MAX;
	return find_body(tape, data + 1, tape->fields[data].end);
}

/* NLM puts the cookie of the call in front of the status (RFC 1813 section 6.1). */
size_t
decode_result_status(const struct tape *tape)
{
	enum { FIRST_LEAVES = 3 };
	size_t body = decode_body(tape), leaves = 0;

	if (body == SIZE_MAX || tape->fields[body].name != NAME_RESULTS)
		return SIZE_MAX;
	for (size_t i = body; i < tape->count && leaves < FIRST_LEAVES; i++) {
		const struct field *field = &tape->fields[i];

		if (!field_is_leaf(field))
			continue;
		leaves++;
		if (field->kind == FIELD_ENUM && spec_is_status(tape->spec, field->type))
			return i;
	}
	return SIZE_MAX;
}
