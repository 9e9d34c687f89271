/*
 * Attributes by their bitmap, layouts by their type: built of octets by hand, and of random
 * ones; the leaves have to tile whatever stands there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fattr4.h"
#include "load_support.h"
#include "value.h"

enum { OCTETS = 1024 };

struct scene {
	struct spec *spec;
	struct tape tape;
	uint8_t octets[OCTETS];
	uint32_t size;
};

static struct scene scene;

static int
set_up(void **state)
{
	static const struct spec_hooks hooks = {value_meaning, opaque_number};
	(void)state;
	scene.spec = load_with_built_in(&hooks, NULL);
	tape_init(&scene.tape);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	tape_release(&scene.tape);
	spec_free(scene.spec);
	return 0;
}

/* Hexadecimal digits; blanks are for the reader. */
static void
set_octets(const char *hex)
{
	scene.size = 0;
	for (; *hex != '\0'; hex++) {
		unsigned octet;
		if (*hex == ' ')
			continue;
		assert_true(scene.size < OCTETS);
		assert_int_equal(sscanf(hex, "%2x", &octet), 1);
		scene.octets[scene.size++] = (uint8_t)octet;
		hex++;
	}
}

/* Every leaf begins where the one before it ended; all octets at hand are taken. */
static void
assert_tiled(const struct walker *walker, uint32_t seed)
{
	uint32_t at = 0;
	for (size_t i = 0; i < scene.tape.count; i++) {
		const struct field *field = &scene.tape.fields[i];
		if (!field_is_leaf(field))
			continue;
		if (field->offset != at)
			fail_msg("seed %u: a leaf at %u, expected %u", seed, field->offset, at);
		at += field->length;
	}
	if (at != walker_offset(walker))
		fail_msg("seed %u: leaves up to %u, walked to %u", seed, at,
			 walker_offset(walker));
}

static void
decode(const char *type)
{
	struct walker walker;
	uint16_t id = spec_find_type(scene.spec, type);
	assert_int_not_equal(id, TYPE_VOID);
	tape_reset(&scene.tape, scene.spec, scene.octets, scene.size, scene.size);
	walker_init(&walker, &scene.tape, 0, NULL);
	walk(&walker, id, NAME_NONE);
	assert_tiled(&walker, 0);
}

static const struct field *
find(const char *name)
{
	size_t index = tape_find(&scene.tape, 0, name);
	if (index == SIZE_MAX)
		fail_msg("no field %s", name);
	return &scene.tape.fields[index];
}

static bool
has(const char *name)
{
	return tape_find(&scene.tape, 0, name) != SIZE_MAX;
}

static void
test_attributes_in_order_of_bits(void **state)
{
	(void)state;
	/* type, size, fsid; mode, owner */
	set_octets("00000002 00000112 00000012"
		   "00000028 00000002 0000000000001000 0000000000000001 0000000000000002"
		   "000001ed 00000004 726f6f74");
	decode("fattr4");
	assert_int_equal(scene.tape.anomaly_count, 0);
	assert_int_equal(find("type")->u, 2);
	assert_int_equal(find("type")->kind, FIELD_ENUM);
	assert_int_equal(find("size")->u, 4096);
	assert_int_equal(find("major")->u, 1);
	assert_int_equal(find("minor")->u, 2);
	assert_int_equal(find("mode")->u, 0755);
	assert_int_equal(find("owner")->bytes.size, 4);
	assert_int_equal(find("attr_vals")->kind, FIELD_OPEN_OPAQUE);
	assert_int_not_equal(find("mode")->flags & FIELD_FROM_OPENER, 0);
}

static void
test_every_attribute_has_its_name(void **state)
{
	(void)state;
	static const struct {
		uint32_t number;
		const char *name, *type;
	} some[] = {
		{0, "supported_attrs", "fattr4_supported_attrs"},
		{33, "mode", "fattr4_mode"},
		{55, "mounted_on_fileid", "fattr4_mounted_on_fileid"},
		{81, "mode_umask", "fattr4_mode_umask"},
		{86, "open_arguments", "fattr4_open_arguments"},
	};
	for (size_t i = 0; i < sizeof some / sizeof some[0]; i++) {
		const struct spec_part *arm =
			fattr4_arm(scene.spec, "attrlist4", some[i].number);
		assert_non_null(arm);
		assert_string_equal(spec_name(scene.spec, arm->name), some[i].name);
		assert_int_equal(arm->type, spec_find_type(scene.spec, some[i].type));
	}
	for (uint32_t number = 0; number <= 86; number++) {
		const struct spec_part *arm = fattr4_arm(scene.spec, "attrlist4", number);
		char type[64];
		assert_non_null(arm);
		snprintf(type, sizeof type, "fattr4_%s", spec_name(scene.spec, arm->name));
		assert_int_equal(arm->type, spec_find_type(scene.spec, type));
	}
	assert_null(fattr4_arm(scene.spec, "attrlist4", 87));
	assert_null(fattr4_arm(scene.spec, "attrlist4", UINT32_MAX));
	assert_null(fattr4_arm(scene.spec, "no_such_type", 1));
}

static void
test_unknown_bit_leaves_a_rest(void **state)
{
	(void)state;
	/* type, then bit 95; what follows the opaque is still read */
	set_octets("00000003 00000002 00000000 80000000 00000008 00000001 0badf00d");
	decode("fattr4");
	assert_int_equal(find("type")->u, 1);
	assert_int_equal(find("rest")->length, 4);
	assert_int_equal(scene.tape.anomaly_count, 1);
	assert_int_equal(scene.tape.anomalies[0].offset, 24);
}

static void
test_values_and_mask_that_disagree(void **state)
{
	(void)state;
	/* fewer octets than the bits say */
	set_octets("00000001 00000012 00000008 00000001 00000000");
	decode("fattr4");
	assert_int_equal(find("rest")->length, 4);
	assert_int_equal(scene.tape.anomaly_count, 1);
	/* more of them */
	set_octets("00000001 00000002 00000008 00000001 0badf00d");
	decode("fattr4");
	assert_int_equal(find("rest")->length, 4);
	assert_string_equal(scene.tape.anomalies[0].reason, "octets left over in an opaque");
	/* none at all: nothing is opened */
	set_octets("00000000 00000000");
	decode("fattr4");
	assert_int_equal(find("attr_vals")->kind, FIELD_OPAQUE);
	assert_int_equal(scene.tape.anomaly_count, 0);
}

static void
test_layouts_by_their_type(void **state)
{
	(void)state;
	/* layout_content4 of LAYOUT4_NFSV4_1_FILES: RFC 8881 section 13.3 */
	set_octets("00000001 0000002c 000102030405060708090a0b0c0d0e0f 00010000 00000003"
		   "0000000000002000 00000001 00000002 abcd0000");
	decode("layout_content4");
	assert_int_equal(scene.tape.anomaly_count, 0);
	assert_int_equal(find("nfl_first_stripe_index")->u, 3);
	assert_int_equal(find("nfl_pattern_offset")->u, 0x2000);
	/* of LAYOUT4_FLEX_FILES, without a mirror: RFC 8435 section 5.1 */
	set_octets("00000004 00000014 0000000000010000 00000000 00000001 00000005");
	decode("layout_content4");
	assert_int_equal(scene.tape.anomaly_count, 0);
	assert_int_equal(find("ffl_stripe_unit")->u, 65536);
	assert_int_equal(find("ffl_stats_collect_hint")->u, 5);
	/* of blocks: it stays what it is */
	set_octets("00000003 00000004 00000000");
	decode("layout_content4");
	assert_int_equal(find("loc_body")->kind, FIELD_OPAQUE);
	assert_int_equal(scene.tape.anomaly_count, 0);
}

static void
test_layout_type_stands_further_off(void **state)
{
	(void)state;
	/* LAYOUTRETURN of a flexible file, no errors, no statistics: RFC 8435 section 9 */
	set_octets("00000000 00000004 00000002 00000001 0000000000000000 ffffffffffffffff"
		   "00000001 000000000000000000000000 00000008 00000000 00000000");
	decode("LAYOUTRETURN4args");
	assert_int_equal(scene.tape.anomaly_count, 0);
	assert_true(has("fflr_ioerr_report"));
	assert_true(has("fflr_iostats_report"));
	/* the same of a file layout, which has none */
	scene.octets[7] = 1;
	decode("LAYOUTRETURN4args");
	assert_false(has("fflr_ioerr_report"));
	assert_int_equal(find("lrf_body")->kind, FIELD_OPAQUE);
}

static void
test_device_addresses(void **state)
{
	(void)state;
	/* one data server, "tcp" at 10.0.0.1 port 2049 */
	set_octets("00000001 00000028 00000001 00000000 00000001 00000001"
		   "00000003 74637000 0000000c 31302e30 2e302e31 2e382e31");
	decode("device_addr4");
	assert_int_equal(scene.tape.anomaly_count, 0);
	assert_int_equal(find("na_r_netid")->bytes.size, 3);
	assert_int_equal(find("na_r_addr")->bytes.size, 12);
}

static void
test_notifications_by_their_bits(void **state)
{
	(void)state;
	/* NOTIFY4_REMOVE_ENTRY: RFC 8881 section 20.4 */
	set_octets("00000001 00000004 00000018 00000001 61000000 00000000 00000000"
		   "0000000000000007");
	decode("notify4");
	assert_int_equal(scene.tape.anomaly_count, 0);
	assert_int_equal(find("ne_file")->bytes.size, 1);
	assert_int_equal(find("nrm_old_entry_cookie")->u, 7);
	/* NOTIFY_DEVICEID4_DELETE: section 20.12 */
	set_octets("00000001 00000004 00000014 00000001 000102030405060708090a0b0c0d0e0f");
	decode("notify_device4");
	assert_int_equal(scene.tape.anomaly_count, 0);
	assert_int_equal(find("ndd_layouttype")->u, 1);
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static void
put_word(uint32_t at, uint32_t word)
{
	for (unsigned i = 0; i < 4; i++)
		scene.octets[at + i] = (uint8_t)(word >> (24 - 8 * i));
}

/* Any octets in any attributes: nothing is read past them, nothing is left out. */
static void
test_random_octets_are_tiled(void **state)
{
	enum { ROUNDS = 20000, VALUES = 200 };
	uint32_t random = 20261120;
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		uint32_t seed = random;
		struct walker walker;
		put_word(0, 3);
		for (uint32_t i = 0; i < 3; i++) {
			uint32_t bits = next_random(&random);
			bits &= next_random(&random);
			bits &= next_random(&random); /* one in eight is set */
			put_word(4 + 4 * i, bits);
		}
		uint32_t length = next_random(&random) % VALUES;
		put_word(16, length);
		for (uint32_t i = 0; i < VALUES; i += 4)
			put_word(20 + i, next_random(&random) % 4 == 0
						 ? next_random(&random)
						 : next_random(&random) % 8);
		scene.size = 20 + next_random(&random) % (VALUES + 4);
		tape_reset(&scene.tape, scene.spec, scene.octets, scene.size,
			   scene.size + next_random(&random) % 2 * VALUES);
		walker_init(&walker, &scene.tape, 0, NULL);
		walk(&walker, spec_find_type(scene.spec, "fattr4"), NAME_NONE);
		assert_tiled(&walker, seed);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_attributes_in_order_of_bits),
		cmocka_unit_test(test_every_attribute_has_its_name),
		cmocka_unit_test(test_unknown_bit_leaves_a_rest),
		cmocka_unit_test(test_values_and_mask_that_disagree),
		cmocka_unit_test(test_layouts_by_their_type),
		cmocka_unit_test(test_layout_type_stands_further_off),
		cmocka_unit_test(test_device_addresses),
		cmocka_unit_test(test_notifications_by_their_bits),
		cmocka_unit_test(test_random_octets_are_tiled),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
