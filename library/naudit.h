/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The nauditd authors */
#ifndef NAUDIT_H
#define NAUDIT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NAUDIT_API __attribute__((visibility("default")))

/* libnaudit: Linux audit records in, whole decoded events out.
 *
 * Objects: a handle is made by a function that ends in _new and freed by the one that ends in _free, which takes NULL
 * as well. What a function hands out for reading (a naudit_text, a naudit_record, a naudit_field) belongs to the object
 * that it was asked of, and is valid until that object is freed, unless the function says less.
 *
 * Threads: an object, and all that came of it, is for one thread at a time; different objects are independent of each
 * other. A reader may have a thread of its own that asks the system for names of users; it takes no signals. After a
 * fork() only the parent may go on using its objects.
 *
 * Failure: functions that can fail return a naudit_result. No function prints, ends the process, changes a signal or the
 * locale, or lets a C++ exception out. A NULL where an object must be is NAUDIT_ERROR_ARGUMENT, or "nothing" of a
 * function that returns no result.
 *
 * Bytes: a text is a pointer and a size. It is not terminated, and may hold any byte, NUL and what is not UTF-8 included,
 * since programs choose what stands in a record; naudit_event_text() of a format of text is what it promises to be. */

typedef enum naudit_result {
  NAUDIT_OK = 0,
  NAUDIT_ERROR_MEMORY = 1,   /* there is none left */
  NAUDIT_ERROR_ARGUMENT = 2, /* no such format, option, rule …: the object's message says more */
  NAUDIT_ERROR_STATE = 3,    /* not now: see the function */
  NAUDIT_ERROR_SYSTEM = 4,   /* the system refused; the message has its reason */
  NAUDIT_ERROR_INTERNAL = 5  /* a fault of this library */
} naudit_result;

/* Bytes somewhere else. `data` is NULL if there is no such text at all, which is not the same as an empty one. */
typedef struct naudit_text {
  const char* data;
  size_t size;
} naudit_text;

typedef struct naudit_reader naudit_reader;
typedef struct naudit_event naudit_event;

/* == The library == */

/* The version of the library that runs, "0.1.0". Static; terminated by a NUL. */
NAUDIT_API const char* naudit_version(void);

/* What a result means, in a few words of English. Static; terminated by a NUL. Never NULL, for any number. */
NAUDIT_API const char* naudit_result_text(int result);

/* The name of the format with this number, counted from 0; no text behind the last one. Static. */
NAUDIT_API naudit_text naudit_format_name(size_t index);

/* == Readers == */

/* A new reader of records. On failure *reader is NULL. */
NAUDIT_API naudit_result naudit_reader_new(naudit_reader** reader);

/* Frees the reader. Its events live on. Not from within its own callback. */
NAUDIT_API void naudit_reader_free(naudit_reader* reader);

/* Sets an option, before the first bytes: NAUDIT_ERROR_STATE later. Names and values are texts terminated by a NUL:
 *   format   what naudit_event_text() gives, "json" unless set: any of naudit_format_name()
 *   form     what the bytes are: "auto" (found out piece by piece), "log", "json", "frames", "journal"
 *   node     the name of the machine that records are of which name none; none unless set
 *   names    of whose records this machine is asked for the names of users and groups that the input does not tell:
 *            "auto" (its own, and those that name no machine), "local" (all), "none" */
NAUDIT_API naudit_result naudit_reader_set(naudit_reader* reader, const char* option, const char* value);

/* Why the last call that failed did so, as a sentence. Valid until the next call with this reader. */
NAUDIT_API naudit_text naudit_reader_message(const naudit_reader* reader);

/* Takes bytes of audit records, cut anywhere: lines of auditd (raw, enriched, with node=), of syslog, of the kernel's own
 * log, of the journal, events of our own JSON, captures of audisp-remote and of auditd's binary plugins. What holds no
 * record is counted (NAUDIT_COUNT_REJECTED) and left out. The events that became whole wait in naudit_reader_next(), or
 * go to the callback. The bytes are not needed after the call.
 * After NAUDIT_ERROR_MEMORY the reader gives the events that are out already, and takes nothing any more. */
NAUDIT_API naudit_result naudit_reader_feed(naudit_reader* reader, const void* bytes, size_t size);

/* The input ends here: a last line without its end counts, and events that are still open come out. The reader may be fed
 * again, with another input. */
NAUDIT_API naudit_result naudit_reader_flush(naudit_reader* reader);

/* The next whole event, which the caller frees; *event is NULL if there is none yet. */
NAUDIT_API naudit_result naudit_reader_next(naudit_reader* reader, naudit_event** event);

/* Called with each event that becomes whole, from within the call that made it whole, in place of naudit_reader_next().
 * The event is valid for the time of the callback; it is not freed there. Of the reader nothing may be called in there
 * but naudit_reader_count(); other objects may be used. */
typedef void (*naudit_callback)(naudit_event* event, void* context);

/* Sets the callback; NULL: none any more. `context` is handed to it as it is. */
NAUDIT_API naudit_result naudit_reader_on_event(naudit_reader* reader, naudit_callback callback, void* context);

/* What a reader counts. Of a number that it does not count it says 0. */
typedef enum naudit_counter {
  NAUDIT_COUNT_BYTES = 0,    /* fed */
  NAUDIT_COUNT_RECORDS = 1,  /* found in them */
  NAUDIT_COUNT_REJECTED = 2, /* lines and damaged places without a record */
  NAUDIT_COUNT_EVENTS = 3    /* that became whole */
} naudit_counter;

/* How many of these there were so far. */
NAUDIT_API uint64_t naudit_reader_count(const naudit_reader* reader, int counter);

/* == Events == */

/* Frees an event that naudit_reader_next() gave; before or after its reader. */
NAUDIT_API void naudit_event_free(naudit_event* event);

/* The event in the format of its reader, a line with its newline, or the bytes of a binary one (docs/formats.md). */
NAUDIT_API naudit_result naudit_event_text(naudit_event* event, naudit_text* text);

#ifdef __cplusplus
}
#endif

#endif
