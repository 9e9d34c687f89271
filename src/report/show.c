/*
 * show: every message that is wanted, in the form that is wanted, as it comes.
 */
#include <stdlib.h>

#include "command.h"
#include "limits.h"
#include "memory.h"
#include "output.h"
#include "report.h"
#include "report_words.h"
#include "select.h"

struct show {
	struct run *run;
	const struct output_form *form;
	struct output output;
	struct selection selection;
	uint64_t shown;
};

/*
 * The pipeline counts what is wrong in a header; what is wrong in a body is known
 * once it is decoded, whether it is shown or not.
 */
static void
count_body(struct show *show, const struct message *message)
{
	if (message->anomaly_count == 0 && show->output.tape.anomaly_count != 0)
		show->run->counts->malformed++;
}

static void
show_message(void *context, const struct message *message)
{
	struct show *show = context;
	if (show->run->done)
		return;
	if (!selection_wants(&show->selection, show->run->decoder, message)) {
		decode_message(show->run->decoder, message, DECODE_BODY, &show->output.tape);
		count_body(show, message);
		return;
	}
	if (show->output.last == INT64_MIN)
		show->output.last = message->packet->frame.time;
	show->output.first = show->run->counts->first;
	show->form->message(&show->output, message);
	show->output.last = message->packet->frame.time;
	count_body(show, message);
	text_drain(show->run->text, LIMIT_OUTPUT_BUFFER);
	show->run->done = ++show->shown == show->run->options->count;
}

static void
show_free(void *state)
{
	struct show *show = state;
	tape_release(&show->output.tape);
	selection_release(&show->selection);
	free(show);
}

static void *
show_begin(struct run *run, struct sink *sink, struct error *error)
{
	struct show *show = memory_get(sizeof *show);
	show->run = run;
	show->form = run->options->form;
	show->output = report_output(run);
	tape_init(&show->output.tape);
	*sink = (struct sink){.message = show_message, .context = show};
	if (selection_init(&show->selection, run->options, run->names, error))
		return show;
	show_free(show);
	return NULL;
}

static int
show_finish(void *state, const struct counts *counts)
{
	struct show *show = state;
	show->form->summary(&show->output, counts);
	return 0;
}

const struct command show_command = {
	.name = "show",
	.purpose = "one line per RPC message, in capture order, as it is decoded",
	.begin = show_begin,
	.finish = show_finish,
	.free = show_free,
	.counts_shown = true,
};
