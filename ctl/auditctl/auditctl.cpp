// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/auditctl/auditctl.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include <cap-ng.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "ctl/auditctl/steps.hpp"
#include "ctl/auditctl/usage.hpp"
#include "ctl/console.hpp"
#include "rules/auditctl/file.hpp"
#include "rules/auditctl/syntax.hpp"

namespace naudit::ctl {
namespace {

constexpr std::uint32_t kLocked = 2;
constexpr std::string_view kImmutable = "The audit system is in immutable mode, no rule changes allowed";

bool may_control(const std::vector<std::string>& arguments) {
  if (capng_have_capability(CAPNG_EFFECTIVE, CAP_AUDIT_CONTROL) != 0) return true;
  return arguments.size() == 1 && arguments[0] == "-l" && geteuid() == 0;
}

bool changes_rules(const rules::Command& command) {
  return std::any_of(command.steps.begin(), command.steps.end(), [](const rules::Step& step) {
    return std::holds_alternative<rules::step::AddRule>(step) || std::holds_alternative<rules::step::DeleteRule>(step);
  });
}

bool only_talks(const std::vector<std::string>& arguments) {
  return arguments.size() == 1 && (arguments[0] == "-v" || arguments[0] == "-h" || arguments[0] == "--help");
}

bool is_world_writable(const std::string& path) {
  struct stat status{};
  return stat(path.c_str(), &status) == 0 && (status.st_mode & S_IWOTH) != 0;
}

// Two of auditctl's messages tell the line.
void tell_line(rules::Command& command, int number) {
  const std::string_view invalid = " is invalid", mismatch = "WARNING - 32/64 bit syscall mismatch";
  if (command.error.starts_with("Option ") && command.error.ends_with(invalid))
    command.error.insert(command.error.size() - invalid.size(), " on line " + std::to_string(number));
  for (rules::Step& step : command.steps) {
    auto* warn = std::get_if<rules::step::Warn>(&step);
    if (warn == nullptr || !warn->text.starts_with(mismatch)) continue;
    warn->text.insert(mismatch.size(), " in line " + std::to_string(number));
  }
}

// Line by line, as auditctl -R: what came before a bad line stays. `nauditctl rules apply` loads as a whole.
int load_file(AuditctlSteps& steps, const rules::Environment& environment, const std::string& path) {
  if (steps.status().enabled == kLocked) {
    error(std::string(kImmutable));
    return kExitUsage;
  }
  if (is_world_writable(path)) {
    error("Error - " + path + " is world writable");
    return kExitUsage;
  }
  std::string text;
  try {
    text = base::read_file(path, false);
  } catch (const base::Error& unreadable) {
    error(unreadable.what());
    return kExitUsage;
  }
  bool failed = false;
  for (const rules::RuleLine& line : rules::read_rule_lines(text)) {
    rules::Command command = rules::parse_auditctl(line.words, environment);
    tell_line(command, line.number);
    if (steps.run(command) == kExitOk) continue;
    error("There was an error in line " + std::to_string(line.number) + " of " + path);
    if (!steps.ignores_errors()) return kExitUsage;
    failed = true;
  }
  std::fflush(stdout);
  return failed && steps.reports_errors() ? kExitUsage : kExitOk;
}

}  // namespace

int run_auditctl(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    out(kAuditctlUsage);
    return kExitUsage;
  }
  rules::Environment environment = rules::system_environment();
  AuditctlSteps steps(environment);
  if (only_talks(arguments)) return steps.run(rules::parse_auditctl(arguments, environment));
  if (!may_control(arguments)) {
    error("You must be root to run this program.");
    return kExitNoRight;
  }
  if (const auto code = steps.connect()) return *code;
  environment.features = steps.status().feature_bitmap;
  if (arguments.size() == 2 && arguments[0] == "-R") return load_file(steps, environment, arguments[1]);

  const rules::Command command = rules::parse_auditctl(arguments, environment);
  if (changes_rules(command) && steps.status().enabled == kLocked) {
    error(std::string(kImmutable));
    return kExitUsage;
  }
  const int code = steps.run(command);
  if (code == kExitFailed) error("There was an error while processing parameters");
  std::fflush(stdout);
  return code;
}

bool is_auditctl_option(std::string_view argument) {
  if (argument.size() < 2 || argument[0] != '-') return false;
  if (argument[1] != '-')
    return std::string_view("aAdDlswWkpSFCefbrmviRcqt").find(argument[1]) != std::string_view::npos;
  const std::string_view name = argument.substr(2, argument.find('=') - 2);
  return name == "signal" || name == "backlog_wait_time" || name == "reset-lost" || name == "loginuid-immutable" ||
         name == "reset_backlog_wait_time_actual";
}

}  // namespace naudit::ctl
