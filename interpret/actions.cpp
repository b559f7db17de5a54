// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/actions.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "tables/record_types.hpp"
#include "tables/syscalls.hpp"

namespace naudit::interpret {
namespace {

struct CallVerb {
  std::string_view verb;
  std::vector<std::string_view> calls;
};

// Verbs of auparse's normaliser; below the line, our own for calls that it has none for.
const std::vector<CallVerb>& call_verbs() {
  static const std::vector<CallVerb> kVerbs = {
      {"opened-file", {"open", "openat", "openat2", "creat", "open_by_handle_at", "readlink", "readlinkat"}},
      {"executed", {"execve", "execveat"}},
      {"changed-file-attributes-of",
       {"setxattr", "lsetxattr", "fsetxattr", "setxattrat", "removexattr", "lremovexattr", "fremovexattr",
        "removexattrat", "file_setattr"}},
      {"changed-file-permissions-of", {"chmod", "fchmod", "fchmodat", "fchmodat2"}},
      {"changed-file-ownership-of", {"chown", "lchown", "fchown", "fchownat", "chown32", "lchown32", "fchown32"}},
      {"loaded-kernel-module", {"init_module", "finit_module"}},
      {"unloaded-kernel-module", {"delete_module"}},
      {"created-directory", {"mkdir", "mkdirat"}},
      {"mounted", {"mount", "move_mount", "fsmount"}},
      {"unmounted", {"umount", "umount2"}},
      {"renamed", {"rename", "renameat", "renameat2"}},
      {"checked-metadata-of",
       {"stat",      "lstat",      "fstat",     "newfstatat", "statx",      "stat64",      "lstat64",
        "fstat64",   "fstatat64",  "access",    "faccessat",  "faccessat2", "getxattr",    "lgetxattr",
        "fgetxattr", "getxattrat", "listxattr", "llistxattr", "flistxattr", "listxattrat", "file_getattr"}},
      {"checked-filesystem-metadata-of", {"statfs", "fstatfs", "statfs64", "fstatfs64", "statmount", "listmount"}},
      {"linked", {"link", "linkat"}},
      {"symlinked", {"symlink", "symlinkat"}},
      {"deleted", {"unlink", "unlinkat", "rmdir"}},
      {"changed-timestamp-of", {"utime", "utimes", "utimensat", "futimesat", "utimensat_time64"}},
      {"accepted-connection-from", {"accept", "accept4"}},
      {"bound-socket", {"bind"}},
      {"listened-for-connections", {"listen"}},
      {"connected-to", {"connect"}},
      {"received-from", {"recvfrom", "recvmsg", "recvmmsg"}},
      {"sent-to", {"sendto", "sendmsg", "sendmmsg"}},
      {"killed-pid", {"kill", "tkill", "tgkill", "pidfd_send_signal", "rt_sigqueueinfo", "rt_tgsigqueueinfo"}},
      {"changed-identity-of",
       {"setuid", "seteuid", "setreuid", "setresuid", "setfsuid", "setgid", "setregid", "setresgid", "setfsgid",
        "setuid32", "setreuid32", "setresuid32", "setfsuid32", "setgid32", "setregid32", "setresgid32", "setfsgid32"}},
      {"changed-system-time",
       {"settimeofday", "clock_settime", "clock_settime64", "adjtimex", "clock_adjtime", "clock_adjtime64", "stime"}},
      {"made-device", {"mknod", "mknodat"}},
      {"changed-system-name", {"sethostname", "setdomainname"}},
      {"allocated-memory", {"mmap", "mmap2", "brk", "mprotect", "pkey_mprotect"}},
      {"adjusted-scheduling-policy-of", {"sched_setparam", "sched_setscheduler", "sched_setattr"}},
      {"changed-file-size-of", {"truncate", "ftruncate", "truncate64", "ftruncate64", "fallocate"}},
      {"traced-process", {"ptrace"}},
      {"read-memory-of", {"process_vm_readv"}},
      {"wrote-memory-of", {"process_vm_writev"}},
      {"used-bpf", {"bpf"}},
      {"changed-namespace", {"setns", "unshare"}},
      {"changed-root", {"chroot", "pivot_root"}},
      {"loaded-kernel", {"kexec_load", "kexec_file_load"}},
      {"created-memory-file", {"memfd_create", "memfd_secret"}},
      {"created-process", {"fork", "vfork", "clone", "clone3"}},
      {"ended-process", {"exit", "exit_group"}},
      {"created-socket", {"socket", "socketpair"}},
      {"submitted-io", {"io_uring_setup", "io_uring_enter", "io_uring_register"}},
      {"rebooted-system", {"reboot"}},
      {"changed-swap", {"swapon", "swapoff"}},
      {"changed-accounting", {"acct"}},
      {"changed-capabilities-of", {"capset"}},
  };
  return kVerbs;
}

constexpr std::uint32_t kMostCalls = 1024;
using VerbsByNumber = std::array<std::string_view, kMostCalls>;

VerbsByNumber verbs_of(tables::ArchWord arch) {
  VerbsByNumber verbs{};
  for (std::uint32_t number = 0; number < kMostCalls; ++number) verbs[number] = tables::syscall_name(arch, number);
  for (const CallVerb& entry : call_verbs())
    for (const std::string_view call : entry.calls)
      if (const auto number = tables::syscall_number(arch, call); number && *number < kMostCalls)
        verbs[*number] = entry.verb;
  return verbs;
}

struct TypeVerb {
  std::uint16_t type;
  std::string_view verb;
};

// Sorted by type.
constexpr TypeVerb kTypeVerbs[] = {
    {1005, "sent-message"},
    {1006, "changed-login-id-to"},
    {1100, "authenticated"},
    {1101, "was-authorized"},
    {1102, "modified-user-account"},
    {1103, "acquired-credentials"},
    {1104, "disposed-credentials"},
    {1105, "started-session"},
    {1106, "ended-session"},
    {1107, "accessed-policy-controlled-object"},
    {1108, "changed-password"},
    {1109, "caused-error"},
    {1110, "refreshed-credentials"},
    {1111, "changed-configuration"},
    {1112, "logged-in"},
    {1113, "logged-out"},
    {1114, "added-user-account"},
    {1115, "deleted-user-account"},
    {1116, "added-group-account-to"},
    {1117, "deleted-group-account-from"},
    {1123, "ran-command"},
    {1124, "typed"},
    {1127, "booted-system"},
    {1128, "shut-down-system"},
    {1129, "changed-to-runlevel"},
    {1130, "started-service"},
    {1131, "stopped-service"},
    {1132, "modified-group-account"},
    {1135, "locked-account"},
    {1136, "unlocked-account"},
    {1138, "installed-software"},
    {1200, "started-audit"},
    {1201, "shutdown-audit"},
    {1202, "aborted-auditd-startup"},
    {1203, "changed-audit-configuration"},
    {1205, "rotated-audit-logs"},
    {1206, "resumed-audit-logging"},
    {1209, "audit-error"},
    {1305, "changed-audit-configuration"},
    {1319, "typed"},
    {1325, "loaded-firewall-rule"},
    {1326, "violated-seccomp-policy"},
    {1328, "changed-audit-feature"},
    {1330, "loaded-kernel-module"},
    {1331, "accessed-policy-controlled-file"},
    {1334, "used-bpf"},
    {1336, "submitted-io"},
    {1400, "accessed-mac-policy-controlled-object"},
    {1403, "loaded-selinux-policy"},
    {1404, "changed-selinux-enforcement"},
    {1405, "changed-selinux-boolean"},
    {1700, "changed-promiscuous-mode-on-device"},
    {1701, "crashed-program"},
    {1702, "used-suspicious-link"},
};

}  // namespace

std::string_view syscall_action(tables::ArchWord arch, std::uint32_t number) noexcept {
  static const VerbsByNumber kX86 = verbs_of(tables::kArchX86_64);
  static const VerbsByNumber kI386 = verbs_of(tables::kArchI386);
  static const VerbsByNumber kArm = verbs_of(tables::kArchAarch64);
  if (number >= kMostCalls) return kUnknownAction;
  const VerbsByNumber* table = nullptr;
  if (arch == tables::kArchX86_64) table = &kX86;
  if (arch == tables::kArchI386) table = &kI386;
  if (arch == tables::kArchAarch64) table = &kArm;
  if (table == nullptr || (*table)[number].empty()) return kUnknownAction;
  return (*table)[number];
}

std::string_view record_action(std::uint16_t type) noexcept {
  const TypeVerb* const at = std::ranges::lower_bound(kTypeVerbs, type, {}, &TypeVerb::type);
  if (at != std::end(kTypeVerbs) && at->type == type) return at->verb;
  const std::string_view name = tables::record_type_key(type);
  return name.empty() ? kUnknownAction : name;
}

}  // namespace naudit::interpret
