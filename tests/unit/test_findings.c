/*
 * test_findings: the table is whole and every text in it keeps the form that its
 * readers count on; a finding keeps its frames in order and prints the contract's
 * members; `explain` lays the table out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "finding.h"
#include "report.h"

/* The ids of the contract, in its order; the constants are spelled like them. */
static const char *const ids[] = {
	[FINDING_PORTMAP_NO_ANSWER] = "portmap-no-answer",
	[FINDING_PORTMAP_REFUSED] = "portmap-refused",
	[FINDING_PORTMAP_FILTERED] = "portmap-filtered",
	[FINDING_PORTMAP_HUNG] = "portmap-hung",
	[FINDING_PORTMAP_AUTH_REJECTED] = "portmap-auth-rejected",
	[FINDING_PORTMAP_VERSION_FALLBACK] = "portmap-version-fallback",
	[FINDING_NOT_REGISTERED] = "not-registered",
	[FINDING_REPLY_FROM_OTHER_ADDRESS] = "reply-from-other-address",
	[FINDING_PORTMAP_BAD_ANSWER] = "portmap-bad-answer",
	[FINDING_SERVICE_NO_ANSWER] = "service-no-answer",
	[FINDING_SERVICE_REFUSED] = "service-refused",
	[FINDING_SERVICE_FILTERED] = "service-filtered",
	[FINDING_SERVICE_HUNG] = "service-hung",
	[FINDING_PROGRAM_UNAVAILABLE] = "program-unavailable",
	[FINDING_VERSION_MISMATCH] = "version-mismatch",
	[FINDING_PROCEDURE_UNAVAILABLE] = "procedure-unavailable",
	[FINDING_GARBAGE_ARGS] = "garbage-args",
	[FINDING_SYSTEM_ERROR] = "system-error",
	[FINDING_AUTH_REJECTED] = "auth-rejected",
	[FINDING_MOUNT_ACCESS_DENIED] = "mount-access-denied",
	[FINDING_MOUNT_INSECURE_PORT] = "mount-insecure-port",
	[FINDING_MOUNT_NO_SUCH_PATH] = "mount-no-such-path",
	[FINDING_MOUNT_NOT_A_DIRECTORY] = "mount-not-a-directory",
	[FINDING_MOUNT_SERVER_ERROR] = "mount-server-error",
	[FINDING_MOUNT_FLAVOR_MISMATCH] = "mount-flavor-mismatch",
	[FINDING_MOUNT_SLOW] = "mount-slow",
	[FINDING_NFS4_WRONG_SECURITY] = "nfs4-wrong-security",
	[FINDING_NFS4_MINOR_VERSION] = "nfs4-minor-version",
	[FINDING_NFS_VERSION_FALLBACK] = "nfs-version-fallback",
	[FINDING_SERVER_IN_GRACE] = "server-in-grace",
	[FINDING_CLIENT_ID_IN_USE] = "client-id-in-use",
	[FINDING_CLIENT_ID_STALE] = "client-id-stale",
	[FINDING_STALE_HANDLE] = "stale-handle",
	[FINDING_SERVER_STOPPED_ANSWERING] = "server-stopped-answering",
	[FINDING_CALLBACK_BLOCKED] = "callback-blocked",
	[FINDING_LOCK_SERVICE_UNREACHABLE] = "lock-service-unreachable",
	[FINDING_GSS_FAILED] = "gss-failed",
	[FINDING_TLS_REFUSED] = "tls-refused",
	[FINDING_TLS_FAILED] = "tls-failed",
	[FINDING_TCP_SYN_FLOOD] = "tcp-syn-flood",
	[FINDING_TCP_PORT_REUSE] = "tcp-port-reuse",
	[FINDING_TCP_CLOSE_WAIT_STUCK] = "tcp-close-wait-stuck",
	[FINDING_TCP_FIN_WAIT_2_STUCK] = "tcp-fin-wait-2-stuck",
	[FINDING_TCP_LAST_ACK_STUCK] = "tcp-last-ack-stuck",
	[FINDING_TCP_FIN_WAIT_1_STUCK] = "tcp-fin-wait-1-stuck",
	[FINDING_TCP_CLOSING_STUCK] = "tcp-closing-stuck",
	[FINDING_TCP_TIME_WAIT_PILEUP] = "tcp-time-wait-pileup",
	[FINDING_TCP_HALF_OPEN] = "tcp-half-open",
	[FINDING_TCP_RESET] = "tcp-reset",
	[FINDING_PATH_MTU_BLACK_HOLE] = "path-mtu-black-hole",
	[FINDING_UDP_FRAGMENT_LOST] = "udp-fragment-lost",
	[FINDING_RETRANSMISSIONS] = "retransmissions",
	[FINDING_CAPTURE_ONE_SIDED] = "capture-one-sided",
	[FINDING_CAPTURE_CUT] = "capture-cut",
	[FINDING_CAPTURE_GAPS] = "capture-gaps",
	[FINDING_CAPTURE_CLOCK] = "capture-clock",
	[FINDING_HOST_UNREACHABLE] = "host-unreachable",
	[FINDING_DUPLICATE_ADDRESS] = "duplicate-address",
	[FINDING_SERVICE_CLOSED] = "service-closed",
	[FINDING_NOT_RPC] = "not-rpc",
	[FINDING_REPLY_MISMATCH] = "reply-mismatch",
	[FINDING_REPLY_INCOMPLETE] = "reply-incomplete",
	[FINDING_REPLIES_NOT_RECEIVED] = "replies-not-received",
	[FINDING_INDIRECT_UNANSWERED] = "indirect-unanswered",
	[FINDING_SLOW_PATH] = "slow-path",
	[FINDING_PACKET_LOSS] = "packet-loss",
	[FINDING_SERVER_DELAYS] = "server-delays",
	[FINDING_SERVER_RESTARTED] = "server-restarted",
	[FINDING_LEASE_EXPIRED] = "lease-expired",
	[FINDING_KDC_UNREACHABLE] = "kdc-unreachable",
	[FINDING_NFS_ERROR] = "nfs-error",
	[FINDING_NO_EVIDENCE] = "no-evidence",
};

_Static_assert(sizeof ids / sizeof ids[0] == FINDINGS, "one name for each finding");

static void
test_whole(void **state)
{
	(void)state;
	for (int i = 0; i < FINDINGS; i++) {
		const struct finding_kind *kind = finding_kind((enum finding_id)i);
		assert_non_null(kind);
		assert_string_equal(kind->id, ids[i]);
		assert_ptr_equal(finding_find(ids[i]), kind);
		assert_in_range(kind->severity, SEVERITY_ERROR, SEVERITY_NOTE);
	}
	assert_null(finding_find(""));
	assert_null(finding_find("not-registere"));
	assert_null(finding_find("not-registered "));
	assert_null(finding_find("NOT-REGISTERED"));
}

/* Printable ASCII, backquotes in pairs, no blank at an end or twice, no full line break. */
static void
check_text(const char *id, const char *text, bool list)
{
	size_t quotes = 0;
	char last = '\n';
	assert_non_null(text);
	if (text[0] == '\0')
		fail_msg("%s: an empty text", id);
	for (const char *at = text; *at != '\0'; last = *at++) {
		bool edge = isspace((unsigned char)last) != 0;
		quotes += *at == '`';
		if ((!isprint((unsigned char)*at) && !(list && *at == '\n')) ||
		    (isspace((unsigned char)*at) && edge))
			fail_msg("%s: at \"%.20s\"", id, at);
	}
	if (isspace((unsigned char)last) || quotes % 2 != 0)
		fail_msg("%s: ends in a blank, or a backquote is open: %s", id, text);
}

static size_t
count_of(const char *text, char c)
{
	size_t count = 0;
	for (; *text != '\0'; text++)
		count += *text == c;
	return count;
}

/* Sentences of prose: a full stop in front of a blank or at the end. */
static size_t
sentences(const char *text)
{
	size_t count = 0;
	for (const char *at = text; *at != '\0'; at++)
		count += *at == '.' && (at[1] == ' ' || at[1] == '\0');
	return count;
}

static void
check_sentence(const char *id, const char *text)
{
	check_text(id, text, false);
	if (text[strlen(text) - 1] != '.' || sentences(text) != 1 || strlen(text) > 300)
		fail_msg("%s: not one sentence of at most 300 characters: %s", id, text);
}

static void
test_texts(void **state)
{
	(void)state;
	for (int i = 0; i < FINDINGS; i++) {
		const struct finding_kind *kind = finding_kind((enum finding_id)i);
		check_text(kind->id, kind->title, false);
		check_text(kind->id, kind->meaning, false);
		check_text(kind->id, kind->causes, true);
		check_text(kind->id, kind->tell_apart, true);
		check_text(kind->id, kind->prints, true);
		check_text(kind->id, kind->source, false);
		check_sentence(kind->id, kind->cause);
		check_sentence(kind->id, kind->remedy);
		if (strlen(kind->id) > 25 || strlen(kind->title) > 45)
			fail_msg("%s: does not fit a line of the list", kind->id);
		if (sentences(kind->meaning) < 2 || sentences(kind->meaning) > 5)
			fail_msg("%s: %zu sentences of meaning", kind->id,
				 sentences(kind->meaning));
		if (count_of(kind->causes, '\n') < 1 || count_of(kind->tell_apart, '\n') < 1)
			fail_msg("%s: causes that cannot be told apart", kind->id);
		/* Nothing may be particular to a case: no address stands in the table. */
		for (const char *at = kind->remedy; *at != '\0'; at++) {
			unsigned a, b, c, d;
			assert_int_not_equal(sscanf(at, "%3u.%3u.%3u.%3u", &a, &b, &c, &d), 4);
		}
	}
}

static void
test_names(void **state)
{
	(void)state;
	assert_string_equal(severity_name(SEVERITY_ERROR), "error");
	assert_string_equal(severity_name(SEVERITY_WARNING), "warning");
	assert_string_equal(severity_name(SEVERITY_NOTE), "note");
	assert_string_equal(confidence_name(CERTAIN), "certain");
	assert_string_equal(confidence_name(LIKELY), "likely");
	assert_string_equal(confidence_name(POSSIBLE), "possible");
}

static void
assert_frames(const struct finding *finding, const uint64_t *frames, size_t count)
{
	assert_int_equal(finding->frame_count, count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(finding->frames[i], frames[i]);
}

static void
test_frames(void **state)
{
	(void)state;
	struct finding finding;
	finding_init(&finding, FINDING_NOT_REGISTERED);
	assert_int_equal(finding.severity, SEVERITY_ERROR);
	assert_int_equal(finding.confidence, CERTAIN);
	assert_frames(&finding, NULL, 0);
	static const uint64_t given[] = {9, 3, 3, 0, 12, 9, 1, 12, UINT64_MAX, 5};
	for (size_t i = 0; i < sizeof given / sizeof given[0]; i++)
		finding_frame(&finding, given[i]);
	static const uint64_t expected[] = {1, 3, 5, 9, 12, UINT64_MAX};
	assert_frames(&finding, expected, sizeof expected / sizeof expected[0]);
	finding_release(&finding);
	assert_int_equal(finding.frame_count, 0);
}

/* Of many frames the lowest stay, in whatever order they come. */
static void
test_frames_full(void **state)
{
	(void)state;
	uint64_t expected[FINDING_FRAMES];
	for (size_t i = 0; i < FINDING_FRAMES; i++)
		expected[i] = i + 1;
	for (uint64_t step = 1; step < 1000; step += 77) { /* odd: prime to 1024 */
		struct finding finding;
		finding_init(&finding, FINDING_TCP_RESET);
		for (uint64_t i = 0; i < 1024; i++)
			finding_frame(&finding, i * (step | 1) % 1024 + 1);
		assert_frames(&finding, expected, FINDING_FRAMES);
		finding_frame(&finding, FINDING_FRAMES); /* the last that is kept, again */
		finding_frame(&finding, FINDING_FRAMES + 1);
		assert_frames(&finding, expected, FINDING_FRAMES);
		finding_release(&finding);
	}
}

static void
test_json(void **state)
{
	(void)state;
	struct finding finding;
	struct text text, expected;
	finding_init(&finding, FINDING_SERVICE_CLOSED);
	finding.severity = SEVERITY_WARNING;
	finding.confidence = LIKELY;
	text_string_put(&finding.sentence, "the path ");
	text_escape(&finding.sentence, "/a\"\x1b", 4);
	finding_frame(&finding, 40);
	finding_frame(&finding, 7);
	text_init(&text);
	text_init(&expected);
	finding_json(&text, &finding);
	const struct finding_kind *kind = finding_kind(FINDING_SERVICE_CLOSED);
	text_format(&expected,
		    "\"id\":\"service-closed\",\"severity\":\"warning\","
		    "\"text\":\"the path /a\\\"\\\\x1b\",\"frames\":[7,40],"
		    "\"cause\":\"%s\",\"remedy\":\"%s\",\"confidence\":\"likely\"",
		    kind->cause, kind->remedy);
	assert_string_equal(text_string(&text), text_string(&expected));
	finding_release(&finding);
	/* No sentence and no frame. */
	finding_init(&finding, FINDING_NO_EVIDENCE);
	text_reset(&text);
	finding_json(&text, &finding);
	assert_non_null(strstr(text_string(&text), ",\"text\":\"\",\"frames\":[],\"cause\":"));
	finding_release(&finding);
	text_release(&text);
	text_release(&expected);
}

/* A row of its own, for what the table happens not to have. */
static const struct finding_kind invented = {
	.id = "invented",
	.severity = SEVERITY_NOTE,
	.title = "no title",
	.meaning = "Words up to the edge of the line, which is the eightieth column of it, AB "
		   "and on.",
	.cause = "None.",
	.causes = "One.\nTwo: `a command that is not to be broken by the end of any line, now "
		  "or later` "
		  "and on; `one that is longer than a line can be, whatever is done about it, "
		  "so that it has to be broken, 12345678901234567890`.",
	.tell_apart = "Look.",
	.remedy = "Do \"that\".",
	.prints = "nothing",
	.source = "RFC 1.",
};

static void
test_layout(void **state)
{
	(void)state;
	struct text text;
	text_init(&text);
	finding_explain(&text, &invented);
	assert_string_equal(
		text_string(&text),
		"invented (note)\n"
		"  no title\n"
		"\n"
		"What it means\n"
		"  Words up to the edge of the line, which is the eightieth column of it, AB "
		"and\n"
		"  on.\n"
		"\n"
		"What to do\n"
		"  Do \"that\".\n"
		"\n"
		"Causes, the most frequent first\n"
		"  - One.\n"
		"  - Two:\n"
		"    `a command that is not to be broken by the end of any line, now or "
		"later`\n"
		"    and on; `one that is longer than a line can be, whatever is done about "
		"it,\n"
		"    so that it has to be broken, 12345678901234567890`.\n"
		"\n"
		"How to tell them apart\n"
		"  - Look.\n"
		"\n"
		"What is printed then\n"
		"  nothing\n"
		"\n"
		"Source\n"
		"  RFC 1.\n");
	text_reset(&text);
	finding_explain_json(&text, &invented);
	assert_non_null(strstr(text_string(&text),
			       "\"tell_apart\":[\"Look.\"],\"remedy\":\"Do \\\"that\\\".\","
			       "\"prints\":[\"nothing\"],\"source\":\"RFC 1.\"}\n"));
	text_release(&text);
}

/* What `explain WORD` says of a word that is no id. */
static void
assert_complaint(const char *word, const char *expected)
{
	char copy[64];
	snprintf(copy, sizeof copy, "%s", word);
	char *words[] = {copy};
	struct options options = {.form = &output_line, .words = {.at = words, .count = 1}};
	struct text text;
	struct run run = {.options = &options, .text = &text};
	struct sink sink;
	struct error error = {0};
	text_init(&text);
	assert_null(explain_command.begin(&run, &sink, &error));
	assert_string_equal(error.text, expected);
	assert_int_equal(text.length, 0);
	text_release(&text);
}

static void
test_nearest(void **state)
{
	(void)state;
	assert_complaint("portmap-refuse",
			 "portmap-refuse: no such finding; near it: portmap-refused");
	assert_complaint("tcp-rset", "tcp-rset: no such finding; near it: tcp-reset");
	assert_complaint("", ": no such finding; rpcscope explain lists them");
	assert_complaint("\n\x7f", "\\x0a\\x7f: no such finding; rpcscope explain lists them");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),       cmocka_unit_test(test_texts),
		cmocka_unit_test(test_names),       cmocka_unit_test(test_frames),
		cmocka_unit_test(test_frames_full), cmocka_unit_test(test_json),
		cmocka_unit_test(test_layout),      cmocka_unit_test(test_nearest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
