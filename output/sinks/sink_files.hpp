// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace naudit::output {

// The files of a sink whose options its table has accepted, without making the sink.

// A file that it writes, and beside which it makes others.
struct WrittenFile {
  std::string_view key;  // of the option that names it
  std::string path;
};
// For whoever confines the process to them. Pure.
std::vector<WrittenFile> written_files(const config::Sink& sink);

// Whether it starts a program that is confined as we are: for whoever confines the process. Pure.
bool starts_program(const config::Sink& sink);
// Whether it starts one that needs the rights which the process had at its start (SinkHost::start_thread). Pure.
bool needs_all_rights(const config::Sink& sink);

// Opens what make_sink() would only read (certificates, keys, tokens, passwords), and throws the same base::Error.
void check_read_files(const config::Sink& sink);
// Throws base::Error where what the sink writes would be refused, or could not be made: a missing folder, a file of
// somebody else's. Makes and changes nothing. Asks for our own rights, so it is for whoever will run as the daemon
// does.
void check_written_file(const config::Sink& sink);

}  // namespace naudit::output
