// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "output/backoff.hpp"

namespace naudit::output {

// What a program that is fed events finds when it starts.
enum class Surroundings : std::uint8_t {
  kPiped,    // its input is a pipe, what it says comes to us, PATH is its environment
  kAudispd,  // as auditd starts its plugins: its input is a stream socket, its environment is empty, and what it says
             // goes where what we say goes
};

// How a sink deals with its program. A value; what it holds is called on the sink's own thread.
struct ProgramContract {
  std::vector<std::string> command;  // the path from / on, and the arguments
  Surroundings surroundings = Surroundings::kPiped;
  Retry retry;
  std::chrono::milliseconds grace{0};       // at the stop, between the end of its input and SIGTERM
  std::chrono::milliseconds kill_after{0};  // between SIGTERM and SIGKILL
  // So often it is started again after it has ended; then a reload only does that. None: for ever.
  std::optional<std::uint32_t> max_restarts = {};
  std::chrono::milliseconds forgiven_after{0};  // one that ran so long has its restarts before it
  bool is_told_of_reloads = false;              // by SIGHUP
  // Why the program may not be started now; empty: it may. Null: nobody is asked.
  std::function<std::string()> refusal = {};
};

}  // namespace naudit::output
