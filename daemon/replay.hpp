// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "config/config.hpp"

namespace naudit::daemon {

// Runs a stored log ("-" is standard input) through the correlator, the decoders and the configured sinks, and prints
// each event as one line. For the quickstart where the kernel's own events cannot be had, and for trying a
// configuration on known data. Returns the exit code: not 0 if a sink, or
// standard output, has lost an event; throws base::Error if the file cannot be read.
int replay(const config::Config& config, const std::string& path);

}  // namespace naudit::daemon
