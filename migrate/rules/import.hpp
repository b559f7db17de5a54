// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "netlink/status.hpp"
#include "rules/rule/environment.hpp"
#include "rules/rule/rule_set.hpp"

namespace naudit::migrate {

struct ImportOptions {
  // -b, -f, -r, -e 0|1, --backlog_wait_time and --loginuid-immutable go to `settings` instead of `kernel:`, for
  // nauditd.yaml. `-e 2`, which locks the rules once they are loaded, stays with the rules.
  bool settings_apart = false;
};

struct Imported {
  std::string yaml;
  netlink::StatusChange settings;
  bool loginuid_immutable = false;
  std::size_t rules = 0;              // kernel rules, and
  std::size_t entries = 0;            // what they became
  std::size_t slow = 0;               // of the rules: those that are looked at in every call, as auditctl's -w is
  std::vector<base::Problem> notes;   // what a person should know; the rules are complete
  std::vector<base::Problem> errors;  // lines that auditctl would refuse, left as comments
};

// A rule file in auditctl's syntax as a rule file in YAML that gives the kernel the same rules, in the same order
// wherever order matters: checked by reading it again. Names stay names, comments become descriptions or stay comments
// at their place, twins for b64 and b32 and watches of one kind become one entry. What has no equivalent is noted and
// stays as a comment. Users and groups need not exist here.
//
// Of `machine` the arch and the style of `perm` count. Throws base::Error if the text that was made does not give the
// same rules: a fault of nauditd. Pure.
Imported import_rules(std::string_view text, const std::string& name, const rules::Environment& machine,
                      ImportOptions options = {});

// The arch and style of the machine, but every user and group exists, and what is a directory is made up: for what must
// not depend on this machine.
rules::Environment any_accounts(const rules::Environment& machine);

// What is different between two sets of rules that should do the same: one that only one of them has, or two whose
// order was changed although order matters. Empty: nothing. Pure.
std::string difference(std::span<const rules::WantedRule> left, std::span<const rules::WantedRule> right);

}  // namespace naudit::migrate
