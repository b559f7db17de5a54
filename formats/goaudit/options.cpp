// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/goaudit/options.hpp"

namespace naudit::formats {

config::OptionTable goaudit_options() {
  return config::OptionSpec<GoauditOptions>{
      .rows =
          {
              {"containers", config::flag(&GoauditOptions::containers),
               "The container of the process, `containers.id`, in records of system calls and of seccomp."},
          },
  };
}

}  // namespace naudit::formats
