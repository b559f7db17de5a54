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
typedef struct naudit_record naudit_record; /* of an event */
typedef struct naudit_field naudit_field;   /* of a record */

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
 *   format.KEY  what there is to choose of the format, by the names of docs/formats.md
 *   receive_buffer  bytes that may wait in the socket of naudit_reader_open_kernel(): "16MiB" unless set, and as much as the
 *            system lets us have
 *   names    of whose records this machine is asked for the names of users and groups that the input does not tell:
 *            "auto" (its own, and those that name no machine), "local" (all), "none" */
NAUDIT_API naudit_result naudit_reader_set(naudit_reader* reader, const char* option, const char* value);

/* Why the last call that failed did so, as a sentence. Valid until the next call with this reader. */
NAUDIT_API naudit_text naudit_reader_message(const naudit_reader* reader);

/* Takes bytes of audit records, cut anywhere: lines of auditd (raw, enriched, with node=), of syslog, of the kernel's own
 * log, of the journal, events of our own JSON, captures of audisp-remote and of auditd's binary plugins; also compressed as gzip, zstd, xz or bzip2 from the first byte on
 * (NAUDIT_ERROR_ARGUMENT when that is damaged). What holds no
 * record is counted (NAUDIT_COUNT_REJECTED) and left out. The events that became whole wait in naudit_reader_next(), or
 * go to the callback. The bytes are not needed after the call.
 * After NAUDIT_ERROR_MEMORY the reader gives the events that are out already, and takes nothing any more. */
NAUDIT_API naudit_result naudit_reader_feed(naudit_reader* reader, const void* bytes, size_t size);

/* The input ends here: a last line without its end counts, and events that are still open come out. The reader may be fed
 * again, with another input. NAUDIT_ERROR_ARGUMENT if a compressed input was cut; what could be read of it comes out. */
NAUDIT_API naudit_result naudit_reader_flush(naudit_reader* reader);

/* How many milliseconds from now naudit_reader_age() has something to do, if nothing is fed before; -1: nothing. */
NAUDIT_API int naudit_reader_timeout(const naudit_reader* reader);

/* For a stream that may pause: lets the time pass that has gone by since the last bytes, so that an event whose end does
 * not come is out after a moment, as it would be with the next bytes. */
NAUDIT_API naudit_result naudit_reader_age(naudit_reader* reader);

/* Reads this machine's records in place of what is fed: copies from the kernel's multicast group, beside whichever audit
 * daemon runs. Nothing is changed in the kernel; auditing has to be on for records to come. Needs CAP_AUDIT_READ:
 * NAUDIT_ERROR_SYSTEM without. NAUDIT_ERROR_STATE once something was fed. */
NAUDIT_API naudit_result naudit_reader_open_kernel(naudit_reader* reader);

/* The descriptor for poll(), readable when naudit_reader_receive() has something to do, be it that an event has waited
 * long enough; the reader's own: neither read nor close it. -1 unless naudit_reader_open_kernel() was called. */
NAUDIT_API int naudit_reader_fd(const naudit_reader* reader);

/* Takes the records that are there, without waiting; none while 65,536 events wait in naudit_reader_next(). After
 * NAUDIT_ERROR_SYSTEM it may be called again. */
NAUDIT_API naudit_result naudit_reader_receive(naudit_reader* reader);

/* The next whole event, which the caller frees; *event is NULL if there is none yet. */
NAUDIT_API naudit_result naudit_reader_next(naudit_reader* reader, naudit_event** event);

/* What a format that puts several events into one document has still to say behind the last event; to be written behind the
 * texts of all events, after naudit_reader_flush(). Empty in all other formats. Valid until the next call of this. */
NAUDIT_API naudit_result naudit_reader_end_document(naudit_reader* reader, naudit_text* text);

/* Called with each event that becomes whole, from within the call that made it whole, in place of naudit_reader_next().
 * The event is valid for the time of the callback; it is not freed there. Of the reader nothing may be called in there
 * but naudit_reader_count(); other objects may be used. */
typedef void (*naudit_callback)(naudit_event* event, void* context);

/* Sets the callback; NULL: none any more. `context` is handed to it as it is. */
NAUDIT_API naudit_result naudit_reader_on_event(naudit_reader* reader, naudit_callback callback, void* context);

/* What a reader counts. Of a number that it does not count it says 0. */
typedef enum naudit_counter {
  NAUDIT_COUNT_BYTES = 0,    /* fed (undone if they were compressed), or of the kernel's records */
  NAUDIT_COUNT_RECORDS = 1,  /* found in them */
  NAUDIT_COUNT_REJECTED = 2, /* lines, messages and damaged places without a record */
  NAUDIT_COUNT_EVENTS = 3,   /* that became whole */
  NAUDIT_COUNT_OVERRUNS = 4, /* times that the kernel's records found no room in the socket */
  NAUDIT_COUNT_MISSED = 5    /* events that the kernel numbered and that did not come */
} naudit_counter;

/* How many of these there were so far. */
NAUDIT_API uint64_t naudit_reader_count(const naudit_reader* reader, int counter);

/* == Events == */

/* Frees an event that naudit_reader_next() gave; before or after its reader. */
NAUDIT_API void naudit_event_free(naudit_event* event);

/* The event in the format of its reader, a line with its newline, or the bytes of a binary one; empty where
 * the format has no words for such an event (docs/formats.md). */
NAUDIT_API naudit_result naudit_event_text(naudit_event* event, naudit_text* text);

/* When the kernel made the event, by its clock: seconds since 1970 and milliseconds of that second; and the number that it
 * gave it, which begins anew at each boot. */
NAUDIT_API uint64_t naudit_event_seconds(const naudit_event* event);
NAUDIT_API uint32_t naudit_event_milliseconds(const naudit_event* event);
NAUDIT_API uint32_t naudit_event_serial(const naudit_event* event);

/* The machine, as the records name it; no text if they do not. */
NAUDIT_API naudit_text naudit_event_node(const naudit_event* event);

/* Why the event is not known to be whole ("timeout", "no_syscall", docs/event-format.md); no text if it is whole. */
NAUDIT_API naudit_text naudit_event_incomplete(const naudit_event* event);

/* 1 if these records came after their event had gone out, else 0. */
NAUDIT_API int naudit_event_is_late(const naudit_event* event);

/* The keys of the rule that made the event, counted from 0; no text behind the last one. */
NAUDIT_API naudit_text naudit_event_key(const naudit_event* event, size_t index);

/* What was done, in a word ("opened-file", "executed"), and of which kind it is ("user-login"). Static. */
NAUDIT_API naudit_text naudit_event_action(const naudit_event* event);
NAUDIT_API naudit_text naudit_event_kind(const naudit_event* event);

/* Whether it was done: 1 yes, 0 no, -1 the records do not say. */
NAUDIT_API int naudit_event_success(const naudit_event* event);

/* What it was done to, by its name: a path, an address, a number …; empty if the records do not say. */
NAUDIT_API naudit_result naudit_event_object(naudit_event* event, naudit_text* object);

/* The arguments of an exec, put together from all records that have them and decoded; none of an event without them. No
 * text for an argument that is missing there. */
NAUDIT_API size_t naudit_event_argument_count(const naudit_event* event);
NAUDIT_API naudit_text naudit_event_argument(const naudit_event* event, size_t index);

/* == Records and fields == */

/* The records of an event, in the order in which they came, counted from 0; NULL behind the last one. */
NAUDIT_API size_t naudit_event_record_count(const naudit_event* event);
NAUDIT_API const naudit_record* naudit_event_record(const naudit_event* event, size_t index);

/* The first record of this type (naudit_type_number()), NULL if there is none. */
NAUDIT_API const naudit_record* naudit_event_find_record(const naudit_event* event, int type);

/* The first field of this name in any record, what programs claim apart; NULL if there is none. */
NAUDIT_API const naudit_field* naudit_event_find_field(const naudit_event* event, const char* name);

/* The number of the record's type, 0 if the input spells one that we do not know; its name, "UNKNOWN[1425]" if it has none;
 * and all of its text, "audit(1700000000.123:45): arch=…", as it came. */
NAUDIT_API int naudit_record_type(const naudit_record* record);
NAUDIT_API naudit_text naudit_record_type_name(const naudit_record* record);
NAUDIT_API naudit_text naudit_record_text(const naudit_record* record);

/* The fields of a record in their order, counted from 0; NULL behind the last one. Behind the kernel's own stand those of
 * msg='…', which are a program's claim. Of an AVC its result and its permissions are the fields seresult and seperms. */
NAUDIT_API size_t naudit_record_field_count(const naudit_record* record);
NAUDIT_API const naudit_field* naudit_record_field(const naudit_record* record, size_t index);

/* The first field of this name: of the kernel's own, or of the program's claim. NULL if there is none. */
NAUDIT_API const naudit_field* naudit_record_find_field(const naudit_record* record, const char* name);
NAUDIT_API const naudit_field* naudit_record_find_claim(const naudit_record* record, const char* name);

/* The record that a field stands in. */
NAUDIT_API const naudit_record* naudit_field_record(const naudit_field* field);

/* The field's name. */
NAUDIT_API naudit_text naudit_field_name(const naudit_field* field);

/* The value as it stands in the record, quotes included. */
NAUDIT_API naudit_text naudit_field_raw(const naudit_field* field);

/* The value itself: without quotes, and in bytes where the kernel has spelled it in hexadecimal digits. Arguments of a
 * proctitle have a NUL between them, keys a byte 1. */
NAUDIT_API naudit_result naudit_field_value(const naudit_field* field, naudit_text* value);

/* What the value means, as ausearch -i says it: "root", "EACCES", "O_RDONLY|O_CLOEXEC"; the value itself where that says it all, or where the meaning is not known. */
NAUDIT_API naudit_result naudit_field_interpreted(const naudit_field* field, naudit_text* text);

/* How the value is to be read, by the field's name and the record's type: "uid", "encoded", "mode", "number" … Static;
 * terminated by a NUL. Kinds may be added. */
NAUDIT_API const char* naudit_field_kind(const naudit_field* field);

/* 1 and the value, if it is a whole number as this kind of field is written (decimal, hexadecimal, a mode's octal digits);
 * else 0, and *number is left alone. What needs all 64 bits without a sign, as an address does, comes as its bits. */
NAUDIT_API int naudit_field_number(const naudit_field* field, int64_t* number);

/* 1 if only a program says so, within msg='…'; 0 if the kernel or the audit daemon does. */
NAUDIT_API int naudit_field_is_claim(const naudit_field* field);

/* == Names and numbers == */

/* A record type's name by its number ("SYSCALL", static), and its number by its name; no text, or -1, if there is none. */
NAUDIT_API naudit_text naudit_type_name(int type);
NAUDIT_API int naudit_type_number(const char* name);

/* An arch by its word in the records (0xC000003E) and by its name ("x86_64", and "b64", "b32" for this machine's own); no
 * text, or 0, if there is none. */
NAUDIT_API naudit_text naudit_arch_name(uint32_t arch);
NAUDIT_API uint32_t naudit_arch_number(const char* name);

/* A system call of an arch by its number and by its name; no text, or -1, if there is none. */
NAUDIT_API naudit_text naudit_syscall_name(uint32_t arch, uint32_t number);
NAUDIT_API int naudit_syscall_number(uint32_t arch, const char* name);

/* An error by its number (13: "EACCES") and by its name; no text, or -1, if there is none. */
NAUDIT_API naudit_text naudit_errno_name(int number);
NAUDIT_API int naudit_errno_number(const char* name);

/* == Rules == */

typedef struct naudit_rules naudit_rules;

/* An empty set of audit rules. On failure *rules is NULL. */
NAUDIT_API naudit_result naudit_rules_new(naudit_rules** rules);

/* Frees the set. */
NAUDIT_API void naudit_rules_free(naudit_rules* rules);

/* Adds the rules of a text: lines as auditctl reads them from a file, or our YAML (docs/rules.md). Either all of them or,
 * with NAUDIT_ERROR_ARGUMENT and each mistake in the message as "name:line:column: what", none. Names of users and groups,
 * and whether a path is a directory, are looked up on this machine. Settings (-b, -e …) are no rules, and are left out.
 * What was handed out of the set before is valid no more. */
NAUDIT_API naudit_result naudit_rules_add_text(naudit_rules* rules, const char* name, const char* text, size_t size);
NAUDIT_API naudit_result naudit_rules_add_yaml(naudit_rules* rules, const char* name, const char* text, size_t size);

/* Adds one rule as the kernel has it: struct audit_rule_data of linux/audit.h with its strings. */
NAUDIT_API naudit_result naudit_rules_add_kernel(naudit_rules* rules, const void* bytes, size_t size);

/* Why the last call that failed did so. Valid until the next call with this set. */
NAUDIT_API naudit_text naudit_rules_message(const naudit_rules* rules);

/* How many rules the kernel would get; each stands once, in the order in which it is looked at. */
NAUDIT_API size_t naudit_rules_count(const naudit_rules* rules);

/* One of them, counted from 0: as the bytes for the kernel, and as a line that auditctl reads back as the same rule.
 * NAUDIT_ERROR_ARGUMENT behind the last one. */
NAUDIT_API naudit_result naudit_rules_kernel(naudit_rules* rules, size_t index, naudit_text* bytes);
NAUDIT_API naudit_result naudit_rules_line(naudit_rules* rules, size_t index, naudit_text* line);

/* All of them as a file of our YAML, which gives the same rules. */
NAUDIT_API naudit_result naudit_rules_yaml(naudit_rules* rules, naudit_text* text);

#ifdef __cplusplus
}
#endif

#endif
