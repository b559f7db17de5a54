// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/argument_special.hpp"

#include "interpret/mode.hpp"

namespace naudit::interpret {
namespace {

Form append_directory(std::string& out, std::uint32_t descriptor) {
  constexpr std::uint32_t kWorkingDirectory = 0xFFFFFF9C;  // AT_FDCWD, -100
  return append_name(out, descriptor == kWorkingDirectory ? "AT_FDCWD" : "");
}

Form append_node_mode(std::string& out, std::uint32_t mode) {
  append_mode(out, mode);
  return Form::kText;
}

}  // namespace

Form append_name(std::string& out, std::string_view name) {
  out += name;
  return name.empty() ? Form::kNone : Form::kName;
}

Form append_constant(std::string& out, tables::Constants kind, std::uint32_t value) {
  return append_name(out, tables::constant_name(kind, value));
}

Form append_bits(std::string& out, tables::Flags kind, std::uint64_t value, tables::ArchWord arch) {
  return tables::append_named_flags(out, kind, value, arch) ? Form::kList : Form::kNone;
}

Form append_special(std::string& out, tables::SpecialArgument kind, const ArgumentPlace& place) {
  using tables::SpecialArgument;
  switch (kind) {
    case SpecialArgument::kClone: {
      const bool stack_first = place.arch == tables::kArchS390x || place.arch == tables::kArchS390;
      return place.index == (stack_first ? 1U : 0U) ? append_bits(out, tables::Flags::kClone, place.value(), place.arch)
                                                    : Form::kNone;
    }
    case SpecialArgument::kCreateMode:
      return append_create_mode(out, place);
    case SpecialArgument::kDirectory:
      return append_directory(out, place.word());
    case SpecialArgument::kExitStatus:
      return append_exit_status(out, place.word());
    case SpecialArgument::kFcntl:
      return append_fcntl_argument(out, place);
    case SpecialArgument::kMode:
      return append_permissions(out, place.word());
    case SpecialArgument::kNodeMode:
      return append_node_mode(out, place.word() & 0xFFFFU);
    case SpecialArgument::kPersonality:
      return append_personality(out, place.word());
    case SpecialArgument::kPrctlSecond:
      return append_prctl_second(out, place);
    case SpecialArgument::kScheduler:
      return append_scheduler(out, place.word());
    case SpecialArgument::kSocketDomain:
      return append_socket_domain(out, place.word());
    case SpecialArgument::kSocketType:
      return append_socket_type(out, place);
  }
  return Form::kNone;
}

}  // namespace naudit::interpret
