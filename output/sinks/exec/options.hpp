// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/kinds.hpp"
#include "output/backoff.hpp"

namespace naudit::output {

// What a sink of `type: exec` may choose.
struct ExecOptions {
  std::vector<std::string> command;  // the program's path and its arguments; no shell
  config::Milliseconds grace{5'000};
  Retry retry;
  friend bool operator==(const ExecOptions&, const ExecOptions&) = default;
};

config::OptionTable exec_options();
std::vector<std::string> exec_warnings(const config::Sink& sink, bool look_at_disk);

// Throws base::Error: somebody else can change the program. Blocks on the disk.
void check_program(const config::Sink& sink);

}  // namespace naudit::output
