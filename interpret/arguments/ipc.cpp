// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <linux/ipc.h>

#include "interpret/arguments/special.hpp"

namespace naudit::interpret {

using tables::Constants;
using tables::Flags;

namespace {

constexpr std::uint32_t kPermissions = 0777;

}  // namespace

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

}  // namespace naudit::interpret
