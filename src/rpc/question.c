/*
 * question: what was asked of the portmapper, until it answers.
 *
 * One row a procedure says how its question and its answer are read. Questions
 * are kept by the frame and xid of the call, which every reply names; the oldest
 * goes first. They stay after an answer, because a broadcast has many. Bodies are
 * read from the tape, by the names of portmap.x and rpcbind.x.
 */
#include <stdlib.h>
#include <string.h>

#include "binding_table.h"
#include "limits.h"
#include "mapping.h"
#include "unusual.h"

enum { PORTMAPPER = 100000 };

struct question {
	struct table_entry entry; /* first: see table.h; by call_frame and xid */
	uint64_t call_frame;
	uint32_t xid;
	uint16_t procedure, version; /* of the portmapper */
	bool answered;
	struct address client, server;
	enum transport transport; /* by which it was asked */
	struct mapping about;
};

struct questions {
	const struct decoder *decoder;
	struct counts *counts;
	uint32_t limit;
	struct table table;
	struct pool pool;
	struct tape tape;
};

/* An answer at hand. */
struct answer {
	struct bindings *bindings;
	const struct tape *tape;
	size_t body;
	const struct question *question;
	struct binding binding; /* what all bindings of this answer have in common */
};

/* -- answers -- */

static bool
is_unspecified(const struct address *address)
{
	static const uint8_t zeros[16];
	size_t from = address_is_ipv4(address) ? 12 : 0;
	return memcmp(address->octets + from, zeros, sizeof zeros - from) == 0;
}

static void
tell(const struct answer *answer, const struct mapping *mapping, bool registered)
{
	struct binding binding = answer->binding;
	if (mapping->netid == NULL && mapping->wrong == BINDING_RIGHT)
		return; /* a local transport, or one that no session here could be of */
	binding.program = mapping->program;
	binding.version = mapping->version;
	binding.netid = mapping->netid != NULL ? mapping->netid : "-";
	binding.transport = mapping->transport;
	binding.wrong = mapping->wrong;
	binding.wrong_size = mapping->wrong_size;
	memcpy(binding.wrong_text, mapping->wrong_text, sizeof binding.wrong_text);
	binding.registered = registered && mapping->place.port != 0 && mapping->wrong == 0;
	if (binding.registered)
		binding.port = mapping->place.port;
	if (binding.registered && mapping->has_place &&
	    !is_unspecified(&mapping->place.address))
		binding.server = mapping->place.address;
	bindings_add(answer->bindings, &binding);
}

static void
answer_getport(const struct answer *answer)
{
	struct mapping mapping = answer->question->about;
	if (mapping_port(answer->tape, answer->body, &mapping))
		tell(answer, &mapping, true);
}

/* The transport of the request decides, whatever its r_netid says (RFC 1833 section 2.2.1). */
static void
answer_getaddr(const struct answer *answer)
{
	const struct question *question = answer->question;
	struct mapping mapping = question->about;
	mapping_protocol(&mapping, question->transport, !address_is_ipv4(&question->server));
	mapping.has_place = false;
	if (mapping_uaddr(answer->tape, answer->body, "r_addr", &mapping)) {
		mapping.place.port = mapping.has_place ? mapping.place.port : 0;
		tell(answer, &mapping, true);
	}
}

/* Index of the list's first item that stands at `at` or after it; SIZE_MAX when there is none.
 */
static size_t
next_item(const struct tape *tape, size_t at, size_t end)
{
	while (at < end && tape->fields[at].kind != FIELD_OPEN_STRUCT)
		at = at + 1;
	return at < end ? at : SIZE_MAX;
}

/* Each item of the list that a reply is. */
static void
each_item(const struct answer *answer, void (*item)(const struct answer *answer, size_t at))
{
	const struct tape *tape = answer->tape;
	size_t list = answer->body, end = tape_skip(tape, answer->body);
	while (list < end && tape->fields[list].kind != FIELD_OPEN_LIST)
		list++;
	for (size_t at = next_item(tape, list, end); at != SIZE_MAX;
	     at = next_item(tape, tape_skip(tape, at), end))
		item(answer, at);
}

static void
item_of_v2(const struct answer *answer, size_t at)
{
	struct mapping mapping = {0};
	if (mapping_v2(answer->tape, at, &mapping))
		tell(answer, &mapping, true);
}

static void
item_of_v3(const struct answer *answer, size_t at)
{
	struct mapping mapping = {0};
	if (mapping_v3(answer->tape, at, &mapping))
		tell(answer, &mapping, true);
}

static void
item_of_getaddrlist(const struct answer *answer, size_t at)
{
	struct mapping mapping = {.program = answer->question->about.program,
				  .version = answer->question->about.version};
	mapping_netid(answer->tape, at, "r_nc_netid", &mapping);
	if (mapping_uaddr(answer->tape, at, "r_maddr", &mapping))
		tell(answer, &mapping, true);
}

static void
answer_dump(const struct answer *answer)
{
	each_item(answer, answer->question->version == 2 ? item_of_v2 : item_of_v3);
}

static void
answer_getaddrlist(const struct answer *answer)
{
	each_item(answer, item_of_getaddrlist);
}

static bool
was_done(const struct answer *answer)
{
	const struct field *done = NULL;
	size_t end = tape_skip(answer->tape, answer->body);
	for (size_t i = answer->body; i < end && done == NULL; i++) {
		if (answer->tape->fields[i].kind == FIELD_BOOL)
			done = &answer->tape->fields[i];
	}
	return done != NULL && done->u != 0;
}

static void
answer_set(const struct answer *answer)
{
	if (was_done(answer) && answer->question->about.place.port != 0)
		tell(answer, &answer->question->about, true);
}

/* Version 2 ignores protocol and port of the request (RFC 1833 section 3.2). */
static void
answer_unset(const struct answer *answer)
{
	struct mapping mapping = answer->question->about;
	if (answer->question->version == 2)
		mapping.netid = "*";
	if (mapping.netid != NULL && *mapping.netid == '*')
		mapping.transport = 0;
	if (was_done(answer))
		tell(answer, &mapping, false);
}

/* The inner call went by the transport of the outer one (RFC 1833 sections 2.2.1 and 3.2). */
static void
answer_indirect(const struct answer *answer)
{
	const struct question *question = answer->question;
	struct mapping mapping = question->about;
	struct answer indirect = *answer;
	mapping_protocol(&mapping, question->transport,
			 !address_is_ipv4(&answer->binding.server));
	indirect.binding.indirect = true;
	bool read = question->version == 2
			    ? mapping_port(answer->tape, answer->body, &mapping)
			    : mapping_uaddr(answer->tape, answer->body, "addr", &mapping);
	if (read)
		tell(&indirect, &mapping, true);
}

/* -- procedures -- */

/* RFC 1833: version 2 in section 3, versions 3 and 4 in section 2. */
static const struct procedure {
	uint16_t version, number;
	const char *name;
	bool listed;
	bool (*ask)(const struct tape *tape, size_t within, struct mapping *mapping);
	void (*answer)(const struct answer *answer);
} procedures[] = {
	{2, 1, "SET", true, mapping_v2, answer_set},
	{2, 2, "UNSET", true, mapping_v2, answer_unset},
	{2, 3, "GETPORT", false, mapping_v2, answer_getport},
	{2, 4, "DUMP", true, NULL, answer_dump},
	{2, 5, "CALLIT", false, NULL, answer_indirect},
	{3, 1, "SET", true, mapping_v3, answer_set},
	{3, 2, "UNSET", true, mapping_v3, answer_unset},
	{3, 3, "GETADDR", false, mapping_v3, answer_getaddr},
	{3, 4, "DUMP", true, NULL, answer_dump},
	{3, 5, "CALLIT", false, NULL, answer_indirect},
	{4, 1, "SET", true, mapping_v3, answer_set},
	{4, 2, "UNSET", true, mapping_v3, answer_unset},
	{4, 3, "GETADDR", false, mapping_v3, answer_getaddr},
	{4, 4, "DUMP", true, NULL, answer_dump},
	{4, 5, "BCAST", false, NULL, answer_indirect},
	{4, 9, "GETVERSADDR", false, mapping_v3, answer_getaddr},
	{4, 10, "INDIRECT", false, NULL, answer_indirect},
	{4, 11, "GETADDRLIST", false, mapping_v3, answer_getaddrlist},
};

static const struct procedure *
procedure_of(uint32_t version, uint32_t number)
{
	for (size_t i = 0; i < sizeof procedures / sizeof procedures[0]; i++) {
		if (procedures[i].version == version && procedures[i].number == number)
			return &procedures[i];
	}
	return NULL;
}

/* -- questions -- */

struct questions *
questions_new(const struct decoder *decoder, struct counts *counts, const struct bounds *bounds)
{
	struct questions *questions = memory_get(sizeof *questions);
	questions->decoder = decoder;
	questions->counts = counts;
	questions->limit = bound_or(bounds->questions, LIMIT_QUESTIONS);
	table_init(&questions->table);
	pool_init(&questions->pool, sizeof(struct question));
	tape_init(&questions->tape);
	return questions;
}

void
questions_free(struct questions *questions)
{
	table_release(&questions->table);
	pool_release(&questions->pool);
	tape_release(&questions->tape);
	free(questions);
}

static uint64_t
hash_of(const struct questions *questions, uint64_t frame, uint32_t xid)
{
	const uint64_t key[] = {frame, xid};
	return table_hash(&questions->table, key, sizeof key);
}

/* The body's opening; SIZE_MAX when there is none. */
static size_t
decode(struct questions *questions, const struct message *message)
{
	decode_message(questions->decoder, message, DECODE_BODY, &questions->tape);
	return decode_body(&questions->tape);
}

/* One that was answered has mostly served its time: nothing is given up with it. */
static void
forget_oldest(struct questions *questions)
{
	struct question *oldest = (struct question *)(void *)questions->table.oldest;
	questions->counts->evicted.questions += !oldest->answered;
	table_remove(&questions->table, &oldest->entry);
	pool_put(&questions->pool, oldest);
}

UNUSUAL static void
ask(struct questions *questions, const struct message *message)
{
	const struct procedure *procedure = procedure_of(message->version, message->procedure);
	const struct packet *packet = message->packet;
	struct mapping about = {.program = message->inner_program,
				.version = message->inner_version};
	if (procedure == NULL)
		return;
	if (procedure->ask != NULL) {
		size_t body = decode(questions, message);
		about = (struct mapping){0};
		/* GETPORT does not use the port of the question, nor GETADDR the address. */
		if (body == SIZE_MAX || !procedure->ask(&questions->tape, body, &about))
			about.place.port = 0;
		if (about.wrong != BINDING_RIGHT)
			about.place.port = about.wrong = 0;
	}
	if (questions->table.count >= questions->limit)
		forget_oldest(questions);
	struct question *question = pool_get(&questions->pool);
	question->call_frame = packet->frame.number;
	question->xid = message->xid;
	question->procedure = procedure->number;
	question->version = procedure->version;
	question->client = packet->source.address;
	question->server = packet->destination.address;
	question->transport = packet->transport;
	question->about = about;
	table_insert(&questions->table, &question->entry,
		     hash_of(questions, question->call_frame, question->xid));
}

static struct question *
find(const struct questions *questions, uint64_t frame, uint32_t xid)
{
	struct table_entry *entry =
		table_first(&questions->table, hash_of(questions, frame, xid));
	for (; entry != NULL; entry = table_next(entry)) {
		struct question *question = (struct question *)(void *)entry;
		if (question->call_frame == frame && question->xid == xid)
			return question;
	}
	return NULL;
}

/* Whom the answer speaks for: the server asked; of a broadcast, who answers. */
static const struct address *
server_of(const struct question *question, const struct message *reply)
{
	return address_is_group(&question->server) ? &reply->packet->source.address
						   : &question->server;
}

UNUSUAL static void
answer_question(struct questions *questions, struct bindings *bindings,
		const struct question *question, const struct message *message)
{
	const struct procedure *procedure =
		procedure_of(question->version, question->procedure);
	size_t body = decode(questions, message);
	if (body == SIZE_MAX)
		return;
	struct answer answer = {
		.bindings = bindings,
		.tape = &questions->tape,
		.body = body,
		.question = question,
		.binding = {.server = *server_of(question, message),
			    .told_by = *server_of(question, message),
			    .client = question->client,
			    .learned_from = procedure->name,
			    .listed = procedure->listed,
			    .call_frame = question->call_frame,
			    .frame = message->packet->frame.number,
			    .time = message->packet->frame.time},
	};
	procedure->answer(&answer);
}

void
questions_learn(struct questions *questions, struct bindings *bindings,
		const struct message *message)
{
	/* Told twice by the capture, or brought back by an ICMP error: nobody was told. */
	if (!message->has_procedure || message->program != PORTMAPPER ||
	    message->quote != NULL || message->copy_of != 0)
		return;
	if (message->kind == MESSAGE_CALL) {
		if (message->repeat_of == 0)
			ask(questions, message);
		return;
	}
	if (message->kind != MESSAGE_REPLY || message->status != STATUS_SUCCESS)
		return;
	struct question *question = find(questions, message->call_frame, message->xid);
	if (question == NULL)
		return;
	question->answered = true;
	answer_question(questions, bindings, question, message);
}
