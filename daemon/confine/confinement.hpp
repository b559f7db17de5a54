// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "config/config.hpp"

namespace naudit::daemon {

// To what the daemon has confined itself: it writes in the folders of its sinks, of its state and of its control socket
// only, and listens at the port of its metrics only. It holds from the start to the end, so a reload may not ask for
// more.
//
// A value. Made on the main thread; may be asked on any.
class Confinement {
 public:
  // What this configuration needs. A folder that is not there counts as the nearest one above it that is, since it may
  // be made later, but never as the root.
  static std::vector<std::string> needed(const config::Config& config);

  // Confines the process to that. Where the kernel does not, that is logged, and everything is allowed.
  static Confinement begin(const config::Config& config);

  // Whether this configuration has plugins of auditd's, or may get some by a reload, which need the rights that the
  // process has at its start.
  static bool needs_kept_rights(const config::Config& config);
  // Whether these rights are kept: only if something needed them from the start.
  [[nodiscard]] bool keeps_rights() const noexcept { return keeps_rights_; }
  // Whether it may start programs: only if a sink wanted that from the start.
  [[nodiscard]] bool allows_programs() const noexcept { return !holds_ || programs_; }
  // Whether this file may be written, and others beside it.
  [[nodiscard]] bool allows(const std::string& file) const;
  // Whether it may listen at this TCP port.
  [[nodiscard]] bool allows_port(std::uint16_t port) const;

 private:
  bool holds_ = false;
  bool programs_ = false;
  bool keeps_rights_ = false;
  std::vector<std::pair<dev_t, ino_t>> paths_;
  std::vector<std::uint16_t> ports_;
};

}  // namespace naudit::daemon
