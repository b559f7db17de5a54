// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <linux/ptrace.h>

#include <charconv>

#include "interpret/arguments/special.hpp"

namespace naudit::interpret {

using tables::Constants;
using tables::Flags;

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

}  // namespace naudit::interpret
