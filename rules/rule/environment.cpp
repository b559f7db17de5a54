// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/rule/environment.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <vector>

namespace naudit::rules {
namespace {

constexpr std::size_t kFirstBuffer = 1024, kMostBuffer = 1024 * 1024;

// getpwnam_r and getgrnam_r have one shape: a call that wants a larger buffer until it has enough.
template <typename Entry, typename Call, typename Id>
std::optional<std::uint32_t> look_up(Call call, Id Entry::* id) {
  std::vector<char> buffer(kFirstBuffer);
  Entry entry{};
  Entry* found = nullptr;
  while (call(&entry, buffer.data(), buffer.size(), &found) == ERANGE && buffer.size() < kMostBuffer)
    buffer.resize(buffer.size() * 2);
  if (found == nullptr) return std::nullopt;
  return found->*id;
}

std::optional<std::uint32_t> user_id(const std::string& name) {
  return look_up<passwd>([&name](passwd* entry, char* buffer, std::size_t size,
                                 passwd** found) { return getpwnam_r(name.c_str(), entry, buffer, size, found); },
                         &passwd::pw_uid);
}

std::optional<std::uint32_t> group_id(const std::string& name) {
  return look_up<group>([&name](group* entry, char* buffer, std::size_t size,
                                group** found) { return getgrnam_r(name.c_str(), entry, buffer, size, found); },
                        &group::gr_gid);
}

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
  environment.user = user_id;
  environment.group = group_id;
  environment.is_directory = is_directory;
  environment.exists = exists;
  environment.link_target = link_target;
  return environment;
}

}  // namespace naudit::rules
