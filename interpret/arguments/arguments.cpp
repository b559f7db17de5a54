// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/arguments/arguments.hpp"

#include "interpret/arguments/special.hpp"
#include "tables/arguments.hpp"
#include "tables/constants.hpp"
#include "tables/flags.hpp"
#include "tables/syscalls.hpp"

namespace naudit::interpret {
namespace {

using tables::Argument;

bool has_64_bits(tables::ArchWord arch) noexcept {
  constexpr tables::ArchWord k64Bits = 0x80000000;
  return (arch & k64Bits) != 0;
}

// Most arguments are of the type int; these are long.
bool is_long(const Argument& argument) noexcept {
  using tables::Flags;
  if (argument.is == Argument::Is::kConstant) return argument.constants() == tables::Constants::kPtraceRequest;
  const Flags kind = argument.flags();
  return kind == Flags::kFanotifyMask || kind == Flags::kKexec || kind == Flags::kMmap || kind == Flags::kMount ||
         kind == Flags::kMremap || kind == Flags::kNamespace || kind == Flags::kProtection;
}

bool has_old_ids(tables::ArchWord arch) noexcept {
  return arch == tables::kArchI386 || arch == tables::kArchArm || arch == tables::kArchArmeb ||
         arch == tables::kArchS390;
}

Form append(std::string& out, tables::ArchWord arch, const tables::Signature& signature, unsigned index,
            Arguments args) {
  if (index >= args.size()) return Form::kNone;
  const Argument& argument = signature[index];
  if (argument.only_64_bits && !has_64_bits(arch)) return Form::kNone;
  const auto value = [&] {
    return has_64_bits(arch) && is_long(argument) ? args[index] : static_cast<std::uint32_t>(args[index]);
  };
  switch (argument.is) {
    case Argument::Is::kConstant:
      return append_constant(out, argument.constants(), value(), arch);
    case Argument::Is::kFlags:
      return append_bits(out, argument.flags(), value(), arch);
    case Argument::Is::kSpecial:
      return append_special(out, argument.special(), {arch, index, args});
    case Argument::Is::kNumber:
    case Argument::Is::kUser:
    case Argument::Is::kGroup:
    case Argument::Is::kOldUser:
    case Argument::Is::kOldGroup:
      break;
  }
  return Form::kNone;
}

}  // namespace

Form append_argument(std::string& out, tables::ArchWord arch, std::uint32_t syscall, unsigned index, Arguments args) {
  return append(out, arch, tables::syscall_signature(arch, syscall), index, args);
}

bool is_plain_argument(tables::ArchWord arch, std::uint32_t syscall, unsigned index) noexcept {
  if (index >= 4 || tables::syscall_signature(arch, syscall)[index].is != Argument::Is::kNumber) return false;
  // What these ask for is in their first argument, which stands beside their name.
  const std::string_view name = tables::syscall_name(arch, syscall);
  return name != "socketcall" && name != "ipc";
}

Form append_socketcall_argument(std::string& out, tables::ArchWord arch, std::uint32_t call, unsigned index,
                                Arguments args) {
  const std::string_view name = tables::constant_name(tables::Constants::kSocketCall, call);
  return append(out, arch, tables::syscall_signature(name), index, args);
}

std::optional<NameId> argument_id(tables::ArchWord arch, std::uint32_t syscall, unsigned index, Arguments args) {
  if (index >= args.size()) return std::nullopt;
  const Argument& argument = tables::syscall_signature(arch, syscall)[index];
  const auto word = static_cast<std::uint32_t>(args[index]);
  // The kernel widens the 16 bits of old, and keeps the meaning of -1 (include/linux/highuid.h).
  const std::uint32_t half = word & 0xFFFFU;
  const std::uint32_t old = !has_old_ids(arch) ? word : half == 0xFFFFU ? 0xFFFFFFFFU : half;
  switch (argument.is) {
    case Argument::Is::kUser:
      return NameId{NameId::Kind::kUser, word};
    case Argument::Is::kGroup:
      return NameId{NameId::Kind::kGroup, word};
    case Argument::Is::kOldUser:
      return NameId{NameId::Kind::kUser, old};
    case Argument::Is::kOldGroup:
      return NameId{NameId::Kind::kGroup, old};
    case Argument::Is::kSpecial:
      return special_id(argument.special(), {arch, index, args});
    case Argument::Is::kNumber:
    case Argument::Is::kConstant:
    case Argument::Is::kFlags:
      break;
  }
  return std::nullopt;
}

}  // namespace naudit::interpret
