// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>

#include "config/option.hpp"

namespace naudit::formats {

// Where an event's command line is from.
enum class AuditrdCommandLine : std::uint8_t { kExecve, kProctitle };

// `auditrd:` of a sink with that format.
struct AuditrdOptions {
  // Of the arguments of an exec, where there are any; else, or always, of the process's title, which has 128 bytes.
  AuditrdCommandLine commandline = AuditrdCommandLine::kExecve;
  bool fim_extended = false;     // the calls that change files, and not those that read
  bool all_user_events = false;  // all that programs tell, and not USER_ACCT alone
  friend bool operator==(const AuditrdOptions&, const AuditrdOptions&) = default;
};

config::OptionTable auditrd_options();

}  // namespace naudit::formats
