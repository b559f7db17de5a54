// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/auditctl/augenrules.hpp"

#include <algorithm>
#include <filesystem>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/written_file.hpp"
#include "ctl/auditctl/auditctl.hpp"
#include "ctl/console.hpp"
#include "netlink/request_socket.hpp"
#include "rules/auditctl/augenrules.hpp"
#include "rules/auditctl/version_order.hpp"

namespace naudit::ctl {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kMode = 0640;
constexpr std::uint32_t kLocked = 2;

std::vector<std::string> read_sources(const std::string& directory) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory)) {
    const std::string name = entry.path().filename();
    if (name.ends_with(".rules") && !name.starts_with('.')) names.push_back(name);
  }
  std::sort(names.begin(), names.end(), rules::version_less);
  std::vector<std::string> texts;
  for (const std::string& name : names) {
    // A half-read set would be loaded without a word: better none.
    texts.push_back(base::read_file(fs::path(directory) / name, false));
  }
  return texts;
}

bool is_locked() {
  auto requests = netlink::RequestSocket::open();
  if (!requests) return false;
  const auto status = requests->status();
  return status && status->enabled == kLocked;
}

int load(const Augenrules& wanted) {
  if (!wanted.load) return 0;
  std::fflush(stdout);
  if (is_locked()) {
    out(wanted.program + ": The audit system is in immutable mode; the rules take effect at the next boot\n");
    return 0;
  }
  return run_auditctl({"-R", wanted.target});
}

}  // namespace

int generate_rules(const Augenrules& wanted) {
  std::error_code ignored;
  if (!fs::is_directory(wanted.source, ignored)) {
    out(wanted.program + ": No rules directory - " + wanted.source + '\n');
    load(wanted);
    return 1;
  }
  const std::string merged = rules::merge_rule_files(read_sources(wanted.source), wanted.source);
  const bool exists = fs::is_regular_file(wanted.target, ignored);
  const std::string present = exists ? base::read_file(wanted.target, false) : std::string();
  if (exists && present == merged) {
    out(wanted.program + ": No change\n");
    return load(wanted);
  }
  if (wanted.only_check) {
    out(wanted.program + ": Rules have changed and should be updated\n");
    return 0;
  }
  if (exists) base::write_file(wanted.target + ".prev", present, kMode);
  base::write_file(wanted.target, merged, kMode);
  return load(wanted);
}

int run_augenrules(const std::string& program, const std::vector<std::string>& arguments) {
  Augenrules wanted;
  wanted.program = program;
  for (const std::string& argument : arguments) {
    if (argument == "--check") {
      wanted.only_check = true;
    } else if (argument == "--load") {
      wanted.load = true;
    } else {
      out("Usage: " + program + " [--check|--load]\n");
      return 1;
    }
  }
  return generate_rules(wanted);
}

}  // namespace naudit::ctl
