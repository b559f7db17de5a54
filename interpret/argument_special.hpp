// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>

#include "interpret/arguments.hpp"
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

  [[nodiscard]] std::uint64_t value() const noexcept { return args[index]; }
  // As an argument of type int, which most are.
  [[nodiscard]] std::uint32_t word() const noexcept { return static_cast<std::uint32_t>(args[index]); }
  [[nodiscard]] std::uint32_t word_at(unsigned other) const noexcept { return static_cast<std::uint32_t>(args[other]); }
};

Form append_special(std::string& out, tables::SpecialArgument kind, const ArgumentPlace& place);

// Of files, in argument_files.cpp.
Form append_create_mode(std::string& out, const ArgumentPlace& place);
Form append_fcntl_argument(std::string& out, const ArgumentPlace& place);
// "0644", "suid,0755": permissions without a type.
Form append_permissions(std::string& out, std::uint32_t mode);

// Of sockets, in argument_sockets.cpp.
Form append_socket_domain(std::string& out, std::uint32_t domain);
Form append_socket_type(std::string& out, const ArgumentPlace& place);

// Of processes, in argument_processes.cpp.
Form append_exit_status(std::string& out, std::uint32_t status);
Form append_personality(std::string& out, std::uint32_t persona);
Form append_prctl_second(std::string& out, const ArgumentPlace& place);
Form append_scheduler(std::string& out, std::uint32_t policy);

// What the functions above are made of.
Form append_name(std::string& out, std::string_view name);
Form append_constant(std::string& out, tables::Constants kind, std::uint32_t value);
Form append_bits(std::string& out, tables::Flags kind, std::uint64_t value, tables::ArchWord arch);

}  // namespace naudit::interpret
