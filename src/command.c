/* command: the table of commands. A new one is a file under src/report and a row here. */
#include "command.h"

#include <string.h>

#include "report.h"

const struct command *const commands[] = {
	&show_command,  &mounts_command,  &sessions_command,
	&ports_command, &explain_command, &specs_command,
	NULL,
};

const struct command *
command_find(const char *name)
{
	for (size_t i = 0; commands[i] != NULL; i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	}
	return NULL;
}
