// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <linux/prctl.h>

#include "interpret/argument_special.hpp"

namespace naudit::interpret {

Form append_exit_status(std::string& out, std::uint32_t status) {
  return append_name(out, status == 0 ? "EXIT_SUCCESS" : status == 1 ? "EXIT_FAILURE" : "");
}

Form append_personality(std::string& out, std::uint32_t persona) {
  return append_constant(out, tables::Constants::kPersonality, persona & 0xFFU);
}

Form append_prctl_second(std::string& out, const ArgumentPlace& place) {
  switch (place.word_at(0)) {
    case PR_SET_PDEATHSIG:
      return append_constant(out, tables::Constants::kSignal, place.word());
    case PR_CAPBSET_READ:
    case PR_CAPBSET_DROP:
      return append_constant(out, tables::Constants::kCapability, place.word());
    default:
      return Form::kNone;
  }
}

Form append_scheduler(std::string& out, std::uint32_t policy) {
  return append_constant(out, tables::Constants::kScheduler, policy);
}

}  // namespace naudit::interpret
