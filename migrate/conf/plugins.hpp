// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "migrate/conf/import.hpp"
#include "migrate/conf/text.hpp"

namespace naudit::migrate {

// The plugins that are active, as sinks where there is one that does the same, else as notes. `format` is that of the
// log, which is what plugins got.
void import_plugins(const AuditdInstallation& installation, const std::string& format, AuditdText& out);

}  // namespace naudit::migrate
