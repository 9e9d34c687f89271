/*
 * callback: announced callback programs, and calls that are of one.
 *
 * An announcement is looked up by whom it may call, who may, and the number. SETCLIENTID makes
 * two: anyone may call the address and port that it names, and its server may call the client
 * wherever it is, for a client behind a translator knows its own address only. The session
 * operations make the second one. Most messages cost a comparison: message_parse() marks the
 * few COMPOUNDs that may announce, and only numbers of the transient range are looked up.
 */
#include "callback.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "limits.h"
#include "memory.h"
#include "table.h"
#include "uaddr.h"
#include "unusual.h"

struct callback_key {
	struct address to, by; /* zeros: by anyone */
	uint32_t program;
	uint32_t port; /* that is called; 0: any */
};
static_assert(sizeof(struct callback_key) == 40, "padding would be hashed");

struct callback {
	struct table_entry entry; /* first: see table.h */
	struct callback_key key;
};

struct callbacks {
	const struct decoder *decoder;
	struct counts *counts;
	uint32_t limit; /* LIMIT_CALLBACKS unless changed */
	struct table table;
	struct pool pool;
	struct tape tape;
};

struct callbacks *
callbacks_new(const struct decoder *decoder, struct counts *counts, const struct bounds *bounds)
{
	struct callbacks *callbacks = memory_get(sizeof *callbacks);
	callbacks->decoder = decoder;
	callbacks->counts = counts;
	callbacks->limit = bound_or(bounds->callbacks, LIMIT_CALLBACKS);
	table_init(&callbacks->table);
	pool_init(&callbacks->pool, sizeof(struct callback));
	tape_init(&callbacks->tape);
	return callbacks;
}

void
callbacks_free(struct callbacks *callbacks)
{
	if (callbacks == NULL)
		return;
	table_release(&callbacks->table);
	pool_release(&callbacks->pool);
	tape_release(&callbacks->tape);
	free(callbacks);
}

static struct callback *
find(const struct callbacks *callbacks, const struct callback_key *key, uint64_t hash)
{
	struct table_entry *entry = table_first(&callbacks->table, hash);
	for (; entry != NULL; entry = table_next(entry)) {
		struct callback *callback = (struct callback *)(void *)entry;
		if (memcmp(&callback->key, key, sizeof *key) == 0)
			return callback;
	}
	return NULL;
}

static void
remember(struct callbacks *callbacks, const struct callback_key *key)
{
	struct table *table = &callbacks->table;
	uint64_t hash = table_hash(table, key, sizeof *key);
	struct callback *callback = find(callbacks, key, hash);
	if (callback != NULL) {
		table_touch(table, &callback->entry);
		return;
	}
	if (table->count >= callbacks->limit) {
		struct table_entry *oldest = table->oldest;
		table_remove(table, oldest);
		pool_put(&callbacks->pool, oldest);
		callbacks->counts->evicted.callbacks++;
	}
	callback = pool_get(&callbacks->pool);
	callback->key = *key;
	table_insert(table, &callback->entry, hash);
}

/* The universal address behind cb_program; false where the octets ran out before it. */
static bool
place_of(const struct callbacks *callbacks, size_t at, struct endpoint *place)
{
	const struct tape *tape = &callbacks->tape;
	for (size_t i = at + 1; i < tape->count; i++) {
		const struct field *field = &tape->fields[i];
		if (field->kind != FIELD_STRING ||
		    strcmp(spec_name(tape->spec, field->name), "na_r_addr") != 0)
			continue;
		return uaddr_parse(place, tape->octets + field->bytes.at, field->bytes.size) ==
		       UADDR_INET;
	}
	return false;
}

/* `at`: the field with the number. */
static void
learn_number(struct callbacks *callbacks, const struct message *message, size_t at,
	     bool has_place)
{
	uint32_t program = (uint32_t)callbacks->tape.fields[at].u;
	struct callback_key key = {.to = message->packet->source.address,
				   .by = message->packet->destination.address,
				   .program = program};
	struct endpoint place = {.port = 0};
	if (program - TRANSIENT_FIRST >= TRANSIENT_COUNT)
		return; /* never looked up */
	remember(callbacks, &key);
	if (has_place && place_of(callbacks, at, &place) && place.port != 0)
		remember(callbacks, &(struct callback_key){.to = place.address,
							   .program = program,
							   .port = place.port});
}

UNUSUAL static void
learn(struct callbacks *callbacks, const struct message *message)
{
	static const struct {
		const char *name;
		bool has_place;
	} numbers[] = {
		{"cb_program", true}, {"csa_cb_program", false}, {"bca_cb_program", false}};
	const struct tape *tape = &callbacks->tape;
	decode_message(callbacks->decoder, message, DECODE_BODY, &callbacks->tape);
	for (size_t i = 0; i < tape->count; i++) {
		const struct field *field = &tape->fields[i];
		if (field->kind != FIELD_UINT)
			continue;
		const char *name = spec_name(tape->spec, field->name);
		for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++) {
			if (strcmp(name, numbers[k].name) == 0)
				learn_number(callbacks, message, i, numbers[k].has_place);
		}
	}
}

UNUSUAL static bool
knows(const struct callbacks *callbacks, const struct callback_key *key)
{
	return find(callbacks, key, table_hash(&callbacks->table, key, sizeof *key)) != NULL;
}

void
callbacks_take(struct callbacks *callbacks, struct message *message)
{
	if (message->kind != MESSAGE_CALL || callbacks->decoder == NULL)
		return;
	if (message->announces && message->quote == NULL) {
		learn(callbacks, message);
		return;
	}
	if (message->program - TRANSIENT_FIRST >= TRANSIENT_COUNT || !message->has_procedure)
		return;
	const struct packet *packet = message->packet;
	const struct callback_key by_server = {.to = packet->destination.address,
					       .by = packet->source.address,
					       .program = message->program},
				  to_place = {.to = packet->destination.address,
					      .program = message->program,
					      .port = packet->destination.port};
	message->callback = knows(callbacks, &by_server) || knows(callbacks, &to_place);
}
