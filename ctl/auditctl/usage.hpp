// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string_view>

namespace naudit::ctl {

// The auditctl whose options, texts and bytes we speak.
inline constexpr std::string_view kCompatibleVersion = "4.2.1";

inline constexpr std::string_view kAuditctlUsage =
    R"(usage: auditctl [options]
  rules
    -a <list,action>      add a rule at the end of a list (task, exit, user, exclude, filesystem, io_uring;
                          always, never)
    -A <list,action>      add a rule at the beginning of a list
    -d <list,action>      delete the rule that has exactly these parts
    -D [-k <key>]         delete all rules (that have this key)
    -S <syscall,...>      names or numbers of system calls, or all
    -F <field><op><value> a condition; op is one of = != < > <= >= & &=
    -C <field><op><field> compare two fields; op is = or !=
    -k <key>              a key for the events of the rule
    -w <path>             watch a file or a directory tree
    -W <path>             delete such a watch
    -p <rwxa>             what a watch looks for: read, write, execute, attribute change
    -l [-i] [-k <key>]    list the rules (that have this key; -i: words for numbers)
    -R <file>             read rules from a file
    -c                    in a file: go on after an error, and exit with 1
    -i                    in a file: go on after an error, and exit with 0
    -q <mount,subtree>    treat a subtree as part of the watches at a mount point
    -t                    trim directory watches after an unmount
  the kernel's audit system
    -s [-i]               show its status
    -e <0|1|2>            off, on, on and locked until reboot
    -f <0|1|2>            on failure: silent, printk, panic
    -b <number>           limit of the backlog
    -r <number>           limit of messages a second, 0 = none
    --backlog_wait_time <number>
                          how long a program waits at a full backlog
    --reset-lost          set the counter of lost records to 0 and print its old value
    --reset_backlog_wait_time_actual
                          the same for the time that programs have waited
    --loginuid-immutable  make login uids unchangeable once they are set
  other
    -m <text>             send a user message
    --signal <signal>     to the daemon: TERM or stop, HUP or reload, USR1 or rotate, USR2 or resume, CONT or state
    -v                    version
    -h                    this help
)";

}  // namespace naudit::ctl
