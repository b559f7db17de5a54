// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/plan/call_plan.hpp"

#include <iterator>

namespace naudit::interpret {
namespace {

// In the order of Act.
constexpr CallPlan kPlans[] = {
    {"other", "as the records say", "`address` of SOCKADDR, else `pid` and `name` of OBJ_PID, else `path` of PATH"},
    {"file", "the file's mode", "`path` of PATH"},
    {"open", "the file's mode", "`path` of PATH; `access` of the flags in %d; `created` where PATH says CREATE"},
    {"open-how", "the file's mode", "`path` of PATH; `access` of `oflag` of OPENAT2; `created` where PATH says CREATE"},
    {"create", "the file's mode", "`path` of PATH; `access` is write; `created` where PATH says CREATE"},
    {"exec", "the file's mode", "`path` of PATH item 0; without PATH records, after success, `exe`"},
    {"rename", "the file's mode", "`path` of PATH CREATE; `old_path` of PATH DELETE, the lowest item"},
    {"link", "the file's mode", "`path` of PATH CREATE; `old_path` of PATH NORMAL"},
    {"symlink", "the file's mode", "`path` of PATH CREATE; `target` of PATH UNKNOWN"},
    {"mount", "the mount point's mode", "`path` and `source` of the two PATH NORMAL"},
    {"root", "the new root's mode", "`path` and `target` of the two PATH NORMAL"},
    {"mode", "the file's mode", "`path` of PATH; `mode` is %d"},
    {"owner", "the file's mode", "`path` of PATH; `owner` is %d, `owner_group` the argument behind it; −1 is none"},
    {"node", "the type in %d", "`path` of PATH; the verb goes by the type in %d"},
    {"socket", "socket", "`address` of SOCKADDR"},
    {"new-socket", "socket", "`address` of SOCKADDR"},
    {"signal", "process", "`pid`, `name`, `pids` of OBJ_PID, else the argument with the pid; `signal` is %d"},
    {"process", "process", "`pid`, `name`, `pids` of OBJ_PID, else `pid` is %d; 0 is the caller"},
    {"trace", "process", "`pid`, `name` of OBJ_PID, else `pid` is %d; the verb goes by the request in a0"},
    {"fork", "process", "`pid` is `exit`"},
    {"self", "process", "`name` and `pid` of the caller"},
    {"identity", "process",
     "`name` and `pid` of the caller; `new_id` or `new_gid` is the first of a0 to a2 that is not −1"},
    {"memory", "memory", "`name` and `pid` of the caller"},
    {"module", "kernel-module", "`name` of KERN_MODULE; `path` of PATH"},
    {"bpf", "bpf", "`path` of PATH; the verb goes by the command in a0"},
    {"system", "system", ""},
    {"security", "security-modules", ""},
    {"socketcall", "socket", "`address` of SOCKADDR; the row of the call in a0"},
};
static_assert(std::size(kPlans) == static_cast<std::size_t>(Act::kSocketcall) + 1);

}  // namespace

const CallPlan& call_plan(Act act) noexcept {
  return kPlans[static_cast<std::size_t>(act)];
}

}  // namespace naudit::interpret
