/*
 * mounts_json: the verdict as JSON objects, one a line; private to src/report.
 */
#ifndef RPCSCOPE_MOUNTS_JSON_H
#define RPCSCOPE_MOUNTS_JSON_H

#include "verdict.h"

void mounts_json(struct text *text, const struct verdict *verdict);

#endif
