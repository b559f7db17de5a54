// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/rule/environment.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

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

// The kernel looks at the first 256 bytes (fs/binfmt_script.c).
std::string interpreter(const std::string& path) {
  constexpr std::size_t kMost = 256;
  struct stat status{};
  if (stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return {};  // a pipe would make us wait
  std::ifstream file(path, std::ios::binary);
  std::string line(kMost, '\0');
  file.read(line.data(), static_cast<std::streamsize>(line.size()));
  line.resize(static_cast<std::size_t>(file.gcount()));
  if (!line.starts_with("#!")) return {};
  line = line.substr(2, line.find('\n') - 2);
  const std::size_t start = line.find_first_not_of(" \t");
  if (start == std::string::npos) return {};
  return line.substr(start, line.find_first_of(" \t\r", start) - start);
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
  environment.interpreter = interpreter;
  return environment;
}

}  // namespace naudit::rules
