/*
 * fuzz: the entry that libFuzzer calls; each fuzz_NAME.c has one.
 */
#ifndef RPCSCOPE_TESTS_FUZZ_H
#define RPCSCOPE_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size);

#endif
