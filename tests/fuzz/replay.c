/*
 * replay FILE...: feeds each file to the fuzz target that it is linked with, as
 * libFuzzer would: so that seeds and past crashes are tested by any compiler.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

enum { SEED_MAX = 4 << 20 };

int
main(int argc, char **argv)
{
	uint8_t *octets = malloc(SEED_MAX);
	for (int i = 1; octets && i < argc; i++) {
		FILE *file = fopen(argv[i], "rb");
		if (!file) {
			perror(argv[i]);
			free(octets);
			return 1;
		}
		size_t size = fread(octets, 1, SEED_MAX, file);
		fclose(file);
		/* A copy of exactly that size, so that a sanitizer sees a read past its end. */
		uint8_t *input = malloc(size > 0 ? size : 1);
		if (!input)
			abort();
		for (size_t at = 0; at < size; at++)
			input[at] = octets[at];
		LLVMFuzzerTestOneInput(input, size);
		free(input);
	}
	free(octets);
	return 0;
}
