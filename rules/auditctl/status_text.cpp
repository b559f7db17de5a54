// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/auditctl/status_text.hpp"

#include <initializer_list>
#include <string_view>

namespace naudit::rules {
namespace {

void line(std::string& text, std::string_view name, const std::string& value) {
  text += name;
  text += ' ';
  text += value;
  text += '\n';
}

std::string word(std::uint32_t value, std::initializer_list<std::string_view> words) {
  return value < words.size() ? std::string(words.begin()[value]) : "unknown";
}

}  // namespace

std::string status_text(const netlink::KernelStatus& status, bool interpret) {
  std::string text;
  line(text, "enabled",
       interpret ? word(status.enabled, {"disable", "enabled", "enabled+immutable"}) : std::to_string(status.enabled));
  line(text, "failure",
       interpret ? word(status.failure, {"silent", "printk", "panic"}) : std::to_string(status.failure));
  line(text, "pid", std::to_string(status.pid));
  line(text, "rate_limit", std::to_string(status.rate_limit));
  line(text, "backlog_limit", std::to_string(status.backlog_limit));
  line(text, "lost", std::to_string(status.lost));
  line(text, "backlog", std::to_string(status.backlog));
  line(text, "backlog_wait_time", std::to_string(status.backlog_wait_time));
  if (status.backlog_wait_time_actual)
    line(text, "backlog_wait_time_actual", std::to_string(*status.backlog_wait_time_actual));
  return text;
}

std::string features_text(const netlink::KernelFeatures& features) {
  return std::string("loginuid_immutable ") + (features.loginuid_immutable() ? "1 " : "0 ") +
         (features.loginuid_immutable_locked() ? "locked\n" : "unlocked\n");
}

}  // namespace naudit::rules
