// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/rule/environment.hpp"

#include <sys/stat.h>

#include <filesystem>

#include "base/accounts.hpp"

namespace naudit::rules {
namespace {

bool is_directory(const std::string& path) {
  struct stat status{};
  return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool exists(const std::string& path) {
  struct stat status{};
  return lstat(path.c_str(), &status) == 0;
}

std::string link_target(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_symlink(path, error)) return {};
  const auto target = std::filesystem::canonical(path, error);
  return error ? std::string() : target.string();
}

}  // namespace

Environment system_environment() {
  Environment environment;
  environment.native = tables::native_arch();
  environment.user = base::user_id;
  environment.group = base::group_id;
  environment.is_directory = is_directory;
  environment.exists = exists;
  environment.link_target = link_target;
  return environment;
}

}  // namespace naudit::rules
