// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/bsm/event_number.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

#include "interpret/record/tokens.hpp"
#include "tables/record_types.hpp"
#include "tables/subcalls.hpp"
#include "tables/syscalls.hpp"

namespace naudit::formats {
namespace {

namespace field = tables::field;
namespace type = tables::type;
using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::Field;

// FreeBSD's Linux emulation audits its system calls under these numbers (the audit column of its tables); the others
// are those of the same or the nearest call in /etc/security/audit_event. Names of io_uring operations are among them.
// clang-format off
constexpr auto kCalls = std::to_array<BsmEventRow>({
    {"_sysctl", 43021},
    {"accept", 33},
    {"accept4", 33},
    {"access", 14},
    {"acct", 18},
    {"adjtimex", 50},
    {"bind", 34},
    {"capget", 43079},
    {"capset", 43080},
    {"chdir", 8},
    {"chmod", 10},
    {"chown", 11},
    {"chown32", 11},
    {"chroot", 24},
    {"clock_adjtime", 288},
    {"clock_adjtime64", 288},
    {"clock_settime", 287},
    {"clock_settime64", 287},
    {"clone", 43043},
    {"clone3", 43043},
    {"close", 112},
    {"connect", 32},
    {"creat", 4},
    {"delete_module", 244},
    {"dup2", 209},
    {"dup3", 209},
    {"execve", 23},
    {"execveat", 43262},
    {"exit", 1},
    {"exit_group", 1},
    {"faccessat", 43145},
    {"faccessat2", 43145},
    {"fallocate", 43212},
    {"fchdir", 68},
    {"fchmod", 39},
    {"fchmodat", 43146},
    {"fchmodat2", 43146},
    {"fchown", 38},
    {"fchown32", 38},
    {"fchownat", 284},
    {"fcntl", 30},
    {"fcntl64", 30},
    {"fgetxattr", 43106},
    {"finit_module", 243},
    {"flistxattr", 43108},
    {"flock", 45},
    {"fork", 2},
    {"fremovexattr", 43109},
    {"fsetxattr", 43107},
    {"fstat", 208},
    {"fstat64", 208},
    {"fstatat64", 283},
    {"fstatfs", 55},
    {"fstatfs64", 55},
    {"fsync", 43069},
    {"ftruncate", 44},
    {"ftruncate64", 44},
    {"futimesat", 285},
    {"getcwd", 43078},
    {"getdents", 43020},
    {"getdents64", 43020},
    {"getxattr", 43102},
    {"getxattrat", 43102},
    {"init_module", 243},
    {"ioctl", 158},
    {"ioperm", 43117},
    {"iopl", 43119},
    {"kill", 15},
    {"lchown", 237},
    {"lchown32", 237},
    {"lgetxattr", 43110},
    {"link", 5},
    {"linkat", 43147},
    {"listen", 43140},
    {"listxattr", 43104},
    {"listxattrat", 43104},
    {"llistxattr", 43112},
    {"lremovexattr", 43113},
    {"lsetxattr", 43111},
    {"lstat", 17},
    {"lstat64", 17},
    {"mkdir", 47},
    {"mkdirat", 43148},
    {"mknod", 9},
    {"mknodat", 43150},
    {"mlock", 43022},
    {"mlockall", 43141},
    {"mmap", 210},
    {"mmap2", 210},
    {"mount", 62},
    {"mprotect", 43010},
    {"mq_getsetattr", 43135},
    {"mq_notify", 43138},
    {"mq_open", 43134},
    {"mq_timedreceive", 43136},
    {"mq_timedreceive_time64", 43136},
    {"mq_timedsend", 43137},
    {"mq_timedsend_time64", 43137},
    {"mq_unlink", 43139},
    {"msgctl", 84},
    {"msgget", 88},
    {"msgrcv", 89},
    {"msgsnd", 90},
    {"munlock", 43023},
    {"munmap", 213},
    {"newfstatat", 283},
    {"oldfstat", 208},
    {"oldlstat", 17},
    {"oldstat", 16},
    {"personality", 43074},
    {"pipe", 185},
    {"pipe2", 185},
    {"pivot_root", 43081},
    {"poll", 43012},
    {"prctl", 43077},
    {"pread", 43192},
    {"pread64", 43192},
    {"ptrace", 43002},
    {"pwrite", 43193},
    {"pwrite64", 43193},
    {"quotactl", 60},
    {"read", 192},
    {"readlink", 22},
    {"readlinkat", 43151},
    {"readv", 198},
    {"reboot", 20},
    {"recv", 191},
    {"recvfrom", 191},
    {"recvmsg", 190},
    {"removexattr", 43105},
    {"removexattrat", 43105},
    {"rename", 42},
    {"renameat", 282},
    {"renameat2", 282},
    {"rmdir", 48},
    {"sched_setparam", 43084},
    {"sched_setscheduler", 43076},
    {"semctl", 98},
    {"semget", 109},
    {"semop", 110},
    {"semtimedop", 110},
    {"semtimedop_time64", 110},
    {"send", 184},
    {"sendfile", 43054},
    {"sendfile64", 43054},
    {"sendmsg", 188},
    {"sendto", 184},
    {"setdomainname", 43021},
    {"setfsgid", 43073},
    {"setfsgid32", 43073},
    {"setfsuid", 43072},
    {"setfsuid32", 43072},
    {"setgid", 205},
    {"setgid32", 205},
    {"setgroups", 26},
    {"setgroups32", 26},
    {"sethostname", 29},
    {"setpgid", 27},
    {"setpriority", 31},
    {"setregid", 41},
    {"setregid32", 41},
    {"setresgid", 43059},
    {"setresgid32", 43059},
    {"setresuid", 43057},
    {"setresuid32", 43057},
    {"setreuid", 40},
    {"setreuid32", 40},
    {"setrlimit", 51},
    {"setsid", 43014},
    {"setsockopt", 35},
    {"settimeofday", 37},
    {"setuid", 200},
    {"setuid32", 200},
    {"setxattr", 43103},
    {"setxattrat", 43103},
    {"shmat", 96},
    {"shmctl", 91},
    {"shmdt", 97},
    {"shmget", 95},
    {"shutdown", 46},
    {"socket", 183},
    {"socketpair", 186},
    {"stat", 16},
    {"stat64", 16},
    {"statfs", 54},
    {"statfs64", 54},
    {"swapoff", 43045},
    {"swapon", 28},
    {"symlink", 21},
    {"symlinkat", 43152},
    {"sysctl", 43021},
    {"tgkill", 43227},
    {"truncate", 43},
    {"truncate64", 43},
    {"umask", 43009},
    {"umount", 12},
    {"umount2", 12},
    {"unlink", 6},
    {"unlinkat", 286},
    {"uselib", 43055},
    {"utime", 202},
    {"utimensat", 285},
    {"utimensat_time64", 285},
    {"utimes", 49},
    {"vfork", 25},
    {"wait4", 43060},
    {"waitid", 43201},
    {"write", 195},
    {"writev", 196},
});
// clang-format on
static_assert(std::ranges::is_sorted(kCalls, {}, &BsmEventRow::name));

// Records that stand for themselves, whatever system call brought them.
constexpr std::uint16_t kRecordTypes[] = {
    type::kUserLogin,    type::kUserLogout,     type::kUserEnd,    type::kUserAuth,       type::kUserAcct,
    type::kCredAcq,      type::kCredDisp,       type::kCredRefr,   type::kUserChauthtok,  type::kAddUser,
    type::kUserMgmt,     type::kDelUser,        type::kAddGroup,   type::kDelGroup,       type::kGrpMgmt,
    type::kUserCmd,      type::kUserRoleChange, type::kLogin,      type::kDaemonStart,    type::kDaemonEnd,
    type::kDaemonAbort,  type::kConfigChange,   type::kSystemBoot, type::kSystemShutdown, type::kSystemRunlevel,
    type::kServiceStart, type::kServiceStop,    type::kAnomAbend,
};
constexpr BsmEventRow kRecords[] = {
    {"USER_LOGIN", 6152},       {"USER_LOGOUT", 6153},   {"USER_END", 6153},      {"USER_AUTH", 45023},
    {"USER_ACCT", 45023},       {"CRED_ACQ", 45023},     {"CRED_DISP", 45023},    {"CRED_REFR", 45023},
    {"USER_CHAUTHTOK", 45014},  {"ADD_USER", 6207},      {"USER_MGMT", 6208},     {"DEL_USER", 6209},
    {"ADD_GROUP", 45015},       {"DEL_GROUP", 45016},    {"GRP_MGMT", 45017},     {"USER_CMD", 45028},
    {"USER_ROLE_CHANGE", 6173}, {"LOGIN", 131},          {"DAEMON_START", 45000}, {"DAEMON_END", 45001},
    {"DAEMON_ABORT", 45001},    {"CONFIG_CHANGE", 138},  {"SYSTEM_BOOT", 113},    {"SYSTEM_SHUTDOWN", 6168},
    {"SYSTEM_RUNLEVEL", 6166},  {"SERVICE_START", 6166}, {"SERVICE_STOP", 6166},  {"ANOM_ABEND", 111},
};
static_assert(std::size(kRecordTypes) == std::size(kRecords));

constexpr std::uint16_t kSshLogin = 32800;
constexpr std::uint16_t kMandatoryAccess = 152;
// Of reading, without O_CREAT and O_TRUNC; what is opened otherwise follows.
constexpr std::uint16_t kOpen = 72, kOpenAt = 270;

constexpr std::uint64_t kAccessMode = 3, kCreate = 0100, kTruncate = 01000;  // the same on all machines of our tables

std::optional<std::uint64_t> hex_value(const DecodedEvent& event, const DecodedRecord& record,
                                       tables::FieldId id) noexcept {
  std::uint64_t number = 0;
  const Field* const one = event.find(record, id);
  if (one == nullptr || !interpret::parse_hex(one->value, number)) return std::nullopt;
  return number;
}

const DecodedRecord* call_record(const DecodedEvent& event) noexcept {
  const DecodedRecord* const call = event.find(type::kSyscall);
  return call != nullptr ? call : event.find(type::kUringop);
}

// Of openat2 the flags are in the caller's memory; the kernel tells them in a record of their own.
std::optional<std::uint64_t> told_open_flags(const DecodedEvent& event) noexcept {
  const DecodedRecord* const record = event.find(type::kOpenat2);
  const Field* const flags = record == nullptr ? nullptr : event.find(*record, field::kOflag);
  if (flags == nullptr || flags->value.empty() || flags->value.size() > 12) return std::nullopt;
  std::uint64_t number = 0;
  for (const char digit : flags->value) {
    if (digit < '0' || digit > '7') return std::nullopt;
    number = number * 8 + static_cast<std::uint64_t>(digit - '0');
  }
  return number;
}

// An open of which it is not known what for, or for ioctl alone, has no number.
std::uint16_t open_number(std::uint16_t first, std::optional<std::uint64_t> flags) noexcept {
  if (!flags || (*flags & kAccessMode) == kAccessMode) return kBsmNoEvent;
  const std::uint64_t which =
      4 * (*flags & kAccessMode) + ((*flags & kCreate) != 0 ? 1U : 0U) + ((*flags & kTruncate) != 0 ? 2U : 0U);
  return static_cast<std::uint16_t>(first + which);
}

std::uint16_t call_number(const DecodedEvent& event, std::string_view name) noexcept {
  const DecodedRecord* const call = call_record(event);
  if (call == nullptr) return kBsmNoEvent;
  if (name == "open") return open_number(kOpen, hex_value(event, *call, field::kA1));
  if (name == "openat" && call->type == type::kSyscall)
    return open_number(kOpenAt, hex_value(event, *call, field::kA2));
  if (name == "openat" || name == "openat2") return open_number(kOpenAt, told_open_flags(event));
  const auto* const known = std::ranges::lower_bound(kCalls, name, {}, &BsmEventRow::name);
  return known != kCalls.end() && known->name == name ? known->number : kBsmNoEvent;
}

bool is_of_ssh(const DecodedEvent& event, const DecodedRecord& record) noexcept {
  const Field* const exe = event.find_claim(record, field::kExe);
  return exe != nullptr && (exe->value == "sshd" || exe->value.ends_with("/sshd"));
}

// A decision about a call does not stand for itself; a change of the policy does.
std::uint16_t record_number(const DecodedEvent& event, const DecodedRecord& record) noexcept {
  if (record.type == type::kUserLogin && is_of_ssh(event, record)) return kSshLogin;
  const auto* const known = std::ranges::find(kRecordTypes, record.type);
  if (known != std::end(kRecordTypes)) return kRecords[known - std::begin(kRecordTypes)].number;
  const tables::RecordTraits traits = tables::record_traits(record.type);
  return traits.category == tables::RecordCategory::kMac && !traits.auxiliary ? kMandatoryAccess : kBsmNoEvent;
}

bool is_decision(const DecodedRecord& record) noexcept {
  const tables::RecordCategory category = tables::record_traits(record.type).category;
  return category == tables::RecordCategory::kMacDecision || category == tables::RecordCategory::kApparmor ||
         record.type == type::kUserAvc;
}

}  // namespace

std::string_view bsm_call_name(const DecodedEvent& event) noexcept {
  const DecodedRecord* const call = call_record(event);
  if (call == nullptr) return {};
  if (call->type == type::kUringop) {
    std::uint32_t number = 0;
    const Field* const operation = event.find(*call, field::kUringOp);
    if (operation == nullptr || !interpret::parse_decimal(operation->value, number)) return {};
    return tables::uring_op_name(number);
  }
  if (!event.arch() || !event.syscall()) return {};
  const std::string_view name = tables::syscall_name(*event.arch(), *event.syscall());
  const std::string_view behind = tables::subcall_name(name, hex_value(event, *call, field::kA0).value_or(0));
  return behind.empty() ? name : behind;
}

std::uint16_t bsm_event_number(const DecodedEvent& event, std::string_view call) noexcept {
  for (const DecodedRecord& record : event.records())
    if (const std::uint16_t number = record_number(event, record); number != kBsmNoEvent) return number;
  if (const std::uint16_t number = call_number(event, call); number != kBsmNoEvent || !call.empty()) return number;
  return std::ranges::any_of(event.records(), is_decision) ? kMandatoryAccess : kBsmNoEvent;
}

std::span<const BsmEventRow> bsm_call_numbers() noexcept {
  return kCalls;
}

std::span<const BsmEventRow> bsm_record_numbers() noexcept {
  return kRecords;
}

}  // namespace naudit::formats
