// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <linux/prctl.h>

#include "interpret/arguments/special.hpp"

namespace naudit::interpret {

using tables::Constants;
using tables::Flags;

namespace {

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

}  // namespace

Form append_prctl(std::string& out, const ArgumentPlace& place) {
  if (place.index == 1) return append_first(out, place.word_at(0), place.word());
  return place.index == 2 ? append_second(out, place) : Form::kNone;
}

}  // namespace naudit::interpret
