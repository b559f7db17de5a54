// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/requests.hpp"

#include <unistd.h>

#include <csignal>
#include <optional>
#include <utility>

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include "base/units.hpp"
#include "daemon/checks.hpp"
#include "daemon/daemon.hpp"
#include "daemon/kernel/settings.hpp"
#include "daemon/notify.hpp"
#include "daemon/process.hpp"
#include "daemon/rule_stats.hpp"
#include "daemon/status_json.hpp"
#include "daemon/within.hpp"
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

}  // namespace

struct Requests::Reload {
  Reload(Requester by, Reply to) : who(std::move(by)), reply(std::move(to)) {}

  Requester who;
  Reply reply;
  config::Config wanted;
  SinkSet::Entries entries;
  ReadRulesPtr rules;
  std::string problems;
  bool is_in_use = false;  // all of it but for the problems

  void add_problem(const std::string& text) {
    if (text.empty()) return;
    if (!problems.empty()) problems += '\n';
    problems += text;
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

// The control socket lets only root in; which process it was is not asked.
void Requests::reload(Reply reply) {
  reload_for(ourselves(), std::move(reply));
}

void Requests::rotate(Reply reply) {
  rotate_for(ourselves());
  reply({});
}

void Requests::rotate_for(const Requester& who) {
  daemon_.sinks_.rotate();
  daemon_.tell(type::kDaemonRotate, rotate_text(who));
}

void Requests::reload_for(const Requester& who, Reply reply) {
  if (reload_) return reply(tl::unexpected<std::string>("a reload is under way; ask again when it has ended"));
  notify_reloading();
  reload_ = std::make_shared<Reload>(who, std::move(reply));
  try {
    config::Loaded loaded = config::load(daemon_.config_path_, output::kinds(), /*check_permissions=*/true);
    check_sinks(loaded);
    reload_->entries = daemon_.sinks_.prepare(loaded.config.sinks);
    if (daemon_.rules_) reload_->rules = read_rules(loaded.config);
    reload_->wanted = std::move(loaded.config);
  } catch (const base::Error& error) {
    reload_->add_problem(error.what());
    return end_reload();
  }
  load_rules();
}

// First, because only the kernel can still refuse: then everything stays as it was.
void Requests::load_rules() {
  if (!daemon_.rules_) return use_sinks();
  daemon_.rules_->replace(reload_->rules, steady_clock::now(), [this](const RulesKeeper::Loaded& loaded) {
    reload_->add_problem(loaded.problems);
    if (loaded.result == RulesKeeper::Loaded::Result::kRefused) {
      reload_->add_problem("nothing was changed: rules, sinks and settings are the old ones");
      return end_reload();
    }
    set_kernel();
  });
}

void Requests::set_kernel() {
  const auto job = [kernel = reload_->wanted.kernel](netlink::RequestSocket& requests) {
    std::vector<std::string> notes = apply_settings(requests, kernel);
    std::vector<std::string> more = enable_auditing(requests, kernel);
    notes.insert(notes.end(), more.begin(), more.end());
    return notes;
  };
  daemon_.link_->run(job, [this](const std::vector<std::string>& notes) {
    for (const std::string& note : notes) {
      spdlog::warn("{}", note);
      reload_->add_problem(note);
    }
    use_sinks();
  });
}

void Requests::use_sinks() {
  daemon_.encode_->set_routes(
      routes(reload_->entries), on_main([this](const std::optional<std::string>& problem) {
        if (problem) {
          reload_->add_problem(*problem);
          reload_->add_problem("the rules are the new ones; sinks and settings are the old ones");
          return end_reload();
        }
        config::Config& wanted = reload_->wanted;
        const config::Config& old = daemon_.config_;
        daemon_.sinks_.commit(std::move(reload_->entries));
        daemon_.node_ = node_name(wanted.node);
        daemon_.encode_->set_node(daemon_.node_);
        daemon_.drain_->set_options(wanted.events);
        if (wanted.kernel.mode == config::KernelMode::kAuto) wanted.kernel.mode = old.kernel.mode;
        if (wanted.kernel.mode != old.kernel.mode || wanted.kernel.receive_buffer != old.kernel.receive_buffer ||
            wanted.daemon.control_socket != old.daemon.control_socket)
          spdlog::warn(
              "kernel.mode, kernel.receive_buffer and daemon.control_socket change with a "
              "restart only");
        daemon_.config_ = std::move(wanted);
        reload_->is_in_use = true;
        end_reload();
      }));
}

void Requests::end_reload() {
  const auto reload = std::exchange(reload_, nullptr);
  daemon_.tell(type::kDaemonConfig, reconfigure_text(reload->is_in_use, reload->who));
  if (reload->is_in_use && !reload->problems.empty())
    reload->add_problem("all else of the new configuration is in use");
  if (reload->problems.empty())
    spdlog::info("the configuration was reloaded");
  else if (reload->is_in_use)
    spdlog::error("the configuration was reloaded, but: {}", reload->problems);
  else
    spdlog::error("the configuration stays as it was: {}", reload->problems);
  notify_ready(daemon_.observes() ? "observing" : "the audit daemon");
  reload->reply(reload->problems.empty() ? Outcome() : tl::make_unexpected(reload->problems));
  if (std::exchange(reload_again_, false)) reload_by_signal();
}

std::vector<output::Route> Requests::routes(const SinkSet::Entries& entries) const {
  std::vector<output::Route> all = SinkSet::routes(entries);
  all.insert(all.end(), tails_.begin(), tails_.end());
  return all;
}

void Requests::add_tail(std::shared_ptr<output::Sink> sink, std::string format, config::Filter filter, Reply reply) {
  const output::Sink* const added = sink.get();
  tails_.push_back({.sink = std::move(sink), .format = std::move(format), .filter = std::move(filter)});
  daemon_.encode_->set_routes(
      routes(daemon_.sinks_.entries()),
      on_main([this, added, reply = std::move(reply)](const std::optional<std::string>& problem) {
        if (!problem) return reply({});
        std::erase_if(tails_, [added](const output::Route& route) { return route.sink.get() == added; });
        reply(tl::make_unexpected(*problem));
      }));
}

void Requests::remove_tail(const output::Sink* sink) {
  std::erase_if(tails_, [sink](const output::Route& route) { return route.sink.get() == sink; });
  daemon_.encode_->set_routes(routes(daemon_.sinks_.entries()), [](const std::optional<std::string>& /*problem*/) {});
}

void Requests::status(Reply reply) {
  const auto job = [](netlink::RequestSocket& requests) { return requests.status(); };
  daemon_.link_->run_within(kKernelTime, job, [this, reply = std::move(reply)](const auto& kernel) {
    DaemonStatus status;
    status.version = NAUDIT_VERSION;
    status.pid = getpid();
    status.node = daemon_.node_;
    status.config = daemon_.config_path_;
    status.uptime = std::chrono::duration_cast<std::chrono::seconds>(steady_clock::now() - daemon_.started_);
    status.mode = daemon_.observes() ? "observe" : "own";
    status.registration = daemon_.observes() ? "observing" : daemon_.registration_;
    if (kernel && *kernel)
      status.kernel = **kernel;
    else
      status.kernel_error = why_no(kernel);
    status.events =
        event_readings(daemon_.drain_->received(), daemon_.drain_->correlated(), daemon_.drain_->counters());
    status.sinks = daemon_.sinks_.status();
    if (daemon_.rules_) status.rules = daemon_.rules_->status();
    reply(status_json(status));
  });
}

void Requests::rule_stats(Reply reply) {
  auto counted = [this, reply = std::move(reply)](std::optional<KeyReport> report) {
    if (!report)
      return reply(tl::unexpected<std::string>(
          "the encode thread is held up by a sink that is full and has 'when_full: block'; see nauditctl status"));
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
