/* error: see error.h. One function, so that "the first one wins" stands in one place. */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool
error_set(struct error *error, const char *format, ...)
{
	if (error->text[0] != '\0')
		return false;
	va_list list;
	va_start(list, format);
	vsnprintf(error->text, sizeof error->text, format, list);
	va_end(list);
	for (char *c = error->text; *c != '\0'; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?'; /* file names and specifications are the user's, but still one
				     line */
	}
	return false;
}
