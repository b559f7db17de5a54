// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/confine/calls.hpp"

#include <linux/netlink.h>
#include <linux/sockios.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

namespace naudit::daemon {
namespace {

// The kernel takes these arguments as 32 bits; what stands above them is undefined.
constexpr std::uint64_t kInt = 0xffff'ffff;
constexpr std::uint64_t kWritten = PROT_WRITE, kRun = PROT_EXEC;
// include/uapi/linux/prctl.h; glibc names its memory with it.
constexpr std::uint64_t kSetVma = 0x53564d41;

}  // namespace

std::span<const CallGroup> call_groups() {
  static const std::vector<CallGroup> groups = {
      {"reading and writing",
       Verdict::kAllowed,
       {"read", "readv", "pread64", "preadv", "preadv2", "write", "writev", "pwrite64", "pwritev", "pwritev2", "lseek",
        "sendfile", "copy_file_range", "splice"},
       "what every thread does with files, sockets and pipes"},
      {"files",
       Verdict::kAllowed,
       {"open",      "openat",     "close",    "close_range", "stat",      "fstat",      "lstat",      "newfstatat",
        "statx",     "statfs",     "fstatfs",  "access",      "faccessat", "faccessat2", "readlink",   "readlinkat",
        "getdents",  "getdents64", "getcwd",   "dup",         "dup2",      "dup3",       "fcntl",      "flock",
        "fadvise64", "readahead",  "getxattr", "lgetxattr",   "fgetxattr", "listxattr",  "flistxattr", "umask"},
       "logs, spools, configuration, rules, names (NSS), certificates; what may be opened is Landlock's and the "
       "file's mode"},
      {"changes to files",
       Verdict::kAllowed,
       {"rename", "renameat",  "renameat2",       "unlink",   "unlinkat",  "mkdir",     "mkdirat",  "rmdir", "link",
        "linkat", "symlink",   "symlinkat",       "truncate", "ftruncate", "fallocate", "fchmod",   "chmod", "fchmodat",
        "fsync",  "fdatasync", "sync_file_range", "syncfs",   "utimensat", "setxattr",  "fsetxattr"},
       "rotation, spools, state, the modes and access lists of logs; only in the folders that Landlock leaves"},
      {"memory",
       Verdict::kAllowed,
       {"brk", "munmap", "mremap", "madvise", "msync", "mincore", "memfd_create", "membarrier"},
       "allocation; memfd_create is how an entry too large for a datagram reaches journald"},
      {"threads",
       Verdict::kAllowed,
       {"futex", "set_robust_list", "get_robust_list", "set_tid_address", "rseq", "gettid", "exit", "exit_group",
        "sched_yield", "sched_getaffinity", "sched_getparam", "sched_getscheduler", "sched_get_priority_max",
        "sched_get_priority_min", "getpriority", "getcpu", "restart_syscall", "arch_prctl"},
       "threads come and go at each reload, look-up of a name and file that is packed"},
      {"clone3", Verdict::kAbsent, {"clone3"}, "its flags stand in memory, where a filter cannot look: clone is taken"},
      {"signals",
       Verdict::kAllowed,
       {"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigpending", "rt_sigtimedwait", "rt_sigsuspend",
        "sigaltstack", "signalfd4", "pause"},
       "TERM, INT, HUP, USR1; to take them, not to send any"},
      {"waiting",
       Verdict::kAllowed,
       {"epoll_create",
        "epoll_create1",
        "epoll_ctl",
        "epoll_wait",
        "epoll_pwait",
        "epoll_pwait2",
        "poll",
        "ppoll",
        "select",
        "pselect6",
        "eventfd",
        "eventfd2",
        "timerfd_create",
        "timerfd_settime",
        "timerfd_gettime",
        "pipe",
        "pipe2",
        "nanosleep",
        "clock_nanosleep",
        "inotify_init1",
        "inotify_add_watch",
        "inotify_rm_watch",
        "pidfd_open"},
       "event loops, timers, wake-ups; the resolver of glibc watches its files (inotify)"},
      {"sockets",
       Verdict::kAllowed,
       {"connect", "bind", "listen", "accept", "accept4", "getsockname", "getpeername", "getsockopt", "setsockopt",
        "sendto", "recvfrom", "sendmsg", "recvmsg", "sendmmsg", "recvmmsg", "shutdown"},
       "the kernel's records, servers, sources, the control socket; which families is decided by socket"},
      {"time and identity",
       Verdict::kAllowed,
       {"clock_gettime", "clock_getres", "gettimeofday", "time",      "times",     "getrandom", "uname",   "sysinfo",
        "getpid",        "getppid",      "getpgrp",      "getpgid",   "getsid",    "getuid",    "geteuid", "getgid",
        "getegid",       "getresuid",    "getresgid",    "getgroups", "getrusage", "getrlimit", "capget"},
       "stamps, random numbers, who we are, what we use; all of it is reading"},
      {kStartingPrograms, Verdict::kKilled, {"execve", "execveat"}, "the step after every successful attack"},
      {"other processes' memory",
       Verdict::kKilled,
       {"ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_getfd", "kcmp"},
       "reads and writes other processes, or takes their files"},
      {"code in the kernel",
       Verdict::kKilled,
       {"bpf", "init_module", "finit_module", "delete_module", "create_module", "kexec_load", "kexec_file_load",
        "perf_event_open", "userfaultfd", "lookup_dcookie"},
       "loads code, or is what exploits of the kernel are built with"},
      {"system calls by another way",
       Verdict::kKilled,
       {"io_uring_setup", "io_uring_enter", "io_uring_register"},
       "a filter does not see what comes through the ring"},
      {"keys", Verdict::kKilled, {"add_key", "request_key", "keyctl"}, "other programs' secrets, kept in the kernel"},
      {"mounts and namespaces",
       Verdict::kKilled,
       {"mount", "umount", "umount2", "pivot_root", "chroot", "setns", "unshare", "open_tree", "move_mount", "fsopen",
        "fsconfig", "fsmount", "fspick", "mount_setattr"},
       "a new view of the file system, or the way out of one"},
      {"the machine",
       Verdict::kKilled,
       {"reboot",      "swapon",        "swapoff",    "acct",         "quotactl",      "syslog",        "iopl",
        "ioperm",      "modify_ldt",    "vhangup",    "settimeofday", "clock_settime", "clock_adjtime", "adjtimex",
        "sethostname", "setdomainname", "nfsservctl", "uselib",       "ustat",         "sysfs",         "_sysctl"},
       "administration that is not an audit daemon's, and calls that nothing uses any more"},
  };
  return groups;
}

std::vector<ArgumentRule> argument_rules(std::uint64_t own) {
  std::vector<ArgumentRule> rules = {
      {"socket", {{0, kInt, AF_UNIX}}, "AF_UNIX", "the control socket, journald, syslog, nscd, sssd, unix sinks"},
      {"socket", {{0, kInt, AF_INET}}, "AF_INET", "servers, sources, DNS"},
      {"socket", {{0, kInt, AF_INET6}}, "AF_INET6", "the same"},
      {"socket",
       {{0, kInt, AF_NETLINK}, {2, kInt, NETLINK_AUDIT}},
       "AF_NETLINK, NETLINK_AUDIT",
       "the kernel's records and requests"},
      {"socket",
       {{0, kInt, AF_NETLINK}, {2, kInt, NETLINK_ROUTE}},
       "AF_NETLINK, NETLINK_ROUTE",
       "getaddrinfo asks which addresses this machine has"},
      {"socketpair", {{0, kInt, AF_UNIX}}, "AF_UNIX", "curl and plugins wake up by one"},
      {"clone", {{0, CLONE_THREAD, CLONE_THREAD}}, "with CLONE_THREAD", "a thread, but no process"},
      {"mmap", {{2, kWritten | kRun, 0}}, "neither PROT_WRITE nor PROT_EXEC", "memory"},
      {"mmap", {{2, kWritten | kRun, kWritten}}, "PROT_WRITE without PROT_EXEC", "memory"},
      {"mmap",
       {{2, kWritten | kRun, kRun}},
       "PROT_EXEC without PROT_WRITE",
       "libraries that come late: modules of NSS, of OpenSSL, of SASL"},
      {"mprotect", {{2, kRun, 0}}, "without PROT_EXEC", "what was written is never run"},
      {"kill", {{1, kInt, 0}}, "signal 0", "whether the process that holds the registration is alive"},
      {"tgkill", {{0, kInt, own}}, "the process itself", "abort()"},
      {"fchown", {{1, kInt, kInt}}, "the group, not the owner", "the group of a log (file.group)"},
      {"setpriority",
       {{0, kInt, PRIO_PROCESS}, {1, kInt, 0}},
       "the thread itself",
       "rotated files are packed at the least priority"},
      {"ioprio_set", {{0, kInt, 1}, {1, kInt, 0}}, "the thread itself", "the same, at the disk"},
      {"prlimit64", {{2, ~std::uint64_t{0}, 0}}, "reading", "sizes of stacks, numbers of files"},
      {"prctl", {{0, kInt, PR_SET_NAME}}, "PR_SET_NAME", "threads have names"},
      {"prctl", {{0, kInt, PR_GET_NAME}}, "PR_GET_NAME", "the same"},
      {"prctl", {{0, kInt, PR_SET_TIMERSLACK}}, "PR_SET_TIMERSLACK", "the drain thread's naps are short"},
      {"prctl", {{0, kInt, PR_CAPBSET_READ}}, "PR_CAPBSET_READ", "libraries that ask what we may"},
      {"prctl", {{0, kInt, PR_GET_DUMPABLE}}, "PR_GET_DUMPABLE", "the same"},
      {"prctl", {{0, kInt, kSetVma}}, "PR_SET_VMA", "glibc names its memory"},
  };
  struct Request {
    std::uint64_t number;
    std::string_view name;
    std::string_view reason;
  };
  for (const Request& request : std::initializer_list<Request>{
           {FIONREAD, "FIONREAD (SIOCINQ)", "what has come and was not read"},
           {SIOCOUTQ, "SIOCOUTQ (TIOCOUTQ)", "what a peer has not acknowledged"},
           {FIONBIO, "FIONBIO", "sockets that do not block"},
           {FIOCLEX, "FIOCLEX", "not handed on to programs"},
           {TCGETS, "TCGETS", "whether it is a terminal"},
           {TIOCGWINSZ, "TIOCGWINSZ", "how large it is"},
           {SIOCGIFNAME, "SIOCGIFNAME", "names of interfaces, for addresses with a scope"},
           {SIOCGIFINDEX, "SIOCGIFINDEX", "the same"},
           {SIOCGIFCONF, "SIOCGIFCONF", "the same"},
           {SIOCGIFFLAGS, "SIOCGIFFLAGS", "the same"},
           {SIOCGIFADDR, "SIOCGIFADDR", "the same"},
       })
    rules.push_back({"ioctl", {{1, kInt, request.number}}, request.name, request.reason});
  return rules;
}

}  // namespace naudit::daemon
