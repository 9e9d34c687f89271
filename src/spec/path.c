/*
 * Specifications from files. A file takes those that it includes with it: `#include "x.x"`, and
 * `%#include <...x.h>`, the header that rpcgen makes of x.x, when an x.x stands in the same
 * directory; they are loaded first, each once. If one of them is wrong, nothing of all stays.
 *
 * Opening waits for nobody: a pipe is read only where the user named it (/dev/stdin, <(...))
 * and only if somebody writes to it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "load.h"

enum {
	INCLUDE_DEPTH = 16, /* files that include each other in a row */
	READ_STEP = 64 << 10,
};

static bool load_file(struct spec *spec, const char *path, bool included, unsigned depth,
		      struct error *error);

/*
 * Reads up to one octet more than is allowed. A pipe that somebody writes to is waited for; one
 * without a writer is at its end (open(2), O_NONBLOCK).
 */
static bool
read_all(int descriptor, char **text, size_t *length)
{
	size_t capacity = 0;
	for (*length = 0; *length <= LIMIT_SPEC_OCTETS;) {
		*text = memory_grow(*text, &capacity, *length + READ_STEP, 1);
		ssize_t got = read(descriptor, *text + *length, READ_STEP);
		if (got < 0 && errno == EAGAIN)
			poll(&(struct pollfd){.fd = descriptor, .events = POLLIN}, 1, -1);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got < 0)
			return false;
		if (got == 0)
			break;
		*length += (size_t)got;
	}
	return true;
}

/* True when that file was loaded by path before; notes it otherwise. */
static bool
loaded_before(struct spec *spec, const struct stat *status)
{
	struct spec_private *inner = spec->private;
	for (size_t i = 0; i < inner->file_count; i++)
		if (inner->files[i].device == status->st_dev &&
		    inner->files[i].inode == status->st_ino)
			return true;
	inner->files = memory_grow(inner->files, &inner->file_capacity, inner->file_count + 1,
				   sizeof *inner->files);
	inner->files[inner->file_count++] =
		(struct loaded_file){status->st_dev, status->st_ino};
	return false;
}

/*
 * The base name in an #include line, without its suffix .x or .h; 0 when the line is none.
 * Conditionals are not looked at: a file that is loaded in vain does no harm.
 */
static size_t
included_name(const char *line, const char *end, const char **name)
{
	static const char word[] = "include";
	line += line < end && *line == '%';
	while (line < end && (*line == ' ' || *line == '\t'))
		line++;
	if (line == end || *line++ != '#')
		return 0;
	while (line < end && (*line == ' ' || *line == '\t'))
		line++;
	if ((size_t)(end - line) < sizeof word || memcmp(line, word, sizeof word - 1) != 0)
		return 0;
	for (line += sizeof word - 1; line < end && *line != '"' && *line != '<';)
		line++;
	const char *first = line == end ? end : ++line;
	for (; line < end && *line != '"' && *line != '>'; line++)
		if (*line == '/')
			first = line + 1;
	size_t length = (size_t)(line - first);
	if (line == end || length < 3 || first[length - 2] != '.' ||
	    (first[length - 1] != 'x' && first[length - 1] != 'h'))
		return 0;
	*name = first;
	return length - 2;
}

/* Loads the specification of that name beside `path`, if there is one. */
static bool
load_beside(struct spec *spec, const char *path, const char *name, size_t length,
	    unsigned depth, struct error *error)
{
	const char *slash = strrchr(path, '/');
	size_t directory = slash ? (size_t)(slash - path) + 1 : 0;
	struct stat status;
	char *beside = memory_get(directory + length + sizeof ".x");
	memcpy(beside, path, directory);
	memcpy(beside + directory, name, length);
	memcpy(beside + directory + length, ".x", sizeof ".x");
	bool good = true;
	if (stat(beside, &status) == 0 && S_ISREG(status.st_mode))
		good = load_file(spec, beside, true, depth + 1, error);
	free(beside);
	return good;
}

static bool
load_included(struct spec *spec, const char *path, const char *text, size_t length,
	      unsigned depth, struct error *error)
{
	const char *end = text + length;
	if (depth == INCLUDE_DEPTH)
		return true;
	for (const char *line = text; line < end;) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		const char *name, *line_end = newline ? newline : end;
		size_t name_length = included_name(line, line_end, &name);
		if (name_length > 0 &&
		    !load_beside(spec, path, name, name_length, depth, error))
			return false;
		line = newline ? newline + 1 : end;
	}
	return true;
}

static bool
load_descriptor(struct spec *spec, const char *path, int descriptor, unsigned depth,
		struct error *error)
{
	char *text = NULL;
	size_t length;
	struct stat status;
	bool regular = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
	bool good = true;
	if (regular && status.st_size > LIMIT_SPEC_OCTETS)
		return error_set(error,
				 "%.100s:1:1: expected at most %d octets, found a file of %lld",
				 path, LIMIT_SPEC_OCTETS, (long long)status.st_size);
	if (!read_all(descriptor, &text, &length))
		good = error_set(error, "%.100s: %s", path, strerror(errno));
	else if (length == 0 && !regular)
		good = error_set(error,
				 "%.100s: expected a specification, found an empty pipe that "
				 "nobody writes to",
				 path);
	else if (length <= LIMIT_SPEC_OCTETS && regular)
		good = load_included(spec, path, text, length, depth, error);
	good = good && spec_load_text(spec, path, text, length, false, error);
	free(text);
	return good;
}

static bool
refuse_kind(const char *path, const struct stat *status, struct error *error)
{
	const char *kind = S_ISFIFO(status->st_mode)   ? "a pipe"
			   : S_ISSOCK(status->st_mode) ? "a socket"
			   : S_ISDIR(status->st_mode)  ? "a directory"
						       : "a device";
	return error_set(error, "%.100s: expected a regular file, found %s", path, kind);
}

/* Only regular files, and pipes that the user named. */
static bool
check_kind(const char *path, const struct stat *status, bool included, struct error *error)
{
	return S_ISREG(status->st_mode) || (S_ISFIFO(status->st_mode) && !included) ||
	       refuse_kind(path, status, error);
}

/* A file that was included, or that a directory has, is loaded only once. */
static bool
load_file(struct spec *spec, const char *path, bool included, unsigned depth,
	  struct error *error)
{
	struct stat status;
	/* Looked at first: opening a device may do something. And after: it may be another. */
	if (stat(path, &status) < 0)
		return error_set(error, "%.100s: %s", path, strerror(errno));
	if (!check_kind(path, &status, included, error))
		return false;
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (descriptor < 0 || fstat(descriptor, &status) < 0) {
		if (descriptor >= 0)
			close(descriptor);
		return error_set(error, "%.100s: %s", path, strerror(errno));
	}
	bool good = check_kind(path, &status, included, error) &&
		    ((loaded_before(spec, &status) && included) ||
		     load_descriptor(spec, path, descriptor, depth, error));
	close(descriptor);
	return good;
}

static int
is_specification(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);
	return length > 2 && entry->d_name[0] != '.' &&
	       strcmp(entry->d_name + length - 2, ".x") == 0;
}

/* In order of octets, so that the order does not depend on the locale. */
static int
compare_entries(const struct dirent **left, const struct dirent **right)
{
	return strcmp((*left)->d_name, (*right)->d_name);
}

char *
path_read(const char *path, size_t *length)
{
	char *text = NULL;
	struct stat status;
	if (stat(path, &status) < 0 || !S_ISREG(status.st_mode))
		return NULL;
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool good = descriptor >= 0 && fstat(descriptor, &status) == 0 &&
		    S_ISREG(status.st_mode) && status.st_size <= LIMIT_SPEC_OCTETS &&
		    read_all(descriptor, &text, length);
	if (descriptor >= 0)
		close(descriptor);
	if (good)
		return text;
	free(text);
	return NULL;
}

static bool
load_directory(struct spec *spec, const char *path, struct error *error)
{
	struct dirent **entries;
	int count = scandir(path, &entries, is_specification, compare_entries);
	if (count < 0)
		return error_set(error, "%.100s: %s", path, strerror(errno));
	bool good = count > 0 || error_set(error, "%.100s: no file NAME.x in it", path);
	char **files = memory_get((size_t)(count + 1) * sizeof *files);
	const char **order = memory_get((size_t)(count + 1) * sizeof *order);
	for (int i = 0; i < count; i++) {
		size_t size = strlen(path) + strlen(entries[i]->d_name) + 2;
		order[i] = files[i] = memory_get(size);
		snprintf(files[i], size, "%s/%s", path, entries[i]->d_name);
		free(entries[i]);
	}
	spec_order_paths(order, (size_t)count);
	for (int i = 0; good && i < count; i++)
		good = load_file(spec, order[i], true, 0, error);
	for (int i = 0; i < count; i++)
		free(files[i]);
	free(order);
	free(files);
	free(entries);
	return good;
}

bool
spec_load_path(struct spec *spec, const char *path, struct error *error)
{
	struct stat status;
	struct mark mark = load_mark(spec);
	if (stat(path, &status) < 0)
		return error_set(error, "%.100s: %s", path, strerror(errno));
	bool good = S_ISDIR(status.st_mode) ? load_directory(spec, path, error)
					    : load_file(spec, path, false, 0, error);
	if (!good)
		load_forget(spec, &mark);
	return good;
}
