// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/advice/cost.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include <fmt/format.h>

#include "rules/rule/fields.hpp"
#include "rules/rule/perm_mask.hpp"
#include "tables/arch.hpp"
#include "tables/syscalls.hpp"

namespace naudit::rules {
namespace {

// How often a busy server makes a call, a second. Powers of ten, no measurement: what matters is which of these a call
// belongs to. A call that stands in none is one of the many that a program makes now and then.
constexpr double kAllTheTime = 10'000, kOften = 1'000, kFile = 300, kUsual = 30, kNowAndThen = 3, kSeldom = 0.003;

constexpr std::string_view kConstant[] = {"read",     "write", "futex",        "epoll_wait", "epoll_pwait",
                                          "recvfrom", "recv",  "sendto",       "send",       "recvmsg",
                                          "sendmsg",  "poll",  "clock_gettime"};
constexpr std::string_view kFrequent[] = {
    "close",    "pread64",   "pread",           "pwrite64",     "pwrite",         "readv",       "writev",
    "lseek",    "_llseek",   "fstat",           "fstat64",      "ppoll",          "select",      "_newselect",
    "pselect6", "nanosleep", "clock_nanosleep", "getpid",       "gettid",         "sched_yield", "epoll_ctl",
    "ioctl",    "fcntl",     "fcntl64",         "rt_sigaction", "rt_sigprocmask", "mmap",        "mmap2",
    "munmap",   "mprotect",  "madvise",         "brk",          "gettimeofday",   "time",        "timerfd_settime"};
constexpr std::string_view kFiles[] = {"open",       "openat",     "stat",     "stat64",     "lstat",     "lstat64",
                                       "newfstatat", "fstatat64",  "statx",    "access",     "faccessat", "faccessat2",
                                       "readlink",   "readlinkat", "getdents", "getdents64", "getuid",    "geteuid",
                                       "getgid",     "getegid",    "accept",   "accept4",    "socketcall"};
constexpr std::string_view kProcesses[] = {
    "execve",     "clone",     "clone3",   "fork",       "vfork",           "wait4",      "waitpid",   "exit",
    "exit_group", "kill",      "tgkill",   "pipe",       "pipe2",           "dup",        "dup2",      "dup3",
    "socket",     "connect",   "bind",     "listen",     "getsockopt",      "setsockopt", "shutdown",  "unlink",
    "unlinkat",   "rename",    "renameat", "renameat2",  "mkdir",           "mkdirat",    "chmod",     "fchmod",
    "fchmodat",   "ftruncate", "prctl",    "arch_prctl", "set_robust_list", "rseq",       "prlimit64", "fsync",
    "fdatasync",  "getrandom", "chdir",    "getcwd",     "creat",           "truncate",   "statfs",    "fstatfs"};
constexpr std::string_view kRare[] = {"mount",
                                      "umount",
                                      "umount2",
                                      "move_mount",
                                      "open_tree",
                                      "fsopen",
                                      "fsmount",
                                      "fspick",
                                      "fsconfig",
                                      "pivot_root",
                                      "mount_setattr",
                                      "init_module",
                                      "finit_module",
                                      "delete_module",
                                      "create_module",
                                      "query_module",
                                      "kexec_load",
                                      "kexec_file_load",
                                      "reboot",
                                      "settimeofday",
                                      "stime",
                                      "adjtimex",
                                      "clock_settime",
                                      "clock_adjtime",
                                      "sethostname",
                                      "setdomainname",
                                      "swapon",
                                      "swapoff",
                                      "acct",
                                      "ptrace",
                                      "process_vm_readv",
                                      "process_vm_writev",
                                      "personality",
                                      "bpf",
                                      "perf_event_open",
                                      "mknod",
                                      "mknodat",
                                      "quotactl",
                                      "quotactl_fd",
                                      "add_key",
                                      "request_key",
                                      "keyctl",
                                      "iopl",
                                      "ioperm",
                                      "chroot",
                                      "setns",
                                      "unshare",
                                      "open_by_handle_at",
                                      "userfaultfd",
                                      "lookup_dcookie",
                                      "syslog",
                                      "vhangup",
                                      "nfsservctl",
                                      "memfd_create",
                                      "io_uring_setup",
                                      "landlock_create_ruleset",
                                      "seccomp",
                                      "fanotify_init",
                                      "setxattr",
                                      "lsetxattr",
                                      "fsetxattr",
                                      "removexattr",
                                      "lremovexattr",
                                      "fremovexattr",
                                      "setxattrat",
                                      "removexattrat"};

template <std::size_t N>
bool holds(const std::string_view (&names)[N], std::string_view name) {
  return std::ranges::find(names, name) != std::end(names);
}

double rate_of(std::string_view name) {
  if (holds(kConstant, name)) return kAllTheTime;
  if (holds(kFrequent, name)) return kOften;
  if (holds(kFiles, name)) return kFile;
  if (holds(kProcesses, name)) return kUsual;
  if (holds(kRare, name)) return kSeldom;
  return kNowAndThen;
}

struct Rates {
  std::array<double, SyscallMask::kBits> of{};
  double all = 0;
};

// The calls of the 32-bit ABI are made by few programs, but by the same kinds.
Rates make_rates(tables::ArchWord arch) {
  Rates rates;
  for (std::uint32_t number = 0; number < SyscallMask::kBits; ++number) {
    const std::string_view name = tables::syscall_name(arch, number);
    if (name.empty()) continue;
    rates.of.at(number) = rate_of(name);
    rates.all += rates.of.at(number);
  }
  return rates;
}

const Rates& rates_of(tables::ArchWord arch) {
  static const Rates x86_64 = make_rates(tables::kArchX86_64);
  static const Rates i386 = make_rates(tables::kArchI386);
  static const Rates aarch64 = make_rates(tables::kArchAarch64);
  if (arch == tables::kArchI386) return i386;
  return arch == tables::kArchAarch64 ? aarch64 : x86_64;
}

constexpr double kOf32BitPrograms = 0.01;

// What a condition leaves of the events, to a power of ten or half of one.
double left_by(const Field& field) {
  const bool equal = field.op == Operator::kEqual;
  const bool negated = field.op == Operator::kNotEqual;
  switch (field_row(field.id).narrows) {
    case Narrows::kNothing:
      return 1;
    case Narrows::kToFile:
      return negated ? 1 : 0.0001;
    case Narrows::kToDirectory:
      return field.text == "/" || negated ? 1 : 0.001;
    case Narrows::kToAccess:
      // Most files are opened to be read.
      return (field.value & kPermRead) != 0 ? 0.7 : (field.value & kPermExecute) != 0 ? 0.3 : 0.1;
    case Narrows::kToOneOfMany:
      return equal && field.value != kUnset ? 0.01 : 1;
    // Services run without a login; people, and what they start, are few beside them.
    case Narrows::kToLogin:
      if (field.value == kUnset) return negated ? 0.1 : 1;
      return equal ? 0.03 : field.op == Operator::kGreaterEqual || field.op == Operator::kGreater ? 1 : 0.3;
    case Narrows::kToLoggedIn:
      return (field.value == 1) == equal ? 0.1 : 1;
    case Narrows::kToAccount:
      return negated ? 0.7 : equal ? (field.value == 0 ? 0.3 : 0.03) : 0.5;
    case Narrows::kToDifferent:
      return negated ? 0.1 : 1;
    case Narrows::kToOutcome:
      return (field.value == 1) == equal ? 1 : 0.05;
    case Narrows::kToResult:
      return equal ? 0.01 : 1;
    case Narrows::kToArgument:
      return negated ? 1 : 0.1;
    case Narrows::kSome:
      break;
  }
  return negated ? 1 : 0.3;
}

}  // namespace

Cost estimate(const Rule& rule) {
  if (rule.list != List::kExit) return {};
  const tables::ArchWord arch = rule.arch().value_or(tables::native_arch());
  const Rates& rates = rates_of(arch);
  const double scale = arch == tables::kArchI386 ? kOf32BitPrograms : 1;
  // Only calls that touch a file can fit a rule on files, whatever it hooks.
  const Field* const perm = rule.find(FieldId::kPerm);
  const bool on_files = perm != nullptr || rule.find(FieldId::kPath) != nullptr || rule.find(FieldId::kDir) != nullptr;
  const SyscallMask files = perm_syscalls(perm != nullptr ? perm->value : kPermAll, arch);
  double hooked = 0, fitting = 0;
  for (const std::uint32_t number : rule.syscalls.numbers()) {
    const double rate = number < SyscallMask::kBits ? rates.of.at(number) : 0;
    hooked += rate;
    if (!on_files || files.test(number)) fitting += rate;
  }
  if (rule.action != Action::kAlways) fitting = 0;
  Cost cost{.hooked = std::min(1.0, hooked * scale / rates.all), .events = fitting * scale};
  for (const Field& field : rule.fields) cost.events *= left_by(field);
  return cost;
}

std::string events_text(double events) {
  if (events >= 10'000) return "ten thousand events a second and more";
  if (events >= 1'000) return "thousands of events a second";
  if (events >= 100) return "hundreds of events a second";
  if (events >= 10) return "tens of events a second";
  if (events >= 1) return "some events a second";
  if (events * 60 >= 1) return "some events a minute";
  if (events * 3600 >= 1) return "some events an hour";
  return "an event now and then";
}

std::string share_text(double share) {
  if (share >= 0.1) return fmt::format("{:.0f} %", share * 100);
  if (share >= 0.001) return fmt::format("{:.1f} %", share * 100);
  return share > 0 ? "under 0.1 %" : "0 %";
}

}  // namespace naudit::rules
