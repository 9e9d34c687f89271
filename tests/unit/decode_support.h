/*
 * decode_support: what the tests of messages as tapes share: a specification of
 * their own beside the built-in ones, messages put together word by word.
 */
#ifndef RPCSCOPE_DECODE_SUPPORT_H
#define RPCSCOPE_DECODE_SUPPORT_H

#include "walk_support.h"

#include <rpc/rpc.h>

#include "decode.h"

enum { DECODE_SEED = 5531 };

static const char specification[] =
	"enum status { OK = 0, BAD = 13 };\n"
	"struct point { int x; int y; };\n"
	"union outcome switch (status stat) { case OK: point where; default: void; };\n"
	"struct node { int value; node *next; };\n"
	"typedef node *nodes;\n"
	"program TEST_PROG { version TEST_VERS {\n"
	"	void TEST_NULL(void) = 0;\n"
	"	outcome TEST_STRUCT(point) = 1;\n"
	"	int TEST_SCALAR(unsigned int) = 2;\n"
	"	nodes TEST_LIST(int, point, string) = 3;\n"
	"	status TEST_STATUS(nodes) = 4;\n"
	"} = 1; } = 555555;\n";

struct fixture {
	struct spec *spec;
	struct decoder decoder;
	struct tape tape;
	struct text text;
	struct guarded guarded;
	struct random_source random;
	uint8_t octets[4096];
	uint32_t size;
	struct record record;
	struct message message;
};

static inline int
set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);

	fixture->spec = load_with_built_in(&opener_hooks, specification);
	decoder_init(&fixture->decoder, fixture->spec);
	assert_int_not_equal(fixture->decoder.header_type, TYPE_VOID);
	for (size_t i = 0; i < SECURITY_TYPES; i++)
		assert_int_not_equal(fixture->decoder.security[i], TYPE_VOID);
	tape_init(&fixture->tape);
	text_init(&fixture->text);
	guarded_init(&fixture->guarded);
	fixture->random.state = DECODE_SEED;
	*state = fixture;
	return 0;
}

static inline int
tear_down(void **state)
{
	struct fixture *fixture = *state;

	guarded_release(&fixture->guarded);
	text_release(&fixture->text);
	tape_release(&fixture->tape);
	spec_free(fixture->spec);
	free(fixture);
	return 0;
}

/* -- messages by the word -- */

static inline void
put_word(struct fixture *fixture, uint32_t word)
{
	uint8_t *at = fixture->octets + fixture->size;

	assert_true(fixture->size + 4 <= sizeof fixture->octets);
	at[0] = (uint8_t)(word >> 24);
	at[1] = (uint8_t)(word >> 16);
	at[2] = (uint8_t)(word >> 8);
	at[3] = (uint8_t)word;
	fixture->size += 4;
}

static inline void
put_words(struct fixture *fixture, size_t count, const uint32_t *words)
{
	for (size_t i = 0; i < count; i++)
		put_word(fixture, words[i]);
}

#define PUT(fixture, ...)                                                                      \
	put_words(fixture, sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t),               \
		  (uint32_t[]){__VA_ARGS__})

static inline void
begin_call(struct fixture *fixture, uint32_t program, uint32_t version, uint32_t procedure)
{
	fixture->size = 0;
	PUT(fixture, 0x1234, CALL, 2, program, version, procedure, 0, 0, 0, 0);
}

static inline void
begin_reply(struct fixture *fixture)
{
	fixture->size = 0;
	PUT(fixture, 0x1234, REPLY, MSG_ACCEPTED, 0, 0, SUCCESS);
}

/* Parses the first octets of what was put, as a record of that length. */
static inline void
parse(struct fixture *fixture, uint32_t captured, uint32_t length)
{
	fixture->record = (struct record){
		.octets = guarded_put(&fixture->guarded, fixture->octets, captured),
		.captured = captured,
		.length = length};
	assert_true(message_parse(&fixture->message, &fixture->record, true));
	fixture->message.record = &fixture->record;
}

/* A reply learns of its call from exchange.h. */
static inline void
answer(struct fixture *fixture, uint32_t program, uint32_t version, uint32_t procedure)
{
	fixture->message.program = program;
	fixture->message.version = version;
	fixture->message.procedure = procedure;
	fixture->message.has_procedure = true;
}

static inline void
decode(struct fixture *fixture, unsigned parts)
{
	uint32_t from = parts & DECODE_HEADER ? 0 : fixture->message.body;
	const char *fault;

	decode_message(&fixture->decoder, &fixture->message, parts, &fixture->tape);
	if ((parts & DECODE_BODY) == 0)
		return;
	fault = tape_fault(&fixture->tape, from, fixture->record.captured);
	if (fault != NULL)
		fail_msg("%s", fault);
}

/* NULL: nothing is wrong with it. */
static inline void
assert_anomaly(const struct tape *tape, const char *anomaly)
{
	if (anomaly == NULL && tape->anomaly_count != 0)
		fail_msg("%s", tape->anomalies[0].reason);
	if (anomaly == NULL)
		return;
	assert_int_not_equal(tape->anomaly_count, 0);
	assert_string_equal(tape->anomalies[0].reason, anomaly);
}

static inline size_t
find_kind(const struct tape *tape, enum field_kind kind)
{
	for (size_t i = 0; i < tape->count; i++) {
		if (tape->fields[i].kind == kind)
			return i;
	}
	return SIZE_MAX;
}

#endif
