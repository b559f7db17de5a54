// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string_view>

namespace naudit::formats {

// What an event is to a security team, by its system call or record type: the categories and types of the Elastic
// Common Schema (event.category, event.type; several have commas between them) and how much it matters by OCSF's
// severity_id, 1 (informational) to 5 (critical). Constant data, any thread.
struct EventClass {
  std::string_view category = "process";
  std::string_view type = "info";
  std::uint8_t severity = 1;
};

// Of a system call or an operation of io_uring, by its name. Of one that the tables do not have: EventClass{}.
EventClass call_class(std::string_view name) noexcept;
// Of a record type. What its values decide (the result of an AVC) is not in it.
EventClass record_class(std::uint16_t type) noexcept;

}  // namespace naudit::formats
