// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What a running daemon is asked for, by signal or through the control socket: reload, rotate, status, tail.
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "daemon/checks.hpp"
#include "daemon/daemon.hpp"
#include "daemon/kernel/settings.hpp"
#include "daemon/notify.hpp"
#include "daemon/process.hpp"
#include "daemon/rule_stats.hpp"
#include "daemon/status_json.hpp"
#include "rules/kernel/kernel_rules.hpp"
#include "tables/record_types.hpp"

namespace naudit::daemon {
namespace {

namespace type = tables::type;
using std::chrono::steady_clock;

constexpr std::chrono::seconds kStatsTime{3};

}  // namespace

std::optional<std::string> Daemon::reload_for(const Requester& who) {
  notify_reloading();
  std::optional<std::string> problem;
  try {
    apply(config::load(config_path_, /*check_permissions=*/true));
    tell(type::kDaemonConfig, reconfigure_text(true, who));
    spdlog::info("the configuration was reloaded");
  } catch (const base::Error& error) {
    problem = error.what();
    tell(type::kDaemonConfig, reconfigure_text(false, who));
    spdlog::error("the configuration stays as it was: {}", error.what());
  }
  notify_ready(observes() ? "observing" : "the audit daemon");
  return problem;
}

void Daemon::apply(config::Loaded loaded) {
  check_sinks(loaded);
  config::Config& wanted = loaded.config;
  auto entries = sinks_.prepare(wanted.sinks);
  if (rules_) rules_->read(wanted);
  set_routes(entries);
  // Nothing below undoes the change.
  sinks_.commit(std::move(entries));
  encode_->set_node(node_name(wanted.node));
  drain_->set_options(wanted.events);
  if (wanted.kernel.mode == config::KernelMode::kAuto) wanted.kernel.mode = config_.kernel.mode;
  if (wanted.kernel.mode != config_.kernel.mode || wanted.kernel.receive_buffer != config_.kernel.receive_buffer ||
      wanted.daemon.control_socket != config_.daemon.control_socket)
    spdlog::warn("kernel.mode, kernel.receive_buffer and daemon.control_socket change with a restart only");
  if (!observes()) {
    log(link_->run([&](auto& kernel) { return apply_settings(kernel, wanted.kernel); }).get());
    log(link_->run([&](auto& kernel) { return enable_auditing(kernel, wanted.kernel); }).get());
    rules_->load(steady_clock::now());
  }
  config_ = std::move(wanted);
}

void Daemon::rotate_for(const Requester& who) {
  sinks_.rotate();
  tell(type::kDaemonRotate, rotate_text(who));
}

void Daemon::set_routes(const SinkSet::Entries& entries) {
  std::vector<output::Route> routes = SinkSet::routes(entries);
  routes.insert(routes.end(), tails_.begin(), tails_.end());
  encode_->set_routes(std::move(routes));
}

// The control socket lets only root in; which process it was is not asked.
std::optional<std::string> Daemon::reload() {
  return reload_for(ourselves());
}

void Daemon::rotate() {
  rotate_for(ourselves());
}

void Daemon::add_tail(std::shared_ptr<output::Sink> sink, std::string format, config::Filter filter) {
  tails_.push_back({.sink = std::move(sink), .format = std::move(format), .filter = std::move(filter)});
  try {
    set_routes(sinks_.entries());
  } catch (const base::Error&) {
    tails_.pop_back();
    throw;
  }
}

void Daemon::remove_tail(const output::Sink* sink) {
  std::erase_if(tails_, [&](const output::Route& route) { return route.sink.get() == sink; });
  set_routes(sinks_.entries());
}

std::string Daemon::status_json() {
  DaemonStatus status;
  status.version = NAUDIT_VERSION;
  status.pid = getpid();
  status.node = node_name(config_.node);
  status.config = config_path_;
  status.uptime = std::chrono::duration_cast<std::chrono::seconds>(steady_clock::now() - started_);
  status.mode = observes() ? "observe" : "own";
  status.registration = observes() ? "observing" : registration_;
  if (const auto kernel = link_->run([](auto& requests) { return requests.status(); }).get()) status.kernel = *kernel;
  status.events = event_readings(drain_->received(), drain_->correlated(), drain_->counters());
  status.sinks = sinks_.status();
  if (rules_) status.rules = rules_->status();
  return daemon::status_json(status);
}

std::string Daemon::rule_stats_json() {
  const auto report = encode_->key_report(kStatsTime);
  if (!report)
    throw base::Error(
        "the encode thread is held up by a sink that is full and has 'when_full: block'; see nauditctl status");
  // An observer may not list rules (CAP_AUDIT_CONTROL).
  std::optional<std::vector<rules::Rule>> loaded;
  if (auto listed = link_->run([](auto& requests) { return rules::SocketRules(requests).list(); }).get())
    loaded = std::move(*listed);
  return daemon::rule_stats_json(*report, loaded, rules_ ? rules_->wanted() : std::span<const rules::WantedRule>{},
                                 tables::native_arch());
}

Requester Daemon::sender(int signal) {
  // The kernel notes the sender of these only, and only while we are the audit daemon (kernel/audit.c).
  if (signal == SIGINT || observes()) return ourselves();
  const auto found = link_->run([](auto& kernel) { return kernel.signal_sender(); }).get();
  if (!found || found->pid == 0) return {};
  Requester who = requester_of(found->pid);
  who.auid = found->uid;
  return who;
}

}  // namespace naudit::daemon
