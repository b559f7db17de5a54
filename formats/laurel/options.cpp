// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/laurel/options.hpp"

namespace naudit::formats {

config::OptionTable laurel_options() {
  return config::OptionSpec<LaurelOptions>{
      .rows =
          {
              {"execve_argv", config::choices(&LaurelOptions::execve_argv, kLaurelArgumentsWords),
               "The arguments of an exec as a list, `ARGV`, as one text with blanks between them, `ARGV_STR`, or "
               "both."},
              {"execve_argv_limit", config::size(&LaurelOptions::execve_argv_limit),
               "So many bytes of arguments at most: the middle of a longer list is left out, and it says so. 0: all."},
              {"universal", config::flag(&LaurelOptions::universal),
               "Names of the machine and the system call, `ARCH` and `SYSCALL`; addresses in words, `SADDR`, in place "
               "of `saddr`."},
              {"user_db", config::flag(&LaurelOptions::user_db),
               "Names of users and groups: `UID` for `uid` and so on."},
              {"drop_raw", config::flag(&LaurelOptions::drop_raw), "Leave out the number of what has a name then."},
              {"pid", config::flag(&LaurelOptions::pid),
               "What this stream told of a process when it was executed, beside its number: `PID`, `PPID`, `OPID`."},
              {"container", config::flag(&LaurelOptions::container),
               "The container of the process that made a system call, `CONTAINER_INFO`, while the process runs here."},
              {"script", config::flag(&LaurelOptions::script), "The script that an exec ran, `SCRIPT`."},
          },
  };
}

}  // namespace naudit::formats
