/* command: the table of commands. A new one is a file under src/report and a row here;
 * which options go with it is in option_rows.c. */
#include "command.h"

#include <string.h>

#include "report.h"

const struct command *const commands[COMMANDS + 1] = {
	[COMMAND_SHOW] = &show_command,
	[COMMAND_MOUNTS] = &mounts_command,
	[COMMAND_SESSIONS] = &sessions_command,
	[COMMAND_PORTS] = &ports_command,
	[COMMAND_EXPLAIN] = &explain_command,
	[COMMAND_SPECS] = &specs_command,
	[COMMANDS] = NULL,
};

enum command_id
command_number(const char *name)
{
	unsigned i = 0;
	while (i < COMMANDS && strcmp(commands[i]->name, name) != 0)
		i++;
	return (enum command_id)i;
}

const struct command *
command_find(const char *name)
{
	return commands[command_number(name)];
}
