// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/mozdef/category.hpp"

#include <algorithm>
#include <array>

#include "interpret/record/call_name.hpp"
#include "tables/record_types.hpp"

namespace naudit::formats {
namespace {

namespace field = tables::field;
namespace type = tables::type;
using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::Field;

struct Call {
  std::string_view name;
  MozdefCategory category;
};

constexpr auto kCalls = std::to_array<Call>({
    {"accept", MozdefCategory::kAccept},
    {"accept4", MozdefCategory::kAccept},
    {"adjtimex", MozdefCategory::kTime},
    {"bind", MozdefCategory::kBind},
    {"chmod", MozdefCategory::kChmod},
    {"chown", MozdefCategory::kChown},
    {"chown32", MozdefCategory::kChown},
    {"clock_adjtime", MozdefCategory::kTime},
    {"clock_adjtime64", MozdefCategory::kTime},
    {"clock_settime", MozdefCategory::kTime},
    {"clock_settime64", MozdefCategory::kTime},
    {"connect", MozdefCategory::kConnect},
    {"creat", MozdefCategory::kWrite},
    {"create_module", MozdefCategory::kModule},
    {"delete_module", MozdefCategory::kModule},
    {"execve", MozdefCategory::kExecve},
    {"execveat", MozdefCategory::kExecve},
    {"fallocate", MozdefCategory::kWrite},
    {"fchmod", MozdefCategory::kChmod},
    {"fchmodat", MozdefCategory::kChmod},
    {"fchmodat2", MozdefCategory::kChmod},
    {"fchown", MozdefCategory::kChown},
    {"fchown32", MozdefCategory::kChown},
    {"fchownat", MozdefCategory::kChown},
    {"finit_module", MozdefCategory::kModule},
    {"fremovexattr", MozdefCategory::kAttribute},
    {"fsconfig", MozdefCategory::kMount},
    {"fsetxattr", MozdefCategory::kAttribute},
    {"fsmount", MozdefCategory::kMount},
    {"fsopen", MozdefCategory::kMount},
    {"fspick", MozdefCategory::kMount},
    {"ftruncate", MozdefCategory::kWrite},
    {"ftruncate64", MozdefCategory::kWrite},
    {"init_module", MozdefCategory::kModule},
    {"lchown", MozdefCategory::kChown},
    {"lchown32", MozdefCategory::kChown},
    {"link", MozdefCategory::kWrite},
    {"linkat", MozdefCategory::kWrite},
    {"listen", MozdefCategory::kListen},
    {"lremovexattr", MozdefCategory::kAttribute},
    {"lsetxattr", MozdefCategory::kAttribute},
    {"mkdir", MozdefCategory::kWrite},
    {"mkdirat", MozdefCategory::kWrite},
    {"mknod", MozdefCategory::kWrite},
    {"mknodat", MozdefCategory::kWrite},
    {"mmap", MozdefCategory::kRead},
    {"mmap2", MozdefCategory::kRead},
    {"mount", MozdefCategory::kMount},
    {"mount_setattr", MozdefCategory::kMount},
    {"move_mount", MozdefCategory::kMount},
    {"open", MozdefCategory::kRead},
    {"open_by_handle_at", MozdefCategory::kRead},
    {"open_tree", MozdefCategory::kRead},
    {"openat", MozdefCategory::kRead},
    {"openat2", MozdefCategory::kRead},
    {"pivot_root", MozdefCategory::kMount},
    {"pread", MozdefCategory::kRead},
    {"pread64", MozdefCategory::kRead},
    {"preadv", MozdefCategory::kRead},
    {"preadv2", MozdefCategory::kRead},
    {"ptrace", MozdefCategory::kPtrace},
    {"pwrite", MozdefCategory::kWrite},
    {"pwrite64", MozdefCategory::kWrite},
    {"pwritev", MozdefCategory::kWrite},
    {"pwritev2", MozdefCategory::kWrite},
    {"read", MozdefCategory::kRead},
    {"readahead", MozdefCategory::kRead},
    {"readlink", MozdefCategory::kRead},
    {"readlinkat", MozdefCategory::kRead},
    {"readv", MozdefCategory::kRead},
    {"removexattr", MozdefCategory::kAttribute},
    {"removexattrat", MozdefCategory::kAttribute},
    {"rename", MozdefCategory::kWrite},
    {"renameat", MozdefCategory::kWrite},
    {"renameat2", MozdefCategory::kWrite},
    {"rmdir", MozdefCategory::kWrite},
    {"sendfile", MozdefCategory::kRead},
    {"sendfile64", MozdefCategory::kRead},
    {"settimeofday", MozdefCategory::kTime},
    {"setxattr", MozdefCategory::kAttribute},
    {"setxattrat", MozdefCategory::kAttribute},
    {"socket", MozdefCategory::kSocket},
    {"socketpair", MozdefCategory::kSocket},
    {"stime", MozdefCategory::kTime},
    {"symlink", MozdefCategory::kWrite},
    {"symlinkat", MozdefCategory::kWrite},
    {"truncate", MozdefCategory::kWrite},
    {"truncate64", MozdefCategory::kWrite},
    {"umount", MozdefCategory::kMount},
    {"umount2", MozdefCategory::kMount},
    {"unlink", MozdefCategory::kWrite},
    {"unlinkat", MozdefCategory::kWrite},
    {"write", MozdefCategory::kWrite},
    {"writev", MozdefCategory::kWrite},
});
static_assert(std::ranges::is_sorted(kCalls, {}, &Call::name));

constexpr std::array<std::string_view, 19> kTexts = {
    "execve",      "write",        "read",    "attribute", "chmod",  "chown",  "ptrace", "time", "socket", "listen",
    "promiscuous", "avc_apparmor", "connect", "bind",      "accept", "module", "mount",  "user", "other"};

// O_WRONLY, O_RDWR, O_CREAT, O_TRUNC: the same on all machines that we have tables of.
constexpr std::uint64_t kChangesFile = 01 | 02 | 0100 | 01000;

std::uint64_t hex_value(const DecodedEvent& event, const DecodedRecord& record, tables::FieldId id) noexcept {
  std::uint64_t number = 0;
  const Field* const one = event.find(record, id);
  return one != nullptr && interpret::parse_hex(one->value, number) ? number : 0;
}

bool is_made(const DecodedEvent& event) noexcept {
  return std::ranges::any_of(event.records(), [&](const DecodedRecord& record) {
    if (record.type != type::kPath) return false;
    const Field* const kind = event.find(record, field::kNametype);
    return kind != nullptr && kind->value == "CREATE";
  });
}

// Of openat2 the flags are in the caller's memory; the kernel tells them in a record of their own.
std::uint64_t open_flags(const DecodedEvent& event, const DecodedRecord& call, std::string_view name) noexcept {
  if (name == "open") return hex_value(event, call, field::kA1);
  if (name == "openat" || name == "open_by_handle_at") return hex_value(event, call, field::kA2);
  for (const DecodedRecord& record : event.records())
    if (const Field* const flags = event.find(record, field::kOflag)) {
      std::uint64_t number = 0;
      for (const char digit : flags->value) {
        if (digit < '0' || digit > '7') return 0;
        number = number * 8 + static_cast<std::uint64_t>(digit - '0');
      }
      return number;
    }
  return 0;
}

}  // namespace

std::string_view mozdef_category_text(MozdefCategory category) noexcept {
  return kTexts[static_cast<std::size_t>(category)];
}

const DecodedRecord* apparmor_record(const DecodedEvent& event) noexcept {
  for (const DecodedRecord& record : event.records()) {
    const bool may_be = record.type == type::kAvc || record.type == type::kUserAvc ||
                        tables::record_traits(record.type).category == tables::RecordCategory::kApparmor;
    if (!may_be) continue;
    if (event.find(record, field::kApparmor) != nullptr || event.find_claim(record, field::kApparmor) != nullptr)
      return &record;
  }
  return nullptr;
}

MozdefCategory mozdef_category(const DecodedEvent& event) noexcept {
  if (apparmor_record(event) != nullptr) return MozdefCategory::kAvcApparmor;
  if (event.find(type::kAnomPromiscuous) != nullptr) return MozdefCategory::kPromiscuous;
  const DecodedRecord* const call = interpret::call_record(event);
  if (call == nullptr) {
    const std::uint16_t first = event.records().empty() ? std::uint16_t{0} : event.records().front().type;
    return tables::record_traits(first).user_space ? MozdefCategory::kUser : MozdefCategory::kOther;
  }
  const std::string_view name = interpret::call_name(event);
  const auto known = std::ranges::lower_bound(kCalls, name, {}, &Call::name);
  if (known == kCalls.end() || known->name != name) return MozdefCategory::kOther;
  if (known->category != MozdefCategory::kRead || !name.starts_with("open") || name == "open_tree")
    return known->category;
  const bool changes = (open_flags(event, *call, name) & kChangesFile) != 0 || is_made(event);
  return changes ? MozdefCategory::kWrite : MozdefCategory::kRead;
}

}  // namespace naudit::formats
