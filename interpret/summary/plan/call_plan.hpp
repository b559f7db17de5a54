// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string_view>

#include "interpret/summary/call_actions.hpp"

namespace naudit::interpret {

// A row of the table of what system calls act on: what each Act takes from the records, in words. What
// take_object_of_call() does, docs/summary.md says from here, and a test walks each call. Constant data, any thread.
struct CallPlan {
  std::string_view name{};    // "open"
  std::string_view object{};  // its kind, or where that comes from
  std::string_view words{};   // the object's members and where they come from; %d is the argument in `detail`
};
const CallPlan& call_plan(Act act) noexcept;

}  // namespace naudit::interpret
