// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/style.hpp"
#include "ctl/doctor/check.hpp"

namespace naudit::ctl {

struct Verdict {
  const Check* check;
  Outcome outcome;
};

// What doctor exits with, as monitoring plugins do (Monitoring Plugins Development Guidelines, "Plugin Return Codes").
enum class ExitStatus : std::uint8_t { kWell = 0, kWarning = 1, kCritical = 2, kUnknown = 3 };

// Every check, or those that are named; all names exist.
std::vector<Verdict> examine(const Facts& facts, std::span<const std::string> ids);

// The gravest finding; without a warning or worse, kUnknown if something could not be looked at.
ExitStatus exit_status(std::span<const Verdict> verdicts);
std::string_view status_text(ExitStatus status) noexcept;  // "well", "warning", "critical", "unknown"

// All pure. What is from outside is escaped (base/utf8.hpp).
std::string doctor_text(std::span<const Verdict> verdicts, const base::Layout& layout);  // the gravest first
std::string doctor_json(std::span<const Verdict> verdicts);                              // one line
std::string list_text(const base::Layout& layout);
std::string explain_text(const Check& check, const base::Layout& layout);
std::string doctor_page();  // docs/doctor.md

}  // namespace naudit::ctl
