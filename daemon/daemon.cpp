// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/daemon.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <random>
#include <string_view>
#include <type_traits>
#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "base/text.hpp"
#include "base/units.hpp"
#include "base/utf8.hpp"
#include "daemon/checks.hpp"
#include "daemon/exit_code.hpp"
#include "daemon/host.hpp"
#include "daemon/notify.hpp"
#include "daemon/pipeline/requester.hpp"
#include "daemon/rights.hpp"
#include "netlink/holder.hpp"
#include "rules/kernel/kernel_rules.hpp"
#include "tables/record_types.hpp"

namespace naudit::daemon {
namespace {

namespace type = tables::type;
using netlink::Registration;
using std::chrono::steady_clock;

// What may wait between the drain and the encode thread. The socket's buffer is the larger queue, in the kernel's
// memory.
constexpr std::size_t kHandoffBytes = std::size_t{4} << 20U;
constexpr std::chrono::seconds kStartTime{15};  // for an answer of the kernel
constexpr std::chrono::seconds kStopTime{3};    // the same
constexpr std::chrono::seconds kBlockTime{2};   // for a sink that blocks to take something
constexpr std::chrono::seconds kDrainTime{5};
constexpr std::chrono::seconds kTick{1};

std::uint32_t random_serial() {
  return std::random_device{}() % 10'000;
}

[[noreturn]] void refuse_socket(const std::error_code& error) {
  if (error == std::errc::connection_refused || error == std::errc::protocol_not_supported)
    throw StartError(ExitCode::kStart,
                     "the kernel has no audit for us: it was booted with audit=0, was built without CONFIG_AUDIT, or "
                     "this is not its first user namespace (a container)");
  if (error == std::errc::operation_not_permitted)
    throw StartError(ExitCode::kRights, "the kernel refuses audit requests: run as root, in its first pid namespace");
  throw StartError(ExitCode::kStart, "cannot talk to the kernel's audit system: " + error.message());
}

void log(const std::vector<std::string>& notes) {
  for (const std::string& note : notes) spdlog::warn("{}", note);
}

}  // namespace

Daemon::Daemon(config::Loaded loaded, std::string config_path, PluginsRead plugins)
    : config_path_(std::move(config_path)),
      config_(std::move(loaded.config)),
      places_(std::move(loaded.places)),
      plugins_(std::move(plugins)),
      events_(random_serial()),
      handoff_(kHandoffBytes),
      notices_(std::make_shared<output::Notices>(
          [this](std::string_view text) {
            return events_.make(type::kDaemonErr, text, std::chrono::system_clock::now());
          },
          "")),
      sinks_(sink_host()),
      started_(steady_clock::now()) {}

// Called on the sinks' threads.
output::SinkHost Daemon::sink_host() {
  output::SinkHost host;
  host.on_loss = [this](const output::SinkLoss& loss) {
    boost::asio::post(loop_, [this, loss] { on_sink_loss(loss); });
  };
  host.on_change = [this](const output::SinkChange& change) {
    boost::asio::post(loop_, [this, change] { on_sink_change(change); });
  };
  host.notices = notices_;
  host.spool_folder = config_.daemon.state_directory + "/spool";
  if (Confinement::needs_kept_rights(config_))
    host.start_thread = [this](const char* name, std::function<void()> run) {
      return kept_rights_->start(name, std::move(run));
    };
  return host;
}

// After a start that failed half-way; stop() leaves nothing to do here.
Daemon::~Daemon() {
  if (link_ && !observes()) link_->unregister(kStopTime);
  control_.reset();
  requests_.stop_metrics();
  drain_.reset();
  rules_.reset();
  link_.reset();
}

void Daemon::run() {
  start();
  loop_.run();
}

void Daemon::start() {
  check_rights(config_.kernel.mode);
  set_priority(config_.daemon);
  std::optional<netlink::RequestSocket> requests;
  if (config_.kernel.mode != config::KernelMode::kNone) requests.emplace(open_kernel());
  collecting_.listen(config_);
  if (Confinement::needs_kept_rights(config_)) kept_rights_.emplace();
  drop_privileges(/*loads_rules=*/!observes());
  harden_process();
  confinement_ = Confinement::begin(config_);

  // Asked for before the first thread exists, so that all of them leave the signals to this one.
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) signals_.add(signal);
  std::signal(SIGPIPE, SIG_IGN);
  log_thread_.emplace(STDERR_FILENO);

  // Before a sink mends the end of its log.
  serials_.emplace(config_.daemon.state_directory, background_);
  const SerialKeeper::Before before = serials_->before(config_.sinks);
  if (before.was_killed)
    spdlog::warn("the nauditd before this one has not ended in order: killed, or the machine stopped");
  node_ = node_name(config_.node);
  notices_->set_node(node_);
  encode_.emplace(handoff_, node_, notices_->make_event());
  encode_->start();
  auto entries = sinks_.prepare_at_start(config_.sinks);
  encode_->set_routes(SinkSet::routes(entries));
  static_cast<void>(sinks_.commit(std::move(entries)));
  untold_.emplace(config_.daemon.state_directory, sinks_, background_);
  untold_->carry();
  warn_of_sinks();
  tell(type::kDaemonStart,
       start_text(NAUDIT_VERSION, kernel_release(), formats_text(config_.sinks), ourselves(), before.was_killed));
  tell_broken_sinks();
  plugins_.tell([this](std::uint16_t record, const std::string& text) { tell(record, text); });

  if (requests) start_kernel(std::move(*requests), before);
  collecting_.start(*encode_);

  static_cast<void>(requests_.serve_metrics(config_.metrics));
  control_.emplace(loop_, config_.daemon.control_socket, requests_);
  tick_time_ = kTick;
  if (const auto watchdog = watchdog_time()) tick_time_ = std::min(tick_time_, *watchdog / 2);
  wait_for_signal();
  on_tick();
  spdlog::info("nauditd {} is {}; {}", NAUDIT_VERSION, mode_text(), base::count_text(config_.sinks.size(), "sink"));
  notify_ready(mode_text());
}

std::string Daemon::mode_text() const {
  if (!has_kernel()) return "collecting";
  return observes() ? "observing" : "the audit daemon";
}

netlink::RequestSocket Daemon::open_kernel() {
  auto requests = netlink::RequestSocket::open();
  if (!requests) refuse_socket(requests.error());
  choose_mode(*requests);
  open_socket();
  return std::move(*requests);
}

void Daemon::start_kernel(netlink::RequestSocket requests, const SerialKeeper::Before& before) {
  make_drain();
  gap_is_bound_ = before.is_bound;
  if (before.next) drain_->begin_at(*before.next, before.has_own, before.came);
  if (!observes() && !keeps_unsent_records(kernel_command_line()))
    spdlog::warn(
        "the kernel was not booted with audit=1: what it cannot send, while nobody is registered or our socket is "
        "full, it frees; that is told as a gap");
  losses_.emplace(observes());
  start_link(std::move(requests));
}

void Daemon::tell_broken_sinks() {
  const SinkSet::Entries& entries = sinks_.entries();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].problem.empty()) continue;
    spdlog::error("{}; the other sinks run without it, until a reload",
                  sink_problem({config_, places_}, i, entries[i].problem).text());
    tell(type::kDaemonErr, fmt::format("op=sink-not-started sink={} res=failed", entries[i].settings.name));
  }
}

// `auto` observes where somebody else is the audit daemon.
void Daemon::choose_mode(netlink::RequestSocket& requests) {
  const auto status = requests.status();
  if (!status) refuse_socket(status.error());
  const auto holder = static_cast<pid_t>(status->pid);
  const bool is_held = holder != 0 && netlink::is_alive(holder);
  if (config_.kernel.mode == config::KernelMode::kAuto) {
    config_.kernel.mode = is_held ? config::KernelMode::kObserve : config::KernelMode::kOwn;
    may_take_over_ = is_held;
    if (is_held)
      spdlog::warn("{} is this machine's audit daemon: observing beside it", netlink::describe_process(holder));
  } else if (config_.kernel.mode == config::KernelMode::kOwn && is_held) {
    throw StartError(ExitCode::kStart, held_text(holder));
  }
}

void Daemon::open_socket() {
  const bool observe = config_.kernel.mode == config::KernelMode::kObserve;
  auto socket = netlink::EventSocket::open(
      observe ? netlink::EventSocket::Mode::kObserve : netlink::EventSocket::Mode::kOwn, config_.kernel.receive_buffer);
  if (!socket) refuse_socket(socket.error());
  socket_.emplace(std::move(*socket));
  // Opened with the rights that are dropped below, which the size of its buffer needs.
  if (may_take_over_)
    if (auto own = netlink::EventSocket::open(netlink::EventSocket::Mode::kOwn, config_.kernel.receive_buffer))
      own_socket_.emplace(std::move(*own));
  if (socket_->receive_buffer() < config_.kernel.receive_buffer)
    spdlog::warn(
        "the receive buffer is {} bytes, not the {} asked for: without CAP_NET_ADMIN, net.core.rmem_max is the "
        "limit",
        socket_->receive_buffer(), config_.kernel.receive_buffer);
}

// Only before the loop runs for anything else: what the kernel answers to the job.
template <typename Job>
auto Daemon::ask(Job job) {
  using Value = std::invoke_result_t<Job&, netlink::RequestSocket&>;
  const auto answer = std::make_shared<std::optional<Value>>();
  link_->run(std::move(job), [answer](Value value) { *answer = std::move(value); });
  if (!run_until([&] { return answer->has_value(); }))
    throw StartError(ExitCode::kStart, "the kernel has not answered within " + base::duration_text(kStartTime));
  return std::move(**answer);
}

void Daemon::start_link(netlink::RequestSocket requests) {
  link_.emplace(
      loop_, std::move(requests), *socket_,
      KernelLink::Handlers{.on_registration = [this](const Registration::Report& report) { on_registration(report); },
                           .on_status = [this](const netlink::KernelStatus& status) { on_status(status); }});
  if (observes()) {
    drain_->start();
    link_->start(false);
    return;
  }
  const config::Loaded loaded{config_, places_};
  ReadRulesPtr rules = read_rules_at_start(loaded);
  const KernelSettings wanted = rules->kernel;
  const SettingsReport done = ask([wanted](auto& kernel) { return apply_settings(kernel, wanted); });
  if (!done.warning.empty()) spdlog::warn("{}", done.warning);
  log(done.problems);
  drain_->start();
  link_->start(true);
  wait_for_registration();
  log(ask([wanted](auto& kernel) { return enable_auditing(kernel, wanted); }));
  settings_.want(wanted, config_.rules.drift);
  start_rules(std::move(rules));
}

void Daemon::start_rules(ReadRulesPtr rules) {
  make_rules_keeper();
  const auto is_loaded = std::make_shared<bool>(false);
  rules_->start(std::move(rules), steady_clock::now(),
                [is_loaded](const RulesKeeper::Loaded& /*loaded*/) { *is_loaded = true; });
  if (!run_until([&] { return *is_loaded; }))
    spdlog::warn("the kernel has not taken the rules within {}, going on meanwhile", base::duration_text(kStartTime));
}

bool Daemon::run_until(const std::function<bool()>& condition) {
  const auto deadline = steady_clock::now() + kStartTime;
  while (!condition()) {
    if (steady_clock::now() >= deadline) return false;
    loop_.run_one_until(deadline);
  }
  return true;
}

void Daemon::wait_for_registration() {
  if (!run_until([this] { return first_report_.has_value(); }))
    throw StartError(ExitCode::kStart,
                     "the kernel has not answered the registration within " + base::duration_text(kStartTime));
  const Registration::Report& report = *first_report_;
  if (report.change == Registration::Change::kRegistered) {
    registration_ = "registered";
    return;
  }
  if (report.change == Registration::Change::kRefused) refuse_socket(report.error);
  throw StartError(ExitCode::kStart, held_text(report.holder));
}

void Daemon::on_registration(const Registration::Report& report) {
  if (!first_report_) {
    first_report_ = report;
    return;
  }
  switch (report.change) {
    case Registration::Change::kRegistered:
      registration_ = "registered";
      spdlog::info("registered as the audit daemon");
      tell(type::kDaemonConfig, "op=registered res=success");
      if (std::exchange(is_taking_over_, false)) {
        make_rules_keeper();
        requests_.reload_by_signal();
      }
      break;
    case Registration::Change::kLost:
      registration_ = "lost";
      spdlog::warn("the kernel dropped our registration, registering again");
      tell(type::kDaemonErr, loss_text("registration", "holder=0"));
      break;
    case Registration::Change::kTaken:
      registration_ = "held by " + netlink::describe_process(report.holder);
      spdlog::error("{} took the registration from us; waiting until it is gone",
                    netlink::describe_process(report.holder));
      tell(type::kDaemonErr, loss_text("registration", fmt::format("holder={}", report.holder)));
      break;
    case Registration::Change::kHeld:
      spdlog::error("{}", held_text(report.holder));
      break;
    case Registration::Change::kRefused:
      spdlog::error("the kernel refuses the registration: {}, retrying", report.error.message());
      break;
    case Registration::Change::kTakeOverAttempt:
      spdlog::warn("{} tries to become the audit daemon in our place", netlink::describe_process(report.holder));
      tell(type::kDaemonErr, fmt::format("op=takeover-attempt opid={} res=failed", report.holder));
      break;
  }
}

void Daemon::wait_for_signal() {
  signals_.async_wait([this](const boost::system::error_code& error, int signal) {
    if (!error) on_signal(signal);
  });
}

void Daemon::on_signal(int signal) {
  switch (signal) {
    case SIGHUP:
      requests_.reload_by_signal();
      break;
    case SIGUSR1:
      requests_.rotate_by_signal();
      break;
    default:
      stop(signal);
      return;
  }
  wait_for_signal();
}

void Daemon::on_tick() {
  notify_watchdog();
  if (has_kernel()) {
    tell_losses();
    tell_receive_errors();
    tell_gaps();
    tell_missing_ends();
    check_rules();
  }
  untold_->keep();
  encode_->tick();
  tick_.expires_after(tick_time_);
  tick_.async_wait([this](const boost::system::error_code& error) {
    if (!error) on_tick();
  });
}

void Daemon::check_rules() {
  const std::uint64_t changes = encode_->config_changes();
  const bool has_changed = std::exchange(config_changes_, changes) != changes;
  if (has_changed) link_->poll();
  if (rules_) rules_->tick(steady_clock::now(), has_changed);
}

void Daemon::on_status(const netlink::KernelStatus& status) {
  status_ = status;
  if (!observes()) {
    if (!requests_.is_reloading()) settings_.look(status, steady_clock::now());
    return;
  }
  const auto holder = static_cast<pid_t>(status.pid);
  if (own_socket_ && (holder == 0 || !netlink::is_alive(holder))) take_over();
}

void Daemon::make_drain() {
  drain_.emplace(
      *socket_, config_.events, handoff_,
      DrainThread::Handlers{.on_registration = [this](std::error_code error) { link_->on_answer(error); },
                            .on_replace = [this](pid_t pid) { link_->on_replace(pid); },
                            .work_here = [encode = &*encode_](bool is_last) { encode->work_here(is_last); }});
}

// Mode auto, and the other daemon has gone. What it would have received meanwhile is a gap.
void Daemon::take_over() {
  spdlog::info("nobody is this machine's audit daemon any more: taking over");
  if (const auto gap = drain_->stop(kDrainTime)) on_gap(*gap);
  if (drain_->left_behind()) left_behind_ = true;
  const std::uint64_t next = drain_->gaps().next.value();
  drain_.reset();
  socket_.emplace(std::move(*own_socket_));
  own_socket_.reset();
  config_.kernel.mode = config::KernelMode::kOwn;
  make_drain();
  if (next != 0) drain_->begin_at(static_cast<std::uint32_t>(next - 1), false, {});
  gap_events_ = gap_late_ = receive_errors_ = 0;
  losses_.emplace(false);
  first_report_.emplace(netlink::Registration::Report{});
  registration_ = "taking over";
  is_taking_over_ = true;
  drain_->start();
  link_->start(true);
}

void Daemon::make_rules_keeper() {
  rules_.emplace(
      [this](RulesKeeper::Work work, RulesKeeper::Then then) {
        link_->run(
            [work = std::move(work)](netlink::RequestSocket& kernel) -> std::string {
              rules::SocketRules in_kernel(kernel);
              rules::SocketSettings settings(kernel);
              try {
                work(in_kernel, settings);
              } catch (const base::Error& error) {
                return error.what();
              }
              return {};
            },
            std::move(then));
      },
      [this](std::uint16_t record, const std::string& text) { tell(record, text); });
}

void Daemon::heal(const KernelSettings& wanted) {
  const auto job = [wanted](netlink::RequestSocket& requests) { return bring_settings(requests, wanted).problems; };
  link_->run(job, [this](const std::vector<std::string>& problems) {
    log(problems);
    link_->poll();
  });
}

void Daemon::tell_missing_ends() {
  const auto news = no_ends_.look(drain_->correlated().eoe_missing.value() != 0, steady_clock::now());
  if (news == Trouble::News::kBegan) {
    spdlog::warn(
        "EOE, the record that ends an event, does not come: a rule excludes it, or records are lost. Events end at "
        "PROCTITLE or by a quiet time");
    tell(type::kDaemonErr, "op=eoe-missing res=failed");
  } else if (news == Trouble::News::kEnded) {
    spdlog::info("the kernel ends events (EOE) again");
    tell(type::kDaemonConfig, "op=eoe-back res=success");
  }
}

void Daemon::tell_losses(bool is_last) {
  LossTotals totals;
  if (status_) totals.kernel_lost = status_->lost;
  totals.overruns = drain_->received().overruns.value();
  totals.truncated = drain_->received().truncated.value();
  for (const std::string& text : is_last ? losses_->look_last(totals) : losses_->look(totals, steady_clock::now())) {
    spdlog::warn("{}", text);
    tell(type::kDaemonErr, text);
  }
}

// The drain thread counts them and says nothing.
void Daemon::tell_receive_errors() {
  const std::uint64_t errors = drain_->received().errors.value();
  if (errors == std::exchange(receive_errors_, errors)) return;
  const int code = drain_->counters().receive_error.load(std::memory_order_relaxed);
  spdlog::error("cannot receive audit records: {}, retrying ({} so far)", std::generic_category().message(code),
                base::count_text(errors, "failure"));
}

// The drain thread finds them.
void Daemon::tell_gaps() {
  const auto& gaps = drain_->gaps();
  const std::uint64_t events = gaps.events.value();
  if (events != std::exchange(gap_events_, events)) {
    drain_->take_gaps([this](const correlate::SerialGaps::Found& found) {
      boost::asio::post(loop_, [this, found] { on_gap(found); });
    });
  }
  const std::uint64_t late = gaps.late.value();
  const std::uint64_t late_before = std::exchange(gap_late_, late);
  if (late != late_before) {
    spdlog::info("{} that had been missing came after all", base::count_text(late - late_before, "event"));
    tell(type::kDaemonErr, fmt::format("op=gap-late events={} res=success", late - late_before));
  }
  order_.tell(gaps, config_.events.log_out_of_order);
  serials_->keep(gaps);
}

void Daemon::on_gap(const correlate::SerialGaps::Found& found) {
  const bool is_bound = std::exchange(gap_is_bound_, false);
  spdlog::warn("{}{} of the kernel never came, between the serials {} and {}", is_bound ? "at most " : "",
               base::count_text(found.events, "event"), found.first, found.last);
  tell(type::kDaemonErr, loss_text("gap", fmt::format("first={} last={} events={} gaps={}{}", found.first, found.last,
                                                      found.events, found.gaps, is_bound ? " exact=no" : "")));
  serials_->keep(drain_->gaps());
}

// The sink itself puts it into its own stream, at the place where the events are missing.
void Daemon::on_sink_loss(const output::SinkLoss& loss) {
  spdlog::warn("sink '{}' left out {}: {} ({} so far)", loss.sink, base::count_text(loss.events, "event"), loss.cause,
               loss.total);
  drops_.add(loss);
  if (!encode_) return;
  encode_->inject_for_others(
      events_.make(type::kDaemonErr, output::loss_record(loss), std::chrono::system_clock::now()), loss.sink);
}

void Daemon::on_sink_change(const output::SinkChange& change) {
  const std::string often =
      change.changes > 1 ? fmt::format(" (it has changed {} times since this was last said)", change.changes) : "";
  if (change.works)
    spdlog::info("sink '{}' works again; {} waited{}", change.sink, base::count_text(change.events_waiting, "event"),
                 often);
  else
    spdlog::warn("sink '{}': {}: {}{}", change.sink, change.state, base::shown(change.cause), often);
  if (encode_) tell(change.works ? type::kDaemonResume : type::kDaemonErr, output::change_record(change));
}

void Daemon::warn_of_sinks() const {
  for (const output::SinkStatus& sink : sinks_.status())
    if (!sink.warning.empty()) spdlog::warn("sink '{}': {}", sink.name, sink.warning);
}

// True: the kernel has let us go.
bool Daemon::stop_kernel() {
  bool is_unregistered = false;
  if (!observes()) {
    if (config_.kernel.on_stop == config::OnStop::kDisable) {
      netlink::StatusChange off;
      off.enabled = 0;
      const auto done = link_->wait_for(kStopTime, [off](auto& kernel) { return kernel.set(off); });
      if (!done || !*done)
        spdlog::error("cannot disable auditing: {}", done ? done->error().message() : "the kernel does not answer");
    }
    is_unregistered = link_->unregister(kStopTime) && registration_ == "registered";
    if (!is_unregistered && registration_ == "registered")
      spdlog::error("the kernel does not answer: it was not unregistered from");
  }
  // Unregistered, with the socket still read: what the kernel had queued for us comes in now.
  const auto gap = drain_->stop(kDrainTime);
  if (drain_->left_behind()) left_behind_ = true;
  if (const auto last = link_->wait_for(kStopTime, [](auto& kernel) { return kernel.status(); }); last && *last)
    status_ = **last;
  tell_losses(/*is_last=*/true);
  if (gap) on_gap(*gap);
  return is_unregistered;
}

void Daemon::stop(int signal) {
  notify_stopping();
  settings_.want({}, config::Drift::kIgnore);
  control_.reset();
  requests_.stop_metrics();
  signals_.cancel();
  tick_.cancel();
  // A sink that has made everybody wait until now may not make the stop wait: the kernel's queue has to run empty.
  if (!encode_->answers_within(kBlockTime)) sinks_.end_blocking();
  const Requester who = requests_.sender_at_stop(signal);
  collecting_.stop(kStopTime);
  const bool is_unregistered = has_kernel() && stop_kernel();
  tell(type::kDaemonEnd, end_text(who));
  if (!encode_->end_within(kDrainTime)) sinks_.end_blocking();
  if (encode_->end_within(kBlockTime)) {
    encode_->stop();
  } else {
    spdlog::error("the encode thread does not end; what it had not yet encoded is lost");
    left_behind_ = true;
  }
  sinks_.stop(kStopSinks);
  if (has_kernel()) serials_->end(drain_->gaps(), is_unregistered && status_ && status_->enabled != 0);
  if (sinks_.tell_left_behind()) left_behind_ = true;
  untold_->keep_last(kStopTime);
  if (!background_.wait(kStopSinks)) left_behind_ = true;
  // What the sinks had to leave out at their end can no more be an event, but it is still said.
  loop_.poll();
  rules_.reset();
  link_.reset();
  loop_.stop();
  if (!has_kernel()) return spdlog::info("nauditd has stopped");
  spdlog::info("nauditd has stopped; auditing {}",
               config_.kernel.on_stop == config::OnStop::kDisable ? "was disabled" : "is as it was");
}

void Daemon::tell(std::uint16_t record, const std::string& text) {
  encode_->inject(events_.make(record, text, std::chrono::system_clock::now()));
}

}  // namespace naudit::daemon
