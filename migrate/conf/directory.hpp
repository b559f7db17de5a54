// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <vector>

#include "migrate/conf/import.hpp"

namespace naudit::migrate {

// Where auditd's files are below a folder like /etc/audit.
struct AuditdDirectory {
  std::vector<std::string> rules;  // of rules.d in their order, else audit.rules
  AuditdInstallation installation;
  std::vector<base::Problem> notes;  // files that were left alone, and why
};

// Whether the folder is auditd's own, and not just one of rule files. Throws base::Error when it cannot be looked at.
bool is_auditd_directory(const std::string& path);

// Reads auditd.conf, plugins.d, audisp-remote.conf and audisp-json.conf; those of the audisp folder beside it too,
// where they were before auditd 3. What is not there is left empty. Throws base::Error when a file or folder
// that is there cannot be read.
AuditdDirectory read_auditd_directory(const std::string& path);

}  // namespace naudit::migrate
