// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

#include "rules/rule/rule.hpp"

namespace naudit::rules {

// Which rules in the kernel are ours: those that we have loaded, so that a rule that is no longer wanted is removed and
// one of somebody else is not. Kept in a file of the state directory; the file's owner writes it before a load with the
// old and the new rules, and after it with the new ones, so that a loader that was killed leaves nothing unknown.
class OwnedRules {
 public:
  void add(const Rule& rule);
  [[nodiscard]] bool contains(const Rule& rule) const;
  [[nodiscard]] std::size_t size() const noexcept { return fingerprints_.size(); }

  // The file's text: a head, then a line a rule: its fingerprint and, for people, the rule.
  static std::string text(std::span<const Rule> rules, std::uint32_t native_arch);
  // Unknown lines are left out: the worst that a damaged file does is that a rule counts as somebody else's.
  static OwnedRules parse(std::string_view text);

 private:
  std::unordered_set<std::uint64_t> fingerprints_;
};

// 64-bit FNV-1a of the identity.
std::uint64_t fingerprint(const Rule& rule);

// The file of the state directory that says which rules are ours; the daemon and nauditctl share it.
std::string owned_path(const std::string& state_directory);

// Empty when there is none, or when it cannot be read or trusted (base/written_file.hpp): then every rule in the kernel
// that is not wanted counts as somebody else's.
OwnedRules read_owned(const std::string& path);

// Written beside and renamed into place, synced, 0600: a crash leaves the old file or the new one. Throws
// base::Error, also when what stands there is not ours.
void write_owned(const std::string& path, std::span<const Rule> rules, std::uint32_t native_arch);

}  // namespace naudit::rules
