// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "base/error.hpp"

namespace naudit::daemon {

// Exit codes by cause, as auditd's where it has one for it; systemd does not restart on 2, 4 and 6.
enum class ExitCode : int {
  kOk = 0,
  kStart = 1,   // the kernel, another daemon, a file: worth another try
  kUsage = 2,   // the command line
  kRights = 4,  // a capability is missing
  kConfig = 6,  // nauditd.yaml; a wrong rule ends nothing
};

// A start that failed for another cause than the configuration.
class StartError : public base::Error {
 public:
  StartError(ExitCode code, std::string message) : base::Error(std::move(message)), code_(code) {}
  [[nodiscard]] ExitCode code() const noexcept { return code_; }

 private:
  ExitCode code_;
};

}  // namespace naudit::daemon
