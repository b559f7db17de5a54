// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/net/dialer.hpp"

#include <algorithm>
#include <utility>

#include "output/sinks/net/tls_context.hpp"

namespace naudit::output {

Dialer::Settings Dialer::settings(const std::string& sink, const HostOptions& options,
                                  const std::vector<Endpoint>& endpoints) {
  Connection::Options one;
  if (options.tls.enabled) one.tls = make_tls_context(sink, options.tls);
  one.verify_name = options.tls.verify;
  one.server_name = options.tls.server_name;
  one.timeout = options.timeout;
  one.keepalive = options.keepalive;
  Settings settings{.hosts = {}, .order = options.hosts, .retry = options.retry, .reconnect = options.reconnect};
  for (const Endpoint& endpoint : endpoints) settings.hosts.emplace_back(one).endpoint = endpoint;
  return settings;
}

Dialer::Dialer(Settings settings, std::uint64_t seed)
    : settings_(std::move(settings)),
      order_(settings_.hosts.size(), settings_.order, seed),
      backoff_(settings_.retry.first, settings_.retry.most, seed),
      attempts_(settings_.hosts.size()) {}

std::shared_ptr<Connection> Dialer::dial(boost::asio::io_context& loop, Connection::Handlers handlers) {
  current_ = order_.next();
  return Connection::open(loop, settings_.hosts[current_], attempts_[current_]++, std::move(handlers));
}

void Dialer::worked() noexcept {
  order_.worked();
  backoff_.reset();
}

Dialer::Clock::time_point Dialer::next_at(Clock::time_point now) {
  return order_.is_round_over() ? now + backoff_.next() : now;
}

Dialer::Clock::time_point Dialer::renew_at(Clock::time_point opened, std::chrono::milliseconds at_least) const {
  if (settings_.reconnect == std::chrono::milliseconds{0}) return Clock::time_point::max();
  return opened + std::max(settings_.reconnect, at_least);
}

std::string Dialer::host() const {
  return endpoint_text(settings_.hosts[current_].endpoint);
}

std::string Dialer::failover() const {
  if (settings_.order != Hosts::kFailover || current_ == 0) return {};
  return "events go to " + host() + ", for those before it do not answer";
}

}  // namespace naudit::output
