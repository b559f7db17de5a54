// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/rights.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>
#include <fstream>
#include <system_error>
#include <vector>

#include <cap-ng.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "daemon/exit_code.hpp"

#if defined(__SANITIZE_ADDRESS__)  // GCC's
#define NAUDIT_LEAKS_ARE_SOUGHT
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define NAUDIT_LEAKS_ARE_SOUGHT
#endif
#endif

namespace naudit::daemon {

void check_rights(config::KernelMode mode) {
  if (mode == config::KernelMode::kNone) return;
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

void drop_privileges(bool loads_rules) {
  capng_get_caps_process();
  const bool may_empty_bounds = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP) != 0;
  const bool may_search = capng_have_capability(CAPNG_EFFECTIVE, CAP_DAC_READ_SEARCH) != 0;
  std::vector<unsigned> kept;
  for (const unsigned capability :
       {unsigned{CAP_AUDIT_CONTROL}, unsigned{CAP_AUDIT_READ}, unsigned{CAP_DAC_READ_SEARCH}}) {
    const bool is_needed = loads_rules || capability != CAP_DAC_READ_SEARCH;
    if (is_needed && capng_have_capability(CAPNG_EFFECTIVE, capability) != 0) kept.push_back(capability);
  }
  // Without CAP_SETPCAP the bounding set stays (capabilities(7)). It only says what a program that is started may get,
  // and none is.
  const capng_select_t sets = may_empty_bounds ? CAPNG_SELECT_BOTH : CAPNG_SELECT_CAPS;
  capng_clear(CAPNG_SELECT_BOTH);
  for (const capng_type_t set : {CAPNG_EFFECTIVE, CAPNG_PERMITTED})
    for (const unsigned capability : kept) capng_update(CAPNG_ADD, set, capability);
  if (const int error = capng_apply(sets); error != 0)
    throw StartError(
        ExitCode::kRights,
        fmt::format("cannot give up the capabilities that are not needed (libcap-ng: {}), and nauditd does "
                    "not run with them",
                    error));
  if (loads_rules && !may_search)
    spdlog::warn("without CAP_DAC_READ_SEARCH rules for paths in folders that are closed to root are not loaded");
}

void harden_process() {
  const rlimit none{.rlim_cur = 0, .rlim_max = 0};
  bool is_done = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && setrlimit(RLIMIT_CORE, &none) == 0;
  // LeakSanitizer looks into its own process as a debugger does.
#if !defined(NAUDIT_LEAKS_ARE_SOUGHT)
  is_done = is_done && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
#endif
  if (!is_done)
    throw StartError(ExitCode::kRights,
                     "cannot give up rights for good (prctl): " + std::generic_category().message(errno));
}

}  // namespace naudit::daemon
