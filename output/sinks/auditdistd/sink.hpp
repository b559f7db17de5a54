// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <memory>

#include "config/config.hpp"
#include "output/sink.hpp"
#include "output/sinks/file/file_system.hpp"
#include "output/sinks/net/network.hpp"

namespace naudit::output {

// Events as audit trails in a folder of its own, and these trails to a receiver that speaks auditdistd's protocol
// (protocol.hpp): delivered is what it has acknowledged. Where it goes on after a break, or after an end of this
// process however it came, is what the receiver says, to the byte. Its network has a thread of its own, which reads
// the trails: a disk that hangs holds up nobody else.
//
// The options have passed their check. Throws base::Error: the password. Main thread.
std::unique_ptr<Sink> make_auditdistd_sink(const config::Sink& sink, Network& network, SinkHost host,
                                           std::uint64_t seed);
// The same over another file system, which outlives it.
std::unique_ptr<Sink> make_auditdistd_sink(const config::Sink& sink, SinkHost host, std::uint64_t seed,
                                           FileSystem& system);

// Opens the files, as make_auditdistd_sink() does, and makes nothing. Throws the same.
void check_auditdistd(const config::Sink& sink);

}  // namespace naudit::output
