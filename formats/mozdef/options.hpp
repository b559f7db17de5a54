// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "config/option.hpp"

namespace naudit::formats {

// `mozdef:` of a sink with that format.
struct MozdefOptions {
  std::string process_name = "audisp-json";  // which MozDef's alerts look for
  bool paths = true;                         // the array of all PATH records; else `details` has only strings
  bool strict = false;                       // also what MozDef itself would add: source and utctimestamp
  std::string prefix = {}, suffix = {};      // around each event's object
  friend bool operator==(const MozdefOptions&, const MozdefOptions&) = default;
};

config::OptionTable mozdef_options();

}  // namespace naudit::formats
