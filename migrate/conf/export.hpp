// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "config/kinds.hpp"
#include "netlink/status.hpp"

namespace naudit::migrate {

// nauditd.yaml as auditd would have it said: the way back of import_auditd().
struct ExportedConfig {
  std::string auditd_conf;         // empty: nauditd.yaml does not come from an auditd.conf
  netlink::StatusChange settings;  // of the kernel, those that the file itself names
  bool loginuid_immutable = false;
  std::vector<std::string> rule_files;  // `rules.files` as written; none: nauditd's own
  std::vector<base::Problem> notes;     // what auditd cannot be told
};

// import_auditd() leaves the lines of auditd.conf in a comment at the end of nauditd.yaml. They come back as they were;
// what nauditd.yaml says otherwise by now goes before. Throws base::Error when the text is no configuration. Pure.
ExportedConfig export_config(const std::string& text, const std::string& name, const config::Kinds& kinds);

// The comment, of all settings of an auditd.conf; empty if there are none.
class AuditdConf;
std::string original_lines(const AuditdConf& conf);

}  // namespace naudit::migrate
