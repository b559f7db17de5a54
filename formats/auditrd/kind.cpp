// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/auditrd/kind.hpp"

#include <algorithm>
#include <array>

#include "tables/record_types.hpp"
#include "tables/syscalls.hpp"

namespace naudit::formats {
namespace {

namespace type = tables::type;
using interpret::DecodedEvent;
using interpret::DecodedRecord;

constexpr auto kProcessCalls = std::to_array<std::string_view>({"execve", "execveat"});

// As it is since auditrd, odd members included.
// (pread and pwrite are pread64 and pwrite64 in the tables of the audit programs for some arches.)
constexpr auto kFileCalls = std::to_array<std::string_view>({"clone",
                                                             "close",
                                                             "creat",
                                                             "dup",
                                                             "dup2",
                                                             "dup3",
                                                             "fork",
                                                             "ftruncate",
                                                             "linkat",
                                                             "mknod",
                                                             "mknodat",
                                                             "mmap",
                                                             "name_to_handle_at",
                                                             "open",
                                                             "open_by_handle_at",
                                                             "openat",
                                                             "pread",
                                                             "pread64",
                                                             "preadv",
                                                             "pwrite",
                                                             "pwrite64",
                                                             "pwritev",
                                                             "read",
                                                             "readv",
                                                             "rename",
                                                             "renameat",
                                                             "renameat2",
                                                             "symlink",
                                                             "symlinkat",
                                                             "truncate",
                                                             "unlink",
                                                             "unlinkat",
                                                             "vfork",
                                                             "write",
                                                             "writev"});
static_assert(std::ranges::is_sorted(kFileCalls));

// What changes no file.
constexpr auto kNotExtended = std::to_array<std::string_view>(
    {"clone", "close", "dup", "dup2", "dup3", "fork", "pread", "pread64", "preadv", "read", "readv", "vfork"});
static_assert(std::ranges::is_sorted(kNotExtended));

// What does, and is missing there. The names with a number are those of 32-bit arches.
constexpr auto kOnlyExtended = std::to_array<std::string_view>(
    {"chmod",    "chown",       "chown32",       "fallocate",    "fchmod",    "fchmodat",    "fchmodat2",
     "fchown",   "fchown32",    "fchownat",      "fremovexattr", "fsetxattr", "ftruncate64", "lchown",
     "lchown32", "link",        "lremovexattr",  "lsetxattr",    "mkdir",     "mkdirat",     "openat2",
     "pwritev2", "removexattr", "removexattrat", "rmdir",        "setxattr",  "setxattrat",  "truncate64"});
static_assert(std::ranges::is_sorted(kOnlyExtended));

bool has(const auto& names, std::string_view name) noexcept {
  return std::ranges::binary_search(names, name);
}

bool is_told_by_program(std::uint16_t record_type) noexcept {
  return (record_type >= type::kUserFirst && record_type <= type::kUserLast) ||
         (record_type >= 2100 && record_type <= 2999);  // libaudit.h, AUDIT_FIRST_USER_MSG2
}

}  // namespace

std::string_view auditrd_kind_text(AuditrdKind kind) noexcept {
  constexpr std::array<std::string_view, 4> kTexts = {"", "process_event", "fim_event", "user_event"};
  return kTexts[static_cast<std::size_t>(kind)];
}

AuditrdCall auditrd_call(const DecodedEvent& event, const AuditrdOptions& options) noexcept {
  const auto arch = event.arch();
  const auto number = event.syscall();
  if (!arch || !number || event.find(type::kSyscall) == nullptr) return {};
  const std::string_view name = tables::syscall_name(*arch, *number);
  if (has(kProcessCalls, name)) {
    // Of an exec the arguments and paths tell something; the call alone does not.
    const auto records =
        std::ranges::count_if(event.records(), [](const DecodedRecord& one) { return one.type != type::kEoe; });
    return {records >= 2 ? AuditrdKind::kProcess : AuditrdKind::kNone, name};
  }
  const bool is_listed = has(kFileCalls, name);
  const bool is_of_file =
      options.fim_extended ? (is_listed && !has(kNotExtended, name)) || has(kOnlyExtended, name) : is_listed;
  return {is_of_file ? AuditrdKind::kFim : AuditrdKind::kNone, name};
}

const DecodedRecord* auditrd_user_record(const DecodedEvent& event, const AuditrdOptions& options) noexcept {
  if (event.records().size() != 1) return nullptr;
  const DecodedRecord& record = event.records().front();
  const bool is_wanted = options.all_user_events ? is_told_by_program(record.type) : record.type == type::kUserAcct;
  return is_wanted ? &record : nullptr;
}

bool has_destination(std::string_view call) noexcept {
  return call.starts_with("rename") || call.starts_with("link") || call.starts_with("symlink");
}

}  // namespace naudit::formats
