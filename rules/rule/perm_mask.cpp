// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/rule/perm_mask.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <mutex>
#include <tuple>

#include "base/text.hpp"
#include "tables/syscalls.hpp"

namespace naudit::rules {
namespace {

// In the order of auditctl's listings.
struct Permission {
  std::string_view word;
  char letter;
  std::uint32_t bit;
};
constexpr Permission kPermissions[] = {{"read", 'r', kPermRead},
                                       {"write", 'w', kPermWrite},
                                       {"execute", 'x', kPermExecute},
                                       {"attributes", 'a', kPermAttributes}};

struct PermSyscall {
  std::string_view name;
  std::uint32_t permissions;
  PermTable since = PermTable::kAuditctl40;
};

constexpr std::uint32_t kX = kPermExecute, kW = kPermWrite, kR = kPermRead, kA = kPermAttributes;
constexpr PermTable k42 = PermTable::kAuditctl42;

// auditctl's own choice, on every arch: 32-bit ABIs have calls besides (chown32, truncate64) that it leaves out.
constexpr PermSyscall kSyscalls[] = {
    {"execve", kX},
    {"execveat", kX, k42},
    {"rename", kW},
    {"renameat", kW},
    {"renameat2", kW},
    {"mkdir", kW},
    {"mkdirat", kW},
    {"rmdir", kW},
    {"creat", kW},
    {"link", kW | kA},
    {"linkat", kW | kA},
    {"unlink", kW},
    {"unlinkat", kW},
    {"symlink", kW},
    {"symlinkat", kW},
    {"mknod", kW},
    {"mknodat", kW},
    {"acct", kW},
    {"swapon", kW},
    {"quotactl", kW | kR},
    {"quotactl_fd", kW | kR, k42},
    {"truncate", kW},
    {"ftruncate", kW},
    {"bind", kW},
    {"fallocate", kW},
    {"open", kW | kR},
    {"openat", kW | kR},
    {"openat2", kW | kR},
    {"chmod", kA},
    {"fchmod", kA},
    {"fchmodat", kA},
    {"fchmodat2", kA, k42},
    {"chown", kA},
    {"fchown", kA},
    {"fchownat", kA},
    {"lchown", kA},
    {"setxattr", kA},
    {"lsetxattr", kA},
    {"fsetxattr", kA},
    {"setxattrat", kA, k42},
    {"removexattr", kA},
    {"lremovexattr", kA},
    {"fremovexattr", kA},
    {"removexattrat", kA, k42},
    {"file_setattr", kA, k42},
    {"readlink", kR},
    {"readlinkat", kR},
    {"listxattr", kR},
    {"llistxattr", kR},
    {"flistxattr", kR},
    {"listxattrat", kR, k42},
    {"getxattr", kR},
    {"lgetxattr", kR},
    {"fgetxattr", kR},
    {"getxattrat", kR, k42},
    {"file_getattr", kR, k42},
    {"stat", kR, k42},
    {"lstat", kR, k42},
    {"fstat", kR, k42},
    {"newfstatat", kR, k42},
    {"statx", kR, k42},
};

constexpr PermSyscall kExtra[] = {
    {"chown32", kA}, {"fchown32", kA}, {"lchown32", kA}, {"truncate64", kW}, {"ftruncate64", kW},
};

SyscallMask look_up(std::uint32_t permissions, tables::ArchWord arch, PermTable table) {
  SyscallMask mask;
  for (const PermSyscall& syscall : kSyscalls) {
    if ((syscall.permissions & permissions) == 0 || syscall.since > table) continue;
    if (const auto number = tables::syscall_number(arch, syscall.name)) mask.set(*number);
  }
  return mask;
}

}  // namespace

SyscallMask perm_syscalls(std::uint32_t permissions, tables::ArchWord arch, PermTable table) {
  static std::mutex mutex;
  static std::map<std::tuple<std::uint32_t, tables::ArchWord, PermTable>, SyscallMask> known;
  const std::tuple key{permissions & kPermAll, arch, table};
  const std::lock_guard lock(mutex);
  if (const auto found = known.find(key); found != known.end()) return found->second;
  return known.emplace(key, look_up(std::get<0>(key), arch, table)).first->second;
}

SyscallMask perm_fitting(std::uint32_t permissions, tables::ArchWord arch) {
  SyscallMask mask = perm_syscalls(permissions, arch);
  for (const std::string_view name : perm_extra_names(permissions))
    if (const auto number = tables::syscall_number(arch, name)) mask.set(*number);
  return mask;
}

std::vector<std::string_view> perm_extra_names(std::uint32_t permissions) {
  std::vector<std::string_view> names;
  for (const PermSyscall& syscall : kExtra)
    if ((syscall.permissions & permissions) != 0) names.push_back(syscall.name);
  return names;
}

std::string perm_letters(std::uint32_t permissions) {
  std::string letters;
  for (const Permission& one : kPermissions)
    if ((permissions & one.bit) != 0) letters += one.letter;
  return letters;
}

std::optional<std::uint32_t> perm_by_letters(std::string_view letters) noexcept {
  std::uint32_t permissions = 0;
  for (const char letter : letters) {
    const auto* const found = std::ranges::find(kPermissions, base::lower(letter), &Permission::letter);
    if (found == std::end(kPermissions)) return std::nullopt;
    permissions |= found->bit;
  }
  return permissions;
}

std::optional<std::uint32_t> permission_by_word(std::string_view word) noexcept {
  const auto* const found = std::ranges::find(kPermissions, word, &Permission::word);
  if (found == std::end(kPermissions)) return std::nullopt;
  return found->bit;
}

std::vector<std::string_view> permission_words(std::uint32_t permissions) {
  std::vector<std::string_view> words;
  for (const Permission& one : kPermissions)
    if ((permissions & one.bit) != 0) words.push_back(one.word);
  return words;
}

}  // namespace naudit::rules
