// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/call_actions.hpp"

#include <linux/bpf.h>
#include <linux/ptrace.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "tables/syscalls.hpp"

namespace naudit::interpret {
namespace {

struct Row {
  CallAction action;
  std::string_view calls;  // separated by one space; of all arches
};

// Calls of one verb stand together; they differ in where their paths and details are.
constexpr Row kRows[] = {
    {{}, {}},
    {{"opened-file", Act::kOpen, -1, -1, 1}, "open"},
    {{"opened-file", Act::kOpen, 0, -1, 2}, "openat"},
    {{"opened-file", Act::kOpen, -1, -1, 2}, "open_by_handle_at"},
    {{"opened-file", Act::kOpenHow, 0}, "openat2"},
    {{"opened-file", Act::kCreate}, "creat"},
    {{"opened-file", Act::kFile}, "readlink"},
    {{"opened-file", Act::kFile, 0}, "readlinkat"},
    {{"opened-message-queue", Act::kFile}, "mq_open"},
    {{"executed", Act::kExec}, "execve"},
    {{"executed", Act::kExec, 0}, "execveat"},
    {{"loaded-library", Act::kFile}, "uselib"},
    {{"changed-file-attributes-of", Act::kFile}, "setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr"},
    {{"changed-file-attributes-of", Act::kFile, 0}, "setxattrat removexattrat file_setattr"},
    {{"changed-file-permissions-of", Act::kMode, -1, -1, 1}, "chmod fchmod"},
    {{"changed-file-permissions-of", Act::kMode, 0, -1, 2}, "fchmodat fchmodat2"},
    {{"changed-file-ownership-of", Act::kOwner, -1, -1, 1}, "chown lchown fchown chown32 lchown32 fchown32"},
    {{"changed-file-ownership-of", Act::kOwner, 0, -1, 2}, "fchownat"},
    {{"changed-file-size-of", Act::kFile}, "truncate ftruncate truncate64 ftruncate64 fallocate"},
    {{"changed-timestamp-of", Act::kFile}, "utime utimes"},
    {{"changed-timestamp-of", Act::kFile, 0}, "utimensat utimensat_time64 futimesat"},
    {{"checked-metadata-of", Act::kFile},
     "stat lstat fstat stat64 lstat64 fstat64 oldstat oldlstat oldfstat access getxattr lgetxattr fgetxattr listxattr "
     "llistxattr flistxattr"},
    {{"checked-metadata-of", Act::kFile, 0},
     "newfstatat fstatat64 fstatat statx faccessat faccessat2 getxattrat listxattrat file_getattr"},
    {{"checked-filesystem-metadata-of", Act::kFile}, "statfs fstatfs statfs64 fstatfs64 ustat statmount listmount"},
    {{"got-handle-of", Act::kFile, 0}, "name_to_handle_at"},
    {{"created-directory", Act::kFile}, "mkdir"},
    {{"created-directory", Act::kFile, 0}, "mkdirat"},
    {{"deleted", Act::kFile}, "unlink rmdir"},
    {{"deleted", Act::kFile, 0}, "unlinkat"},
    {{"deleted-message-queue", Act::kFile}, "mq_unlink"},
    {{"renamed", Act::kRename}, "rename"},
    {{"renamed", Act::kRename, 0, 2}, "renameat renameat2"},
    {{"linked", Act::kLink}, "link"},
    {{"linked", Act::kLink, 0, 2}, "linkat"},
    {{"symlinked", Act::kSymlink}, "symlink"},
    {{"symlinked", Act::kSymlink, 1}, "symlinkat"},
    {{"made-device", Act::kNode, -1, -1, 1}, "mknod"},
    {{"made-device", Act::kNode, 0, -1, 2}, "mknodat"},
    {{"mounted", Act::kMount}, "mount fsmount"},
    {{"mounted", Act::kMount, 0, 2}, "move_mount"},
    {{"mounted", Act::kFile, 0}, "fspick"},
    {{"opened-mount", Act::kFile, 0}, "open_tree open_tree_attr"},
    {{"opened-filesystem", Act::kSystem}, "fsopen"},
    {{"configured-filesystem", Act::kFile}, "fsconfig"},
    {{"changed-mount-attributes-of", Act::kFile, 0}, "mount_setattr"},
    {{"unmounted", Act::kFile}, "umount umount2"},
    {{"changed-root", Act::kFile}, "chroot"},
    {{"changed-root", Act::kRoot}, "pivot_root"},
    {{"changed-directory-to", Act::kFile}, "chdir fchdir"},
    {{"enabled-swap", Act::kFile}, "swapon"},
    {{"disabled-swap", Act::kFile}, "swapoff"},
    {{"changed-process-accounting", Act::kFile}, "acct"},
    {{"changed-quota", Act::kFile}, "quotactl quotactl_fd"},
    {{"watched-file", Act::kFile}, "inotify_add_watch"},
    {{"watched-file", Act::kFile, 3}, "fanotify_mark"},
    {{"locked-file", Act::kFile}, "flock"},
    {{"accepted-connection-from", Act::kSocket}, "accept accept4"},
    {{"bound-socket", Act::kSocket}, "bind"},
    {{"connected-to", Act::kSocket}, "connect"},
    {{"listened-for-connections", Act::kSocket}, "listen"},
    {{"received-from", Act::kSocket}, "recv recvfrom recvmsg recvmmsg recvmmsg_time64"},
    {{"sent-to", Act::kSocket}, "send sendto sendmsg sendmmsg"},
    {{"created-socket", Act::kNewSocket}, "socket socketpair"},
    {{"shut-down-socket", Act::kSocket}, "shutdown"},
    {{"changed-socket-option", Act::kSocket}, "setsockopt"},
    {{"made-socket-call", Act::kSocketcall}, "socketcall"},
    {{"killed-pid", Act::kSignal, -1, -1, 1}, "kill tkill pidfd_send_signal rt_sigqueueinfo"},
    {{"killed-pid", Act::kSignal, -1, -1, 2}, "tgkill rt_tgsigqueueinfo"},
    {{"traced-process", Act::kTrace, -1, -1, 1}, "ptrace"},
    {{"read-memory-of", Act::kProcess, -1, -1, 0}, "process_vm_readv"},
    {{"wrote-memory-of", Act::kProcess, -1, -1, 0}, "process_vm_writev"},
    {{"advised-memory-of", Act::kProcess}, "process_madvise process_mrelease"},
    {{"opened-process", Act::kProcess, -1, -1, 0}, "pidfd_open"},
    {{"took-descriptor-from", Act::kProcess}, "pidfd_getfd"},
    {{"compared-process", Act::kProcess, -1, -1, 0}, "kcmp"},
    {{"adjusted-scheduling-policy-of", Act::kProcess, -1, -1, 0}, "sched_setparam sched_setscheduler sched_setattr"},
    {{"adjusted-cpu-affinity-of", Act::kProcess, -1, -1, 0}, "sched_setaffinity"},
    {{"adjusted-priority-of", Act::kProcess}, "setpriority ioprio_set"},
    {{"adjusted-priority-of", Act::kSelf}, "nice"},
    {{"changed-resource-limit-of", Act::kProcess, -1, -1, 0}, "prlimit64"},
    {{"changed-resource-limit-of", Act::kSelf}, "setrlimit"},
    {{"changed-process-group-of", Act::kProcess, -1, -1, 0}, "setpgid"},
    {{"created-process-session", Act::kSelf}, "setsid"},
    {{"created-process", Act::kFork}, "fork vfork clone clone3"},
    {{"ended-process", Act::kSelf}, "exit exit_group"},
    {{"changed-identity-of", Act::kIdentity, -1, -1, 0},
     "setuid seteuid setreuid setresuid setfsuid setuid32 setreuid32 setresuid32 setfsuid32"},
    {{"changed-identity-of", Act::kIdentity, -1, -1, 1},
     "setgid setegid setregid setresgid setfsgid setgid32 setregid32 setresgid32 setfsgid32"},
    {{"changed-groups-of", Act::kSelf}, "setgroups setgroups32"},
    {{"changed-capabilities-of", Act::kSelf}, "capset"},
    {{"changed-personality-of", Act::kSelf}, "personality"},
    {{"changed-process-attributes-of", Act::kSelf}, "prctl arch_prctl"},
    {{"entered-namespace", Act::kSelf}, "setns"},
    {{"created-namespace", Act::kSelf}, "unshare"},
    {{"changed-seccomp-policy-of", Act::kSelf}, "seccomp"},
    {{"created-landlock-ruleset", Act::kSelf}, "landlock_create_ruleset"},
    {{"added-landlock-rule", Act::kSelf}, "landlock_add_rule"},
    {{"entered-landlock-domain", Act::kSelf}, "landlock_restrict_self"},
    {{"adjusted-security-policy-of", Act::kSecurity}, "lsm_set_self_attr"},
    {{"retrieved-security-attr-of", Act::kSecurity}, "lsm_get_self_attr"},
    {{"listed-security-modules", Act::kSecurity}, "lsm_list_modules"},
    {{"allocated-memory-in", Act::kMemory}, "mmap mmap2 brk"},
    {{"changed-memory-protection-in", Act::kMemory}, "mprotect pkey_mprotect"},
    {{"created-memory-file", Act::kMemory}, "memfd_create memfd_secret"},
    {{"attached-shared-memory", Act::kMemory}, "shmat"},
    {{"opened-shared-memory", Act::kMemory}, "shmget"},
    {{"handled-page-faults-of", Act::kMemory}, "userfaultfd"},
    {{"set-up-io-uring", Act::kSelf}, "io_uring_setup"},
    {{"submitted-io", Act::kSelf}, "io_uring_enter"},
    {{"registered-with-io-uring", Act::kSelf}, "io_uring_register"},
    {{"used-bpf", Act::kBpf}, "bpf"},
    {{"measured-performance-of", Act::kProcess, -1, -1, 1}, "perf_event_open"},
    {{"loaded-kernel-module", Act::kModule}, "init_module finit_module create_module"},
    {{"unloaded-kernel-module", Act::kModule}, "delete_module"},
    {{"loaded-kernel", Act::kSystem}, "kexec_load kexec_file_load"},
    {{"rebooted-system", Act::kSystem}, "reboot"},
    {{"changed-system-time", Act::kSystem},
     "settimeofday clock_settime clock_settime64 adjtimex clock_adjtime clock_adjtime64 stime"},
    {{"changed-system-name", Act::kSystem}, "sethostname setdomainname"},
    {{"accessed-kernel-log", Act::kSystem}, "syslog"},
    {{"changed-io-privileges-of", Act::kSelf}, "iopl ioperm"},
    {{"changed-segments-of", Act::kSelf}, "modify_ldt set_thread_area"},
    {{"hung-up-terminal", Act::kSelf}, "vhangup"},
    {{"added-key", Act::kSelf}, "add_key"},
    {{"requested-key", Act::kSelf}, "request_key"},
    {{"managed-key", Act::kSelf}, "keyctl"},
};
static_assert(std::size(kRows) < 256);

constexpr std::array kArches = {tables::kArchX86_64, tables::kArchI386,    tables::kArchAarch64, tables::kArchArm,
                                tables::kArchArmeb,  tables::kArchPpc64le, tables::kArchPpc64,   tables::kArchPpc,
                                tables::kArchS390x,  tables::kArchS390,    tables::kArchRiscv64, tables::kArchRiscv32};
constexpr std::uint32_t kMostCalls = 1024;
constexpr std::uint32_t kMostOps = 256;

// Operations of io_uring that are called otherwise than their system calls; all others share the name.
constexpr std::pair<std::string_view, std::string_view> kUringCalls[] = {{"send", "sendto"},
                                                                         {"recv", "recvfrom"},
                                                                         {"send_zc", "sendto"},
                                                                         {"sendmsg_zc", "sendmsg"},
                                                                         {"recv_zc", "recvfrom"}};

constexpr std::string_view kSocketCalls[] = {
    {},           "socket",  "bind",    "connect",  "listen",   "accept",   "getsockname", "getpeername",
    "socketpair", "send",    "recv",    "sendto",   "recvfrom", "shutdown", "setsockopt",  "getsockopt",
    "sendmsg",    "recvmsg", "accept4", "recvmmsg", "sendmmsg"};

template <typename Do>
void each_call(std::string_view calls, Do&& do_it) {
  while (!calls.empty()) {
    const std::size_t end = std::min(calls.find(' '), calls.size());
    do_it(calls.substr(0, end));
    calls.remove_prefix(std::min(end + 1, calls.size()));
  }
}

// Of each call, the row; 0: none.
struct Tables {
  std::array<std::array<std::uint8_t, kMostCalls>, kArches.size()> by_arch{};
  std::array<std::uint8_t, kMostOps> by_op{};
  std::array<std::uint8_t, std::size(kSocketCalls)> by_socketcall{};

  Tables() {
    for (std::size_t row = 1; row < std::size(kRows); ++row)
      each_call(kRows[row].calls, [&](std::string_view call) { add(call, static_cast<std::uint8_t>(row)); });
  }
  void add(std::string_view call, std::uint8_t row) {
    for (std::size_t arch = 0; arch < kArches.size(); ++arch) {
      const auto number = tables::syscall_number(kArches[arch], call);
      if (number && *number < kMostCalls) by_arch[arch][*number] = row;
    }
    for (std::size_t i = 1; i < std::size(kSocketCalls); ++i)
      if (kSocketCalls[i] == call) by_socketcall[i] = row;
    if (const auto op = tables::uring_op(call); op && *op < kMostOps) by_op[*op] = row;
    for (const auto& [operation, its_call] : kUringCalls) {
      const auto op = tables::uring_op(operation);
      if (its_call == call && op && *op < kMostOps) by_op[*op] = row;
    }
  }
};

const Tables& all_tables() noexcept {
  static const Tables kTables;
  return kTables;
}

const CallAction* action_of(std::uint8_t row) noexcept {
  return row == 0 ? nullptr : &kRows[row].action;
}

}  // namespace

const CallAction* call_action(tables::ArchWord arch, std::uint32_t number) noexcept {
  if (number >= kMostCalls) return nullptr;
  for (std::size_t i = 0; i < kArches.size(); ++i)
    if (kArches[i] == arch) return action_of(all_tables().by_arch[i][number]);
  return nullptr;
}

const CallAction* uring_action(std::uint32_t op) noexcept {
  return op < kMostOps ? action_of(all_tables().by_op[op]) : nullptr;
}

const CallAction* socketcall_action(std::uint32_t call) noexcept {
  return call < std::size(kSocketCalls) ? action_of(all_tables().by_socketcall[call]) : nullptr;
}

std::string_view syscall_action(tables::ArchWord arch, std::uint32_t number) noexcept {
  if (const CallAction* const action = call_action(arch, number)) return action->verb;
  const std::string_view name = tables::syscall_name(arch, number);
  return name.empty() ? kUnknownAction : name;
}

std::string_view trace_action(std::uint64_t request, std::string_view verb) noexcept {
  // Of x86; most arches share them, and linux/ptrace.h leaves them to each.
  constexpr std::uint64_t kSetRegisters = 13, kSetFloatRegisters = 15;
  switch (request) {
    case PTRACE_TRACEME:
      return "asked-to-be-traced";
    case PTRACE_PEEKTEXT:
    case PTRACE_PEEKDATA:
    case PTRACE_PEEKUSR:
      return "read-memory-of";
    case PTRACE_POKETEXT:
    case PTRACE_POKEDATA:
    case PTRACE_POKEUSR:
      return "wrote-memory-of";
    case kSetRegisters:
    case kSetFloatRegisters:
    case PTRACE_SETREGSET:
      return "changed-registers-of";
    case PTRACE_ATTACH:
    case PTRACE_SEIZE:
      return "attached-to-process";
    case PTRACE_DETACH:
      return "detached-from-process";
    default:
      return verb;
  }
}

std::string_view bpf_action(std::uint64_t command, std::string_view verb) noexcept {
  constexpr std::uint64_t kTokenCreate = 36;  // BPF_TOKEN_CREATE, younger than the headers
  switch (command) {
    case BPF_MAP_CREATE:
      return "created-bpf-map";
    case BPF_MAP_LOOKUP_ELEM:
    case BPF_MAP_GET_NEXT_KEY:
      return "read-bpf-map";
    case BPF_MAP_UPDATE_ELEM:
    case BPF_MAP_DELETE_ELEM:
      return "changed-bpf-map";
    case BPF_PROG_LOAD:
      return "loaded-bpf-program";
    case BPF_OBJ_PIN:
      return "pinned-bpf-object";
    case BPF_OBJ_GET:
      return "opened-bpf-object";
    case BPF_PROG_ATTACH:
    case BPF_RAW_TRACEPOINT_OPEN:
    case BPF_LINK_CREATE:
      return "attached-bpf-program";
    case BPF_PROG_DETACH:
      return "detached-bpf-program";
    case BPF_PROG_TEST_RUN:
      return "tested-bpf-program";
    case kTokenCreate:
      return "created-bpf-token";
    default:
      return verb;
  }
}

}  // namespace naudit::interpret
