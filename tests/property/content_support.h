/*
 * content_support: what goes into opaques whose content a specification describes.
 *
 * By the standards, not by the openers: the attributes of RFC 8881 section 5.6 and
 * 5.7, RFC 7862 section 12.2, RFC 8275, RFC 8276 and RFC 9754 in order of their
 * numbers, the notifications of RFC 8881 sections 20.4 and 20.12, layouts of files
 * (RFC 8881 section 13.3) and of flexible files (RFC 8435).
 */
#ifndef RPCSCOPE_CONTENT_SUPPORT_H
#define RPCSCOPE_CONTENT_SUPPORT_H

#include "encode_support.h"

/* Types by bit. */
static const char *const attributes[] = {
	/* RFC 7530 */
	"supported_attrs", "type", "fh_expire_type", "change", "size", "link_support",
	"symlink_support", "named_attr", "fsid", "unique_handles", "lease_time", "rdattr_error",
	"acl", "aclsupport", "archive", "cansettime", "case_insensitive", "case_preserving",
	"chown_restricted", "filehandle", "fileid", "files_avail", "files_free", "files_total",
	"fs_locations", "hidden", "homogeneous", "maxfilesize", "maxlink", "maxname", "maxread",
	"maxwrite", "mimetype", "mode", "no_trunc", "numlinks", "owner", "owner_group",
	"quota_avail_hard", "quota_avail_soft", "quota_used", "rawdev", "space_avail",
	"space_free", "space_total", "space_used", "system", "time_access", "time_access_set",
	"time_backup", "time_create", "time_delta", "time_metadata", "time_modify",
	"time_modify_set", "mounted_on_fileid",
	/* RFC 8881 */
	"dir_notif_delay", "dirent_notif_delay", "dacl", "sacl", "change_policy", "fs_status",
	"fs_layout_types", "layout_hint", "layout_types", "layout_blksize", "layout_alignment",
	"fs_locations_info", "mdsthreshold", "retention_get", "retention_set", "retentevt_get",
	"retentevt_set", "retention_hold", "mode_set_masked", "suppattr_exclcreat",
	"fs_charset_cap",
	/* RFC 7862, 8275, 8276, 9754 */
	"clone_blksize", "space_freed", "change_attr_type", "sec_label", "mode_umask",
	"xattr_support", "offline", "time_deleg_access", "time_deleg_modify", "open_arguments"};
enum { ATTRIBUTES = sizeof attributes / sizeof attributes[0] };

static const char *const notifications[] = {"notify_attr4",   "notify_attr4",
					    "notify_remove4", "notify_add4",
					    "notify_rename4", "notify_verifier4"};
static const char *const device_notifications[] = {"", "notify_deviceid_change4",
						   "notify_deviceid_delete4"};
static const char *const thresholds[] = {"threshold4_read_size", "threshold4_write_size",
					 "threshold4_read_iosize", "threshold4_write_iosize"};

#define COUNT_OF(table) (sizeof(table) / sizeof(table)[0])

static const struct {
	const char *opaque, *prefix;
	const char *const *types;
	size_t count;
} by_bits[] = {
	{"attrlist4", "fattr4_", attributes, COUNT_OF(attributes)},
	{"notifylist4", "", notifications, COUNT_OF(notifications)},
	{"notifylist_device4", "", device_notifications, COUNT_OF(device_notifications)},
	{"thi_hintlist4", "", thresholds, COUNT_OF(thresholds)},
};

enum { LAYOUT_FILES = 1, LAYOUT_FLEXIBLE = 4 };

static const struct {
	const char *opaque;
	uint64_t layout;
	const char *type;
} by_layout[] = {
	{"loc_body4", LAYOUT_FILES, "nfsv4_1_file_layout4"},
	{"loc_body4", LAYOUT_FLEXIBLE, "ff_layout4"},
	{"loh_body4", LAYOUT_FILES, "nfsv4_1_file_layouthint4"},
	{"loh_body4", LAYOUT_FLEXIBLE, "ff_layouthint4"},
	{"lou_body4", LAYOUT_FLEXIBLE, "ff_layoutupdate4"},
	{"lrf_body4", LAYOUT_FLEXIBLE, "ff_layoutreturn4"},
	{"da_addr_body4", LAYOUT_FILES, "nfsv4_1_file_layout_ds_addr4"},
	{"da_addr_body4", LAYOUT_FLEXIBLE, "ff_device_addr4"},
};

/* Opaques go by the name of their own type; only those that are opened count. */
static const char *
content_name(const struct spec *spec, uint16_t type)
{
	while (spec->types[type].opener == 0 && spec->types[type].kind == SPEC_ALIAS)
		type = spec->types[type].element;
	return spec->types[type].opener != 0 ? spec_name(spec, spec->types[type].name) : "";
}

static size_t
find_bits(const struct spec *spec, uint16_t type)
{
	const char *name = content_name(spec, type);
	size_t i = 0;

	while (i < COUNT_OF(by_bits) && strcmp(by_bits[i].opaque, name) != 0)
		i++;
	return i;
}

static size_t
find_layout(const struct encoder *encoder, uint16_t type)
{
	const char *name = content_name(encoder->spec, type);
	size_t i = 0;

	while (i < COUNT_OF(by_layout) && (strcmp(by_layout[i].opaque, name) != 0 ||
					   by_layout[i].layout != encoder->layout))
		i++;
	return i;
}

static bool
is_inner(const struct encoder *encoder, uint16_t type)
{
	const char *name = content_name(encoder->spec, type);

	if (encoder->inner == NULL || encoder->opened != 0)
		return false;
	return strcmp(name, encoder->inner->kind == MESSAGE_CALL ? "callit_args"
								 : "callit_results") == 0;
}

/* The type of that name in the same file as `beside`; other files may have one too. */
static uint16_t
content_type(const struct spec *spec, uint16_t beside, const char *prefix, const char *name)
{
	size_t length = strlen(prefix);

	for (size_t i = TYPE_FIXED; i < spec->type_count; i++) {
		const char *candidate = spec_name(spec, spec->types[i].name);

		if (spec->types[i].source == spec->types[beside].source &&
		    strncmp(candidate, prefix, length) == 0 &&
		    strcmp(candidate + length, name) == 0)
			return (uint16_t)i;
	}
	fail_msg("no type %s%s", prefix, name);
	return TYPE_VOID;
}

static bool
content_bits(const struct spec *spec, uint16_t type, uint32_t bits[ENCODE_WORDS])
{
	size_t row = find_bits(spec, type);

	memset(bits, 0, ENCODE_WORDS * sizeof *bits);
	for (size_t i = 0; row < COUNT_OF(by_bits) && i < by_bits[row].count; i++) {
		if (by_bits[row].types[i][0] != '\0')
			bits[i / 32] |= 1U << i % 32;
	}
	return row < COUNT_OF(by_bits);
}

static bool
content_known(const struct encoder *encoder, uint16_t type)
{
	return find_bits(encoder->spec, type) < COUNT_OF(by_bits) ||
	       find_layout(encoder, type) < COUNT_OF(by_layout) || is_inner(encoder, type);
}

/* The values of the bits that are set, in order; attributes can hold attributes of their own.
 */
static void
fill_bits(struct encoder *encoder, uint16_t type, size_t row)
{
	uint32_t bits[ENCODE_WORDS];

	memcpy(bits, encoder->bits, sizeof bits);
	for (size_t i = 0; i < by_bits[row].count; i++) {
		if ((bits[i / 32] >> i % 32 & 1) == 0)
			continue;
		encoder->bit_hits[row][i]++;
		encode(encoder,
		       content_type(encoder->spec, type, by_bits[row].prefix,
				    by_bits[row].types[i]),
		       NAME_ANY);
	}
}

static void
content_fill(struct encoder *encoder, uint16_t type)
{
	size_t row = find_bits(encoder->spec, type);

	if (row < COUNT_OF(by_bits)) {
		fill_bits(encoder, type, row);
		return;
	}
	row = find_layout(encoder, type);
	if (row < COUNT_OF(by_layout)) {
		encoder->layout_hits[row]++;
		encode(encoder, content_type(encoder->spec, type, "", by_layout[row].type),
		       NAME_ANY);
	} else {
		encoder->inner_hits++;
		encode_subject(encoder, encoder->inner);
	}
}

#endif
