// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "interpret/arguments/arguments.hpp"
#include "interpret/form.hpp"
#include "tables/arch.hpp"
#include "tables/arguments.hpp"

namespace naudit::interpret {

// The arguments that take more than one look into a table (tables::SpecialArgument), for interpret/arguments. Pure
// functions, any thread, which append to `out` as append_argument does.

// One argument among its neighbours.
struct ArgumentPlace {
  tables::ArchWord arch = 0;
  unsigned index = 0;
  Arguments args;

  // As an argument of type int, which most are.
  [[nodiscard]] std::uint32_t word() const noexcept { return word_at(index); }
  [[nodiscard]] std::uint32_t word_at(unsigned other) const noexcept { return static_cast<std::uint32_t>(args[other]); }
};

Form append_special(std::string& out, tables::SpecialArgument kind, const ArgumentPlace& place);
// The user or group that it stands for.
std::optional<NameId> special_id(tables::SpecialArgument kind, const ArgumentPlace& place);

// One look into a table: kNone where the number has no name.
Form append_constant(std::string& out, tables::Constants kind, std::uint64_t value,
                     tables::ArchWord arch = tables::kArchX86_64);
Form append_bits(std::string& out, tables::Flags kind, std::uint64_t value,
                 tables::ArchWord arch = tables::kArchX86_64);

}  // namespace naudit::interpret
