// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "daemon/control/actions.hpp"
#include "daemon/kernel/rules_keeper.hpp"
#include "daemon/metrics/http_server.hpp"
#include "daemon/pipeline/daemon_event.hpp"
#include "daemon/pipeline/sink_set.hpp"
#include "daemon/status_json.hpp"
#include "output/router.hpp"

namespace naudit::daemon {

class Daemon;

// What a running daemon is asked for, by signal or through the control socket: status, reload, rotate, tail.
//
// Owner: the daemon, a part of it. Main thread. Nothing here waits for another thread: what the kernel thread or the
// encode thread answers comes as a message, and where somebody waits for an answer he gets one in time.
class Requests final : public ControlActions {
 public:
  explicit Requests(Daemon& daemon) : daemon_(daemon) {}

  // Under way: what the kernel has may be new, and what is wanted old.
  [[nodiscard]] bool is_reloading() const noexcept { return reload_ != nullptr; }
  // SIGHUP, SIGUSR1.
  void reload_by_signal();
  void rotate_by_signal();
  // Who sent the signal that stops us, as the kernel noticed it. Waits, for a bounded time.
  Requester sender_at_stop(int signal);

  // Listens for who wants the metrics, where it is configured so; what keeps it from that is only logged. The text of
  // the problem, if there is one.
  std::optional<std::string> serve_metrics(const config::Metrics& wanted);
  void stop_metrics() { metrics_server_.reset(); }
  // The text of metrics/metrics.hpp, within a little more than a second.
  void with_metrics(std::function<void(std::string)> then);

  void status(const Peer& who, Reply reply) override;
  void metrics(const Peer& who, Reply reply) override;
  void rule_stats(const Peer& who, Reply reply) override;
  void reload(const Peer& who, Reply reply) override;
  void rotate(const Peer& who, Reply reply) override;
  void add_tail(const Peer& who, std::shared_ptr<output::Sink> sink, std::string format, config::Filter filter,
                Reply reply) override;
  void remove_tail(const output::Sink* sink) override;

 private:
  struct Read;
  struct Reload;

  void reload_for(const Requester& who, Reply reply);
  void load_rules();
  void set_kernel();
  void use_sinks();
  void take_over();
  void answer_late();
  void end_reload();
  void stop_aside(SinkSet::Entries gone);
  [[nodiscard]] SinkSet::Entries made_for_nothing(const SinkSet::Entries& entries) const;
  template <typename Function>
  void after(boost::asio::steady_timer& timer, std::chrono::milliseconds time, Function function);
  void rotate_for(const Requester& who);

  void with_status(std::function<void(DaemonStatus)> then);
  [[nodiscard]] DaemonStatus status_now() const;
  template <typename Then>
  void with_sender(Then then);
  template <typename Function>
  auto on_main(Function function);
  [[nodiscard]] std::vector<output::Route> routes(const SinkSet::Entries& entries) const;

  Daemon& daemon_;
  const std::chrono::system_clock::time_point start_ = std::chrono::system_clock::now();
  std::vector<output::Route> tails_;  // of the control socket's clients
  std::optional<MetricsServer> metrics_server_;
  std::shared_ptr<Reload> reload_;  // under way
  bool reload_again_ = false;       // a signal came meanwhile
};

}  // namespace naudit::daemon
