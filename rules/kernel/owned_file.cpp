// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/kernel/owned_file.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "base/error.hpp"
#include "base/written_file.hpp"

namespace naudit::rules {
std::string owned_path(const std::string& state_directory) {
  return state_directory + "/rules.loaded";
}

OwnedRules read_owned(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return {};
  return OwnedRules::parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

void write_owned(const std::string& path, std::span<const Rule> rules, std::uint32_t native_arch) {
  std::error_code ignored;  // what keeps the directory from being made keeps the file, too
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  try {
    base::write_file(path, OwnedRules::text(rules, native_arch), 0600);
  } catch (const base::Error& error) {
    throw base::Error({path, 0, 0}, "the list of our rules " + error.problems().front().message +
                                        "; make the directory, or name another one");
  }
}

}  // namespace naudit::rules
