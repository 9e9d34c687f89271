/*
 * report: the commands, each in a file of its own under src/report.
 */
#ifndef RPCSCOPE_REPORT_H
#define RPCSCOPE_REPORT_H

#include "command.h"

extern const struct command show_command, sessions_command, ports_command;
extern const struct command explain_command, mounts_command, specs_command;

#endif
