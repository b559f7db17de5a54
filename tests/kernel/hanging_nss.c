// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// Loaded in front of the C library: a name service that does not answer when it is asked for one user.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

int getpwnam_r(const char* name, struct passwd* entry, char* buffer, size_t size, struct passwd** found) {
  while (strcmp(name, "naudit-test-hangs") == 0) pause();
  int (*next)(const char*, struct passwd*, char*, size_t, struct passwd**) = NULL;
  *(void**)&next = dlsym(RTLD_NEXT, "getpwnam_r");
  return next(name, entry, buffer, size, found);
}
