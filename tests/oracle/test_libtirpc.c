/*
 * libtirpc as the oracle for bodies: its encoders write random values of every
 * argument and result of portmapper version 2 and rpcbind versions 3 and 4; the
 * walker has to read the same values back, in the same order.
 */
#include "oracle_support.h"

#include <rpc/pmap_rmt.h>
#include <rpc/rpcb_prot.h>

enum { ROUNDS = 60 };

/* Decodes what the encoder wrote as the arguments or results of a procedure; compares. */
static void
check_body(struct fixture *fixture, uint32_t version, uint32_t number, enum message_kind kind)
{
	uint32_t size = XDR_GETPOS(&fixture->encoder);
	const struct spec_procedure *procedure =
		spec_find_procedure(fixture->spec, PMAPPROG, version, number);
	struct walker walker;
	char what[64];

	snprintf(what, sizeof what, "version %u procedure %u %s", (unsigned)version,
		 (unsigned)number, kind == MESSAGE_CALL ? "arguments" : "results");
	if (procedure == NULL)
		fail_msg("%s: no specification", what);
	tape_reset(&fixture->tape, fixture->spec,
		   guarded_put(&fixture->guarded, fixture->octets, size), size, size);
	walker_init(&walker, &fixture->tape, 0, NULL);
	assert_true(decode_procedure(&walker, procedure, kind));
	compare(fixture, what, 0, size);
}

/* -- the types -- */

static void
put_nothing(struct fixture *fixture)
{
	(void)fixture;
}

static void
put_number(struct fixture *fixture)
{
	u_int number = a_number(fixture);

	assert_true(xdr_u_int(&fixture->encoder, &number));
}

static void
put_bool(struct fixture *fixture)
{
	bool_t value = (bool_t)random_below(&fixture->random, 2);

	expect_number(fixture, (uint64_t)value);
	assert_true(xdr_bool(&fixture->encoder, &value));
}

static void
put_string(struct fixture *fixture)
{
	char *string = a_string(fixture);

	assert_true(xdr_wrapstring(&fixture->encoder, &string));
}

static void
put_pmaplist(struct fixture *fixture)
{
	uint32_t count = random_below(&fixture->random, 40);
	struct pmaplist items[40], *head = count != 0 ? items : NULL;

	for (uint32_t i = 0; i < count; i++) {
		items[i].pml_map = a_mapping(fixture);
		items[i].pml_next = i + 1 < count ? &items[i + 1] : NULL;
	}
	assert_true(xdr_pmaplist(&fixture->encoder, &head));
}

/* The arguments or results inside a remote call: any octets, of a whole number of words. */
struct inside {
	char *octets;
	u_int size;
};

static bool_t
encode_inside(XDR *xdr, ...)
{
	va_list list;
	struct inside *inside;

	va_start(list, xdr);
	inside = va_arg(list, struct inside *);
	va_end(list);
	return xdr_opaque(xdr, inside->octets, inside->size);
}

static struct inside
an_inside(struct fixture *fixture)
{
	struct inside inside = {.size = 4 * random_below(&fixture->random, 20)};

	inside.octets = some_octets(fixture, inside.size, false);
	return inside;
}

static void
put_rmtcallargs(struct fixture *fixture)
{
	struct rmtcallargs args = {.xdr_args = encode_inside};
	struct inside inside = an_inside(fixture);

	args.prog = a_number(fixture);
	args.vers = a_number(fixture);
	args.proc = a_number(fixture);
	args.args_ptr = (caddr_t)&inside;
	expect_bytes(fixture, inside.octets, inside.size);
	assert_true(xdr_rmtcall_args(&fixture->encoder, &args));
}

/* libtirpc has no encoder for the results of CALLIT: the parts, in the order of RFC 1833 3.2.
 */
static void
put_rmtcallres(struct fixture *fixture)
{
	u_int size = random_below(&fixture->random, 50);
	char *octets = some_octets(fixture, size, false);

	put_number(fixture);
	expect_bytes(fixture, octets, size);
	assert_true(xdr_bytes(&fixture->encoder, &octets, &size, size));
}

static struct rpcb
a_registration(struct fixture *fixture)
{
	struct rpcb registration;

	registration.r_prog = a_number(fixture);
	registration.r_vers = a_number(fixture);
	registration.r_netid = a_string(fixture);
	registration.r_addr = a_string(fixture);
	registration.r_owner = a_string(fixture);
	return registration;
}

static void
put_rpcb(struct fixture *fixture)
{
	struct rpcb registration = a_registration(fixture);

	assert_true(xdr_rpcb(&fixture->encoder, &registration));
}

static void
put_rpcblist(struct fixture *fixture)
{
	uint32_t count = random_below(&fixture->random, 30);
	struct rp__list items[30], *head = count != 0 ? items : NULL;

	for (uint32_t i = 0; i < count; i++) {
		items[i].rpcb_map = a_registration(fixture);
		items[i].rpcb_next = i + 1 < count ? &items[i + 1] : NULL;
	}
	assert_true(xdr_rpcblist_ptr(&fixture->encoder, &head));
}

static void
put_rpcb_rmtcallargs(struct fixture *fixture)
{
	struct r_rpcb_rmtcallargs args = {.xdr_args = encode_inside};
	struct inside inside = an_inside(fixture);

	args.prog = a_number(fixture);
	args.vers = a_number(fixture);
	args.proc = a_number(fixture);
	args.args.args_val = (char *)&inside;
	expect_bytes(fixture, inside.octets, inside.size);
	assert_true(xdr_rpcb_rmtcallargs(&fixture->encoder, (struct rpcb_rmtcallargs *)&args));
}

static void
put_rpcb_rmtcallres(struct fixture *fixture)
{
	u_int size = random_below(&fixture->random, 50);
	char *octets = some_octets(fixture, size, false);

	put_string(fixture);
	expect_bytes(fixture, octets, size);
	assert_true(xdr_bytes(&fixture->encoder, &octets, &size, size));
}

static void
put_entry_list(struct fixture *fixture)
{
	uint32_t count = random_below(&fixture->random, 12);
	struct rpcb_entry_list items[12], *head = count != 0 ? items : NULL;

	for (uint32_t i = 0; i < count; i++) {
		items[i].rpcb_entry_map.r_maddr = a_string(fixture);
		items[i].rpcb_entry_map.r_nc_netid = a_string(fixture);
		items[i].rpcb_entry_map.r_nc_semantics = 1 + random_below(&fixture->random, 4);
		expect_number(fixture, items[i].rpcb_entry_map.r_nc_semantics);
		items[i].rpcb_entry_map.r_nc_protofmly = a_string(fixture);
		items[i].rpcb_entry_map.r_nc_proto = a_string(fixture);
		items[i].rpcb_entry_next = i + 1 < count ? &items[i + 1] : NULL;
	}
	assert_true(xdr_rpcb_entry_list_ptr(&fixture->encoder, &head));
}

static void
put_netbuf(struct fixture *fixture)
{
	struct netbuf netbuf;

	netbuf.len = random_below(&fixture->random, 30);
	netbuf.maxlen = netbuf.len + random_below(&fixture->random, 30);
	netbuf.buf = some_octets(fixture, netbuf.len, false);
	expect_number(fixture, netbuf.maxlen);
	expect_bytes(fixture, netbuf.buf, netbuf.len);
	assert_true(xdr_netbuf(&fixture->encoder, &netbuf));
}

enum { STAT_ITEMS = 6 };

struct stat_lists {
	rpcbs_addrlist addresses[STAT_ITEMS];
	rpcbs_rmtcalllist calls[STAT_ITEMS];
};

static void
fill_stat(struct fixture *fixture, rpcb_stat *stat, struct stat_lists *lists)
{
	uint32_t addresses = random_below(&fixture->random, STAT_ITEMS + 1);
	uint32_t calls = random_below(&fixture->random, STAT_ITEMS + 1);

	for (size_t i = 0; i < RPCBSTAT_HIGHPROC; i++)
		stat->info[i] = an_int(fixture);
	stat->setinfo = an_int(fixture);
	stat->unsetinfo = an_int(fixture);
	stat->addrinfo = addresses != 0 ? lists->addresses : NULL;
	for (uint32_t i = 0; i < addresses; i++) {
		rpcbs_addrlist *item = &lists->addresses[i];

		item->prog = a_number(fixture);
		item->vers = a_number(fixture);
		item->success = an_int(fixture);
		item->failure = an_int(fixture);
		item->netid = a_string(fixture);
		item->next = i + 1 < addresses ? item + 1 : NULL;
	}
	stat->rmtinfo = calls != 0 ? lists->calls : NULL;
	for (uint32_t i = 0; i < calls; i++) {
		rpcbs_rmtcalllist *item = &lists->calls[i];

		item->prog = a_number(fixture);
		item->vers = a_number(fixture);
		item->proc = a_number(fixture);
		item->success = an_int(fixture);
		item->failure = an_int(fixture);
		item->indirect = an_int(fixture);
		item->netid = a_string(fixture);
		item->next = i + 1 < calls ? item + 1 : NULL;
	}
}

static void
put_statistics(struct fixture *fixture)
{
	rpcb_stat_byvers statistics;
	struct stat_lists lists[RPCBVERS_STAT];

	for (size_t i = 0; i < RPCBVERS_STAT; i++)
		fill_stat(fixture, &statistics[i], &lists[i]);
	assert_true(xdr_rpcb_stat_byvers(&fixture->encoder, statistics));
}

/* -- every procedure: RFC 1833 sections 2.1 and 3.2 -- */

static const struct {
	uint32_t version, procedure;
	void (*arguments)(struct fixture *fixture);
	void (*results)(struct fixture *fixture);
} procedures[] = {
	{2, PMAPPROC_NULL, put_nothing, put_nothing},
	{2, PMAPPROC_SET, put_mapping, put_bool},
	{2, PMAPPROC_UNSET, put_mapping, put_bool},
	{2, PMAPPROC_GETPORT, put_mapping, put_number},
	{2, PMAPPROC_DUMP, put_nothing, put_pmaplist},
	{2, PMAPPROC_CALLIT, put_rmtcallargs, put_rmtcallres},
	{3, 0, put_nothing, put_nothing},
	{3, RPCBPROC_SET, put_rpcb, put_bool},
	{3, RPCBPROC_UNSET, put_rpcb, put_bool},
	{3, RPCBPROC_GETADDR, put_rpcb, put_string},
	{3, RPCBPROC_DUMP, put_nothing, put_rpcblist},
	{3, RPCBPROC_CALLIT, put_rpcb_rmtcallargs, put_rpcb_rmtcallres},
	{3, RPCBPROC_GETTIME, put_nothing, put_number},
	{3, RPCBPROC_UADDR2TADDR, put_string, put_netbuf},
	{3, RPCBPROC_TADDR2UADDR, put_netbuf, put_string},
	{4, 0, put_nothing, put_nothing},
	{4, RPCBPROC_SET, put_rpcb, put_bool},
	{4, RPCBPROC_UNSET, put_rpcb, put_bool},
	{4, RPCBPROC_GETADDR, put_rpcb, put_string},
	{4, RPCBPROC_DUMP, put_nothing, put_rpcblist},
	{4, RPCBPROC_BCAST, put_rpcb_rmtcallargs, put_rpcb_rmtcallres},
	{4, RPCBPROC_GETTIME, put_nothing, put_number},
	{4, RPCBPROC_UADDR2TADDR, put_string, put_netbuf},
	{4, RPCBPROC_TADDR2UADDR, put_netbuf, put_string},
	{4, RPCBPROC_GETVERSADDR, put_rpcb, put_string},
	{4, RPCBPROC_INDIRECT, put_rpcb_rmtcallargs, put_rpcb_rmtcallres},
	{4, RPCBPROC_GETADDRLIST, put_rpcb, put_entry_list},
	{4, RPCBPROC_GETSTAT, put_nothing, put_statistics},
};

static void
test_procedures(void **state)
{
	struct fixture *fixture = *state;

	for (int round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < sizeof procedures / sizeof procedures[0]; i++) {
			begin(fixture);
			procedures[i].arguments(fixture);
			check_body(fixture, procedures[i].version, procedures[i].procedure,
				   MESSAGE_CALL);
			begin(fixture);
			procedures[i].results(fixture);
			check_body(fixture, procedures[i].version, procedures[i].procedure,
				   MESSAGE_REPLY);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_procedures, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("libtirpc", tests, NULL, NULL);
}
