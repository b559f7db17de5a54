// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// Loaded in front of the C library: a disk that takes no write to events.json while the file that NAUDIT_TEST_HANG names
// is there.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static int is_log(int fd) {
  char link[64];
  char path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t size = readlink(link, path, sizeof path - 1);
  if (size < 0) return 0;
  path[size] = '\0';
  return strstr(path, "/events.json") != NULL;
}

ssize_t writev(int fd, const struct iovec* pieces, int count) {
  const char* hang = getenv("NAUDIT_TEST_HANG");
  if (hang != NULL && is_log(fd))
    while (access(hang, F_OK) == 0) usleep(1000);
  ssize_t (*next)(int, const struct iovec*, int) = NULL;
  *(void**)&next = dlsym(RTLD_NEXT, "writev");
  return next(fd, pieces, count);
}
