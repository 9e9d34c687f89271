/*
 * reader: a thread fills batches of frames, whose octets it copies because libpcap reads
 * each packet over the one before; whoever asks for frames empties them. The batches
 * stand in a ring. `filled` and `emptied` count batches and are the only thing that both
 * sides look at, under the lock: a batch is the thread's until it is filled, and the
 * asker's from then until it is emptied. A batch ends when it is full, or with what
 * is no frame: a broken file or the end.
 */
#include "reader.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

enum {
	BATCHES = 4,
	BATCH_FRAMES = 512,
	BATCH_OCTETS = 128 << 10, /* a longer frame gets a batch of its own */
	SMALL = 512,              /* octets a frame: copying more takes as long as decoding */
};

struct batch {
	struct frame frames[BATCH_FRAMES];
	size_t count;
	uint8_t *octets;
	size_t used, capacity;
	enum capture_result
		last; /* what came after its frames; CAPTURE_FRAME: the next batch */
	struct error error;
};

struct reader {
	struct capture *capture;
	struct frame frame; /* without a thread: the last one */
	uint32_t trial;     /* frames that may yet come without one; 0: stays so */
	uint32_t tried;     /* frames that came without one, while it matters */
	uint64_t octets;    /* of these */
	bool threaded;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	uint64_t filled, emptied; /* batches; under the lock, as the next */
	bool stopped;
	struct batch *batch; /* the asker's; NULL: it has none */
	size_t at;           /* frames of it handed out */
	struct batch batches[BATCHES];
};

static bool
has_room(const struct batch *batch, const struct frame *frame)
{
	return batch->count == 0 || (batch->count < BATCH_FRAMES &&
				     frame->captured <= batch->capacity - batch->used);
}

static void
add(struct batch *batch, const struct frame *frame)
{
	struct frame *copy = &batch->frames[batch->count++];
	if (frame->captured > batch->capacity) /* it is the first: nothing points there yet */
		batch->octets =
			memory_grow(batch->octets, &batch->capacity, frame->captured, 1);
	*copy = *frame;
	copy->octets = batch->octets + batch->used;
	if (frame->captured != 0)
		memcpy(batch->octets + batch->used, frame->octets, frame->captured);
	batch->used += frame->captured;
}

/* *frame is the one that did not fit into the batch before, or not set: *pending says. */
static void
fill(struct capture *capture, struct batch *batch, struct frame *frame, bool *pending)
{
	batch->count = batch->used = 0;
	for (;;) {
		batch->last =
			*pending ? CAPTURE_FRAME : capture_next(capture, frame, &batch->error);
		*pending = batch->last == CAPTURE_FRAME && !has_room(batch, frame);
		if (*pending || batch->last != CAPTURE_FRAME)
			return;
		add(batch, frame);
	}
}

/* The batch to be filled next; NULL when no more are wanted. */
static struct batch *
wait_for_room(struct reader *reader)
{
	pthread_mutex_lock(&reader->lock);
	while (!reader->stopped && reader->filled - reader->emptied == BATCHES)
		pthread_cond_wait(&reader->changed, &reader->lock);
	struct batch *batch =
		reader->stopped ? NULL : &reader->batches[reader->filled % BATCHES];
	pthread_mutex_unlock(&reader->lock);
	return batch;
}

static void
count(struct reader *reader, uint64_t *batches)
{
	pthread_mutex_lock(&reader->lock);
	++*batches;
	pthread_cond_signal(&reader->changed);
	pthread_mutex_unlock(&reader->lock);
}

static void *
read_ahead(void *context)
{
	struct reader *reader = context;
	struct frame frame;
	bool pending = false, over = false;
	while (!over) {
		struct batch *batch = wait_for_room(reader);
		if (batch == NULL)
			break;
		fill(reader->capture, batch, &frame, &pending);
		over = batch->last == CAPTURE_END; /* before it is the asker's */
		count(reader, &reader->filled);
	}
	return NULL;
}

/* The batch to be emptied next. */
static struct batch *
wait_for_batch(struct reader *reader)
{
	pthread_mutex_lock(&reader->lock);
	while (reader->filled == reader->emptied)
		pthread_cond_wait(&reader->changed, &reader->lock);
	struct batch *batch = &reader->batches[reader->emptied % BATCHES];
	pthread_mutex_unlock(&reader->lock);
	return batch;
}

/* What stands behind the frames of a batch, which is emptied with it but for the end: that
 * is told as often as asked. */
static enum capture_result
end_batch(struct reader *reader, struct error *error)
{
	enum capture_result last = reader->batch->last;
	if (last == CAPTURE_END)
		return last;
	if (last == CAPTURE_BROKEN)
		*error = reader->batch->error;
	reader->batch = NULL;
	count(reader, &reader->emptied);
	return last;
}

static void
begin_ahead(struct reader *reader)
{
	for (size_t i = 0; i < BATCHES; i++) {
		reader->batches[i].octets = memory_get(BATCH_OCTETS);
		reader->batches[i].capacity = BATCH_OCTETS;
	}
	pthread_mutex_init(&reader->lock, NULL);
	pthread_cond_init(&reader->changed, NULL);
	reader->threaded = pthread_create(&reader->thread, NULL, read_ahead, reader) == 0;
}

/* The thread begins between two frames: nobody looks at the one before any more. */
static void
count_trial(struct reader *reader)
{
	reader->octets += reader->frame.captured;
	if (++reader->tried < reader->trial)
		return;
	if (reader->octets <= (uint64_t)SMALL * reader->tried)
		begin_ahead(reader);
	reader->trial = 0;
}

enum capture_result
reader_next(struct reader *reader, const struct frame **frame, struct error *error)
{
	*frame = &reader->frame;
	if (reader->trial != 0)
		count_trial(reader);
	if (!reader->threaded)
		return capture_next(reader->capture, &reader->frame, error);
	for (;;) {
		if (reader->batch == NULL) {
			reader->batch = wait_for_batch(reader);
			reader->at = 0;
		}
		if (reader->at < reader->batch->count) {
			*frame = &reader->batch->frames[reader->at++];
			return CAPTURE_FRAME;
		}
		enum capture_result result = end_batch(reader, error);
		if (result != CAPTURE_FRAME)
			return result;
	}
}

bool
reader_useful(const struct capture *capture)
{
	cpu_set_t processors;
	return capture_stored(capture) &&
	       sched_getaffinity(0, sizeof processors, &processors) == 0 &&
	       CPU_COUNT(&processors) > 1;
}

struct reader *
reader_open(struct capture *capture, uint32_t trial)
{
	struct reader *reader = memory_get(sizeof *reader);
	reader->capture = capture;
	reader->trial = trial;
	return reader;
}

void
reader_close(struct reader *reader)
{
	if (reader->threaded) {
		pthread_mutex_lock(&reader->lock);
		reader->stopped = true;
		pthread_cond_signal(&reader->changed);
		pthread_mutex_unlock(&reader->lock);
		pthread_join(reader->thread, NULL);
	}
	for (size_t i = 0; i < BATCHES; i++)
		free(reader->batches[i].octets);
	free(reader);
}
