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

// files.cpp
Form append_create_mode(std::string& out, const ArgumentPlace& place);
Form append_device(std::string& out, const ArgumentPlace& place);
Form append_fcntl(std::string& out, const ArgumentPlace& place);
Form append_permissions(std::string& out, std::uint32_t mode);  // "0644", "suid,0755"
Form append_quota_command(std::string& out, std::uint32_t command);
std::optional<NameId> quota_id(std::uint32_t command, std::uint32_t number);

// sockets.cpp
Form append_socket_domain(std::string& out, std::uint32_t domain);
Form append_socket_type(std::string& out, const ArgumentPlace& place);
Form append_socket_protocol(std::string& out, const ArgumentPlace& place);
Form append_socket_option(std::string& out, const ArgumentPlace& place, bool set);

// processes.cpp
Form append_exit_status(std::string& out, std::uint32_t status);
Form append_io_priority(std::string& out, std::uint32_t priority);
Form append_personality(std::string& out, std::uint32_t persona);
Form append_ptrace(std::string& out, const ArgumentPlace& place);

// prctl.cpp
Form append_prctl(std::string& out, const ArgumentPlace& place);

// ipc.cpp
Form append_ipc(std::string& out, const ArgumentPlace& place);
Form append_ipc_command(std::string& out, tables::Constants kind, std::uint32_t command);
Form append_ipc_mode(std::string& out, tables::Flags kind, std::uint32_t word);

// keys.cpp
Form append_keyctl(std::string& out, const ArgumentPlace& place);
std::optional<NameId> keyctl_id(const ArgumentPlace& place);

// What the functions above are made of.
Form append_name(std::string& out, std::string_view name);
Form append_constant(std::string& out, tables::Constants kind, std::uint64_t value,
                     tables::ArchWord arch = tables::kArchX86_64);
Form append_bits(std::string& out, tables::Flags kind, std::uint64_t value,
                 tables::ArchWord arch = tables::kArchX86_64);
// A constant and beside it bits, as one list; nothing if the constant is not known.
Form append_constant_and_bits(std::string& out, tables::Constants kind, std::uint32_t value, tables::Flags bits,
                              std::uint32_t others);

}  // namespace naudit::interpret
