// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/requests.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <optional>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <spdlog/spdlog.h>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/units.hpp"
#include "daemon/checks.hpp"
#include "daemon/daemon.hpp"
#include "daemon/host.hpp"
#include "daemon/kernel/settings.hpp"
#include "daemon/metrics/metrics.hpp"
#include "daemon/notify.hpp"
#include "daemon/pipeline/plugins.hpp"
#include "daemon/pipeline/requester.hpp"
#include "daemon/rule_stats.hpp"
#include "daemon/status_json.hpp"
#include "daemon/within.hpp"
#include "formats/registry.hpp"
#include "output/filter.hpp"
#include "output/sinks/kinds.hpp"
#include "rules/kernel/kernel_rules.hpp"
#include "tables/record_types.hpp"

namespace naudit::daemon {
namespace {

namespace type = tables::type;
using std::chrono::steady_clock;

// How long somebody who asks waits for what another thread has to say.
constexpr std::chrono::seconds kKernelTime{1};
constexpr std::chrono::seconds kStatsTime{3};
constexpr std::chrono::seconds kReloadTime{10};
// In a reload: before the sinks wait no longer for the kernel, and sinks that go may no longer make anybody wait.
constexpr std::chrono::seconds kKernelPatience{3};
constexpr std::chrono::seconds kBlockTime{1};

constexpr std::string_view kHeldUp =
    "the encode thread is held up by a sink that is full and has 'when_full: block'; see nauditctl status";

template <typename Value>
std::string why_no(const std::optional<netlink::Result<Value>>& answer) {
  if (answer) return "the kernel does not tell: " + answer->error().message();
  return "the kernel has not answered within " + base::duration_text(kKernelTime) +
         "; while its queue is full it holds whoever asks it, for up to backlog_wait_time";
}

netlink::Result<netlink::SignalSender> signal_sender(netlink::RequestSocket& kernel) {
  return kernel.signal_sender();
}

Requester requester(const std::optional<netlink::Result<netlink::SignalSender>>& found) {
  if (!found || !*found || (*found)->pid == 0) return {};
  Requester who = requester_of((*found)->pid);
  who.auid = (*found)->uid;
  return who;
}

// Those of a sink that chooses nothing.
formats::EncoderOptions default_options(std::string_view format) {
  const formats::Format* const row = formats::find_format(format);
  if (row == nullptr || row->options == nullptr) return {};
  const config::OptionTable table = row->options();
  return table.seal(table.make());
}

Requester requester_of(const Peer& peer) {
  return daemon::requester_of(peer.pid, peer.uid, peer.process ? peer.process->get() : -1);
}

}  // namespace

// What was read of the disk for a reload.
struct Requests::Read {
  config::Config config;
  std::string node;
  SinkSet::Entries sinks;
  PluginsRead plugins;
  ReadRulesPtr rules;  // null for an observer
  KernelSettings kernel;
};

// A reload under way. Two things are to be done, in this order as a rule: the kernel takes rules and settings, the
// encode thread takes the sinks. Each may be late.
struct Requests::Reload {
  Reload(boost::asio::io_context& loop, Requester by, Reply to)
      : who(std::move(by)), reply(std::move(to)), answer_by(loop), kernel_by(loop), sinks_by(loop) {}

  enum class Part : std::uint8_t { kTodo, kUnderWay, kNew, kOld };

  Requester who;
  Reply reply;  // empty once the client has been answered
  boost::asio::steady_timer answer_by, kernel_by, sinks_by;
  bool is_read = false;
  Read read;
  Part kernel = Part::kTodo;
  Part sinks = Part::kTodo;
  std::string problems;

  void add_problem(const std::string& text) {
    if (text.empty()) return;
    if (!problems.empty()) problems += '\n';
    problems += text;
  }
  [[nodiscard]] const char* waits_for() const {
    if (!is_read) return "a disk or the name service does not answer while the configuration is read";
    if (kernel == Part::kUnderWay)
      return "the kernel does not answer; while its queue is full it holds whoever asks it";
    return "the encode thread is held up by a sink that is full and has 'when_full: block'";
  }
};

// For what another thread calls.
template <typename Function>
auto Requests::on_main(Function function) {
  return [&loop = daemon_.loop_, function = std::move(function)](auto value) {
    boost::asio::post(loop, [function, value = std::move(value)]() mutable { function(std::move(value)); });
  };
}

// The kernel notes the sender of HUP, USR1, USR2 and TERM, and only while we are the audit daemon (kernel/audit.c).
template <typename Then>
void Requests::with_sender(Then then) {
  if (daemon_.observes()) return then(ourselves());
  daemon_.link_->run_within(kKernelTime, signal_sender,
                            [then = std::move(then)](const auto& found) { then(requester(found)); });
}

Requester Requests::sender_at_stop(int signal) {
  if (signal == SIGINT || daemon_.observes()) return ourselves();
  return requester(daemon_.link_->wait_for(kKernelTime, signal_sender));
}

void Requests::reload_by_signal() {
  if (reload_) {
    reload_again_ = true;
    return;
  }
  with_sender([this](const Requester& who) { reload_for(who, [](const Outcome& /*outcome*/) {}); });
}

void Requests::rotate_by_signal() {
  with_sender([this](const Requester& who) { rotate_for(who); });
}

void Requests::reload(const Peer& who, Reply reply) {
  reload_for(requester_of(who), std::move(reply));
}

void Requests::rotate(const Peer& who, Reply reply) {
  rotate_for(requester_of(who));
  reply({});
}

void Requests::rotate_for(const Requester& who) {
  daemon_.sinks_.rotate();
  daemon_.tell(type::kDaemonRotate, rotate_text(who));
}

void Requests::reload_for(const Requester& who, Reply reply) {
  if (reload_) return reply(tl::unexpected<std::string>("a reload is under way; ask again when it has ended"));
  notify_reloading();
  reload_ = std::make_shared<Reload>(daemon_.loop_, who, std::move(reply));
  const auto job = [path = daemon_.config_path_, maker = daemon_.sinks_.maker(), observes = daemon_.observes(),
                    confinement = daemon_.confinement_]() -> tl::expected<Read, std::string> {
    try {
      config::Loaded loaded = config::load(path, output::kinds(), /*check_permissions=*/true);
      Read read;
      read.plugins = add_plugins(loaded, /*check_permissions=*/true, &confinement);
      check_sinks(loaded);
      check_sources(loaded, /*reads_files=*/true);
      check_sink_files(loaded);
      check_folders(loaded);
      check_confinement(loaded, confinement);
      if (!observes) read.rules = read_rules(loaded);
      if (read.rules) read.kernel = read.rules->kernel;
      read.node = node_name(loaded.config.node);
      read.sinks = maker.make(loaded.config.sinks);
      read.config = std::move(loaded.config);
      return read;
    } catch (const base::Error& error) {
      return tl::make_unexpected(std::string(error.what()));
    }
  };
  after(reload_->answer_by, kReloadTime, [this] { answer_late(); });
  daemon_.background_.run("naudit-reload", job, [this](tl::expected<Read, std::string> read) {
    reload_->is_read = true;
    if (!read) {
      reload_->add_problem(read.error());
      reload_->kernel = reload_->sinks = Reload::Part::kOld;
      return end_reload();
    }
    reload_->read = std::move(*read);
    load_rules();
  });
}

// Runs it in this time, unless the reload has ended, or the timer was cancelled.
template <typename Function>
void Requests::after(boost::asio::steady_timer& timer, std::chrono::milliseconds time, Function function) {
  timer.expires_after(time);
  timer.async_wait([this, reload = reload_, function](const boost::system::error_code& error) {
    if (!error && reload == reload_) function();
  });
}

// First, because only the kernel can still refuse: then everything stays as it was. But where it does not answer, the
// sinks do not wait for it: a new one may be what sets things going again.
void Requests::load_rules() {
  if (!daemon_.rules_) {
    reload_->kernel = Reload::Part::kNew;
    return use_sinks();
  }
  reload_->kernel = Reload::Part::kUnderWay;
  after(reload_->kernel_by, kKernelPatience, [this] {
    if (reload_->kernel == Reload::Part::kUnderWay) use_sinks();
  });
  daemon_.rules_->replace(reload_->read.rules, steady_clock::now(), [this](const RulesKeeper::Loaded& loaded) {
    reload_->add_problem(loaded.problems);
    if (loaded.result != RulesKeeper::Loaded::Result::kRefused) return set_kernel();
    reload_->kernel = Reload::Part::kOld;
    if (reload_->sinks == Reload::Part::kTodo) reload_->sinks = Reload::Part::kOld;
    end_reload();
  });
}

void Requests::set_kernel() {
  const auto job = [wanted = reload_->read.kernel](netlink::RequestSocket& requests) {
    return bring_settings(requests, wanted);
  };
  daemon_.link_->run(job, [this](const SettingsReport& report) {
    if (!report.warning.empty()) spdlog::warn("{}", report.warning);
    for (const std::string& problem : report.problems) reload_->add_problem(problem);
    daemon_.settings_.want(reload_->read.kernel, reload_->read.config.rules.drift);
    reload_->kernel = Reload::Part::kNew;
    use_sinks();
    end_reload();
  });
}

void Requests::use_sinks() {
  if (reload_->sinks != Reload::Part::kTodo) return;
  reload_->sinks = Reload::Part::kUnderWay;
  // What goes may be what holds the encode thread up.
  after(reload_->sinks_by, kBlockTime, [this] {
    for (const SinkSet::Entry& gone : daemon_.sinks_.without(reload_->read.sinks)) gone.sink->end_blocking();
    // So may be what stays: it takes more than its bound until the routes are the new ones.
    daemon_.sinks_.let_pass(true);
  });
  daemon_.encode_->set_routes(routes(reload_->read.sinks), on_main([this](const std::optional<std::string>& problem) {
                                daemon_.sinks_.let_pass(false);
                                reload_->sinks = problem ? Reload::Part::kOld : Reload::Part::kNew;
                                if (problem)
                                  reload_->add_problem(*problem);
                                else
                                  take_over();
                                end_reload();
                              }));
}

void Requests::take_over() {
  config::Config& wanted = reload_->read.config;
  const config::Config& old = daemon_.config_;
  const SinkSet::Entries before = daemon_.sinks_.entries();
  stop_aside(daemon_.sinks_.commit(reload_->read.sinks));
  for (const SinkSet::Entry& entry : daemon_.sinks_.entries())
    if (std::ranges::find(before, entry.sink, &SinkSet::Entry::sink) != before.end()) entry.sink->reload();
  reload_->read.plugins.tell([this](std::uint16_t record, const std::string& text) { daemon_.tell(record, text); });
  daemon_.node_ = reload_->read.node;
  daemon_.encode_->set_node(daemon_.node_);
  daemon_.notices_->set_node(daemon_.node_);
  if (daemon_.drain_) daemon_.drain_->set_options(wanted.events);
  if (wanted.kernel.mode == config::KernelMode::kAuto) wanted.kernel.mode = old.kernel.mode;
  if (wanted.kernel.mode != old.kernel.mode || wanted.kernel.receive_buffer != old.kernel.receive_buffer ||
      wanted.daemon.control_socket != old.daemon.control_socket || wanted.sources != old.sources)
    spdlog::warn("kernel.mode, kernel.receive_buffer, sources and daemon.control_socket change with a restart only");
  if (!(wanted.metrics == old.metrics) || (!wanted.metrics.address.empty() && !metrics_server_))
    if (const auto problem = serve_metrics(wanted.metrics)) reload_->add_problem(*problem);
  daemon_.config_ = std::move(wanted);
  daemon_.warn_of_sinks();
}

// A sink that is stuck takes all the time that it is given.
void Requests::stop_aside(SinkSet::Entries gone) {
  if (gone.empty()) return;
  const auto job = [gone] {
    SinkSet::stop(gone, kStopSinks);
    std::vector<std::string> stuck;
    for (const SinkSet::Entry& entry : gone)
      if (entry.sink->status().state.starts_with("left behind")) stuck.push_back(entry.settings.name);
    return stuck;
  };
  daemon_.background_.run("naudit-stop", job, [this, gone](const std::vector<std::string>& stuck) {
    // Another sink of this name goes on with what this one could not tell.
    daemon_.sinks_.carry(SinkSet::untold(gone));
    for (const std::string& name : stuck)
      spdlog::warn("sink '{}' does not end: its file system does not answer; it was left behind", name);
  });
}

// The client is told what there is to tell; the reload goes on.
void Requests::answer_late() {
  std::string text = reload_->problems;
  if (!text.empty()) text += '\n';
  text += "the reload has not ended within " + base::duration_text(kReloadTime) + ": " + reload_->waits_for() +
          "; it goes on, and the log will say what came of it";
  if (reload_->sinks == Reload::Part::kNew) text += "\nthe sinks are the new ones already";
  if (reload_->kernel == Reload::Part::kNew) text += "\nrules and settings of the kernel are the new ones already";
  std::exchange(reload_->reply, nullptr)(tl::make_unexpected(text));
}

void Requests::end_reload() {
  using Part = Reload::Part;
  const auto is_open = [](Part part) { return part == Part::kTodo || part == Part::kUnderWay; };
  if (is_open(reload_->kernel) || is_open(reload_->sinks)) return;
  const auto reload = std::exchange(reload_, nullptr);
  for (auto* timer : {&reload->answer_by, &reload->kernel_by, &reload->sinks_by}) timer->cancel();
  const bool has_changed = reload->kernel == Part::kNew || reload->sinks == Part::kNew;
  if (reload->sinks == Part::kOld) stop_aside(made_for_nothing(reload->read.sinks));
  daemon_.tell(type::kDaemonConfig, reconfigure_text(has_changed, reload->problems.empty(), reload->who));
  if (reload->problems.empty()) {
    spdlog::info("the configuration was reloaded");
  } else {
    if (!has_changed)
      reload->add_problem("nothing was changed: rules, sinks and settings are the old ones");
    else if (reload->kernel == Part::kOld)
      reload->add_problem("the rules and settings of the kernel are the old ones, all else is the new configuration's");
    else if (reload->sinks == Part::kOld)
      reload->add_problem("the rules and settings of the kernel are the new ones, all else is as it was");
    else
      reload->add_problem("all else of the new configuration is in use");
    spdlog::error("the reload: {}", reload->problems);
  }
  // systemd has no other word for a reload that failed when nobody waits for it (SIGHUP).
  const std::string mode = daemon_.mode_text();
  notify_ready(reload->problems.empty() ? mode : mode + "; the last reload had problems, see nauditctl status");
  if (reload->reply) reload->reply(reload->problems.empty() ? Outcome() : tl::make_unexpected(reload->problems));
  if (std::exchange(reload_again_, false)) reload_by_signal();
}

SinkSet::Entries Requests::made_for_nothing(const SinkSet::Entries& entries) const {
  SinkSet::Entries unused = entries;
  std::erase_if(unused, [this](const SinkSet::Entry& entry) {
    return std::ranges::find(daemon_.sinks_.entries(), entry.sink, &SinkSet::Entry::sink) !=
           daemon_.sinks_.entries().end();
  });
  return unused;
}

std::vector<output::Route> Requests::routes(const SinkSet::Entries& entries) const {
  std::vector<output::Route> all = SinkSet::routes(entries);
  all.insert(all.end(), tails_.begin(), tails_.end());
  return all;
}

void Requests::add_tail(const Peer& who, std::shared_ptr<output::Sink> sink, std::string format, config::Filter filter,
                        Reply reply) {
  const auto job = [filter = std::move(filter)]() -> tl::expected<config::Filter, std::string> {
    try {
      config::Filter numbers = output::with_numbers(filter);
      // What cannot be is refused here, where no sink's name stands before the message.
      const output::Filter checked(numbers, "");
      return numbers;
    } catch (const base::Error& error) {
      return tl::make_unexpected(std::string(error.what()));
    }
  };
  daemon_.background_.run(
      "naudit-tail", job,
      [this, who = requester_of(who), sink = std::move(sink), format = std::move(format),
       reply = std::move(reply)](const tl::expected<config::Filter, std::string>& numbers) {
        if (!numbers) return reply(tl::make_unexpected(numbers.error()));
        // First, so that it is not the first event of his own.
        daemon_.tell(type::kDaemonAccept, tail_text(who));
        tails_.push_back({.sink = sink, .format = format, .filter = *numbers, .options = default_options(format)});
        using Answer = std::optional<std::string>;
        auto answered = [this, sink, reply](const std::optional<Answer>& problem) {
          if (problem && !*problem) return reply({});
          std::erase_if(tails_, [&sink](const auto& tail) { return tail.sink == sink; });
          if (problem) return reply(tl::make_unexpected(**problem));
          // The order stands; so does this one behind it.
          daemon_.encode_->set_routes(routes(daemon_.sinks_.entries()), [](const Answer&) {});
          reply(tl::make_unexpected(std::string(kHeldUp)));
        };
        daemon_.encode_->set_routes(routes(daemon_.sinks_.entries()),
                                    on_main(within<Answer>(daemon_.loop_, kStatsTime, std::move(answered))));
      });
}

void Requests::remove_tail(const output::Sink* sink) {
  std::erase_if(tails_, [sink](const output::Route& route) { return route.sink.get() == sink; });
  daemon_.encode_->set_routes(routes(daemon_.sinks_.entries()), [](const std::optional<std::string>& /*problem*/) {});
}

void Requests::status(const Peer& /*who*/, Reply reply) {
  with_status([reply = std::move(reply)](const DaemonStatus& status) { reply(status_json(status)); });
}

void Requests::metrics(const Peer& /*who*/, Reply reply) {
  with_metrics([reply = std::move(reply)](const std::string& text) {
    std::string json;
    base::append_json_string(text, json);
    reply(json);
  });
}

std::optional<std::string> Requests::serve_metrics(const config::Metrics& wanted) {
  metrics_server_.reset();
  if (wanted.address.empty()) return std::nullopt;
  if (!wanted.is_loopback)
    spdlog::warn("the metrics are there for whoever reaches {} port {}: there is neither a password nor TLS",
                 wanted.address, wanted.port);
  try {
    metrics_server_.emplace(daemon_.loop_, wanted.address, wanted.port,
                            [this](auto then) { with_metrics(std::move(then)); });
  } catch (const base::Error& error) {
    spdlog::error("{}; nauditd goes on without", error.what());
    return error.what();
  }
  return std::nullopt;
}

void Requests::with_metrics(std::function<void(std::string)> then) {
  with_status([this, then = std::move(then)](DaemonStatus status) {
    const auto start = std::chrono::duration<double>(start_.time_since_epoch());
    then(metrics_text({.status = std::move(status),
                       .types = daemon_.encode_->types(),
                       .drops = daemon_.drops_,
                       .process = process_use(),
                       .start_seconds = start.count()}));
  });
}

void Requests::with_status(std::function<void(DaemonStatus)> then) {
  if (!daemon_.has_kernel()) return then(status_now());
  const auto job = [](netlink::RequestSocket& requests) { return requests.status(); };
  daemon_.link_->run_within(kKernelTime, job, [this, then = std::move(then)](const auto& kernel) {
    DaemonStatus status = status_now();
    if (kernel && *kernel)
      status.kernel = **kernel;
    else
      status.kernel_error = why_no(kernel);
    then(std::move(status));
  });
}

// All but what the kernel has to say.
DaemonStatus Requests::status_now() const {
  DaemonStatus status;
  status.version = NAUDIT_VERSION;
  status.pid = getpid();
  status.node = daemon_.node_;
  status.config = daemon_.config_path_;
  status.uptime = std::chrono::duration_cast<std::chrono::seconds>(steady_clock::now() - daemon_.started_);
  status.mode = daemon_.observes() ? "observe" : "own";
  status.registration = daemon_.observes() ? "observing" : daemon_.registration_;
  if (daemon_.has_kernel()) {
    status.received = receive_readings(daemon_.drain_->received());
    status.events = event_readings(daemon_.drain_->correlated(), daemon_.drain_->gaps(), daemon_.drain_->counters());
  } else {
    status.mode = "none";
    status.registration = "collecting";
    status.kernel_error = "this kernel's events are not taken (kernel: {mode: none})";
  }
  status.troubles = daemon_.settings_.troubles();
  status.sources = daemon_.collecting_.status();
  status.sinks = daemon_.sinks_.status();
  if (daemon_.rules_) status.rules = daemon_.rules_->status();
  return status;
}

void Requests::rule_stats(const Peer& /*who*/, Reply reply) {
  if (!daemon_.has_kernel())
    return reply(tl::unexpected<std::string>("this kernel's events are not taken (kernel: {mode: none})"));
  auto counted = [this, reply = std::move(reply)](std::optional<KeyReport> report) {
    if (!report) return reply(tl::unexpected<std::string>(std::string(kHeldUp)));
    const auto job = [](netlink::RequestSocket& requests) { return rules::SocketRules(requests).list(); };
    daemon_.link_->run_within(kKernelTime, job, [this, reply, report = std::move(*report)](auto listed) {
      // An observer may not list rules (CAP_AUDIT_CONTROL).
      std::optional<std::vector<rules::Rule>> loaded;
      if (listed && *listed) loaded = std::move(**listed);
      reply(rule_stats_json(report, loaded,
                            daemon_.rules_ ? daemon_.rules_->wanted() : std::span<const rules::WantedRule>{},
                            tables::native_arch()));
    });
  };
  daemon_.encode_->key_report(on_main(within<KeyReport>(daemon_.loop_, kStatsTime, std::move(counted))));
}

}  // namespace naudit::daemon
