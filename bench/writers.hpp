// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>

namespace naudit::bench {

// Nanoseconds to write one event.
struct Writers {
  double rapidjson = 0;
  double ours = 0;
};

// Lets RapidJSON's Writer and formats::JsonText write the same event, this line, so many times: the same calls, with
// keys and values ready, so that nothing but the writing is measured. Ends the process if the two do not agree to the
// byte.
Writers compare_writers(const std::string& line, std::uint32_t events);

}  // namespace naudit::bench
