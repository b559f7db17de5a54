// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "migrate/sources/draft.hpp"

namespace naudit::migrate {

// auditbeat.yml: the module auditd, with its rule files, and the output.
bool is_auditbeat(const std::string& path);
void read_auditbeat(const std::string& path, Draft& draft);
// The same of its text, any bytes; throws base::Error when it is not of its syntax. Rule files are read.
void take_auditbeat(const std::string& text, const std::string& name, Draft& draft);

}  // namespace naudit::migrate
