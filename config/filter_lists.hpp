// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace naudit::config {

// The lists of a filter: one row gives the key of `filter:` in nauditd.yaml with its documentation, the member of a
// `tail` request on the control socket, and the option of nauditctl's tail and convert. How a list is compared stands
// in output/filter.hpp.
struct FilterList {
  const char* name;    // "filter.keys" in nauditd.yaml
  const char* option;  // "--key"
  const char* type;    // what the option takes: "KEY"
  const char* help;    // one sentence, which goes on "one of these"
  bool has_numbers;    // JSON may hold numbers in it, too
  std::vector<std::string> Filter::* words;

  [[nodiscard]] constexpr std::string_view key() const noexcept {
    constexpr std::string_view kBefore = "filter.";
    return std::string_view(name).substr(kBefore.size());
  }
};

inline constexpr FilterList kFilterLists[] = {
    {"filter.keys", "--key", "KEY", "Only events of rules with one of these keys.", false, &Filter::keys},
    {"filter.types", "--type", "TYPE", "Only events with a record of one of these types, names or numbers.", true,
     &Filter::types},
    {"filter.syscalls", "--syscall", "NAME", "Only events of one of these system calls, names or numbers.", true,
     &Filter::syscalls},
    {"filter.uids", "--uid", "USER",
     "Only events of one of these users, names or numbers; compared with uid and auid, a name first with the names "
     "that "
     "the records tell.",
     true, &Filter::uids},
    {"filter.exes", "--exe", "PROGRAM",
     "Only events of one of these programs: a path, a pattern with `*` or `?`, all below a folder (`/opt/`), or the "
     "name of the file without its folder.",
     false, &Filter::exes},
    {"filter.paths", "--path", "PATH",
     "Only events that name one of these files: a path, a pattern with `*` or `?`, all below a folder (`/etc/`), or "
     "the name of the file without its folder.",
     false, &Filter::paths},
    {"filter.sessions", "--session", "NUMBER", "Only events of one of these login sessions (`ses`).", true,
     &Filter::sessions},
    {"filter.hosts", "--host", "HOST",
     "Only events of one of these machines (`node`), or in which a program tells one of these addresses or hosts.",
     false, &Filter::hosts},
};

}  // namespace naudit::config
