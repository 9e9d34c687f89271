/*
 * report_words: what several commands share: how they begin, and what they say in the same
 * words; private to src/report.
 */
#ifndef RPCSCOPE_REPORT_WORDS_H
#define RPCSCOPE_REPORT_WORDS_H

#include "binding.h"
#include "command.h"
#include "output.h"

/* Are objects asked for, one a line? */
bool report_as_json(const struct run *run);
/* To write into the run's text as the options say; nothing was printed before. */
struct output report_output(const struct run *run);

/* "192.168.56.21.712", with a name for the host where there is one. */
void report_endpoint(struct output *output, const struct endpoint *endpoint);
/* "mountd v3" */
void report_program(struct output *output, uint32_t program, uint32_t version, bool callback);
/* "refused", "never answered", ... of what a session's opening came to; NULL: answered. */
const char *report_opening(uint8_t opening);
/* Does the answer name another address than the one that was asked? */
bool report_told_elsewhere(const struct binding *binding);
/* "port 70000: not a port": what an answer says that says no place; `put` puts its octets. */
void report_wrong(struct text *text, const struct binding *binding,
		  void (*put)(struct text *text, const void *octets, size_t count));
/* Whom the portmapper told what, in which frame. */
void report_answer(struct output *output, const struct binding *binding);

#endif
