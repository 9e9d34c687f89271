/*
 * ports_rows: three tables, of servers, of rows, and of the newest row for each
 * program's version, so that a port that changed is told.
 */
#include "ports_rows.h"

#include <assert.h>
#include <string.h>

#include "limits.h"

/* No padding: hashed as octets. */
struct row_key {
	struct address server;
	uint32_t program, version;
	uint16_t port, netid;
};
static_assert(sizeof(struct row_key) == 28, "padding would be hashed");

void
port_rows_init(struct port_rows *rows, const struct bounds *bounds)
{
	*rows = (struct port_rows){.row_limit = bound_or(bounds->rows, LIMIT_ROWS),
				   .source_limit = bound_or(bounds->sources, LIMIT_SOURCES)};
	table_init(&rows->servers_table);
	table_init(&rows->rows_table);
	table_init(&rows->latest_table);
	pool_init(&rows->servers_pool, sizeof(struct port_server));
	pool_init(&rows->rows_pool, sizeof(struct port_row));
	pool_init(&rows->sources_pool, sizeof(struct port_source));
	pool_init(&rows->latest_pool, sizeof(struct port_latest));
}

void
port_rows_release(struct port_rows *rows)
{
	table_release(&rows->servers_table);
	table_release(&rows->rows_table);
	table_release(&rows->latest_table);
	pool_release(&rows->servers_pool);
	pool_release(&rows->rows_pool);
	pool_release(&rows->sources_pool);
	pool_release(&rows->latest_pool);
}

static uint16_t
netid_number(const char *netid)
{
	return (uint16_t)((unsigned char)netid[0] << 8 |
			  (unsigned char)netid[strlen(netid) - 1]);
}

static struct row_key
key_of(const struct binding *binding, uint16_t port)
{
	return (struct row_key){.server = binding->server,
				.program = binding->program,
				.version = binding->version,
				.port = port,
				.netid = netid_number(binding->netid)};
}

/* The same program's version on the same transport of the same server. */
static bool
is_same_thing(const struct binding *a, const struct binding *b)
{
	return a->program == b->program && a->version == b->version && a->netid == b->netid &&
	       address_equal(&a->server, &b->server);
}

static struct port_server *
server_of(struct port_rows *rows, const struct address *address)
{
	uint64_t hash = table_hash(&rows->servers_table, address, sizeof *address);
	for (struct table_entry *entry = table_first(&rows->servers_table, hash); entry != NULL;
	     entry = table_next(entry)) {
		struct port_server *server = (struct port_server *)(void *)entry;
		if (address_equal(&server->address, address))
			return server;
	}
	struct port_server *server = pool_get(&rows->servers_pool);
	server->address = *address;
	table_insert(&rows->servers_table, &server->entry, hash);
	if (rows->last_server != NULL)
		rows->last_server->next = server;
	else
		rows->servers = server;
	rows->last_server = server;
	return server;
}

/* Sets what the program's version was told to be at before, and is now. */
static void
note_latest(struct port_rows *rows, struct port_row *row, const struct binding *binding,
	    bool added)
{
	struct row_key key = key_of(binding, 0);
	uint64_t hash = table_hash(&rows->latest_table, &key, sizeof key);
	struct table_entry *entry = table_first(&rows->latest_table, hash);
	struct port_latest *latest = NULL;
	for (; entry != NULL && latest == NULL; entry = table_next(entry)) {
		struct port_latest *at = (struct port_latest *)(void *)entry;
		if (is_same_thing(&at->row->sources->first, binding))
			latest = at;
	}
	if (latest == NULL) {
		latest = pool_get(&rows->latest_pool);
		table_insert(&rows->latest_table, &latest->entry, hash);
	} else if (added && latest->row != row && latest->row->sources->first.registered) {
		row->before = latest->row;
	}
	latest->row = row;
}

static struct port_row *
find_row(const struct port_rows *rows, const struct binding *binding, uint64_t hash)
{
	struct table_entry *entry = table_first(&rows->rows_table, hash);
	for (; entry != NULL; entry = table_next(entry)) {
		struct port_row *row = (struct port_row *)(void *)entry;
		const struct binding *first = &row->sources->first;
		if (is_same_thing(first, binding) && first->port == binding->port &&
		    binding_same_wrong(first, binding))
			return row;
	}
	return NULL;
}

static struct port_row *
add_row(struct port_rows *rows, const struct binding *binding, uint64_t hash)
{
	if (rows->rows_table.count >= rows->row_limit)
		return NULL;
	struct port_server *server = server_of(rows, &binding->server);
	struct port_row *row = pool_get(&rows->rows_pool);
	table_insert(&rows->rows_table, &row->entry, hash);
	if (server->last_row != NULL)
		server->last_row->next = row;
	else
		server->rows = row;
	server->last_row = row;
	return row;
}

static struct port_source *
find_source(const struct port_row *row, const struct binding *binding)
{
	struct port_source *source = row->sources;
	while (source != NULL && (source->first.learned_from != binding->learned_from ||
				  !address_equal(&source->first.client, &binding->client) ||
				  !address_equal(&source->first.told_by, &binding->told_by)))
		source = source->next;
	return source;
}

static struct port_source *
add_source(struct port_rows *rows, struct port_row *row, const struct binding *binding)
{
	struct port_source *source = pool_get(&rows->sources_pool);
	source->first = *binding;
	if (row->last_source != NULL)
		row->last_source->next = source;
	else
		row->sources = source;
	row->last_source = source;
	row->source_count++;
	return source;
}

static void
add_answer(struct port_source *source, const struct binding *binding)
{
	source->answers++;
	source->sessions_total += binding->sessions;
	if (source->elsewhere == 0) {
		source->elsewhere = binding->elsewhere;
		source->elsewhere_port = binding->elsewhere_port;
	}
	if (binding->session == 0)
		return;
	if (source->session_count == 0) {
		source->delay = binding->session_delay;
		source->opening = binding->session_opening;
	}
	if (source->session_count < SOURCE_SESSIONS)
		source->sessions[source->session_count++] = binding->session;
}

void
port_rows_add(struct port_rows *rows, struct counts *counts, const struct binding *binding)
{
	struct row_key key = key_of(binding, binding->port);
	uint64_t hash = table_hash(&rows->rows_table, &key, sizeof key);
	struct port_row *row = find_row(rows, binding, hash);
	bool added = row == NULL;
	if (row == NULL)
		row = add_row(rows, binding, hash);
	if (row == NULL) {
		counts->evicted.rows++;
		return;
	}
	struct port_source *source = find_source(row, binding);
	if (source == NULL &&
	    (row->source_count >= LIMIT_ROW_SOURCES ||
	     rows->sources_pool.used >= rows->source_limit) &&
	    row->sources != NULL) {
		counts->evicted.sources++;
		return;
	}
	if (source == NULL)
		source = add_source(rows, row, binding);
	add_answer(source, binding);
	note_latest(rows, row, binding, added);
}
