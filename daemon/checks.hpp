// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <vector>

#include "base/error.hpp"
#include "config/loader.hpp"
#include "daemon/confine/confinement.hpp"
#include "rules/advice/lint.hpp"

namespace naudit::daemon {

// What the configuration's own loader cannot know: whether the words of a filter are record types, system calls and
// users. Throws base::Error with the place of each. At start, at reload and for
// --check.
void check_sinks(const config::Loaded& loaded);
// The fingerprints of the sources, and with `reads_files` their TLS files, as a start reads them. Throws base::Error
// with the place of each that is missing or wrong. At start, at reload and for --check.
void check_sources(const config::Loaded& loaded, bool reads_files);
// What a sink could not be made for, with the place of the option that the error names ("sink 'siem': tls.ca: …").
base::Problem sink_problem(const config::Loaded& loaded, std::size_t sink, const std::string& error);
// Opens the files that the sinks read at start. Throws base::Error with the place of each that is missing or wrong. For
// --check; a start makes the sinks themselves.
void check_sink_files(const config::Loaded& loaded);
// The same for what the daemon writes, for --check by root: the sinks' files, its state, the control socket. A start
// goes on without such a sink or such a file, and says so. Makes and changes nothing.
void check_written_files(const config::Loaded& loaded);
// Whether nobody but root and us can change the folders that we write our state and our socket to
// (base/trusted_path.hpp). Throws base::Error with the place of each. At start, at reload and, for root, for --check.
void check_folders(const config::Loaded& loaded);
// Whether the process may do what these sinks need. Throws base::Error with the place of each that needs a restart. At
// reload.
void check_confinement(const config::Loaded& loaded, const Confinement& confinement);
struct RulesChecked {
  std::size_t rules = 0;
  std::vector<base::Problem> notes;
  std::vector<rules::Advice> losses;  // what the rules keep from being recorded (rules::is_loss)
};
// Reads the rule files as a load would. Throws base::Error with every problem. A key for which a sink's filter asks and
// that no rule has is a note.
RulesChecked check_rules(const config::Loaded& loaded, bool check_permissions);

}  // namespace naudit::daemon
