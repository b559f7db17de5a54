// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/arguments/special.hpp"

#include "interpret/arguments/mode.hpp"

namespace naudit::interpret {
namespace {

using tables::Constants;
using tables::Flags;
using tables::SpecialArgument;

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

Form append_name(std::string& out, std::string_view name) {
  out += name;
  return name.empty() ? Form::kNone : Form::kName;
}

Form append_constant(std::string& out, Constants kind, std::uint64_t value, tables::ArchWord arch) {
  return append_name(out, tables::constant_name(kind, value, arch));
}

Form append_bits(std::string& out, Flags kind, std::uint64_t value, tables::ArchWord arch) {
  return tables::append_named_flags(out, kind, value, arch) ? Form::kList : Form::kNone;
}

Form append_constant_and_bits(std::string& out, Constants kind, std::uint32_t value, Flags bits, std::uint32_t others) {
  if (append_constant(out, kind, value) == Form::kNone) return Form::kNone;
  if (others == 0) return Form::kList;
  out += '|';
  tables::append_flags(out, bits, others);
  return Form::kList;
}

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
