// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "interpret/record/decoded_event.hpp"

namespace naudit::formats {

// A record that says nothing of its kind but in its texts (AUE_NULL).
inline constexpr std::uint16_t kBsmNoEvent = 0;

// The name of the event's system call, of the one behind socketcall and ipc for these, or of the io_uring operation;
// empty if there is none, or its name is not known. Pure.
std::string_view bsm_call_name(const interpret::DecodedEvent& event) noexcept;

// What auditreduce and /etc/security/audit_event know an event by: of a record that stands for itself (a login, a
// change of the rules) its type's number, else that of the system call, by its name on its own arch; kBsmNoEvent for
// what BSM has no number for. An open's number says what it was opened for. Pure.
std::uint16_t bsm_event_number(const interpret::DecodedEvent& event, std::string_view call) noexcept;

// One row of the tables, for docs/bsm.md and the tests.
struct BsmEventRow {
  std::string_view name;
  std::uint16_t number = 0;
};
std::span<const BsmEventRow> bsm_call_numbers() noexcept;    // by name; those of open are not among them
std::span<const BsmEventRow> bsm_record_numbers() noexcept;  // by the record type's name

}  // namespace naudit::formats
