// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/auditrd/options.hpp"

#include <array>
#include <string_view>

namespace naudit::formats {
namespace {

constexpr std::array<std::string_view, 2> kCommandLines = {"execve", "proctitle"};

}  // namespace

config::OptionTable auditrd_options() {
  return config::OptionSpec<AuditrdOptions>{
      .rows =
          {
              {"commandline", config::choice(&AuditrdOptions::commandline, kCommandLines),
               "`commandline` from the arguments of an exec, where there are any, or always from the process's title, "
               "of which the kernel tells 128 bytes."},
              {"fim_extended", config::flag(&AuditrdOptions::fim_extended),
               "`fim_event` for all calls that change files, and not for those that only read, close or fork."},
              {"all_user_events", config::flag(&AuditrdOptions::all_user_events),
               "`user_event` for all records of programs; `false`: for USER_ACCT alone."},
          },
  };
}

}  // namespace naudit::formats
