// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/any_options.hpp"
#include "config/option.hpp"

namespace naudit::config {

// The options of a table from words of a command line: `key=value`, or `section.key=value` for a key that lies in a
// map. A value is written as in the file; of two for one key the last counts. Messages name
// `what` has the words and `of` what is chosen: "--option", "the format mozdef". The defaults for what is not said.
// Throws base::Error with all that is wrong.
AnyOptions read_words(const OptionTable& table, std::span<const std::string> words, std::string_view what,
                      std::string_view of);

}  // namespace naudit::config
