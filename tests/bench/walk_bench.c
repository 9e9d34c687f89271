/*
 * What decoding costs by itself: loading every built-in specification, and walking a
 * READDIRPLUS reply of 64 entries and a COMPOUND reply, next to what rpcgen's code from
 * the same nfs3.x needs for the same octets. Each the median of five rounds, the
 * contestants in turn. No pass or fail: machines differ.
 */
#include "../oracle/rpcgen_support.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "decode.h"

enum { BENCH_ROUNDS = 5, BENCH_WALKS = 4000, BENCH_LOADS = 20, BENCH_OCTETS = 65536 };
enum { ENTRIES = 64, NFS_NUMBER = 100003, READDIRPLUS = 17 };

struct bench {
	struct spec *spec;
	struct tape tape;
	uint8_t octets[BENCH_OCTETS];
	uint32_t size;
};

static const struct spec_hooks hooks = {NULL, opaque_number};

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); /* others may be at work */
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int
compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

static double
median(double *times)
{
	qsort(times, BENCH_ROUNDS, sizeof *times, compare);
	return times[BENCH_ROUNDS / 2];
}

static void
give_up(const char *reason)
{
	fprintf(stderr, "walk_bench: %s\n", reason);
	exit(1);
}

/* -- octets -- */

static void
put(struct bench *bench, uint32_t word)
{
	for (int i = 0; i < 4; i++)
		bench->octets[bench->size++] = (uint8_t)(word >> (24 - 8 * i));
}

static void
put_wide(struct bench *bench, uint64_t number)
{
	put(bench, (uint32_t)(number >> 32));
	put(bench, (uint32_t)number);
}

static void
put_opaque(struct bench *bench, uint32_t size)
{
	put(bench, size);
	for (uint32_t i = 0; i < size; i += 4)
		put(bench, 0x61626364U & ~(size - i < 4 ? 0xffffffffU >> 8 * (size - i) : 0));
}

/* fattr3: RFC 1813 section 2.6 */
static void
put_attributes(struct bench *bench)
{
	static const uint32_t first[] = {1, 1, 0644, 1, 1000, 1000};

	for (size_t i = 0; i < sizeof first / sizeof first[0]; i++)
		put(bench, first[i]);
	put_wide(bench, 4096);
	put_wide(bench, 4096);
	put_wide(bench, 0); /* rdev */
	put_wide(bench, 7);
	put_wide(bench, 123456);
	for (int i = 0; i < 3; i++)
		put_wide(bench, (uint64_t)1700000000 << 32);
}

/* READDIRPLUS3resok: RFC 1813 section 3.3.17 */
static void
put_readdirplus(struct bench *bench)
{
	bench->size = 0;
	put(bench, 0);
	put_attributes(bench);
	put_wide(bench, 0);
	for (uint32_t i = 0; i < ENTRIES; i++) {
		put(bench, 1);
		put_wide(bench, 1000 + i);
		put_opaque(bench, 12);
		put_wide(bench, i);
		put_attributes(bench);
		put(bench, 1);
		put_opaque(bench, 28);
	}
	put(bench, 0);
	put(bench, 1);
}

/* SEQUENCE, PUTFH, GETATTR: RFC 8881 sections 18.46, 18.19 and 18.7 */
static void
put_compound(struct bench *bench)
{
	static const uint32_t sequence[] = {53, 0, 1, 2, 3, 4, 17, 0, 29, 29, 0};
	uint32_t at;

	bench->size = 0;
	put(bench, 0);
	put_opaque(bench, 0);
	put(bench, 3);
	for (size_t i = 0; i < sizeof sequence / sizeof sequence[0]; i++)
		put(bench, sequence[i]);
	put_wide(bench, (uint64_t)22 << 32);
	put_wide(bench, (uint64_t)9 << 32);
	put(bench, 2);
	put(bench, 0x0010011a); /* type, change, size, fsid, fileid */
	put(bench, 0x00b0a23a); /* mode, numlinks, owner, ..., mounted_on_fileid */
	at = bench->size;
	put(bench, 0);
	put(bench, 1);
	for (int i = 0; i < 5; i++)
		put_wide(bench, 4096);
	put(bench, 0644);
	put(bench, 1);
	put_opaque(bench, 4);
	put_opaque(bench, 4);
	put_wide(bench, 0);
	put_wide(bench, 4096);
	for (int i = 0; i < 3; i++) {
		put_wide(bench, 1700000000);
		put(bench, 0);
	}
	put_wide(bench, 123456);
	uint32_t end = bench->size;
	bench->size = at;
	put(bench, end - at - 4);
	bench->size = end;
}

/* -- contestants -- */

static double
time_loads(void)
{
	struct error error = {{0}};
	double start = seconds();

	for (int i = 0; i < BENCH_LOADS; i++) {
		struct spec *spec = spec_new(&hooks);

		if (!spec_load_built_in(spec, &error))
			give_up(error.text);
		spec_free(spec);
	}
	return (seconds() - start) / BENCH_LOADS;
}

static double
time_walks(struct bench *bench, uint32_t version, uint32_t number, int walks)
{
	const struct spec_procedure *procedure =
		spec_find_procedure(bench->spec, NFS_NUMBER, version, number);
	double start = seconds();

	for (int i = 0; i < walks; i++) {
		struct walker walker;

		tape_reset(&bench->tape, bench->spec, bench->octets, bench->size, bench->size);
		walker_init(&walker, &bench->tape, 0, NULL);
		if (!decode_procedure(&walker, procedure, MESSAGE_REPLY) ||
		    bench->tape.anomaly_count != 0 || walker_offset(&walker) != bench->size)
			give_up("the walker does not like the reply");
	}
	return (seconds() - start) / walks;
}

static double
time_rpcgen(struct bench *bench, const struct rpcgen_table *row)
{
	void *value = calloc(1, row->result_size);
	double start = seconds();

	for (int i = 0; value != NULL && i < BENCH_WALKS; i++) {
		XDR xdr;

		memset(value, 0, row->result_size);
		xdrmem_create(&xdr, (char *)bench->octets, bench->size, XDR_DECODE);
		if (!row->result(&xdr, value) || xdr_getpos(&xdr) != bench->size)
			give_up("rpcgen's code does not like the reply");
		xdr_free(row->result, value);
	}
	free(value);
	return (seconds() - start) / BENCH_WALKS;
}

static const struct rpcgen_table *
find_readdirplus(void)
{
	const struct rpcgen_table *row = rpcgen_find("nfsproc3_readdirplus_3_svc");
	if (row == NULL)
		give_up("rpcgen made no READDIRPLUS");
	return row;
}

static void
report(const char *what, const struct bench *bench, size_t fields, double time)
{
	printf("%-40s %7u octets %6zu fields %9.2f us %7.0f MB/s\n", what,
	       (unsigned)bench->size, fields, time * 1e6, bench->size / time / 1e6);
}

int
main(void)
{
	struct bench *bench = calloc(1, sizeof *bench);
	const struct rpcgen_table *row = find_readdirplus();
	double loads[BENCH_ROUNDS], walks[BENCH_ROUNDS], theirs[BENCH_ROUNDS],
		compounds[BENCH_ROUNDS];
	struct error error = {{0}};

	if (bench == NULL)
		give_up("no memory");
	bench->spec = spec_new(&hooks);
	if (!spec_load_built_in(bench->spec, &error))
		give_up(error.text);
	tape_init(&bench->tape);
	put_readdirplus(bench);
	for (int i = 0; i < BENCH_ROUNDS; i++) {
		loads[i] = time_loads();
		walks[i] = time_walks(bench, 3, READDIRPLUS, BENCH_WALKS);
		theirs[i] = time_rpcgen(bench, row);
	}
	printf("%-40s %9.2f ms\n", "loading all built-in specifications", median(loads) * 1e3);
	report("READDIRPLUS reply, 64 entries: walker", bench, bench->tape.count,
	       median(walks));
	report("the same octets: rpcgen's decoder", bench, 0, median(theirs));
	put_compound(bench);
	for (int i = 0; i < BENCH_ROUNDS; i++)
		compounds[i] = time_walks(bench, 4, 1, 20 * BENCH_WALKS);
	report("COMPOUND reply, SEQUENCE PUTFH GETATTR", bench, bench->tape.count,
	       median(compounds));
	tape_release(&bench->tape);
	spec_free(bench->spec);
	free(bench);
	return 0;
}
