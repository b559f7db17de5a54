// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
//
// Preloaded into Debian's audisp-remote, whose configuration lies at a fixed path and has to be root's: it reads the
// file of NAUDIT_SHIM_CONF in its place, and takes everybody for root. What it logs goes to standard error.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <syslog.h>

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

template <typename Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  std::va_list list;
  va_start(list, flags);
  const auto mode = va_arg(list, mode_t);
  va_end(list);
  const char* const own = std::getenv("NAUDIT_SHIM_CONF");
  if (own != nullptr && std::strcmp(path, "/etc/audit/audisp-remote.conf") == 0) path = own;
  return next<int(const char*, int, mode_t)>("open")(path, flags, mode);
}

int fstat(int fd, struct stat* out) {
  const int result = next<int(int, struct stat*)>("fstat")(fd, out);
  if (result == 0) out->st_uid = 0;
  return result;
}

void syslog(int /*priority*/, const char* format, ...) {
  std::va_list list;
  va_start(list, format);
  std::vfprintf(stderr, format, list);
  va_end(list);
  std::fputc('\n', stderr);
}
void __syslog_chk(int /*priority*/, int /*flag*/, const char* format, ...) {
  std::va_list list;
  va_start(list, format);
  std::vfprintf(stderr, format, list);
  va_end(list);
  std::fputc('\n', stderr);
}

}  // extern "C"
