// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/arguments/arguments.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "tables/syscalls.hpp"
#include "tests/support/catch.hpp"

namespace naudit::interpret {
namespace {

using Args = std::array<std::uint64_t, 4>;

std::uint32_t number_of(std::string_view call, tables::ArchWord arch) {
  const auto number = tables::syscall_number(arch, call);
  INFO(call);
  REQUIRE(number);
  return *number;
}

std::string meaning(std::string_view call, unsigned index, Args args, tables::ArchWord arch = tables::kArchX86_64) {
  std::string text;
  const Form form = append_argument(text, arch, number_of(call, arch), index, args);
  CHECK((form == Form::kNone) == text.empty());
  return text;
}

Form form(std::string_view call, unsigned index, Args args) {
  std::string text;
  return append_argument(text, tables::kArchX86_64, number_of(call, tables::kArchX86_64), index, args);
}

std::optional<NameId> id(std::string_view call, unsigned index, Args args,
                         tables::ArchWord arch = tables::kArchX86_64) {
  return argument_id(arch, number_of(call, arch), index, args);
}

struct Row {
  std::string_view call;
  Args args;
  std::vector<std::string_view> meanings;  // of a0, a1 …; what is missing at the end means nothing
};

void check(const std::vector<Row>& rows, tables::ArchWord arch = tables::kArchX86_64) {
  for (const Row& row : rows) {
    for (unsigned index = 0; index < 4; ++index) {
      INFO(row.call << " a" << index);
      CHECK(meaning(row.call, index, row.args, arch) == (index < row.meanings.size() ? row.meanings[index] : ""));
    }
  }
}

TEST_CASE("calls that open and change files") {
  check({
      {"openat", {0xffffff9c, 1, 0x80241, 0x1b6}, {"AT_FDCWD", "", "O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC", "0666"}},
      {"openat", {3, 1, 0x80000, 0x1b6}, {"", "", "O_RDONLY|O_CLOEXEC"}},
      {"openat",
       {0xffffffffffffff9c, 1, 0x490002, 0x180},
       {"AT_FDCWD", "", "O_RDWR|O_DIRECTORY|O_CLOEXEC|__O_TMPFILE", "0600"}},
      {"open", {1, 0x8042, 0xa4d}, {"", "O_RDWR|O_CREAT|O_LARGEFILE", "suid,sticky,0115"}},
      {"openat2", {0xffffff9c, 1, 2, 24}, {"AT_FDCWD"}},
      {"creat", {1, 0x1a4}, {"", "0644"}},
      {"chmod", {1, 06755}, {"", "suid,sgid,0755"}},
      {"fchmodat2", {0xffffff9c, 1, 0x1ed, 0x100}, {"AT_FDCWD", "", "0755", "AT_SYMLINK_NOFOLLOW"}},
      {"mknodat", {0xffffff9c, 1, 0x21b0, 0x103}, {"AT_FDCWD", "", "character,660", "01:03"}},
      {"mknod", {1, 0x11a4}, {"", "fifo,644"}},
      {"mknod", {1, 0x61b0, 0x801}, {"", "block,660", "08:01"}},
      {"mknodat", {3, 1, 0x2180, 0x10310001}, {"", "", "character,600", "100:10301"}},
      {"umask", {0x12}, {"0022"}},
      {"unlinkat", {0xffffff9c, 1, 0x200}, {"AT_FDCWD", "", "AT_REMOVEDIR"}},
      {"faccessat2", {0xffffff9c, 1, 5, 0x200}, {"AT_FDCWD", "", "X_OK|R_OK", "AT_EACCESS"}},
      {"renameat2", {0xffffff9c, 1, 0xffffff9c, 1}, {"AT_FDCWD", "", "AT_FDCWD"}},
      {"symlinkat", {1, 0xffffff9c}, {"", "AT_FDCWD"}},
      {"statx",
       {0xffffff9c, 1, 0x1100, 0x3},
       {"AT_FDCWD", "", "AT_SYMLINK_NOFOLLOW|AT_EMPTY_PATH", "STATX_TYPE|STATX_MODE"}},
      {"lseek", {3, 0, 2}, {"", "", "SEEK_END"}},
      {"flock", {3, 6}, {"", "LOCK_EX|LOCK_NB"}},
      {"fallocate", {3, 3}, {"", "FALLOC_FL_KEEP_SIZE|FALLOC_FL_PUNCH_HOLE"}},
      {"fadvise64", {3, 0, 0, 4}, {"", "", "", "POSIX_FADV_DONTNEED"}},
      {"pipe2", {1, 0x80800}, {"", "O_NONBLOCK|O_CLOEXEC"}},
      {"close_range", {3, 9, 4}, {"", "", "CLOSE_RANGE_CLOEXEC"}},
      {"setxattrat", {0xffffff9c, 1, 0x1000, 1}, {"AT_FDCWD", "", "AT_EMPTY_PATH"}},
  });
}

TEST_CASE("what fcntl, ioctl and quotactl get follows from their command") {
  check({
      {"fcntl", {3, 2, 1}, {"", "F_SETFD", "FD_CLOEXEC"}},
      {"fcntl", {3, 4, 0x802}, {"", "F_SETFL", "O_RDWR|O_NONBLOCK"}},
      {"fcntl", {3, 10, 29}, {"", "F_SETSIG", "SIGIO"}},
      {"fcntl", {3, 1024, 1}, {"", "F_SETLEASE", "F_WRLCK"}},
      {"fcntl", {3, 1026, 0x80000002}, {"", "F_NOTIFY", "DN_MODIFY|DN_MULTISHOT"}},
      {"fcntl", {3, 1033, 9}, {"", "F_ADD_SEALS", "F_SEAL_SEAL|F_SEAL_WRITE"}},
      {"fcntl", {3, 8, 0}, {"", "F_SETOWN"}},
      {"fcntl", {3, 0, 5}, {"", "F_DUPFD"}},
      {"ioctl", {1, 0x5413}, {"", "TIOCGWINSZ"}},
      {"ioctl", {1, 0x40049409}, {"", "FICLONE"}},
      {"ioctl", {1, 0xae80}, {"", "KVM_RUN"}},
      {"ioctl", {1, 0x400454ca}, {"", "TUNSETIFF"}},
      {"ioctl", {1, 0x12345678}, {}},
      {"quotactl", {0x80000701, 1, 100, 1}, {"Q_GETQUOTA|GRPQUOTA"}},
  });
}

TEST_CASE("calls that mount") {
  check({
      {"mount", {1, 1, 1, 0x1021}, {"", "", "", "MS_RDONLY|MS_REMOUNT|MS_BIND"}},
      {"mount", {1, 1, 1, 0xc0ed0001}, {"", "", "", "MS_RDONLY"}},
      {"mount", {1, 1, 1, 0}, {}},
      {"umount2", {1, 2}, {"", "MNT_DETACH"}},
      {"fsopen", {1, 1}, {"", "FSOPEN_CLOEXEC"}},
      {"fsconfig", {3, 6}, {"", "FSCONFIG_CMD_CREATE"}},
      {"fsmount", {3, 1, 0xe}, {"", "FSMOUNT_CLOEXEC", "MOUNT_ATTR_NOSUID|MOUNT_ATTR_NODEV|MOUNT_ATTR_NOEXEC"}},
      {"open_tree", {0xffffff9c, 1, 0x80001}, {"AT_FDCWD", "", "OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC"}},
      {"move_mount", {3, 1, 0xffffff9c, 1}, {"", "", "AT_FDCWD"}},
      {"swapon", {1, 0x18005}, {"", "SWAP_FLAG_PREFER|SWAP_FLAG_DISCARD|0x5"}},
  });
}

TEST_CASE("calls on memory") {
  check({
      {"mmap", {0, 4096, 3, 0x22}, {"", "", "PROT_READ|PROT_WRITE", "MAP_PRIVATE|MAP_ANONYMOUS"}},
      {"mmap", {0, 4096, 0, 0x54040001}, {"", "", "PROT_NONE", "MAP_SHARED|MAP_HUGETLB|MAP_HUGE_2MB"}},
      {"mprotect", {0, 4096, 5}, {"", "", "PROT_READ|PROT_EXEC"}},
      {"mremap", {0, 1, 2, 3}, {"", "", "", "MREMAP_MAYMOVE|MREMAP_FIXED"}},
      {"madvise", {0, 1, 4}, {"", "", "MADV_DONTNEED"}},
      {"process_madvise", {3, 1, 1, 20}, {"", "", "", "MADV_COLD"}},
      {"msync", {0, 1, 4}, {"", "", "MS_SYNC"}},
      {"mlockall", {3}, {"MCL_CURRENT|MCL_FUTURE"}},
      {"mbind", {0, 1, 0x8002}, {"", "", "MPOL_BIND|MPOL_F_STATIC_NODES"}},
      {"memfd_create", {1, 3}, {"", "MFD_CLOEXEC|MFD_ALLOW_SEALING"}},
      {"pkey_alloc", {0, 2}, {"", "PKEY_DISABLE_WRITE"}},
      {"userfaultfd", {0x80001}, {"UFFD_USER_MODE_ONLY|O_CLOEXEC"}},
      {"shmget", {1, 1, 0x380}, {"", "", "IPC_CREAT|0600"}},
      {"shmat", {1, 1, 0x1000}, {"", "", "SHM_RDONLY"}},
      {"shmctl", {1, 0}, {"", "IPC_RMID"}},
      {"semget", {1, 1, 0x7b6}, {"", "", "IPC_CREAT|IPC_EXCL|0666"}},
      {"semctl", {1, 1, 16}, {"", "", "SETVAL"}},
      {"msgctl", {1, 2}, {"", "IPC_STAT"}},
  });
}

TEST_CASE("calls on processes") {
  check({
      {"clone", {0x1200011, 0, 0x11}, {"CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD"}},
      {"unshare", {0x10020000}, {"CLONE_NEWNS|CLONE_NEWUSER"}},
      {"unshare", {0x80}, {"CLONE_NEWTIME"}},
      {"setns", {3, 0x40000000}, {"", "CLONE_NEWNET"}},
      {"exit_group", {0}, {"EXIT_SUCCESS"}},
      {"exit_group", {3}, {}},
      {"kill", {1, 9}, {"", "SIGKILL"}},
      {"tgkill", {1, 1, 6}, {"", "", "SIGABRT"}},
      {"pidfd_send_signal", {3, 15, 0, 4}, {"", "SIGTERM", "", "PIDFD_SIGNAL_PROCESS_GROUP"}},
      {"rt_sigprocmask", {2}, {"SIG_SETMASK"}},
      {"wait4", {1, 0, 3}, {"", "", "WNOHANG|WUNTRACED"}},
      {"waitid", {3, 3, 0, 5}, {"P_PIDFD", "", "", "WNOHANG|WEXITED"}},
      {"ptrace", {0x4206, 7, 0, 0x100001}, {"PTRACE_SEIZE", "", "", "PTRACE_O_TRACESYSGOOD|PTRACE_O_EXITKILL"}},
      {"ptrace", {0x4204, 7, 1, 5}, {"PTRACE_GETREGSET", "", "NT_PRSTATUS"}},
      {"ptrace", {7, 7, 0, 19}, {"PTRACE_CONT", "", "", "SIGSTOP"}},
      {"ptrace", {16, 7, 0, 19}, {"PTRACE_ATTACH"}},
      {"personality", {0x40008}, {"PER_LINUX32|ADDR_NO_RANDOMIZE"}},
      {"personality", {0xffffffff}, {}},
      {"sched_setscheduler", {1, 0x40000001}, {"", "SCHED_FIFO|SCHED_RESET_ON_FORK"}},
      {"ioprio_set", {1, 7, 0x4004}, {"IOPRIO_WHO_PROCESS", "", "IOPRIO_CLASS_BE,4"}},
      {"setpriority", {0, 7}, {"PRIO_PROCESS"}},
      {"prlimit64", {7, 7}, {"", "RLIMIT_NOFILE"}},
      {"futex", {1, 0x89}, {"", "FUTEX_WAIT_BITSET|FUTEX_PRIVATE_FLAG"}},
      {"arch_prctl", {0x1002}, {"ARCH_SET_FS"}},
      {"kcmp", {1, 1, 7}, {"", "", "KCMP_EPOLL_TFD"}},
      {"membarrier", {8, 1}, {"MEMBARRIER_CMD_PRIVATE_EXPEDITED", "MEMBARRIER_CMD_FLAG_CPU"}},
  });
}

TEST_CASE("what prctl gets follows from its option") {
  check({
      {"prctl", {1, 9}, {"PR_SET_PDEATHSIG", "SIGKILL"}},
      {"prctl", {24, 21}, {"PR_CAPBSET_DROP", "sys_admin"}},
      {"prctl", {47, 2, 12}, {"PR_CAP_AMBIENT", "PR_CAP_AMBIENT_RAISE", "net_admin"}},
      {"prctl", {47, 4, 0}, {"PR_CAP_AMBIENT", "PR_CAP_AMBIENT_CLEAR_ALL"}},
      {"prctl", {22, 2}, {"PR_SET_SECCOMP", "SECCOMP_MODE_FILTER"}},
      {"prctl", {4, 0}, {"PR_SET_DUMPABLE", "SUID_DUMP_DISABLE"}},
      {"prctl",
       {28, 0x2f},
       {"PR_SET_SECUREBITS",
        "SECBIT_NOROOT|SECBIT_NOROOT_LOCKED|SECBIT_NO_SETUID_FIXUP|SECBIT_NO_SETUID_FIXUP_LOCKED|SECBIT_KEEP_CAPS_"
        "LOCKED"}},
      {"prctl", {53, 0, 4}, {"PR_SET_SPECULATION_CTRL", "PR_SPEC_STORE_BYPASS", "PR_SPEC_DISABLE"}},
      {"prctl", {65, 1}, {"PR_SET_MDWE", "PR_MDWE_REFUSE_EXEC_GAIN"}},
      {"prctl", {0x59616d61, 0xffffffffffffffff}, {"PR_SET_PTRACER", "PR_SET_PTRACER_ANY"}},
      {"prctl", {15, 1}, {"PR_SET_NAME"}},
  });
}

TEST_CASE("calls on sockets") {
  check({
      {"socket", {2, 0x80801, 6}, {"inet", "SOCK_STREAM|SOCK_NONBLOCK|SOCK_CLOEXEC", "tcp"}},
      {"socket", {10, 2, 0x11}, {"inet6", "SOCK_DGRAM", "udp"}},
      {"socket", {1, 1, 0}, {"local", "SOCK_STREAM"}},
      {"socket", {16, 3, 9}, {"netlink", "SOCK_RAW", "NETLINK_AUDIT"}},
      {"socket", {17, 3, 0x300}, {"packet", "SOCK_RAW", "ETH_P_ALL"}},
      {"socket", {31, 3, 1}, {"bluetooth", "SOCK_RAW", "BTPROTO_HCI"}},
      {"socket", {2, 1, 262}, {"inet", "SOCK_STREAM", "mptcp"}},
      {"setsockopt", {3, 1, 15}, {"", "SOL_SOCKET", "SO_REUSEPORT"}},
      {"setsockopt", {3, 6, 1}, {"", "tcp", "TCP_NODELAY"}},
      {"setsockopt", {3, 41, 26}, {"", "ipv6", "IPV6_V6ONLY"}},
      {"setsockopt", {3, 0, 64}, {"", "ip", "IPT_SO_SET_REPLACE"}},
      {"getsockopt", {3, 0, 64}, {"", "ip", "IPT_SO_GET_INFO"}},
      {"getsockopt", {3, 0, 80}, {"", "ip", "SO_ORIGINAL_DST"}},
      {"setsockopt", {3, 263, 18}, {"", "SOL_PACKET", "PACKET_FANOUT"}},
      {"setsockopt", {3, 270, 1}, {"", "SOL_NETLINK", "NETLINK_ADD_MEMBERSHIP"}},
      {"setsockopt", {3, 282, 1}, {"", "SOL_TLS", "TLS_TX"}},
      {"accept4", {3, 0, 0, 0x80000}, {"", "", "", "SOCK_CLOEXEC"}},
      {"sendto", {3, 1, 1, 0x4040}, {"", "", "", "MSG_DONTWAIT|MSG_NOSIGNAL"}},
      {"recvmsg", {3, 1, 2}, {"", "", "MSG_PEEK"}},
      {"shutdown", {3, 1}, {"", "SHUT_WR"}},
      {"epoll_ctl", {3, 1}, {"", "EPOLL_CTL_ADD"}},
  });
}

TEST_CASE("calls of security, of modules and of the machine") {
  check({
      {"bpf", {5}, {"BPF_PROG_LOAD"}},
      {"seccomp", {1, 9}, {"SECCOMP_SET_MODE_FILTER", "SECCOMP_FILTER_FLAG_TSYNC|SECCOMP_FILTER_FLAG_NEW_LISTENER"}},
      {"seccomp", {0, 1}, {"SECCOMP_SET_MODE_STRICT"}},
      {"landlock_create_ruleset", {0, 0, 1}, {"", "", "LANDLOCK_CREATE_RULESET_VERSION"}},
      {"landlock_add_rule", {3, 2}, {"", "LANDLOCK_RULE_NET_PORT"}},
      {"lsm_get_self_attr", {100, 1, 1, 1}, {"LSM_ATTR_CURRENT", "", "", "LSM_FLAG_SINGLE"}},
      {"keyctl",
       {8, 0xfffffffb, 0xfffffffd},
       {"KEYCTL_LINK", "KEY_SPEC_USER_SESSION_KEYRING", "KEY_SPEC_SESSION_KEYRING"}},
      {"keyctl", {1, 0xfffffffd}, {"KEYCTL_JOIN_SESSION_KEYRING"}},
      {"keyctl", {14, 3}, {"KEYCTL_SET_REQKEY_KEYRING", "KEY_REQKEY_DEFL_SESSION_KEYRING"}},
      {"finit_module", {3, 1, 3}, {"", "", "MODULE_INIT_IGNORE_MODVERSIONS|MODULE_INIT_IGNORE_VERMAGIC"}},
      {"delete_module", {1, 0xa00}, {"", "O_TRUNC|O_NONBLOCK"}},
      {"kexec_load", {1, 1, 1, 1}, {"", "", "", "KEXEC_ON_CRASH"}},
      {"reboot",
       {0xfee1dead, 0x28121969, 0x1234567},
       {"LINUX_REBOOT_MAGIC1", "LINUX_REBOOT_MAGIC2", "LINUX_REBOOT_CMD_RESTART"}},
      {"syslog", {5}, {"SYSLOG_ACTION_CLEAR"}},
      {"clock_settime", {0}, {"CLOCK_REALTIME"}},
      {"timerfd_create", {1, 0x80000}, {"CLOCK_MONOTONIC", "TFD_CLOEXEC"}},
      {"inotify_add_watch", {3, 1, 0x1000002}, {"", "", "IN_MODIFY|IN_ONLYDIR"}},
      {"fanotify_init", {0x14, 0x8000}, {"FAN_CLASS_CONTENT|FAN_UNLIMITED_QUEUE", "O_RDONLY|O_LARGEFILE"}},
      {"fanotify_mark",
       {3, 0x11, 0x40000020, 0xffffff9c},
       {"", "FAN_MARK_ADD|FAN_MARK_MOUNT", "FAN_OPEN|FAN_ONDIR", "AT_FDCWD"}},
      {"io_uring_register", {3, 0x80000002}, {"", "IORING_REGISTER_FILES|IORING_REGISTER_USE_REGISTERED_RING"}},
      {"getrandom", {1, 1, 3}, {"", "", "GRND_NONBLOCK|GRND_RANDOM"}},
  });
}

TEST_CASE("an arch has numbers, calls and an order of its own") {
  check({{"openat", {0xffffff9c, 1, 0x4000, 0}, {"AT_FDCWD", "", "O_RDONLY|O_DIRECTORY"}}}, tables::kArchAarch64);
  check({{"clone", {0, 0x1200011}, {"", "CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD"}}}, tables::kArchS390x);
  check({{"mmap", {1, 2, 3, 0x22}, {}}}, tables::kArchS390x);
  check({{"socket", {17, 3, 3}, {"packet", "SOCK_RAW", "ETH_P_ALL"}}}, tables::kArchPpc64);
  check({{"setsockopt", {3, 1, 20}, {"", "SOL_SOCKET", "SO_PASSCRED"}}}, tables::kArchPpc64le);
  check({{"openat", {0xffffff9c, 1, 0x80000, 0}, {"AT_FDCWD", "", "O_RDONLY|O_CLOEXEC"}}}, tables::kArchRiscv64);
  check(
      {
          {"mmap2", {0, 1, 1, 2}, {"", "", "PROT_READ", "MAP_PRIVATE"}},
          {"mmap", {1, 2, 3, 0x22}, {}},
          {"socketcall", {1, 1}, {"socket"}},
          {"ipc", {0x10017, 1, 1, 0x3b6}, {"shmget", "", "", "IPC_CREAT|0666"}},
          {"ipc", {14, 1, 0x100}, {"msgctl", "", "IPC_RMID"}},
          {"fcntl64", {3, 13}, {"", "F_SETLK64"}},
          {"clock_nanosleep_time64", {1, 1}, {"CLOCK_MONOTONIC", "TIMER_ABSTIME"}},
          {"fadvise64", {3, 0, 0, 4}, {}},
          {"waitpid", {1, 0, 1}, {"", "", "WNOHANG"}},
      },
      tables::kArchI386);
}

TEST_CASE("a SOCKETCALL record has the arguments of the call that socketcall made") {
  const auto told = [](std::uint32_t call, unsigned index, Args args) {
    std::string text;
    append_socketcall_argument(text, tables::kArchI386, call, index, args);
    return text;
  };
  CHECK(told(1, 0, {2, 0x80001, 6}) == "inet");
  CHECK(told(1, 1, {2, 0x80001, 6}) == "SOCK_STREAM|SOCK_CLOEXEC");
  CHECK(told(1, 2, {2, 0x80001, 6}) == "tcp");
  CHECK(told(3, 0, {2, 0x80001, 6}).empty());            // connect
  CHECK(told(9, 3, {3, 1, 1, 0x40}) == "MSG_DONTWAIT");  // send
  CHECK(told(14, 2, {3, 1, 15, 1}) == "SO_REUSEPORT");   // setsockopt
  CHECK(told(21, 0, {2, 1, 1}).empty());
}

TEST_CASE("users and groups are for the caller to name") {
  using Kind = NameId::Kind;
  CHECK(id("chown", 1, {0, 1000, 0xffffffff}) == NameId{Kind::kUser, 1000});
  CHECK(id("chown", 2, {0, 1000, 0xffffffff}) == NameId{Kind::kGroup, 0xffffffff});
  CHECK_FALSE(id("chown", 0, {0, 1000, 0xffffffff}));
  CHECK(meaning("chown", 1, {0, 1000}).empty());
  CHECK(id("fchownat", 3, {0, 0, 0, 7}) == NameId{Kind::kGroup, 7});
  CHECK(id("setresuid", 2, {0, 0, 5}) == NameId{Kind::kUser, 5});
  CHECK(id("setfsgid", 0, {5}) == NameId{Kind::kGroup, 5});
  CHECK(id("setpriority", 1, {2, 5}) == NameId{Kind::kUser, 5});
  CHECK_FALSE(id("setpriority", 1, {0, 5}));
  CHECK(id("ioprio_set", 1, {3, 5}) == NameId{Kind::kUser, 5});
  CHECK(id("quotactl", 2, {0x80000700, 0, 5}) == NameId{Kind::kUser, 5});
  CHECK(id("quotactl", 2, {0x80000701, 0, 5}) == NameId{Kind::kGroup, 5});
  CHECK_FALSE(id("quotactl", 2, {0x80000200, 0, 5}));  // Q_QUOTAON has a format there
  CHECK(id("keyctl", 2, {4, 1, 5, 6}) == NameId{Kind::kUser, 5});
  CHECK(id("keyctl", 3, {4, 1, 5, 6}) == NameId{Kind::kGroup, 6});
  // 16 bits of i386; the same name has 32 elsewhere
  CHECK(id("chown", 1, {0, 0xffff}, tables::kArchI386) == NameId{Kind::kUser, 0xffffffff});
  CHECK(id("chown32", 1, {0, 0xffff}, tables::kArchI386) == NameId{Kind::kUser, 0xffff});
  CHECK(id("chown", 1, {0, 0x1ffff}) == NameId{Kind::kUser, 0x1ffff});
}

TEST_CASE("a meaning has the same form whatever the value") {
  CHECK(form("socket", 1, {2, 1, 0}) == Form::kList);
  CHECK(form("socket", 1, {2, 0x80001, 0}) == Form::kList);
  CHECK(form("kill", 1, {2, 9}) == Form::kName);
  CHECK(form("openat", 2, {2, 9, 0}) == Form::kList);
  CHECK(form("chmod", 1, {2, 9, 0}) == Form::kText);
  CHECK(form("shmget", 2, {2, 9, 0}) == Form::kText);
  CHECK(form("read", 0, {2, 9, 0}) == Form::kNone);
}

TEST_CASE("only as many bits as the argument has are looked at") {
  CHECK(meaning("kill", 1, {1, 0x7f0000000009}) == "SIGKILL");  // int
  CHECK(meaning("prctl", 0, {0xffffffff00000001}) == "PR_SET_PDEATHSIG");
  CHECK(meaning("ptrace", 0, {0x100000010}).empty());  // long
  CHECK(meaning("mount", 3, {0, 0, 0, 0x100000001}) == "MS_RDONLY|0x100000000");
  CHECK(meaning("mmap2", 3, {0, 0, 0, 0xffffffff00000002}, tables::kArchI386) == "MAP_PRIVATE");
}

TEST_CASE("what is not known means nothing") {
  std::string text = "as it was";
  const Args args{0xffffff9c, 1, 0x80241, 0x1b6};
  CHECK(append_argument(text, 0x1234, 257, 0, args) == Form::kNone);
  CHECK(append_argument(text, tables::kArchX86_64, 400, 0, args) == Form::kNone);
  CHECK(append_argument(text, tables::kArchX86_64, 0xFFFFFFFF, 0, args) == Form::kNone);
  CHECK(append_argument(text, tables::kArchX86_64, 257, 4, args) == Form::kNone);
  CHECK_FALSE(argument_id(0x1234, 92, 1, args));
  CHECK_FALSE(argument_id(tables::kArchX86_64, 92, 4, args));
  CHECK(text == "as it was");
}

TEST_CASE("a plain argument says nothing, of itself or of another") {
  constexpr std::uint64_t kValues[] = {0, 1, 2, 3, 6, 0x1d, 0x41, 0x241, 0x8000, 0xffffff9c, 0x7ffd3c1a2b40};
  std::size_t plain = 0;
  for (std::uint32_t call = 0; call < 470; ++call) {
    for (unsigned index = 0; index < 4; ++index) {
      if (!is_plain_argument(tables::kArchX86_64, call, index)) continue;
      ++plain;
      for (const std::uint64_t around : kValues) {
        std::array<std::string, 4> before;
        for (const std::uint64_t value : kValues) {
          Args args{around, around, around, around};
          args[index] = value;
          for (unsigned other = 0; other < 4; ++other) {
            std::string text;
            append_argument(text, tables::kArchX86_64, call, other, args);
            if (const auto found = argument_id(tables::kArchX86_64, call, other, args))
              text += '#' + std::to_string(found->number);
            if (value == kValues[0]) before[other] = text;
            if (before[other] != text || (other == index && !text.empty()))
              FAIL_CHECK(call << ' ' << other << ' ' << text);
          }
        }
      }
    }
  }
  CHECK(plain > 700);
  CHECK(is_plain_argument(tables::kArchX86_64, number_of("openat", tables::kArchX86_64), 1));
  CHECK_FALSE(is_plain_argument(tables::kArchX86_64, number_of("openat", tables::kArchX86_64), 2));
  CHECK_FALSE(is_plain_argument(tables::kArchI386, number_of("socketcall", tables::kArchI386), 1));
}

}  // namespace
}  // namespace naudit::interpret
