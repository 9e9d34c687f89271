/* kinds: what a trial was: a mount of which version, or a query; and of which path. */
#include "judge.h"

#include <string.h>

/* Connections to NFS alone: only NFS 4 is mounted without a question before, so beside one, or
 * a call of version 3, they are no sign of it. */
static enum attempt_kind
kind_of_openings(const struct trial *trial)
{
	bool opened = false, older = false;
	for (size_t i = 0; i < trial->count; i++) {
		const struct event *event = &trial->events[i];
		const struct call *call = event->call;
		bool knock = i == 0 && event->program == 0 && contact_is_knock(event->contact);
		opened |= call == NULL && (event->program == PROGRAM_NFS || knock);
		older |= event->program == PROGRAM_MOUNT ||
			 event->program == PROGRAM_PORTMAPPER || event->deed == DEED_ASK ||
			 (call != NULL && event->program == PROGRAM_NFS && call->version == 3);
	}
	return !opened ? ATTEMPT_QUERY : older ? ATTEMPT_NFS3 : ATTEMPT_NFS4;
}

enum attempt_kind
trial_kind(const struct trial *trial)
{
	enum attempt_kind kind = ATTEMPT_QUERY;
	bool set_up = false; /* with NFS 4; else what was tried next is what it was */
	for (size_t i = 0; i < trial->count; i++) {
		const struct event *event = &trial->events[i];
		const struct call *call = event->call;
		switch (event->deed) {
		case DEED_MNT:
			return call->version == 3 ? ATTEMPT_NFS3 : ATTEMPT_NFS2;
		case DEED_NFS:
			return call->version == 2 ? ATTEMPT_NFS2 : ATTEMPT_NFS3;
		case DEED_SETUP:
		case DEED_ROOT:
		case DEED_WALK:
		case DEED_USE:
		case DEED_UNREAD:
		case DEED_HIDDEN:
			kind = ATTEMPT_NFS4;
			set_up |= event->deed != DEED_SETUP || event_is_good(event);
			break;
		case DEED_ASK:
			if (event->program == PROGRAM_NFS && !set_up)
				kind = call->asked_version == 3   ? ATTEMPT_NFS3
				       : call->asked_version == 2 ? ATTEMPT_NFS2
								  : kind;
			break;
		case DEED_OPEN:
		case DEED_PROBE:
			if (event->program == PROGRAM_NFS && kind == ATTEMPT_QUERY &&
			    !trial->asked_nfs && call != NULL && call->version == 4)
				kind = ATTEMPT_NFS4;
			break;
		default:
			break;
		}
	}
	return kind == ATTEMPT_QUERY ? kind_of_openings(trial) : kind;
}

bool
trial_looks_like_mount(const struct trial *trial)
{
	const struct event *nfs = NULL;
	for (size_t i = 0; i < trial->count; i++) {
		const struct event *event = &trial->events[i];
		if (event->deed == DEED_PROBE && event->program == PROGRAM_NFS)
			nfs = event;
		if (event->deed == DEED_ASK && event->program == PROGRAM_MOUNT && nfs != NULL &&
		    event->time - nfs->end < AT_ONCE)
			return true;
	}
	return false;
}

bool
trial_only_asks(const struct trial *trial)
{
	bool asked = false;
	for (size_t i = 0; i < trial->count; i++) {
		const struct event *event = &trial->events[i];
		const struct call *call = event->call;
		if (call == NULL || call->replies == 0)
			return false;
		if (event->deed != DEED_ASK && event->deed != DEED_PORTMAP &&
		    event->deed != DEED_PROBE)
			return false;
		/* mount.nfs asks with version 2, where IPv4 allows it */
		asked |= event->deed == DEED_PORTMAP ||
			 (event->deed == DEED_ASK && call->version > 2);
	}
	for (size_t i = 0; i < trial->faults.count; i++) {
		if (!trial->faults.at[i].overcome)
			return false;
	}
	return asked && !trial_looks_like_mount(trial);
}

static bool
same_name(const struct facts *facts, const struct call *a, const struct call *b)
{
	return a != NULL && a->handle == b->handle && a->path_length == b->path_length &&
	       memcmp(facts->octets + a->path, facts->octets + b->path, b->path_length) == 0;
}

/* A user asks later than the kernel, whose calls follow each other as fast as they did behind
 * the root. */
static bool
is_later(const struct event *event, int64_t pace)
{
	enum { TIMES = 4 };
	int64_t pause = event->time - event[-1].end;
	return pause > PAUSE_IN_WALK && pause > TIMES * pace;
}

/*
 * NFS 4 has no path on the wire, only the names on the way from the root. The kernel
 * looks each up twice in a row, in the same directory.
 */
static void
walked_path(struct trial *trial)
{
	struct text *path = &trial->attempt->path;
	const struct facts *facts = trial->judge->facts;
	const struct call *last = NULL;
	int64_t pace = 0;
	for (size_t i = 0; i < trial->count; i++) {
		const struct event *event = &trial->events[i];
		const struct call *call = event->call;
		if (last != NULL && is_later(event, pace))
			return;
		if (i > 0 && event[-1].deed == DEED_ROOT)
			pace = event->time - event[-1].end;
		if (trial->first_use != NULL && event->time > trial->first_use->time)
			return;
		if (event->deed == DEED_ROOT) {
			text_reset(path);
			last = NULL;
		}
		if (call == NULL || call->path_length == 0 ||
		    (event->deed != DEED_WALK && event->deed != DEED_ROOT) ||
		    same_name(facts, last, call))
			continue;
		text_char(path, '/');
		text_escape(path, facts->octets + call->path, call->path_length);
		last = call;
	}
}

void
trial_path(struct trial *trial)
{
	struct text *path = &trial->attempt->path;
	if (trial->attempt->kind == ATTEMPT_NFS4)
		walked_path(trial);
	const struct facts *facts = trial->judge->facts;
	for (size_t i = 0; i < trial->count; i++) {
		const struct event *event = &trial->events[i];
		const struct call *call = event->call;
		if (call == NULL || call->path_length == 0)
			continue;
		if (event->deed == DEED_MNT ||
		    (event->deed == DEED_UMNT && path->length == 0)) {
			text_reset(path);
			text_escape(path, facts->octets + call->path, call->path_length);
		}
	}
}
