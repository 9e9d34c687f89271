/*
 * select: cheap tests first; a result's own status is decoded only for --errors.
 */
#include "select.h"

#include "value.h"

bool
selection_init(struct selection *selection, const struct options *options,
	       const struct names *names, struct error *error)
{
	*selection = (struct selection){.names = names,
					.has_xid = options->has_xid,
					.xid = options->xid,
					.errors = options->errors};
	tape_init(&selection->tape);
	if (options->program != NULL) {
		selection->has_program = true;
		if (!names_program_number(names, options->program, &selection->program))
			return error_set(error,
					 "--program %s: expected a program's name or number",
					 options->program);
	}
	if (options->host != NULL) {
		selection->has_host = true;
		if (!address_parse(&selection->host, options->host) &&
		    !names_host_address(names, options->host, &selection->host))
			return error_set(error,
					 "--host %s: expected an IPv4 or IPv6 address, or a "
					 "name from --hosts",
					 options->host);
	}
	return true;
}

void
selection_release(struct selection *selection)
{
	tape_release(&selection->tape);
}

/* Does the result say that the procedure failed? */
static bool
result_failed(struct selection *selection, const struct decoder *decoder,
	      const struct message *message)
{
	decode_message(decoder, message, DECODE_BODY, &selection->tape);
	const struct tape *tape = &selection->tape;
	const struct value_context context = {
		.names = selection->names, .tape = tape, .message = message};
	if (tape->anomaly_count != 0)
		return true;
	for (size_t i = 0; i < tape->count; i++) {
		if (field_is_leaf(&tape->fields[i]) &&
		    value_is_failure(&context, &tape->fields[i]))
			return true;
	}
	size_t status = decode_result_status(tape);
	return status != SIZE_MAX && value_status_failed(tape->spec, &tape->fields[status]);
}

static bool
is_error(struct selection *selection, const struct decoder *decoder,
	 const struct message *message)
{
	if (message->anomaly_count != 0 || message->kind == MESSAGE_MALFORMED ||
	    message->quote != NULL || message->record->flags & RECORD_UNFINISHED)
		return true;
	if (message->kind == MESSAGE_REPLY &&
	    (message->status != STATUS_SUCCESS || message_lacks_starttls(message)))
		return true;
	return result_failed(selection, decoder, message);
}

/* By the number on the wire; NFS callbacks by their usual one, too. */
static bool
is_of_program(const struct selection *selection, const struct message *message)
{
	return message->has_procedure &&
	       (message->program == selection->program ||
		(message->callback && selection->program == NFS_CALLBACK));
}

bool
selection_wants(struct selection *selection, const struct decoder *decoder,
		const struct message *message)
{
	const struct packet *packet = message->packet;
	if (selection->has_xid &&
	    (message->kind == MESSAGE_MALFORMED || message->xid != selection->xid))
		return false;
	if (selection->has_program && !is_of_program(selection, message))
		return false;
	if (selection->has_host && !address_equal(&packet->source.address, &selection->host) &&
	    !address_equal(&packet->destination.address, &selection->host))
		return false;
	return !selection->errors || is_error(selection, decoder, message);
}
