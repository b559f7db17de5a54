// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "config/kinds.hpp"
#include "migrate/conf/auditd_conf.hpp"

namespace naudit::migrate {

// What an installation of auditd says about everything but its rules.
struct AuditdInstallation {
  AuditdConf daemon;                 // auditd.conf; one without a name was not there and says nothing
  std::vector<AuditdConf> plugins;   // plugins.d/*.conf
  std::optional<AuditdConf> remote;  // audisp-remote.conf
  std::optional<AuditdConf> json;    // audisp-json.conf
  bool keeps_rules = false;          // the rules stay auditd's, and rules.files is said already
  bool has_laurel = false;           // laurel's own configuration is read, too, and says what becomes of that plugin

  // What the rule files set (-e, -f, -b, -r, --backlog_wait_time, --loginuid-immutable).
  struct Kernel {
    std::optional<std::uint32_t> enabled, failure, backlog_limit, rate_limit;
    std::optional<std::chrono::milliseconds> backlog_wait_time;
    bool loginuid_immutable = false;
  } kernel;
};

struct ImportedConfig {
  std::string yaml;
  std::vector<base::Problem> notes;  // what has no equivalent; each stands in the text as a comment too
};

// nauditd.yaml for it: what auditd.conf says in our keys, the active plugins as sinks (one that nauditd has no sink for
// is run as it is), rules from the folder rules.d beside the file. A keyword that changes nothing for nauditd is named
// in a comment, one that has no equivalent yet is a note as well. `kinds` is what a sink may be; one that our loader
// would refuse becomes a comment with the reason. The result always loads; throws Error if it does not, which is a
// fault of nauditd. Pure.
ImportedConfig import_auditd(const AuditdInstallation& installation, const config::Kinds& kinds);

// The same into a text that other programs' configurations go to, too.
class ConfigText;
void import_auditd(const AuditdInstallation& installation, ConfigText& out);

// The part of it that the rule files of any program set.
void import_kernel(const AuditdInstallation::Kernel& kernel, ConfigText& out);

}  // namespace naudit::migrate
