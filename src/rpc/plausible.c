/*
 * How it works: the words of the RPC header (RFC 5531 section 9) are checked one
 * after the other as far as they are at hand. Each check may only say no; what
 * is left over at the end is a yes when the fixed words were all there, and a
 * maybe when not. Lengths count only when the whole record's length is known.
 */
#include "plausible.h"

#include "limits.h"
#include "record.h"
#include "unusual.h"

enum {
	CALL_LEAST = 40,  /* a call with empty credential and verifier */
	REPLY_LEAST = 20, /* a denied reply with an auth_stat */
	MAX_VERSION = 0xffff,
	MAX_PROCEDURE = 0xffff,
	MAX_SMALL_FLAVOR = 15,
	ACCEPT_STAT_LAST = 5, /* SYSTEM_ERR */
};

/* One look at a header. */
struct look {
	const uint8_t *octets;
	uint32_t captured, length;
	bool complete;
};

static bool
flavor_known(uint32_t flavor)
{
	/* RFC 5531 section 8.2 numbers from 0; RFC 2623 has the pseudo-flavors from 390000;
	 * 300001 is what kadmin used before RPCSEC_GSS. */
	return flavor <= MAX_SMALL_FLAVOR || (flavor >= 390000 && flavor <= 390255) ||
	       flavor == 300001;
}

/* The word at `offset` is at hand. */
static bool
has(const struct look *look, uint32_t offset)
{
	return look->captured >= 4 && offset <= look->captured - 4;
}

static uint32_t
word(const struct look *look, uint32_t offset)
{
	return plausible_word(look->octets + offset);
}

/* A record that is known to be shorter than this cannot be. */
static bool
too_short(const struct look *look, uint32_t least)
{
	return look->complete && look->length < least;
}

/*
 * An opaque_auth at `offset`: false when it cannot be one. *end is where the
 * next word stands, 0 when that is not known.
 */
static bool
auth_fits(const struct look *look, uint32_t offset, uint32_t *end)
{
	*end = 0;
	if (has(look, offset) && !flavor_known(word(look, offset)))
		return false;
	if (!has(look, offset + 4))
		return true;
	uint32_t octets = word(look, offset + 4);
	if (octets > LIMIT_AUTH_OCTETS)
		return false;
	*end = offset + 8 + ((octets + 3) & ~3U);
	return true;
}

/* RFC 5531 section 9, call_body. */
static enum plausible
call_header(const struct look *look)
{
	uint32_t credential_end, verifier_end;

	if (too_short(look, CALL_LEAST))
		return PLAUSIBLE_NO;
	if (has(look, 8) && word(look, 8) != 2)
		return PLAUSIBLE_NO;
	if (has(look, 12) && word(look, 12) == 0)
		return PLAUSIBLE_NO;
	if (has(look, 16) && word(look, 16) > MAX_VERSION)
		return PLAUSIBLE_NO;
	if (has(look, 20) && word(look, 20) > MAX_PROCEDURE)
		return PLAUSIBLE_NO;
	if (!auth_fits(look, 24, &credential_end))
		return PLAUSIBLE_NO;
	if (credential_end == 0)
		return PLAUSIBLE_MAYBE;
	if (too_short(look, credential_end + 8) ||
	    !auth_fits(look, credential_end, &verifier_end))
		return PLAUSIBLE_NO;
	return too_short(look, verifier_end) ? PLAUSIBLE_NO : PLAUSIBLE_YES;
}

/* A reply that was accepted, with its accept_stat at `offset`. */
static enum plausible
accepted_header(const struct look *look, uint32_t offset)
{
	if (too_short(look, offset + 4))
		return PLAUSIBLE_NO;
	if (!has(look, offset)) /* behind a long verifier the flavor has to do */
		return offset > 20 ? PLAUSIBLE_YES : PLAUSIBLE_MAYBE;
	uint32_t status = word(look, offset);
	if (status > ACCEPT_STAT_LAST)
		return PLAUSIBLE_NO;
	if (status == 0 || !look->complete)
		return PLAUSIBLE_YES;
	/* Only PROG_MISMATCH has a body: low and high. */
	return look->length == offset + (status == 2 ? 12U : 4U) ? PLAUSIBLE_YES : PLAUSIBLE_NO;
}

/* A reply that was denied: RPC_MISMATCH with low and high, or AUTH_ERROR with a number. */
static enum plausible
denied_header(const struct look *look)
{
	if (!has(look, 12))
		return PLAUSIBLE_MAYBE;
	uint32_t reject = word(look, 12);
	if (reject > 1)
		return PLAUSIBLE_NO;
	if (look->complete && look->length != (reject == 0 ? 24U : 20U))
		return PLAUSIBLE_NO;
	return has(look, 16) ? PLAUSIBLE_YES : PLAUSIBLE_MAYBE;
}

/* RFC 5531 section 9, reply_body. */
static enum plausible
reply_header(const struct look *look)
{
	uint32_t verifier_end;

	if (too_short(look, REPLY_LEAST))
		return PLAUSIBLE_NO;
	if (!has(look, 8))
		return PLAUSIBLE_MAYBE;
	if (word(look, 8) == 1)
		return denied_header(look);
	if (word(look, 8) != 0 || !auth_fits(look, 12, &verifier_end))
		return PLAUSIBLE_NO;
	return verifier_end == 0 ? PLAUSIBLE_MAYBE : accepted_header(look, verifier_end);
}

UNUSUAL enum plausible
plausible_header(const uint8_t *octets, uint32_t captured, uint32_t length, bool complete)
{
	struct look look = {octets, captured, length, complete};

	if (length > LIMIT_RECORD_SANE || too_short(&look, REPLY_LEAST))
		return PLAUSIBLE_NO;
	if (!has(&look, 4))
		return PLAUSIBLE_MAYBE;
	switch (word(&look, 4)) {
	case 0:
		return call_header(&look);
	case 1:
		return reply_header(&look);
	default:
		return PLAUSIBLE_NO;
	}
}

enum plausible
plausible_mark(const uint8_t *octets, uint32_t size, bool anywhere)
{
	if (size == 0)
		return PLAUSIBLE_MAYBE;
	if (anywhere && !(octets[0] & 0x80))
		return PLAUSIBLE_NO;
	if (size < 4)
		return (octets[0] & 0x7f) <= LIMIT_RECORD_SANE >> 24 ? PLAUSIBLE_MAYBE
								     : PLAUSIBLE_NO;
	uint32_t mark = plausible_word(octets), length = mark & ~RECORD_LAST;
	bool last = (mark & RECORD_LAST) != 0;
	/* A first fragment shorter than its header says too little to begin with. Nor do the
	 * words of a reply: those from a call's program on look the same. */
	if (!last && (length < PLAUSIBLE_ENOUGH ||
		      (size >= 4 + PLAUSIBLE_TYPE && plausible_word(octets + 8) != 0)))
		return PLAUSIBLE_NO;
	uint32_t at_hand = size - 4 < length ? size - 4 : length;
	return plausible_header(octets + 4, at_hand, length, last);
}

UNUSUAL bool
record_plausible(const uint8_t *octets, uint32_t captured, uint32_t length)
{
	return captured >= PLAUSIBLE_LEAST && captured <= length &&
	       plausible_header(octets, captured, length, true) != PLAUSIBLE_NO;
}
