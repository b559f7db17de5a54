// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/doctor/gather.hpp"

#include <unistd.h>

#include <thread>

namespace naudit::ctl {
namespace {

constexpr const char* kUsualConfig = "/etc/naudit/nauditd.yaml";

}  // namespace

Facts gather(const Sources& sources) {
  Facts facts;
  facts.is_root = ::geteuid() == 0;
  facts.config_path = sources.config.empty() ? kUsualConfig : sources.config;
  facts.socket = sources.socket.empty() ? configured_socket(facts.config_path) : sources.socket;
  gather_machine(facts);
  gather_kernel(facts, true);
  gather_daemon(facts, true);
  if (sources.config.empty() && facts.daemon && !facts.daemon->config.empty()) facts.config_path = facts.daemon->config;
  gather_files(facts);
  if (sources.interval.count() > 0) {
    const auto begin = std::chrono::steady_clock::now();
    std::this_thread::sleep_for(sources.interval);
    gather_kernel(facts, false);
    gather_daemon(facts, false);
    facts.between = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  }
  gather_listeners(facts);
  return facts;
}

}  // namespace naudit::ctl
