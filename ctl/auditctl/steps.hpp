// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <optional>
#include <string>
#include <system_error>

#include "netlink/request_socket.hpp"
#include "rules/auditctl/command.hpp"
#include "rules/rule/environment.hpp"

namespace naudit::ctl {

// auditctl's exit codes.
inline constexpr int kExitOk = 0, kExitUsage = 1, kExitNoDaemon = 2, kExitNoRight = 4, kExitFailed = 255;

// Carries out what a command of auditctl asks for, and prints what auditctl prints. Owner: one run of auditctl, or of
// one rule file. Blocks as netlink::RequestSocket does.
class AuditctlSteps {
 public:
  explicit AuditctlSteps(const rules::Environment& environment) : environment_(environment) {}

  // Opens the request socket and learns what the kernel is. An exit code when nothing can be done: without audit in
  // the kernel, or when auditing is disabled for this namespace, which auditctl counts as success.
  std::optional<int> connect();
  [[nodiscard]] const netlink::KernelStatus& status() const noexcept { return status_; }

  // Takes the steps in order and stops at the first that fails. kExitOk, or what auditctl would exit with.
  int run(const rules::Command& command);

  // Set by -i and -c on their way through.
  [[nodiscard]] bool ignores_errors() const noexcept { return ignore_; }
  [[nodiscard]] bool reports_errors() const noexcept { return report_; }

 private:
  int take(const rules::step::Usage& step);
  int take(const rules::step::Version& step);
  int take(const rules::step::Warn& step);
  int take(const rules::step::ShowStatus& step);
  int take(const rules::step::ListRules& step);
  int take(const rules::step::DeleteAll& step);
  int take(const rules::step::SetStatus& step);
  int take(const rules::step::ResetLost& step);
  int take(const rules::step::ResetWaitTime& step);
  int take(const rules::step::LoginuidImmutable& step);
  int take(const rules::step::Trim& step);
  int take(const rules::step::MakeEquivalent& step);
  int take(const rules::step::UserMessage& step);
  int take(const rules::step::SignalDaemon& step);
  int take(const rules::step::AddRule& step);
  int take(const rules::step::DeleteRule& step);
  int take(const rules::step::IgnoreErrors& step);

  int refused(const std::string& what, std::error_code error);
  int list(const std::string& key, bool interpret);

  const rules::Environment& environment_;
  std::optional<netlink::RequestSocket> requests_;
  netlink::KernelStatus status_;
  bool ignore_ = false;
  bool report_ = false;
};

}  // namespace naudit::ctl
