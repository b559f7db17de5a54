// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/kinds.hpp"
#include "formats/envelope.hpp"

namespace naudit::output {

// Every type of sink, and every format, as the configuration sees them: what config::load() and print() are given.
// Immutable; any thread.
const config::Kinds& kinds();
// What its protocol puts around each event.
formats::Envelope envelope_of(const config::Sink& sink);
// What is allowed in this sink and is hardly meant so, one sentence each: for --check, the log at start, the status.
// `look_at_disk`: what is so only now, too, such as a folder that is missing.
std::vector<std::string> sink_warnings(const config::Sink& sink, bool look_at_disk);

}  // namespace naudit::output
