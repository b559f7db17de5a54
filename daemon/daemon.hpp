// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "config/loader.hpp"
#include "daemon/background.hpp"
#include "daemon/collector/collecting.hpp"
#include "daemon/confine/confinement.hpp"
#include "daemon/confine/kept_rights.hpp"
#include "daemon/control/server.hpp"
#include "daemon/kernel/link.hpp"
#include "daemon/kernel/loss_watch.hpp"
#include "daemon/kernel/order_watch.hpp"
#include "daemon/kernel/rules_keeper.hpp"
#include "daemon/kernel/serial_keeper.hpp"
#include "daemon/kernel/settings_keeper.hpp"
#include "daemon/kernel/trouble.hpp"
#include "daemon/log.hpp"
#include "daemon/metrics/drop_counts.hpp"
#include "daemon/pipeline/daemon_event.hpp"
#include "daemon/pipeline/drain_thread.hpp"
#include "daemon/pipeline/encode_thread.hpp"
#include "daemon/pipeline/handoff.hpp"
#include "daemon/pipeline/plugins.hpp"
#include "daemon/pipeline/sink_set.hpp"
#include "daemon/pipeline/untold_keeper.hpp"
#include "daemon/requests.hpp"
#include "netlink/event_socket.hpp"
#include "output/notices.hpp"

namespace naudit::daemon {

// nauditd as a whole: its threads, how they start and stop, and what the main thread looks after by itself. What it is
// asked for while it runs is the part of Requests.
//
//   kernel -> socket_ -> drain_ -> handoff_ -> encode_ -> sinks_ -> files, servers
//   other machines -> collecting_ -> encode_
//   kernel <- link_ (registration, settings, rules), all of it watched and told by the main thread's loop
//
// They are started from the end to the beginning, so that nobody ever hands anything to a stage that is not there yet,
// and stopped from the beginning to the end. Main thread. The constructor and run() throw StartError and base::Error
// for what keeps the daemon from starting; once it runs, it logs and goes on.
class Daemon {
 public:
  // `plugins`: what add_plugins() found, to be told.
  Daemon(config::Loaded loaded, std::string config_path, PluginsRead plugins = {});
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;
  ~Daemon();

  // Until TERM or INT.
  void run();
  // After run(): a thread still hangs in a disk or a name service. The process then has to end without destructors and
  // exit handlers (those of OpenSSL, say), which that thread may be using.
  [[nodiscard]] bool left_behind() const noexcept { return left_behind_; }

 private:
  friend class Requests;

  void start();
  void choose_mode(netlink::RequestSocket& requests);
  netlink::RequestSocket open_kernel();
  void open_socket();
  void start_kernel(netlink::RequestSocket requests, const SerialKeeper::Before& before);
  bool stop_kernel();
  void start_link(netlink::RequestSocket requests);
  void start_rules(ReadRulesPtr rules);
  void tell_broken_sinks();
  void wait_for_registration();
  // At start, when the loop runs for nothing else: false if it is not so in time.
  bool run_until(const std::function<bool()>& condition);
  template <typename Job>
  auto ask(Job job);
  void stop(int signal);

  void wait_for_signal();
  void on_signal(int signal);
  void on_tick();
  void tell_losses(bool is_last = false);
  void tell_receive_errors();
  void tell_gaps();
  void tell_missing_ends();
  void on_status(const netlink::KernelStatus& status);
  void heal(const KernelSettings& wanted);
  void take_over();
  void make_drain();
  void make_rules_keeper();
  void on_gap(const correlate::SerialGaps::Found& found);
  void check_rules();
  void on_registration(const netlink::Registration::Report& report);
  void on_sink_loss(const output::SinkLoss& loss);
  void on_sink_change(const output::SinkChange& change);
  [[nodiscard]] output::SinkHost sink_host();
  void warn_of_sinks() const;

  void tell(std::uint16_t type, const std::string& text);
  // Mode none: all that has to do with this kernel is not there.
  [[nodiscard]] bool has_kernel() const noexcept { return socket_.has_value(); }
  // Has no say in the kernel.
  [[nodiscard]] bool observes() const noexcept {
    return !has_kernel() || socket_->mode() == netlink::EventSocket::Mode::kObserve;
  }
  [[nodiscard]] std::string mode_text() const;

  std::optional<LogThread> log_thread_;  // ends last
  std::string config_path_;
  config::Config config_;
  config::Places places_;  // of its values, for the start
  PluginsRead plugins_;    // at the start
  std::string node_;       // as `node:` of it was answered
  DaemonEvents events_;
  Confinement confinement_;
  std::optional<KeptRights> kept_rights_;  // if something needs them
  boost::asio::io_context loop_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{loop_.get_executor()};
  boost::asio::signal_set signals_{loop_};
  boost::asio::steady_timer tick_{loop_};

  std::optional<netlink::EventSocket> socket_;
  std::optional<netlink::EventSocket> own_socket_;  // mode auto: for when the other daemon goes
  Handoff handoff_;
  std::shared_ptr<output::Notices> notices_;
  SinkSet sinks_;
  DropCounts drops_;  // of these
  Background background_{loop_};
  std::optional<UntoldKeeper> untold_;
  bool left_behind_ = false;
  std::optional<SerialKeeper> serials_;
  std::optional<EncodeThread> encode_;
  std::optional<DrainThread> drain_;
  Collecting collecting_{loop_, [this](std::uint16_t type, const std::string& text) { tell(type, text); }};
  std::optional<KernelLink> link_;
  std::optional<RulesKeeper> rules_;
  SettingsKeeper settings_{[this](std::uint16_t type, const std::string& text) { tell(type, text); },
                           [this](const KernelSettings& wanted) { heal(wanted); }};
  Trouble no_ends_{std::chrono::seconds{10}};  // EOE does not come
  Requests requests_{*this};
  std::optional<ControlServer> control_;

  std::optional<netlink::Registration::Report> first_report_;
  std::optional<LossWatch> losses_;
  bool may_take_over_ = false;                   // mode auto, while somebody else is the audit daemon
  bool is_taking_over_ = false;                  // and now nobody is
  std::optional<netlink::KernelStatus> status_;  // as last seen
  std::string registration_;                     // one phrase for the status
  std::chrono::microseconds tick_time_{};
  std::uint64_t config_changes_ = 0;  // CONFIG_CHANGE records, as of the last look at the rules
  std::uint64_t gap_events_ = 0;      // as of the last look at them
  std::uint64_t gap_late_ = 0;
  OrderWatch order_;
  bool gap_is_bound_ = false;         // the next one, SerialKeeper::Before
  std::uint64_t receive_errors_ = 0;  // as of the last look at them
  std::chrono::steady_clock::time_point started_;
};

}  // namespace naudit::daemon
