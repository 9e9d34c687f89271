/*
 * fattr4: openers for opaques of NFS version 4 whose content goes by numbers in front.
 *
 * What an opaque of type T holds is a union in the specification, T_content
 * (nfs4.x, at its end): each case is a number, each arm what it stands for. So
 * names and types of attributes are in the specification, none are in C, and a
 * specification of the user's own gets the same service by such a union.
 */
#ifndef RPCSCOPE_FATTR4_H
#define RPCSCOPE_FATTR4_H

#include "walk.h"

/*
 * Behind a bitmap (RFC 8881 section 3.3.7: attributes; also notifications and layout hints):
 * the arm of every bit that is set, in order of the bits. A bit that has no arm ends it:
 * what is left is a FIELD_REST.
 */
opener fattr4_open_bits;
/*
 * Behind a number of the union's discriminant type, a few fields in front (the layout type of
 * layouts and device addresses): that one arm. Others stay opaques.
 */
opener fattr4_open_body;

/* The arm of T_content for that number; NULL where there is none. `type` is T. */
const struct spec_part *fattr4_arm(const struct spec *spec, const char *type, uint32_t number);

#endif
