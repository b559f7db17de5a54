// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/net/stream_options.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "base/units.hpp"

namespace naudit::output {

using namespace std::chrono_literals;
using config::nested;

namespace {

constexpr std::array<std::string_view, 2> kHosts = {"failover", "balance"};
constexpr std::array<std::string_view, 2> kFramings = {"newline", "octet-counted"};
constexpr std::uint32_t kMostProbes = 100;
constexpr auto kMostSilence = 9h;  // the kernel takes 32,767 seconds (net/ipv4/tcp.c, MAX_TCP_KEEPIDLE)

}  // namespace

const std::vector<config::Option<HostOptions>>& host_options() {
  static const std::vector<config::Option<HostOptions>> kRows = [] {
    std::vector<config::Option<HostOptions>> rows = {
        {"hosts", config::choice(&HostOptions::hosts, kHosts),
         "With several addresses. `failover`: the first that answers, in the order in which they are written; after "
         "each connection from the first on. `balance`: by chance, so that many machines spread over them. There is "
         "one connection at a time."},
        {"reconnect", config::duration(&HostOptions::reconnect, 0ms, 24h * 7),
         "After so long, and once all is acknowledged, the connection is given up for another one: back to the first "
         "address, or by chance again. `0`: never."},
        {"keepalive", config::flag(nested(&HostOptions::keepalive, &Keepalive::enabled)),
         "`false`, or a map of the keys below: a peer that is gone is noticed while nothing is sent."},
        {"keepalive.idle", config::duration(nested(&HostOptions::keepalive, &Keepalive::idle), 1s, kMostSilence),
         "The first probe goes after so long a silence,"},
        {"keepalive.interval",
         config::duration(nested(&HostOptions::keepalive, &Keepalive::interval), 1s, kMostSilence),
         "further ones so long after one another,"},
        {"keepalive.count", config::number(nested(&HostOptions::keepalive, &Keepalive::count), 1, kMostProbes),
         "and after so many without an answer the connection ends."},
    };
    config::add_shared(rows, net_options());
    return rows;
  }();
  return kRows;
}

const std::vector<config::Option<StreamOptions>>& stream_options() {
  static const std::vector<config::Option<StreamOptions>> kRows = [] {
    std::vector<config::Option<StreamOptions>> rows = {
        {"framing", config::choice(&StreamOptions::framing, kFramings),
         "`newline` behind each event, or its length before it (`octet-counted`, RFC 6587), so that it may have "
         "several lines."},
    };
    config::add_shared(rows, host_options());
    return rows;
  }();
  return kRows;
}

config::Printed printed_addresses(const std::vector<std::string>& addresses) {
  if (addresses.empty()) return {};
  if (addresses.size() == 1) return addresses.front();
  return addresses;
}

void check_hosts(const HostOptions& options, const config::Report& report) {
  for (const std::string& address : options.address) {
    if (parse_endpoint(address)) continue;
    report("address",
           "expected host:port, like siem.example:6514 or [2001:db8::1]:6514, not " + base::in_quotes(address));
  }
  for (std::size_t i = 1; i < options.address.size(); ++i) {
    const auto before = options.address.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(options.address.begin(), before, *before) != before)
      report("address", base::in_quotes(*before) + " stands here twice; remove one of them");
  }
  for (const auto& [key, time] : {std::pair("keepalive.idle", options.keepalive.idle),
                                  std::pair("keepalive.interval", options.keepalive.interval)})
    if (time % 1s != 0ms) report(key, "expected whole seconds, not " + base::duration_text(time));
  check_net(options, report);
}

std::vector<std::string> host_warnings(const HostOptions& options) {
  std::vector<std::string> warnings = net_warnings(options);
  const auto leaves = [](const std::string& address) {
    const auto endpoint = parse_endpoint(address);
    return endpoint && !is_loopback(endpoint->host);
  };
  if (!options.tls.enabled && std::ranges::any_of(options.address, leaves))
    warnings.emplace_back("tls is off: events cross the network readable by anybody");
  return warnings;
}

std::vector<Endpoint> endpoints_of(const HostOptions& options) {
  std::vector<Endpoint> endpoints;
  for (const std::string& address : options.address)
    if (auto endpoint = parse_endpoint(address)) endpoints.push_back(*std::move(endpoint));
  return endpoints;
}

}  // namespace naudit::output
