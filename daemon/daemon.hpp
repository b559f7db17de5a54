// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "config/loader.hpp"
#include "daemon/control/actions.hpp"
#include "daemon/control/server.hpp"
#include "daemon/kernel/link.hpp"
#include "daemon/kernel/loss_watch.hpp"
#include "daemon/kernel/rules_keeper.hpp"
#include "daemon/pipeline/daemon_event.hpp"
#include "daemon/pipeline/drain_thread.hpp"
#include "daemon/pipeline/encode_thread.hpp"
#include "daemon/pipeline/handoff.hpp"
#include "daemon/pipeline/sink_set.hpp"
#include "netlink/event_socket.hpp"

namespace naudit::daemon {

// nauditd as a whole. The members stand in the order in which a record passes them, and are started from the last to
// the first, so that nobody ever hands anything to a stage that is not there yet; they are stopped the other way round.
//
//   kernel -> socket_ -> drain_ -> handoff_ -> encode_ -> sinks_ -> files, servers
//   kernel <- link_ (registration, settings, rules), all of it watched and told by the main thread's loop
//
// Main thread. The constructor and run() throw StartError and base::Error for what keeps the daemon from starting;
// once it runs, it logs and goes on.
class Daemon final : public ControlActions {
 public:
  Daemon(config::Loaded loaded, std::string config_path);
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;
  ~Daemon() override;

  // Until TERM or INT.
  void run();

 private:
  void start();
  void choose_mode(netlink::RequestSocket& requests);
  void open_socket();
  void start_link(netlink::RequestSocket requests);
  void wait_for_registration();
  void stop(int signal);

  void wait_for_signal();
  void on_signal(int signal);
  void on_tick();
  void tell_losses();
  void check_rules();
  void on_registration(const netlink::Registration::Report& report);
  void on_sink_loss(const output::SinkLoss& loss);
  void apply(config::Loaded loaded);
  void set_routes(const SinkSet::Entries& entries);
  // What SIGHUP and `nauditctl reload` do, and the same of SIGUSR1 and `nauditctl rotate`.
  std::optional<std::string> reload_for(const Requester& who);
  void rotate_for(const Requester& who);

  // ControlActions
  std::string status_json() override;
  std::string rule_stats_json() override;
  std::optional<std::string> reload() override;
  void rotate() override;
  void add_tail(std::shared_ptr<output::Sink> sink, std::string format, config::Filter filter) override;
  void remove_tail(const output::Sink* sink) override;

  // Who sent us the signal, as the kernel noticed it.
  Requester sender(int signal);
  void tell(std::uint16_t type, const std::string& text);
  void log(const std::vector<std::string>& notes);
  [[nodiscard]] bool observes() const noexcept {
    return socket_ && socket_->mode() == netlink::EventSocket::Mode::kObserve;
  }

  std::string config_path_;
  config::Config config_;
  DaemonEvents events_;
  boost::asio::io_context loop_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{loop_.get_executor()};
  boost::asio::signal_set signals_{loop_};
  boost::asio::steady_timer tick_{loop_};

  std::optional<netlink::EventSocket> socket_;
  Handoff handoff_;
  SinkSet sinks_;
  std::optional<EncodeThread> encode_;
  std::optional<DrainThread> drain_;
  std::optional<KernelLink> link_;
  std::optional<RulesKeeper> rules_;
  std::vector<output::Route> tails_;  // of the control socket's clients
  std::optional<ControlServer> control_;

  std::optional<std::promise<netlink::Registration::Report>> first_report_;
  std::optional<LossWatch> losses_;
  std::optional<netlink::KernelStatus> status_;  // as last seen
  std::string registration_;                     // one phrase for the status
  std::chrono::microseconds tick_time_{};
  std::uint64_t config_changes_ = 0;  // CONFIG_CHANGE records, as of the last look at the rules
  std::chrono::steady_clock::time_point started_;
};

}  // namespace naudit::daemon
