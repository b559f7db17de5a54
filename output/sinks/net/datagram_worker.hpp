// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "config/config.hpp"
#include "output/backoff.hpp"
#include "output/sink.hpp"
#include "output/sinks/net/endpoint.hpp"
#include "output/sinks/net/framing.hpp"
#include "output/sinks/net/host_order.hpp"
#include "output/sinks/net/network.hpp"

namespace naudit::output {

struct DatagramOptions {
  std::vector<Endpoint> endpoints;  // unix sockets, or hosts for UDP
  Hosts hosts = Hosts::kFailover;
  Retry retry;
  std::size_t most = 0;           // bytes of a message: longer ones are cut and counted; 0: as the socket takes them
  Message unit = Message::kLine;  // a line goes without its newline, an event with it
  bool in_files = false;  // what is too large for the socket goes as a sealed file (memfd_create(2)) with no bytes
};

// Each line of each event, or each event, as one datagram. An event counts as delivered when the kernel has taken its
// datagrams: of a unix socket that means that they are in the receiver's queue, over UDP that they have left.
//
// A full queue of the receiver (unix) is waited for; a receiver that is gone is looked for again, with the datagram
// that it did not take. What the socket does not take for its size is given up and counted. Main thread.
std::unique_ptr<Sink> make_datagram_sink(const config::Sink& sink, DatagramOptions options, Network& network,
                                         SinkHost host, std::uint64_t seed);

}  // namespace naudit::output
