// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/rights.hpp"

#include <sys/resource.h>

#include <cerrno>
#include <fstream>
#include <system_error>

#include <cap-ng.h>
#include <spdlog/spdlog.h>

#include "daemon/exit_code.hpp"

namespace naudit::daemon {

void check_rights(config::KernelMode mode) {
  capng_get_caps_process();
  const bool may_control = capng_have_capability(CAPNG_EFFECTIVE, CAP_AUDIT_CONTROL) != 0;
  const bool may_read = capng_have_capability(CAPNG_EFFECTIVE, CAP_AUDIT_READ) != 0;
  if (mode == config::KernelMode::kObserve) {
    if (!may_read)
      throw StartError(ExitCode::kRights, "CAP_AUDIT_READ is missing: run as root, or give the unit that capability");
  } else if (!may_control) {
    throw StartError(ExitCode::kRights,
                     "CAP_AUDIT_CONTROL is missing: run as root, or give the unit that capability; with CAP_AUDIT_READ "
                     "alone 'kernel: {mode: observe}' works");
  }
}

void set_priority(const config::Daemon& settings) {
  if (setpriority(PRIO_PROCESS, 0, settings.nice) != 0)
    spdlog::warn("cannot set the nice value to {}: {}, ignoring", settings.nice,
                 std::generic_category().message(errno));
  if (!settings.oom_score_adjust) return;
  std::ofstream file("/proc/self/oom_score_adj");
  if (!(file << *settings.oom_score_adjust << std::flush))
    spdlog::warn("cannot set the OOM score to {}, ignoring", *settings.oom_score_adjust);
}

void drop_privileges() {
  capng_clear(CAPNG_SELECT_BOTH);
  for (const capng_type_t set : {CAPNG_EFFECTIVE, CAPNG_PERMITTED})
    capng_updatev(CAPNG_ADD, set, CAP_AUDIT_CONTROL, CAP_AUDIT_READ, -1);
  if (capng_apply(CAPNG_SELECT_BOTH) != 0)
    spdlog::warn("cannot drop capabilities: {}, ignoring", std::generic_category().message(errno));
}

}  // namespace naudit::daemon
