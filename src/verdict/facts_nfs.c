/*
 * facts_nfs: what the rules need to know of NFS versions 2 and 3, read from where it stands.
 * They have most of the calls that are kept, and walking the types of each cost more than all
 * else that is done for a mount. What is secured, cut or not as usual is left to facts_read.c.
 */
#include "facts_store.h"

#include <string.h>

#include "table.h"

enum { HANDLE_LEAST = 8, HANDLE_V2 = 32, HANDLE_MOST = 64 /* RFC 1813 section 2.4 */ };

static bool
is_plain_nfs(const struct message *message)
{
	return message->program == PROGRAM_NFS && message->version >= 2 &&
	       message->version <= 3 && message->procedure != 0 && !message->callback &&
	       message->security.known && !message->security.gss;
}

/* The word at an offset of the body; false where the capture does not have it. */
static bool
body_word(const struct message *message, uint32_t offset, uint32_t *word)
{
	uint64_t end = (uint64_t)message->body + offset + 4;
	if (end > message->record->captured)
		return false;
	*word = word_at(message->record->octets + end - 4);
	return true;
}

/* The arguments of every procedure but NULL begin with the handle of a file (RFC 1813 section
 * 3.3, RFC 1094 section 2.2; there without its length). */
bool
facts_read_handle(struct facts *facts, const struct message *message, struct call *call)
{
	uint32_t at = message->body, size = HANDLE_V2;
	if (!is_plain_nfs(message))
		return false;
	if (message->version == 3) {
		if (!body_word(message, 0, &size) || size < HANDLE_LEAST || size > HANDLE_MOST)
			return false;
		at += 4;
	}
	if (message->record->captured - at < size)
		return false;
	call->handle = table_hash(&facts->speakers, message->record->octets + at, size) | 1;
	return true;
}

/*
 * What a good reply has by procedure, where the attributes are those of the object whose handle
 * was in the call (RFC 1094 section 2.2, RFC 1813 section 3.3): `a` they are behind the status,
 * `o` there as post_op_attr, `-` none, or first those of something else; `.` no such
 * procedure, or one without a status.
 */
static const char *const forms[] = {
	[2] = ".aa.--a.a---------",
	[3] = ".a--ooo---------ooooo-",
};

/* A good reply: its status, and the type of the object (ftype3; version 2 numbers files and
 * directories alike). */
bool
facts_read_success(const struct message *message, struct call *call)
{
	enum { WORD = 4 };
	uint32_t status, follows = 1, type, at = WORD;
	if (!is_plain_nfs(message) || message->procedure >= strlen(forms[message->version]) ||
	    message->status != STATUS_SUCCESS || !body_word(message, 0, &status) || status != 0)
		return false;
	char form = forms[message->version][message->procedure];
	if (form == '.')
		return false;
	call->has_result = true;
	if (form == 'o' && !body_word(message, at, &follows))
		return true;
	at += form == 'o' ? WORD : 0;
	if (form != '-' && follows == 1 && body_word(message, at, &type) && type <= 8)
		call->file_type = (uint8_t)type;
	return true;
}
