// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "netlink/status.hpp"
#include "rules/rule/rule.hpp"

namespace naudit::rules {

// What one auditctl command line, or one line of a rule file, asks for: steps in the order in which auditctl takes
// them. Values without behaviour; ctl/ carries them out, rules/read turns those of a file into a wanted set.
namespace step {

struct Usage {};
struct Version {};
struct Warn {
  std::string text;  // to stderr, and go on
};
struct ShowStatus {
  bool interpret = false;
  bool features = true;  // with the loginuid_immutable line; the status after a change comes without
};
struct ListRules {
  bool interpret = false;
  std::string key;  // only rules with this in a key; empty = all
};
struct DeleteAll {
  std::string key;
};
struct SetStatus {
  netlink::StatusChange change;
};
struct ResetLost {};
struct ResetWaitTime {};
struct LoginuidImmutable {};
struct Trim {};
struct MakeEquivalent {
  std::string mount, subtree;
};
struct UserMessage {
  std::string text;
};
struct SignalDaemon {
  std::string word;
};
struct AddRule {
  WantedRule rule;
};
struct DeleteRule {
  WantedRule rule;
};
struct IgnoreErrors {
  bool report = false;  // -c: exit with 1 in the end; -i: with 0
};

}  // namespace step

using Step = std::variant<step::Usage, step::Version, step::Warn, step::ShowStatus, step::ListRules, step::DeleteAll,
                          step::SetStatus, step::ResetLost, step::ResetWaitTime, step::LoginuidImmutable, step::Trim,
                          step::MakeEquivalent, step::UserMessage, step::SignalDaemon, step::AddRule, step::DeleteRule,
                          step::IgnoreErrors>;

struct Command {
  std::vector<Step> steps;  // to be taken also when the command failed: auditctl acts while it reads
  bool failed = false;
  std::string error;           // auditctl's message, with its own newlines but the last; may be empty
  std::string also;            // what auditctl says besides, in a line of its own; may be empty
  std::size_t error_word = 0;  // the argument that was being read, for a column
};

}  // namespace naudit::rules
