// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/bsm/options.hpp"

#include <array>
#include <string_view>

namespace naudit::formats {
namespace {

constexpr std::array<std::string_view, 2> kEventNumbers = {"mapped", "null"};
constexpr std::array<std::string_view, 2> kDirectory = {"path", "text"};

}  // namespace

config::OptionTable bsm_options() {
  return config::OptionSpec<BsmOptions>{
      .rows =
          {
              {"event_numbers", config::choice(&BsmOptions::event_numbers, kEventNumbers),
               "The event of a record: the number that BSM has for the system call or the record's type, or none "
               "(AUE_NULL) in every record."},
              {"cwd", config::choice(&BsmOptions::cwd, kDirectory),
               "The working directory as a path token, or as a text: `auditreduce -o file=` wants every path token of "
               "a record to match."},
          },
  };
}

}  // namespace naudit::formats
