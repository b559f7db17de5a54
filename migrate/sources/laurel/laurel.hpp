// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "migrate/sources/draft.hpp"

namespace naudit::migrate {

// laurel's config.toml.
bool is_laurel(const std::string& path);
void read_laurel(const std::string& path, Draft& draft);
// The same of its text, any bytes; throws base::Error when it is not of its syntax. Pure.
void take_laurel(const std::string& text, const std::string& name, Draft& draft);

}  // namespace naudit::migrate
