/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The nauditd authors
 *
 * Prints each event of standard input as a line of JSON, as soon as it is whole:
 *   cc -o events events.c $(pkg-config --cflags --libs naudit)
 *   ./events < /var/log/audit/audit.log */
#include <naudit.h>
#include <stdio.h>
#include <unistd.h>

static int fail(const naudit_reader* reader, naudit_result result) {
  const naudit_text why = naudit_reader_message(reader);
  fprintf(stderr, "%s: %.*s\n", naudit_result_text(result), (int)why.size, why.data == NULL ? "" : why.data);
  return 1;
}

static void print(naudit_event* event, void* failure) {
  naudit_text line;
  const naudit_result result = naudit_event_text(event, &line);
  if (result == NAUDIT_OK)
    fwrite(line.data, 1, line.size, stdout);
  else
    *(naudit_result*)failure = result;
}

int main(void) {
  naudit_reader* reader;
  naudit_result failure = NAUDIT_OK;
  naudit_result result = naudit_reader_new(&reader);
  if (result == NAUDIT_OK) result = naudit_reader_set(reader, "format", "json");
  if (result == NAUDIT_OK) result = naudit_reader_on_event(reader, print, &failure);

  char bytes[65536];
  ssize_t size = 0;
  while (result == NAUDIT_OK && (size = read(STDIN_FILENO, bytes, sizeof bytes)) > 0) {
    result = naudit_reader_feed(reader, bytes, (size_t)size);
    fflush(stdout);
  }
  if (result == NAUDIT_OK) result = naudit_reader_flush(reader);
  if (result == NAUDIT_OK) result = failure;
  const int status = result == NAUDIT_OK && size == 0 ? 0 : fail(reader, result);
  naudit_reader_free(reader);
  return status;
}
