// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/file/problem.hpp"

#include <cerrno>
#include <system_error>

namespace naudit::output {

FileProblem file_problem(std::string_view doing, std::string_view path, int code) {
  std::string text = "cannot ";
  text.append(doing).append(" ").append(path).append(": ");
  return {code, text + std::generic_category().message(code)};
}

std::string_view file_state(int code) noexcept {
  switch (code) {
    case ENOSPC:
      return "disk full";
    case EDQUOT:
      return "disk quota exceeded";
    case EROFS:
      return "read-only file system";
    case EIO:
      return "I/O error";
    case ENOENT:
    case ENOTDIR:
      return "directory is missing";
    case EACCES:
    case EPERM:
      return "permission denied";
    case ELOOP:
      return "symbolic link";
    case EINVAL:
    case EISDIR:
    case ENXIO:
      return "not a regular file";
    default:
      return "cannot write";
  }
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace naudit::output
