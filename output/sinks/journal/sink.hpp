// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <memory>

#include "config/config.hpp"
#include "output/sink.hpp"
#include "output/sinks/net/network.hpp"

namespace naudit::output {

// Entries of systemd's journal: the envelope (encoder.hpp) has made each event one, this sends them as datagrams
// (net/datagram_worker.hpp), large ones in sealed files. The protocol has no answer. Not by sd_journal_sendv(): it
// waits for a journald that hangs, and only knows the one socket. Main thread.
std::unique_ptr<Sink> make_journal_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed);

}  // namespace naudit::output
