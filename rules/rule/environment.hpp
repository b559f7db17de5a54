// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "tables/arch.hpp"

namespace naudit::rules {

// Which system calls a rule with `perm` and an arch asks for. Kernel and meaning are the same; the bytes are not.
enum class PermStyle : std::uint8_t {
  kAll,       // all that were not named, as auditctl before 4.0
  kBySyscall  // those that the letters stand for, as auditctl 4.x
};

// AUDIT_FEATURE_BITMAP_* of linux/audit.h that decide what a rule may contain.
inline constexpr std::uint32_t kFeatureExe = 0x04, kFeatureExcludeExtend = 0x08, kFeatureSessionid = 0x10,
                               kFeatureFilesystem = 0x40;
inline constexpr std::uint32_t kAllFeatures = 0x7F;

// All that the meaning of a rule's text depends on besides the text, so that the parsers are pure: tests pass
// constants. Owner: the caller; the functions are called while a parser runs, on its thread.
struct Environment {
  tables::ArchWord native = tables::kArchX86_64;
  std::uint32_t features = kAllFeatures;
  PermStyle perm_style = PermStyle::kBySyscall;
  std::function<std::optional<std::uint32_t>(const std::string& name)> user;
  std::function<std::optional<std::uint32_t>(const std::string& name)> group;
  std::function<bool(const std::string& path)> is_directory;
  std::function<bool(const std::string& path)> exists;
  // Where a symbolic link leads in the end; empty if the path is none.
  std::function<std::string(const std::string& path)> link_target;
  // The program that runs a script, from its first line; empty if the file is none or cannot be read.
  std::function<std::string(const std::string& path)> interpreter;
};

// This machine: its accounts (base/accounts.hpp), its file system in our mount namespace, its arch. The feature
// bits are those of a current kernel; set them from the kernel's status where there is one.
Environment system_environment();

}  // namespace naudit::rules
