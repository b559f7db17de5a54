// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "migrate/sources/draft.hpp"

namespace naudit::migrate {

// go-audit's go-audit.yaml.
bool is_go_audit(const std::string& path);
void read_go_audit(const std::string& path, Draft& draft);
// The same of its text, any bytes; throws base::Error when it is not of its syntax. Pure.
void take_go_audit(const std::string& text, const std::string& name, Draft& draft);

}  // namespace naudit::migrate
