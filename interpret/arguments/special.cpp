// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/arguments/special.hpp"

#include <linux/fcntl.h>
#include <linux/ipc.h>
#include <linux/keyctl.h>
#include <linux/prctl.h>
#include <linux/ptrace.h>
#include <linux/quota.h>
#include <sys/socket.h>

#include <charconv>

#include "interpret/arguments/mode.hpp"
#include "tables/socket_families.hpp"

namespace naudit::interpret {

using tables::Constants;
using tables::Flags;
using tables::SpecialArgument;

namespace {

Form append_name(std::string& out, std::string_view name) {
  out += name;
  return name.empty() ? Form::kNone : Form::kName;
}

}  // namespace

Form append_constant(std::string& out, Constants kind, std::uint64_t value, tables::ArchWord arch) {
  return append_name(out, tables::constant_name(kind, value, arch));
}

Form append_bits(std::string& out, Flags kind, std::uint64_t value, tables::ArchWord arch) {
  return tables::append_named_flags(out, kind, value, arch) ? Form::kList : Form::kNone;
}

namespace {

Form append_constant_and_bits(std::string& out, Constants kind, std::uint32_t value, Flags bits, std::uint32_t others) {
  if (append_constant(out, kind, value) == Form::kNone) return Form::kNone;
  if (others == 0) return Form::kList;
  out += '|';
  tables::append_flags(out, bits, others);
  return Form::kList;
}

// Files, devices and quotas.

// At least two digits.
void append_number(std::string& out, std::uint32_t number) {
  char digits[8];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number, 16);
  if (end - digits < 2) out += '0';
  out.append(digits, end);
}

Form append_permissions(std::string& out, std::uint32_t mode) {
  if ((mode & 04000U) != 0) out += "suid,";
  if ((mode & 02000U) != 0) out += "sgid,";
  if ((mode & 01000U) != 0) out += "sticky,";
  const auto octal = [mode](unsigned shift) { return static_cast<char>('0' + (mode >> shift & 7U)); };
  const char digits[] = {'0', octal(6), octal(3), octal(0)};
  out.append(digits, sizeof digits);
  return Form::kText;
}

Form append_create_mode(std::string& out, const ArgumentPlace& place) {
  constexpr std::uint32_t kCreate = 0x40, kTemporary = 0x400000;  // the same bits on every arch
  const std::uint32_t flags = place.word_at(place.index - 1);
  return (flags & (kCreate | kTemporary)) != 0 ? append_permissions(out, place.word()) : Form::kNone;
}

Form append_device(std::string& out, const ArgumentPlace& place) {
  // The mode stands before it; of what is no device the kernel does not look at this.
  const std::uint32_t type = place.word_at(place.index - 1) & 0170000U;
  if (type != 0020000U && type != 0060000U) return Form::kNone;
  const std::uint32_t word = place.word();
  append_number(out, word >> 8U & 0xFFFU);
  out += ':';
  append_number(out, (word & 0xFFU) | (word >> 12U & 0xFFF00U));
  return Form::kText;
}

Form append_fcntl(std::string& out, const ArgumentPlace& place) {
  switch (place.word_at(1)) {
    case F_SETFD:
      return append_name(out, place.word() == FD_CLOEXEC ? "FD_CLOEXEC" : "");
    case F_SETFL:
      return append_bits(out, Flags::kOpen, place.word(), place.arch);
    case F_SETSIG:
      return place.word() == 0 ? Form::kNone : append_constant(out, Constants::kSignal, place.word());
    case F_SETLEASE:
      return append_constant(out, Constants::kLockType, place.word());
    case F_NOTIFY:
      return append_bits(out, Flags::kDirectoryNotify, place.word());
    case F_ADD_SEALS:
      return append_bits(out, Flags::kSeals, place.word());
    default:
      return Form::kNone;
  }
}

Form append_quota_command(std::string& out, std::uint32_t command) {
  if (append_constant(out, Constants::kQuotaCommand, command >> SUBCMDSHIFT) == Form::kNone) return Form::kNone;
  const std::string_view type = tables::constant_name(Constants::kQuotaType, command & SUBCMDMASK);
  if (!type.empty()) out += '|';
  out += type;
  return Form::kList;
}

std::optional<NameId> quota_id(std::uint32_t command, std::uint32_t number) {
  constexpr std::uint32_t kXfsGet = 0x5803, kXfsSet = 0x5804, kXfsGetNext = 0x5809;  // linux/dqblk_xfs.h
  switch (command >> SUBCMDSHIFT) {
    case Q_GETQUOTA:
    case Q_SETQUOTA:
    case Q_GETNEXTQUOTA:
    case kXfsGet:
    case kXfsSet:
    case kXfsGetNext:
      break;
    default:
      return std::nullopt;
  }
  switch (command & SUBCMDMASK) {
    case USRQUOTA:
      return NameId{NameId::Kind::kUser, number};
    case GRPQUOTA:
      return NameId{NameId::Kind::kGroup, number};
    default:
      return std::nullopt;
  }
}

// Sockets.

// Levels whose options have a table of their own, except those of IP.
std::optional<Constants> options_of(std::uint32_t level) noexcept {
  switch (level) {
    case SOL_SOCKET:
      return Constants::kSocketOption;
    case 6:
      return Constants::kTcpOption;
    case 17:   // UDP
    case 136:  // UDPLite
      return Constants::kUdpOption;
    case AF_VSOCK:
      return Constants::kVsockOption;
    case 132:
      return Constants::kSctpOption;
    case SOL_PACKET:
      return Constants::kPacketOption;
    case SOL_NETLINK:
      return Constants::kNetlinkOption;
    case SOL_TIPC:
      return Constants::kTipcOption;
    case SOL_ALG:
      return Constants::kAlgorithmOption;
    case SOL_TLS:
      return Constants::kTlsOption;
    case SOL_XDP:
      return Constants::kXdpOption;
    case 284:
      return Constants::kMptcpOption;
    default:
      return std::nullopt;
  }
}

// Netfilter's options have the numbers of some of IP's own, and mean something else in getsockopt and setsockopt.
Form append_ip_option(std::string& out, std::uint32_t option, Constants own, Constants netfilter) {
  const Form form = append_constant(out, netfilter, option);
  return form == Form::kNone ? append_constant(out, own, option) : form;
}

std::uint32_t swapped(std::uint32_t word) noexcept {
  return (word >> 8U & 0xFFU) | (word & 0xFFU) << 8U;
}

Form append_socket_domain(std::string& out, std::uint32_t domain) {
  return domain == AF_UNSPEC ? Form::kNone : append_name(out, tables::socket_family_name(domain));
}

Form append_socket_type(std::string& out, const ArgumentPlace& place) {
  constexpr std::uint32_t kTypeMask = 0xF;
  const std::uint32_t word = place.word();
  return append_constant_and_bits(out, Constants::kSocketType, word & kTypeMask, Flags::kSocket, word & ~kTypeMask);
}

Form append_socket_protocol(std::string& out, const ArgumentPlace& place) {
  const std::uint32_t protocol = place.word();
  switch (place.word_at(0)) {
    case AF_INET:
    case AF_INET6:
      return append_constant(out, Constants::kIpProtocol, protocol);
    case AF_NETLINK:
      return append_constant(out, Constants::kNetlinkProtocol, protocol);
    case AF_PACKET: {
      constexpr tables::ArchWord kLittleEndian = 0x40000000;
      const bool swap = (place.arch & kLittleEndian) != 0;
      return append_constant(out, Constants::kEthernetProtocol, swap ? swapped(protocol) : protocol);
    }
    case AF_CAN:
      return append_constant(out, Constants::kCanProtocol, protocol);
    case AF_BLUETOOTH:
      return append_constant(out, Constants::kBluetoothProtocol, protocol);
    default:
      return Form::kNone;
  }
}

Form append_socket_option(std::string& out, const ArgumentPlace& place, bool set) {
  const std::uint32_t level = place.word_at(1), option = place.word();
  if (level == 0)
    return append_ip_option(out, option, Constants::kIpOption, set ? Constants::kIpTablesSet : Constants::kIpTablesGet);
  if (level == 41) {
    return append_ip_option(out, option, Constants::kIpv6Option,
                            set ? Constants::kIp6TablesSet : Constants::kIp6TablesGet);
  }
  if (const auto options = options_of(level)) return append_constant(out, *options, option, place.arch);
  if (option != 1) return Form::kNone;
  return append_name(out, level == 58 ? "ICMPV6_FILTER" : level == SOL_RAW ? "ICMP_FILTER" : "");
}

// Processes.

Form append_exit_status(std::string& out, std::uint32_t status) {
  return append_name(out, status == 0 ? "EXIT_SUCCESS" : status == 1 ? "EXIT_FAILURE" : "");
}

Form append_io_priority(std::string& out, std::uint32_t priority) {
  constexpr unsigned kClassShift = 13;
  if (append_constant(out, Constants::kIoPriorityClass, priority >> kClassShift) == Form::kNone) return Form::kNone;
  char digits[8];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, priority & ((1U << kClassShift) - 1));
  out += ',';
  out.append(digits, end);
  return Form::kText;
}

Form append_personality(std::string& out, std::uint32_t persona) {
  constexpr std::uint32_t kAsk = 0xFFFFFFFF;
  const std::size_t before = out.size();
  if (persona != kAsk) tables::append_personality(out, persona);
  return out.size() == before ? Form::kNone : Form::kList;
}

Form append_ptrace(std::string& out, const ArgumentPlace& place) {
  constexpr unsigned kAddress = 2;
  switch (place.word_at(0)) {
    case PTRACE_GETREGSET:
    case PTRACE_SETREGSET:
      return place.index == kAddress ? append_constant(out, Constants::kRegisterSet, place.word()) : Form::kNone;
    case PTRACE_SEIZE:
    case PTRACE_SETOPTIONS:
      return place.index == kAddress ? Form::kNone : append_bits(out, Flags::kPtraceOptions, place.word());
    case PTRACE_CONT:
    case PTRACE_DETACH:
    case PTRACE_SINGLESTEP:
    case PTRACE_SYSCALL:
      return place.index == kAddress || place.word() == 0 ? Form::kNone
                                                          : append_constant(out, Constants::kSignal, place.word());
    default:
      return Form::kNone;
  }
}

// prctl.

constexpr std::uint32_t kSetMdwe = 65;  // PR_SET_MDWE, younger than the headers

Form append_first(std::string& out, std::uint32_t option, std::uint32_t value) {
  switch (option) {
    case PR_SET_PDEATHSIG:
      return append_constant(out, Constants::kSignal, value);
    case PR_CAPBSET_READ:
    case PR_CAPBSET_DROP:
      return append_constant(out, Constants::kCapability, value);
    case PR_CAP_AMBIENT:
      return append_constant(out, Constants::kCapabilityAmbient, value);
    case PR_MCE_KILL:
      return append_constant(out, Constants::kMachineCheckPolicy, value);
    case PR_SCHED_CORE:
      return append_constant(out, Constants::kSchedulerCore, value);
    case PR_SET_DUMPABLE:
      return append_constant(out, Constants::kUserDumpable, value);
    case kSetMdwe:
      return append_bits(out, Flags::kMemoryDeny, value);
    case PR_SET_MM:
      return append_constant(out, Constants::kMemoryMap, value);
    case PR_SET_PTRACER:
      return append_name(out, value == 0xFFFFFFFF ? "PR_SET_PTRACER_ANY" : "");
    case PR_SET_SECCOMP:
      return append_constant(out, Constants::kSeccompMode, value);
    case PR_SET_SECUREBITS:
      return append_bits(out, Flags::kSecureBits, value);
    case PR_GET_SPECULATION_CTRL:
    case PR_SET_SPECULATION_CTRL:
      return append_constant(out, Constants::kSpeculation, value);
    case PR_SET_SYSCALL_USER_DISPATCH:
      return append_name(out, value == 0 ? "PR_SYS_DISPATCH_OFF" : value == 1 ? "PR_SYS_DISPATCH_ON" : "");
    case PR_SET_TSC:
      return append_constant(out, Constants::kTimeStampCounter, value);
    case PR_SET_VMA:
      return append_name(out, value == PR_SET_VMA_ANON_NAME ? "PR_SET_VMA_ANON_NAME" : "");
    default:
      return Form::kNone;
  }
}

Form append_second(std::string& out, const ArgumentPlace& place) {
  switch (place.word_at(0)) {
    case PR_CAP_AMBIENT:
      return place.word_at(1) == PR_CAP_AMBIENT_CLEAR_ALL ? Form::kNone
                                                          : append_constant(out, Constants::kCapability, place.word());
    case PR_MCE_KILL:
      return place.word_at(1) == PR_MCE_KILL_SET ? append_constant(out, Constants::kMachineCheckEarly, place.word())
                                                 : Form::kNone;
    case PR_SET_SPECULATION_CTRL:
      return append_constant(out, Constants::kSpeculationControl, place.word());
    default:
      return Form::kNone;
  }
}

Form append_prctl(std::string& out, const ArgumentPlace& place) {
  if (place.index == 1) return append_first(out, place.word_at(0), place.word());
  return place.index == 2 ? append_second(out, place) : Form::kNone;
}

// System V IPC.

constexpr std::uint32_t kPermissions = 0777;

Form append_ipc_command(std::string& out, Constants kind, std::uint32_t command) {
  constexpr std::uint32_t kNewStructures = 0x100;  // IPC_64
  return append_constant(out, kind, command & ~kNewStructures);
}

Form append_ipc_mode(std::string& out, Flags kind, std::uint32_t word) {
  if (append_bits(out, kind, word & ~kPermissions) != Form::kNone) out += '|';
  return append_permissions(out, word & kPermissions);
}

Form append_ipc(std::string& out, const ArgumentPlace& place) {
  // The call's own arguments: first, second and third (ipc(2), sysvipc in ipc/syscall.c).
  const std::uint32_t word = place.word();
  const bool second = place.index == 2, third = place.index == 3;
  switch (place.word_at(0) & 0xFFFFU) {
    case SEMGET:
      return third ? append_ipc_mode(out, Flags::kIpc, word) : Form::kNone;
    case SEMCTL:
      return third ? append_ipc_command(out, Constants::kSemaphoreCommand, word) : Form::kNone;
    case MSGSND:
    case MSGRCV:
      return third ? append_bits(out, Flags::kMessageQueue, word) : Form::kNone;
    case MSGGET:
      return second ? append_ipc_mode(out, Flags::kIpc, word) : Form::kNone;
    case MSGCTL:
      return second ? append_ipc_command(out, Constants::kMessageQueueCommand, word) : Form::kNone;
    case SHMAT:
      return second ? append_bits(out, Flags::kSharedMemoryAttach, word) : Form::kNone;
    case SHMGET:
      return third ? append_ipc_mode(out, Flags::kSharedMemory, word) : Form::kNone;
    case SHMCTL:
      return second ? append_ipc_command(out, Constants::kSharedMemoryCommand, word) : Form::kNone;
    default:
      return Form::kNone;
  }
}

// Keys.

// Which of a1 to a3 are keys or keyrings, as a mask of their places; their special ones have names.
unsigned keys_of(std::uint32_t command) noexcept {
  constexpr unsigned kFirst = 1U << 1U, kSecond = 1U << 2U, kThird = 1U << 3U;
  switch (command) {
    case KEYCTL_GET_KEYRING_ID:
    case KEYCTL_UPDATE:
    case KEYCTL_REVOKE:
    case KEYCTL_CHOWN:
    case KEYCTL_SETPERM:
    case KEYCTL_DESCRIBE:
    case KEYCTL_CLEAR:
    case KEYCTL_SEARCH:
    case KEYCTL_READ:
    case KEYCTL_INSTANTIATE:
    case KEYCTL_INSTANTIATE_IOV:
    case KEYCTL_REJECT:
    case KEYCTL_SET_TIMEOUT:
    case KEYCTL_ASSUME_AUTHORITY:
    case KEYCTL_GET_SECURITY:
    case KEYCTL_INVALIDATE:
    case KEYCTL_RESTRICT_KEYRING:
    case KEYCTL_WATCH_KEY:
      return kFirst;
    case KEYCTL_LINK:
    case KEYCTL_UNLINK:
      return kFirst | kSecond;
    case KEYCTL_NEGATE:
      return kFirst | kThird;
    case KEYCTL_MOVE:
      return kFirst | kSecond | kThird;
    case KEYCTL_GET_PERSISTENT:
      return kSecond;
    default:
      return 0;
  }
}

Form append_keyctl(std::string& out, const ArgumentPlace& place) {
  const std::uint32_t command = place.word_at(0);
  if (command == KEYCTL_SET_REQKEY_KEYRING && place.index == 1)
    return append_constant(out, tables::Constants::kKeyringDefault, place.word());
  const bool is_key = (keys_of(command) >> place.index & 1U) != 0;
  return is_key ? append_constant(out, tables::Constants::kKeyring, place.word()) : Form::kNone;
}

std::optional<NameId> keyctl_id(const ArgumentPlace& place) {
  const std::uint32_t command = place.word_at(0);
  const bool user =
      (command == KEYCTL_CHOWN && place.index == 2) || (command == KEYCTL_GET_PERSISTENT && place.index == 1);
  const bool group = command == KEYCTL_CHOWN && place.index == 3;
  if (user) return NameId{NameId::Kind::kUser, place.word()};
  if (group) return NameId{NameId::Kind::kGroup, place.word()};
  return std::nullopt;
}

// The rest.

Form append_directory(std::string& out, std::uint32_t descriptor) {
  constexpr std::uint32_t kWorkingDirectory = 0xFFFFFF9C;  // AT_FDCWD, -100
  return append_name(out, descriptor == kWorkingDirectory ? "AT_FDCWD" : "");
}

Form append_node_mode(std::string& out, std::uint32_t mode) {
  append_mode(out, mode);
  return Form::kText;
}

Form append_clone(std::string& out, const ArgumentPlace& place) {
  const bool stack_first = place.arch == tables::kArchS390x || place.arch == tables::kArchS390;
  return place.index == (stack_first ? 1U : 0U) ? append_bits(out, Flags::kClone, place.word()) : Form::kNone;
}

}  // namespace

Form append_special(std::string& out, SpecialArgument kind, const ArgumentPlace& place) {
  const std::uint32_t word = place.word();
  switch (kind) {
    case SpecialArgument::kClone:
      return append_clone(out, place);
    case SpecialArgument::kCreateMode:
      return append_create_mode(out, place);
    case SpecialArgument::kDevice:
      return append_device(out, place);
    case SpecialArgument::kDirectory:
      return append_directory(out, word);
    case SpecialArgument::kExitStatus:
      return append_exit_status(out, word);
    case SpecialArgument::kFcntl:
      return append_fcntl(out, place);
    case SpecialArgument::kFutex:
      return append_constant_and_bits(out, Constants::kFutexOperation, word & 0x7FU, Flags::kFutex, word & ~0x7FU);
    case SpecialArgument::kGetSocketOption:
      return append_socket_option(out, place, false);
    case SpecialArgument::kIoPriority:
      return append_io_priority(out, word);
    case SpecialArgument::kIpc:
      return append_ipc(out, place);
    case SpecialArgument::kIpcCall:  // the upper half is a version
      return append_constant(out, Constants::kIpcCall, word & 0xFFFFU);
    case SpecialArgument::kIpcMode:
      return append_ipc_mode(out, Flags::kIpc, word);
    case SpecialArgument::kKeyctl:
      return append_keyctl(out, place);
    case SpecialArgument::kMemoryPolicy:
      return append_constant_and_bits(out, Constants::kMemoryPolicy, word & 0x1FFFU, Flags::kMemoryPolicy,
                                      word & ~0x1FFFU);
    case SpecialArgument::kMessageQueueCommand:
      return append_ipc_command(out, Constants::kMessageQueueCommand, word);
    case SpecialArgument::kMode:
      return append_permissions(out, word);
    case SpecialArgument::kNodeMode:
      return append_node_mode(out, word & 0xFFFFU);
    case SpecialArgument::kPersonality:
      return append_personality(out, word);
    case SpecialArgument::kPrctl:
      return append_prctl(out, place);
    case SpecialArgument::kPtrace:
      return append_ptrace(out, place);
    case SpecialArgument::kQuotaCommand:
      return append_quota_command(out, word);
    case SpecialArgument::kScheduler: {
      constexpr std::uint32_t kReset = 0x40000000;
      return append_constant_and_bits(out, Constants::kScheduler, word & ~kReset, Flags::kSchedulerReset,
                                      word & kReset);
    }
    case SpecialArgument::kSeccompFilter:
      return place.word_at(0) == 1 ? append_bits(out, Flags::kSeccompFilter, word) : Form::kNone;
    case SpecialArgument::kSemaphoreCommand:
      return append_ipc_command(out, Constants::kSemaphoreCommand, word);
    case SpecialArgument::kSetSocketOption:
      return append_socket_option(out, place, true);
    case SpecialArgument::kSharedMemoryCommand:
      return append_ipc_command(out, Constants::kSharedMemoryCommand, word);
    case SpecialArgument::kSharedMemoryMode:
      return append_ipc_mode(out, Flags::kSharedMemory, word);
    case SpecialArgument::kSocketDomain:
      return append_socket_domain(out, word);
    case SpecialArgument::kSocketProtocol:
      return append_socket_protocol(out, place);
    case SpecialArgument::kSocketType:
      return append_socket_type(out, place);
    case SpecialArgument::kUringRegister: {
      constexpr std::uint32_t kRegistered = 0x80000000;
      return append_constant_and_bits(out, Constants::kUringRegister, word & ~kRegistered, Flags::kUringRegister,
                                      word & kRegistered);
    }
    case SpecialArgument::kIoPriorityTarget:
    case SpecialArgument::kPriorityTarget:
    case SpecialArgument::kQuotaFileId:
    case SpecialArgument::kQuotaId:
      break;  // a number, or an id
  }
  return Form::kNone;
}

std::optional<NameId> special_id(SpecialArgument kind, const ArgumentPlace& place) {
  constexpr std::uint32_t kIoPriorityUser = 3, kPriorityUser = 2;  // IOPRIO_WHO_USER, PRIO_USER
  const auto user_if = [](bool is_user, std::uint32_t number) {
    return is_user ? std::optional(NameId{NameId::Kind::kUser, number}) : std::nullopt;
  };
  switch (kind) {
    case SpecialArgument::kKeyctl:
      return keyctl_id(place);
    case SpecialArgument::kIoPriorityTarget:
      return user_if(place.word_at(0) == kIoPriorityUser, place.word());
    case SpecialArgument::kPriorityTarget:
      return user_if(place.word_at(0) == kPriorityUser, place.word());
    case SpecialArgument::kQuotaFileId:
      return quota_id(place.word_at(1), place.word());
    case SpecialArgument::kQuotaId:
      return quota_id(place.word_at(0), place.word());
    default:
      return std::nullopt;
  }
}

}  // namespace naudit::interpret
