// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/host.hpp"

#include <sys/utsname.h>

#include <fstream>
#include <string_view>

#include <fmt/format.h>

#include "base/accounts.hpp"
#include "netlink/holder.hpp"

namespace naudit::daemon {

std::string kernel_release() {
  utsname name{};
  return uname(&name) == 0 ? name.release : "unknown";
}

bool keeps_unsent_records(std::string_view command_line) {
  constexpr std::string_view kName = "audit=";
  bool keeps = false;
  while (!command_line.empty()) {
    const std::size_t end = command_line.find_first_of(" \n");
    std::string_view word = command_line.substr(0, end);
    command_line.remove_prefix(end == std::string_view::npos ? command_line.size() : end + 1);
    if (!word.starts_with(kName)) continue;
    word.remove_prefix(kName.size());
    // What it does not know means "on".
    keeps = word != "0" && word != "off";
  }
  return keeps;
}

std::string kernel_command_line() {
  std::ifstream file("/proc/cmdline");
  std::string line;
  std::getline(file, line);
  return line;
}

std::string node_name(const config::Node& node) {
  switch (node.kind) {
    case config::NodeKind::kNone:
      return {};
    case config::NodeKind::kHostname:
      return base::host_name();
    case config::NodeKind::kFqdn:
      return base::full_host_name();
    case config::NodeKind::kText:
      return node.text;
  }
  return {};
}

std::string held_text(pid_t holder) {
  const std::string who = netlink::describe_process(holder);
  std::string_view how;
  for (const std::string_view unit : {"auditd", "nauditd"})
    if (who.ends_with(fmt::format("({})", unit))) how = unit;
  return fmt::format(
      "{} is this machine's audit daemon already: stop it{}, or set 'kernel: {{mode: observe}}' to listen beside it",
      who, how.empty() ? "" : fmt::format(" (systemctl stop {})", how));
}

}  // namespace naudit::daemon
