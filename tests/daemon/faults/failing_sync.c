// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// Loaded in front of the C library: while the file that NAUDIT_TEST_SYNCS_FAIL names is there, no segment of a spool can be
// synced; each failure leaves a file NAME.seen.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fails(int fd) {
  const char* flag = getenv("NAUDIT_TEST_SYNCS_FAIL");
  char link[64];
  char path[4096];
  if (flag == NULL || access(flag, F_OK) != 0) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t size = readlink(link, path, sizeof path - 1);
  if (size < 0) return 0;
  path[size] = '\0';
  if (strstr(path, ".seg") == NULL) return 0;
  snprintf(path, sizeof path, "%s.seen", flag);
  const int seen = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (seen >= 0) close(seen);
  errno = EIO;
  return 1;
}

int fdatasync(int fd) {
  int (*next)(int) = NULL;
  *(void**)&next = dlsym(RTLD_NEXT, "fdatasync");
  return fails(fd) ? -1 : next(fd);
}

int fsync(int fd) {
  int (*next)(int) = NULL;
  *(void**)&next = dlsym(RTLD_NEXT, "fsync");
  return fails(fd) ? -1 : next(fd);
}
