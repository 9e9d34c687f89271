/*
 * specs_absent: what specs --check says of the names that a file takes from files that were not
 * loaded (struct spec_absent): from the one with the index `first` on.
 */
#ifndef RPCSCOPE_REPORT_SPECS_ABSENT_H
#define RPCSCOPE_REPORT_SPECS_ABSENT_H

#include "spec.h"
#include "text.h"

/* A line each, the first few. */
void specs_absent_lines(struct text *text, const struct spec *spec, size_t first);
/* The member "undefined" of the object: all of them. */
void specs_absent_json(struct text *text, const struct spec *spec, size_t first);

#endif
