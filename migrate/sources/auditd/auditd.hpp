// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "migrate/sources/draft.hpp"

namespace naudit::migrate {

// auditd's: /etc/audit, with plugins.d beside auditd.conf and in /etc/audisp, where they were before auditd 3; or one
// of auditd.conf, audisp-remote.conf and audisp-json.conf.
bool is_auditd(const std::string& path);
void read_auditd(const std::string& path, Draft& draft);

}  // namespace naudit::migrate
