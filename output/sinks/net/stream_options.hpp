// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "output/sinks/net/endpoint.hpp"
#include "output/sinks/net/framing.hpp"
#include "output/sinks/net/host_order.hpp"
#include "output/sinks/net/options.hpp"
#include "output/sinks/net/tcp_socket.hpp"

namespace naudit::output {

// What every sink over one connection may choose: the base of its options.
struct HostOptions : NetOptions {
  std::vector<std::string> address;  // each "host:port" or "[v6]:port"
  Hosts hosts = Hosts::kFailover;
  config::Milliseconds reconnect{0};  // 0: a connection is used for as long as it holds
  Keepalive keepalive;
  friend bool operator==(const HostOptions&, const HostOptions&) = default;
};
// And those that send messages one after the other.
struct StreamOptions : HostOptions {
  Framing framing = Framing::kNewline;
  friend bool operator==(const StreamOptions&, const StreamOptions&) = default;
};

// Their rows but `address`, which not every kind of sink has to have.
const std::vector<config::Option<HostOptions>>& host_options();
const std::vector<config::Option<StreamOptions>>& stream_options();
// A list that is written as one text where it has one.
config::Printed printed_addresses(const std::vector<std::string>& addresses);
template <typename Options>
auto addresses() {
  return config::value(
      {config::Shape::Kind::kList}, static_cast<std::vector<std::string> Options::*>(&Options::address),
      [](const YAML::Node& node, std::vector<std::string>& out, config::Reading& reading) {
        config::read_list(node, out, reading.problems);
      },
      printed_addresses);
}

// check_net(), and that each address is one.
void check_hosts(const HostOptions& options, const config::Report& report);
// net_warnings(), and one for events that leave the machine in the clear.
std::vector<std::string> host_warnings(const HostOptions& options);
// Of options that have passed their check.
std::vector<Endpoint> endpoints_of(const HostOptions& options);

}  // namespace naudit::output
