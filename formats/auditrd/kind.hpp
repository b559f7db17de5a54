// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string_view>

#include "formats/auditrd/options.hpp"
#include "interpret/record/decoded_event.hpp"

namespace naudit::formats {

// The three kinds of events that auditrd knows, by the names of osquery's tables; all others are none.
enum class AuditrdKind : std::uint8_t { kNone, kProcess, kFim, kUser };
std::string_view auditrd_kind_text(AuditrdKind kind) noexcept;  // "process_event"; empty for kNone

// A system call by its name on its own arch, and what goes by it.
struct AuditrdCall {
  AuditrdKind kind = AuditrdKind::kNone;
  std::string_view name{};
};
// Pure.
AuditrdCall auditrd_call(const interpret::DecodedEvent& event, const AuditrdOptions& options) noexcept;
// The record of a program that stands alone; null if it is none that the options want. Pure.
const interpret::DecodedRecord* auditrd_user_record(const interpret::DecodedEvent& event,
                                                    const AuditrdOptions& options) noexcept;

// Does the call give a file another name, or one more? Then CREATE is where it ends up. By the call's name. Pure.
bool has_destination(std::string_view call) noexcept;

}  // namespace naudit::formats
