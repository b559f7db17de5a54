// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/call_actions.hpp"

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/falloc.h>
#include <linux/fanotify.h>
#include <linux/mount.h>
#include <linux/prctl.h>
#include <linux/ptrace.h>
#include <linux/reboot.h>
#include <linux/sched.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <iterator>

#include "tables/syscalls.hpp"

namespace naudit::interpret {
namespace {

struct Row {
  CallAction action;
  std::string_view calls;  // separated by one space; of all arches
};

constexpr std::uint64_t kWord = 0xFFFFFFFF;

constexpr Request is(std::uint64_t value, std::string_view verb) {
  return {.mask = kWord, .value = value, .verb = verb};
}
constexpr Request has(std::uint64_t bits, std::string_view verb) {
  return {.mask = bits, .value = bits, .verb = verb};
}
constexpr Request lacks(std::uint64_t bits, std::string_view verb) {
  return {.mask = bits, .value = 0, .verb = verb};
}
constexpr Request null(std::string_view verb) {
  return {.mask = ~std::uint64_t{0}, .value = 0, .verb = verb};
}
constexpr Request else_is(std::string_view verb) {
  return {.verb = verb};
}

// Of x86 the last two; most arches share them, and linux/ptrace.h leaves them to each.
constexpr Request kTraceRequests[] = {is(PTRACE_TRACEME, "asked-to-be-traced"),
                                      is(PTRACE_PEEKTEXT, "read-memory-of"),
                                      is(PTRACE_PEEKDATA, "read-memory-of"),
                                      is(PTRACE_PEEKUSR, "read-memory-of"),
                                      is(PTRACE_POKETEXT, "wrote-memory-of"),
                                      is(PTRACE_POKEDATA, "wrote-memory-of"),
                                      is(PTRACE_POKEUSR, "wrote-memory-of"),
                                      is(PTRACE_SETREGSET, "changed-registers-of"),
                                      is(PTRACE_ATTACH, "attached-to-process"),
                                      is(PTRACE_SEIZE, "attached-to-process"),
                                      is(PTRACE_DETACH, "detached-from-process"),
                                      is(13, "changed-registers-of"),
                                      is(15, "changed-registers-of")};
constexpr std::uint64_t kTokenCreate = 36;  // BPF_TOKEN_CREATE, younger than the headers
constexpr Request kBpfCommands[] = {
    is(BPF_MAP_CREATE, "created-bpf-map"),       is(BPF_MAP_LOOKUP_ELEM, "read-bpf-map"),
    is(BPF_MAP_GET_NEXT_KEY, "read-bpf-map"),    is(BPF_MAP_UPDATE_ELEM, "changed-bpf-map"),
    is(BPF_MAP_DELETE_ELEM, "changed-bpf-map"),  is(BPF_PROG_LOAD, "loaded-bpf-program"),
    is(BPF_OBJ_PIN, "pinned-bpf-object"),        is(BPF_OBJ_GET, "opened-bpf-object"),
    is(BPF_PROG_ATTACH, "attached-bpf-program"), is(BPF_RAW_TRACEPOINT_OPEN, "attached-bpf-program"),
    is(BPF_LINK_CREATE, "attached-bpf-program"), is(BPF_PROG_DETACH, "detached-bpf-program"),
    is(BPF_PROG_TEST_RUN, "tested-bpf-program"), is(kTokenCreate, "created-bpf-token")};
constexpr Request kNodeTypes[] = {{S_IFMT, S_IFIFO, "made-fifo"},
                                  {S_IFMT, S_IFCHR, "made-character-device"},
                                  {S_IFMT, S_IFBLK, "made-block-device"},
                                  {S_IFMT, S_IFSOCK, "made-socket"},
                                  else_is("made-file")};
constexpr Request kSignals[] = {is(0, "checked-existence-of")};
// In the order of fs/namespace.c, path_mount().
constexpr Request kMountFlags[] = {has(MS_REMOUNT, "remounted"),
                                   has(MS_BIND, "mounted"),
                                   has(MS_SHARED, "changed-mount-propagation-of"),
                                   has(MS_PRIVATE, "changed-mount-propagation-of"),
                                   has(MS_SLAVE, "changed-mount-propagation-of"),
                                   has(MS_UNBINDABLE, "changed-mount-propagation-of"),
                                   has(MS_MOVE, "moved-mount")};
constexpr Request kRebootCommands[] = {
    is(LINUX_REBOOT_CMD_RESTART, "rebooted-system"),        is(LINUX_REBOOT_CMD_RESTART2, "rebooted-system"),
    is(LINUX_REBOOT_CMD_KEXEC, "rebooted-system"),          is(LINUX_REBOOT_CMD_HALT, "halted-system"),
    is(LINUX_REBOOT_CMD_POWER_OFF, "powered-off-system"),   is(LINUX_REBOOT_CMD_SW_SUSPEND, "hibernated-system"),
    is(LINUX_REBOOT_CMD_CAD_ON, "enabled-ctrl-alt-delete"), is(LINUX_REBOOT_CMD_CAD_OFF, "disabled-ctrl-alt-delete")};
// What only reads; linux/prctl.h has the numbers, some younger than Debian 12's.
constexpr std::string_view kReadsAttributes = "read-process-attributes-of";
constexpr Request kPrctlOptions[] = {
    is(PR_GET_PDEATHSIG, kReadsAttributes),
    is(PR_GET_DUMPABLE, kReadsAttributes),
    is(PR_GET_UNALIGN, kReadsAttributes),
    is(PR_GET_KEEPCAPS, kReadsAttributes),
    is(PR_GET_FPEMU, kReadsAttributes),
    is(PR_GET_FPEXC, kReadsAttributes),
    is(PR_GET_TIMING, kReadsAttributes),
    is(PR_GET_NAME, kReadsAttributes),
    is(PR_GET_ENDIAN, kReadsAttributes),
    is(PR_GET_SECCOMP, kReadsAttributes),
    is(PR_CAPBSET_READ, kReadsAttributes),
    is(PR_GET_TSC, kReadsAttributes),
    is(PR_GET_SECUREBITS, kReadsAttributes),
    is(PR_GET_TIMERSLACK, kReadsAttributes),
    is(PR_MCE_KILL_GET, kReadsAttributes),
    is(PR_GET_CHILD_SUBREAPER, kReadsAttributes),
    is(PR_GET_NO_NEW_PRIVS, kReadsAttributes),
    is(PR_GET_TID_ADDRESS, kReadsAttributes),
    is(PR_GET_THP_DISABLE, kReadsAttributes),
    is(PR_GET_FP_MODE, kReadsAttributes),
    is(PR_SVE_GET_VL, kReadsAttributes),
    is(PR_GET_SPECULATION_CTRL, kReadsAttributes),
    is(PR_GET_TAGGED_ADDR_CTRL, kReadsAttributes),
    is(PR_GET_IO_FLUSHER, kReadsAttributes),
    is(PR_SET_SECCOMP, "changed-seccomp-policy-of"),
};
constexpr Request kSeccompOperations[] = {is(2, "queried-seccomp-support"), is(3, "queried-seccomp-support")};
constexpr std::uint64_t kQuotaMask = 0xFFFFFF00;  // behind it is the type
constexpr Request quota(std::uint64_t command, std::string_view verb) {
  return {.mask = kQuotaMask, .value = command << 8U, .verb = verb};
}
// linux/quota.h, linux/dqblk_xfs.h
constexpr Request kQuotaCommands[] = {
    quota(0x800001, "synchronized-quota"), quota(0x5807, "synchronized-quota"), quota(0x800002, "enabled-quota"),
    quota(0x5801, "enabled-quota"),        quota(0x800003, "disabled-quota"),   quota(0x5802, "disabled-quota"),
    quota(0x800004, "read-quota"),         quota(0x800005, "read-quota"),       quota(0x800007, "read-quota"),
    quota(0x800009, "read-quota"),         quota(0x5803, "read-quota"),         quota(0x5805, "read-quota"),
    quota(0x5808, "read-quota"),           quota(0x5809, "read-quota")};
constexpr Request kThreads[] = {has(CLONE_THREAD, "created-thread")};
constexpr Request kNamespaces[] = {lacks(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |
                                             CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWTIME,
                                         "unshared-resources-of")};
constexpr Request kLocks[] = {has(LOCK_UN, "unlocked-file")};
constexpr Request kMarks[] = {has(FAN_MARK_REMOVE, "unwatched-file"), has(FAN_MARK_FLUSH, "unwatched-all-files")};
constexpr Request kSpaces[] = {
    has(FALLOC_FL_PUNCH_HOLE, "freed-space-of"), has(FALLOC_FL_COLLAPSE_RANGE, "removed-range-of"),
    has(FALLOC_FL_ZERO_RANGE, "zeroed-range-of"), has(FALLOC_FL_INSERT_RANGE, "inserted-range-into")};
constexpr Request kReadsLimit[] = {null("read-resource-limit-of")};
constexpr Request kReadsPersonality[] = {is(kWord, "read-personality-of")};
constexpr Request kSetsZoneOnly[] = {null("changed-kernel-time-zone")};
constexpr Request kClocksSet[] = {is(CLOCK_REALTIME, "changed-system-time"), else_is("changed-clock")};
constexpr Request kClocksAdjusted[] = {is(CLOCK_REALTIME, "read-or-adjusted-system-time"),
                                       else_is("read-or-adjusted-clock")};
constexpr Request kAccounting[] = {null("disabled-process-accounting"), else_is("enabled-process-accounting")};
constexpr Request kNoSegments[] = {null("unloaded-kernel")};

// Calls of one verb stand together; they differ in where their paths and details are.
constexpr Row kRows[] = {
    {{}, {}},
    {{"opened-file", Act::kOpen, -1, -1, 1}, "open"},
    {{"opened-file", Act::kOpen, 0, -1, 2}, "openat"},
    {{"opened-file", Act::kOpen, -1, -1, 2}, "open_by_handle_at"},
    {{"opened-file", Act::kOpenHow, 0}, "openat2"},
    {{"opened-file", Act::kCreate}, "creat"},
    {{"read-symlink", Act::kFile}, "readlink"},
    {{"read-symlink", Act::kFile, 0}, "readlinkat"},
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
    {{"changed-file-size-of", Act::kFile}, "truncate ftruncate truncate64 ftruncate64"},
    {{"allocated-space-of", Act::kFile, -1, -1, -1, 1, kSpaces}, "fallocate"},
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
    {{"made-device", Act::kNode, -1, -1, 1, 1, kNodeTypes}, "mknod"},
    {{"made-device", Act::kNode, 0, -1, 2, 2, kNodeTypes}, "mknodat"},
    {{"mounted", Act::kMount, -1, -1, -1, 3, kMountFlags}, "mount"},
    {{"created-mount", Act::kSystem}, "fsmount"},
    {{"mounted", Act::kMount, 0, 2}, "move_mount"},
    {{"opened-filesystem", Act::kFile, 0}, "fspick"},
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
    {{"changed-process-accounting", Act::kFile, -1, -1, -1, 0, kAccounting}, "acct"},
    {{"changed-quota", Act::kFile, -1, -1, -1, 0, kQuotaCommands}, "quotactl"},
    {{"changed-quota", Act::kFile, -1, -1, -1, 1, kQuotaCommands}, "quotactl_fd"},
    {{"watched-file", Act::kFile}, "inotify_add_watch"},
    {{"watched-file", Act::kFile, 3, -1, -1, 1, kMarks}, "fanotify_mark"},
    {{"locked-file", Act::kFile, -1, -1, -1, 1, kLocks}, "flock"},
    {{"accepted-connection-from", Act::kSocket}, "accept accept4"},
    {{"bound-socket", Act::kSocket}, "bind"},
    {{"connected-to", Act::kSocket}, "connect"},
    {{"listened-for-connections", Act::kSocket}, "listen"},
    {{"received-from", Act::kSocket}, "recv recvfrom recvmsg recvmmsg recvmmsg_time64"},
    {{"sent-to", Act::kSocket}, "send sendto sendmsg sendmmsg"},
    {{"created-socket", Act::kSocket}, "socket socketpair"},
    {{"shut-down-socket", Act::kSocket}, "shutdown"},
    {{"changed-socket-option", Act::kSocket}, "setsockopt"},
    {{"made-socket-call", Act::kSocketcall}, "socketcall"},
    {{"killed-pid", Act::kSignal, -1, -1, 1, 1, kSignals}, "kill tkill rt_sigqueueinfo"},
    {{"killed-pid", Act::kSignalOfDescriptor, -1, -1, 1, 1, kSignals}, "pidfd_send_signal"},
    {{"killed-pid", Act::kSignal, -1, -1, 2, 2, kSignals}, "tgkill rt_tgsigqueueinfo"},
    {{"traced-process", Act::kTrace, -1, -1, 1, 0, kTraceRequests}, "ptrace"},
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
    {{"changed-resource-limit-of", Act::kProcess, -1, -1, 0, 2, kReadsLimit}, "prlimit64"},
    {{"changed-resource-limit-of", Act::kSelf}, "setrlimit"},
    {{"changed-process-group-of", Act::kProcess, -1, -1, 0}, "setpgid"},
    {{"created-process-session", Act::kSelf}, "setsid"},
    {{"created-process", Act::kFork}, "fork vfork clone clone3"},
    {{"created-process", Act::kFork, -1, -1, -1, 0, kThreads}, "clone"},
    {{"ended-process", Act::kSelf}, "exit exit_group"},
    {{"changed-identity-of", Act::kUser, -1, -1, 0}, "setuid seteuid setfsuid setuid32 setfsuid32"},
    {{"changed-identity-of", Act::kUser, -1, -1, 1}, "setreuid setresuid setreuid32 setresuid32"},
    {{"changed-identity-of", Act::kGroup, -1, -1, 0}, "setgid setegid setfsgid setgid32 setfsgid32"},
    {{"changed-identity-of", Act::kGroup, -1, -1, 1}, "setregid setresgid setregid32 setresgid32"},
    {{"changed-groups-of", Act::kSelf}, "setgroups setgroups32"},
    {{"changed-capabilities-of", Act::kSelf}, "capset"},
    {{"changed-personality-of", Act::kSelf, -1, -1, -1, 0, kReadsPersonality}, "personality"},
    {{"changed-process-attributes-of", Act::kSelf, -1, -1, -1, 0, kPrctlOptions}, "prctl"},
    {{"changed-process-attributes-of", Act::kSelf}, "arch_prctl"},
    {{"entered-namespace", Act::kSelf}, "setns"},
    {{"created-namespace", Act::kSelf, -1, -1, -1, 0, kNamespaces}, "unshare"},
    {{"changed-seccomp-policy-of", Act::kSelf, -1, -1, -1, 0, kSeccompOperations}, "seccomp"},
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
    {{"used-bpf", Act::kBpf, -1, -1, -1, 0, kBpfCommands}, "bpf"},
    {{"measured-performance-of", Act::kProcess, -1, -1, 1}, "perf_event_open"},
    {{"loaded-kernel-module", Act::kModule}, "init_module finit_module create_module"},
    {{"unloaded-kernel-module", Act::kModule}, "delete_module"},
    {{"loaded-kernel", Act::kSystem, -1, -1, -1, 1, kNoSegments}, "kexec_load"},
    {{"loaded-kernel", Act::kSystem}, "kexec_file_load"},
    {{"rebooted-system", Act::kSystem, -1, -1, -1, 2, kRebootCommands}, "reboot"},
    {{"changed-system-time", Act::kSystem, -1, -1, -1, 0, kSetsZoneOnly}, "settimeofday"},
    {{"changed-system-time", Act::kSystem, -1, -1, -1, 0, kClocksSet}, "clock_settime clock_settime64"},
    {{"changed-system-time", Act::kSystem}, "stime"},
    // With no mode set they only read; which modes are set stands behind a pointer.
    {{"read-or-adjusted-system-time", Act::kSystem}, "adjtimex"},
    {{"read-or-adjusted-system-time", Act::kSystem, -1, -1, -1, 0, kClocksAdjusted}, "clock_adjtime clock_adjtime64"},
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
    const bool has_flags_first = kRows[row].action.requests.data() == std::data(kThreads);
    for (std::size_t arch = 0; arch < kArches.size(); ++arch) {
      // There a0 of clone is the stack (kernel/fork.c, CONFIG_CLONE_BACKWARDS2).
      if (has_flags_first && (kArches[arch] == tables::kArchS390x || kArches[arch] == tables::kArchS390)) continue;
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

}  // namespace naudit::interpret
