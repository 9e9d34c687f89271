/*
 * verdict_rows: tables of plays, each a small capture, and of what is to be found in it.
 *
 * YES   the finding decides, with a sentence and the frames that prove it
 * NOTE  it is there, as a note only
 * NO    it is not there at all
 * SAYS  the whole verdict: each attempt with its kind, its outcome, the finding that decides
 *       it ("-" for none) and how sure that is, unless it is certain; then "free" and what
 *       belongs to no attempt
 */
#ifndef RPCSCOPE_TESTS_VERDICT_ROWS_H
#define RPCSCOPE_TESTS_VERDICT_ROWS_H

#include "verdict_nfs4.h"

typedef void play(struct scene *scene);

enum wanted { ABSENT, NOTED, DECIDES };

struct row {
	const char *name;
	play *play;
	const char *verdict; /* NULL: a finding is looked for */
	enum finding_id id;
	enum wanted wanted;
};

#define FINDING_ROW(scenario, finding, word, how)                                              \
	{                                                                                      \
		.name = #scenario word #finding, .play = (scenario), .id = FINDING_##finding,  \
		.wanted = (how)                                                                \
	}
#define YES(scenario, finding)  FINDING_ROW(scenario, finding, " is ", DECIDES)
#define NOTE(scenario, finding) FINDING_ROW(scenario, finding, " notes ", NOTED)
#define NO(scenario, finding)   FINDING_ROW(scenario, finding, " is not ", ABSENT)
#define SAYS(scenario, text)                                                                   \
	{                                                                                      \
		.name = #scenario, .play = (scenario), .verdict = (text)                       \
	}

static inline const struct verdict *
judged(struct scene *scene, play *player)
{
	scene_begin(scene);
	player(scene);
	return scene_judge(scene);
}

static inline void
check_found(const struct verdict *verdict, const struct row *row)
{
	const char *id = finding_kind(row->id)->id;
	const struct finding *found = any_of(verdict, row->id), *first = deciding_of(verdict);
	const char *decides = first != NULL ? finding_kind(first->id)->id : "nothing";
	if (row->wanted == ABSENT) {
		if (found != NULL)
			fail_msg("%s: %s", row->name, found->sentence.at);
		return;
	}
	if (found == NULL)
		fail_msg("%s: no %s; %s decides", row->name, id, decides);
	if (found->sentence.length == 0)
		fail_msg("%s: no sentence", row->name);
	if ((found->severity == SEVERITY_NOTE) != (row->wanted == NOTED))
		fail_msg("%s: severity %d", row->name, (int)found->severity);
	if (found->frame_count == 0 && row->wanted != NOTED)
		fail_msg("%s: no evidence", row->name);
	if (row->wanted == DECIDES && first != found)
		fail_msg("%s: %s decides", row->name, decides);
}

static inline void
put_decision(struct text *text, const struct finding *found)
{
	text_format(text, " %s", found != NULL ? finding_kind(found->id)->id : "-");
	if (found != NULL && found->confidence != CERTAIN)
		text_format(text, " %s", confidence_name(found->confidence));
}

static inline void
check_verdict(const struct verdict *verdict, const struct row *row)
{
	struct text said;
	text_init(&said);
	for (size_t i = 0; i < verdict->attempt_count; i++) {
		const struct attempt *attempt = &verdict->attempts[i];
		text_format(&said, "%s%s %s", i != 0 ? ", " : "",
			    attempt_kind_name(attempt->kind),
			    attempt_outcome_name(attempt->outcome));
		put_decision(&said, first_trouble(&attempt->findings));
	}
	if (first_trouble(&verdict->findings) != NULL) {
		text_string_put(&said, said.length != 0 ? ", free" : "free");
		put_decision(&said, first_trouble(&verdict->findings));
	}
	if (strcmp(text_string(&said), row->verdict) != 0)
		fail_msg("%s: \"%s\", not \"%s\"", row->name, text_string(&said), row->verdict);
	assert_int_equal(verdict->trouble, deciding_of(verdict) != NULL);
	text_release(&said);
}

static inline void
test_row(void **state)
{
	static struct scene scene;
	const struct row *row = *state;
	const struct verdict *verdict = judged(&scene, row->play);
	if (row->verdict != NULL)
		check_verdict(verdict, row);
	else
		check_found(verdict, row);
	scene_end(&scene);
}

enum { TESTS_MOST = 256 };

/* A test a row, then `others`. */
static inline int
run_rows(const struct row *rows, size_t row_count, const struct CMUnitTest *others,
	 size_t other_count)
{
	static struct CMUnitTest
		tests[TESTS_MOST]; /* those without a function are passed over */
	if (row_count + other_count > TESTS_MOST)
		return 1;
	for (size_t i = 0; i < row_count; i++)
		tests[i] = (struct CMUnitTest){.name = rows[i].name,
					       .test_func = test_row,
					       .initial_state = (void *)&rows[i]};
	for (size_t i = 0; i < other_count; i++)
		tests[row_count + i] = others[i];
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#define RUN_ROWS(rows, others)                                                                 \
	run_rows(rows, sizeof(rows) / sizeof((rows)[0]), others,                               \
		 sizeof(others) / sizeof((others)[0]))

#endif
