/*
 * answer_text: the words for what is odd in a portmapper's answer, wherever it is told.
 */
#include "session_report.h"

bool
report_told_elsewhere(const struct binding *binding)
{
	return !address_equal(&binding->told_by, &binding->server);
}

void
report_wrong(struct text *text, const struct binding *binding,
	     void (*put)(struct text *text, const void *octets, size_t count))
{
	const char *said = binding->wrong_text;
	size_t size = binding->wrong_size;
	switch ((enum binding_wrong)binding->wrong) {
	case BINDING_RIGHT:
		break;
	case BINDING_NO_PORT:
		text_string_put(text, "port ");
		put(text, said, size);
		text_string_put(text, ": not a port");
		break;
	case BINDING_NO_TRANSPORT:
		text_string_put(text, "protocol ");
		put(text, said, size);
		text_string_put(text, ": neither TCP nor UDP");
		break;
	case BINDING_NO_ADDRESS:
		text_char(text, '"');
		put(text, said, size);
		text_string_put(text, size == BINDING_WRONG_MOST ? "...\"" : "\"");
		text_string_put(text, ": not a universal address");
		break;
	}
}
