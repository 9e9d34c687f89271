/*
 * ends: opens, shuts, closes and resets TCP sockets as standard input says, one command
 * a line, and answers each with "ok" or "failed: WHY". Sockets have names.
 *
 *     listen NAME ADDRESS PORT
 *     connect NAME ADDRESS PORT LOCAL-ADDRESS LOCAL-PORT
 *     begin NAME ADDRESS PORT LOCAL-ADDRESS LOCAL-PORT   does not wait for the answer
 *     accept NAME LISTENER
 *     send NAME OCTETS        receive NAME OCTETS
 *     shut NAME               sends FIN, still receives
 *     close NAME              reset NAME
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SOCKETS = 256, NAME = 16, WORD = 64, OCTETS = 65536 };

struct sockets {
	struct {
		char name[NAME];
		int fd;
	} at[SOCKETS];
	size_t count;
};

static int
fd_of(const struct sockets *sockets, const char *name)
{
	for (size_t i = sockets->count; i-- > 0;)
		if (strcmp(sockets->at[i].name, name) == 0)
			return sockets->at[i].fd;
	errno = ENOENT;
	return -1;
}

static bool
keep(struct sockets *sockets, const char *name, int fd)
{
	if (fd < 0 || sockets->count == SOCKETS)
		return false;
	snprintf(sockets->at[sockets->count].name, NAME, "%s", name);
	sockets->at[sockets->count++].fd = fd;
	return true;
}

static struct sockaddr_in
address_of(const char *address, const char *port)
{
	struct sockaddr_in socket_address = {.sin_family = AF_INET};

	socket_address.sin_port = htons((uint16_t)strtoul(port, NULL, 10));
	if (inet_pton(AF_INET, address, &socket_address.sin_addr) != 1)
		socket_address.sin_addr.s_addr = INADDR_ANY;
	return socket_address;
}

/* A socket with that local address; -1 and errno. */
static int
bound(const char *address, const char *port)
{
	struct sockaddr_in local = address_of(address, port);
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
	    bind(fd, (const struct sockaddr *)&local, sizeof local) == 0)
		return fd;
	close(fd);
	return -1;
}

static bool
do_listen(struct sockets *sockets, char word[][WORD])
{
	int fd = bound(word[2], word[3]);

	return fd >= 0 && listen(fd, SOCKETS) == 0 && keep(sockets, word[1], fd);
}

static bool
do_connect(struct sockets *sockets, char word[][WORD])
{
	struct sockaddr_in remote = address_of(word[2], word[3]);
	int fd = bound(word[4], word[5]);
	bool waits = strcmp(word[0], "connect") == 0;

	if (fd < 0)
		return false;
	if (!waits && fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
		return false;
	if (connect(fd, (const struct sockaddr *)&remote, sizeof remote) < 0 &&
	    (waits || errno != EINPROGRESS))
		return false;
	return keep(sockets, word[1], fd);
}

static bool
do_accept(struct sockets *sockets, char word[][WORD])
{
	int fd = fd_of(sockets, word[2]);

	return fd >= 0 && keep(sockets, word[1], accept(fd, NULL, NULL));
}

static bool
do_send(struct sockets *sockets, char word[][WORD])
{
	static const char octets[OCTETS];
	size_t left = strtoul(word[2], NULL, 10);
	int fd = fd_of(sockets, word[1]);

	while (left > 0) {
		ssize_t sent = send(fd, octets, left < OCTETS ? left : OCTETS, MSG_NOSIGNAL);
		if (sent < 0)
			return false;
		left -= (size_t)sent;
	}
	return true;
}

static bool
do_receive(struct sockets *sockets, char word[][WORD])
{
	char octets[4096];
	size_t left = strtoul(word[2], NULL, 10);
	int fd = fd_of(sockets, word[1]);

	while (left > 0) {
		ssize_t got = recv(fd, octets, left < sizeof octets ? left : sizeof octets, 0);
		if (got <= 0)
			return false;
		left -= (size_t)got;
	}
	return true;
}

static bool
do_shut(struct sockets *sockets, char word[][WORD])
{
	return shutdown(fd_of(sockets, word[1]), SHUT_WR) == 0;
}

static bool
do_close(struct sockets *sockets, char word[][WORD])
{
	int fd = fd_of(sockets, word[1]);
	struct linger now = {.l_onoff = strcmp(word[0], "reset") == 0};

	if (now.l_onoff && setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now) < 0)
		return false;
	return close(fd) == 0;
}

static const struct {
	const char *name;
	int words;
	bool (*run)(struct sockets *sockets, char word[][WORD]);
} commands[] = {
	{"listen", 4, do_listen}, {"connect", 6, do_connect}, {"begin", 6, do_connect},
	{"accept", 3, do_accept}, {"send", 3, do_send},       {"receive", 3, do_receive},
	{"shut", 2, do_shut},     {"close", 2, do_close},     {"reset", 2, do_close},
};

static bool
run(struct sockets *sockets, const char *line)
{
	char word[6][WORD] = {""};
	int words = sscanf(line, "%63s %63s %63s %63s %63s %63s", word[0], word[1], word[2],
			   word[3], word[4], word[5]);

	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strcmp(commands[i].name, word[0]) == 0 && words == commands[i].words)
			return commands[i].run(sockets, word);
	errno = EINVAL;
	return false;
}

int
main(void)
{
	struct sockets sockets = {.count = 0};
	char line[6 * WORD];

	while (fgets(line, sizeof line, stdin)) {
		errno = 0;
		if (run(&sockets, line))
			puts("ok");
		else
			printf("failed: %s\n", strerror(errno));
		fflush(stdout);
	}
	return 0;
}
