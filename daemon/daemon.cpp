// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/daemon.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <random>
#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "daemon/exit_code.hpp"
#include "daemon/kernel/settings.hpp"
#include "daemon/notify.hpp"
#include "daemon/process.hpp"
#include "netlink/holder.hpp"
#include "tables/record_types.hpp"

namespace naudit::daemon {
namespace {

namespace type = tables::type;
using netlink::Registration;
using std::chrono::steady_clock;

// What may wait between the drain and the encode thread. The socket's buffer is the larger queue, in the kernel's
// memory.
constexpr std::size_t kHandoffBytes = std::size_t{4} << 20U;
constexpr std::chrono::seconds kRegistrationTime{15};
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

std::string held_text(pid_t holder) {
  return fmt::format(
      "{} is this machine's audit daemon already: stop it (systemctl stop auditd), or set 'kernel: {{mode: "
      "observe}}' to listen beside it",
      netlink::describe_process(holder));
}

}  // namespace

Daemon::Daemon(config::Loaded loaded, std::string config_path)
    : config_path_(std::move(config_path)),
      config_(std::move(loaded.config)),
      events_(random_serial()),
      handoff_(kHandoffBytes),
      sinks_([this](const output::SinkLoss& loss) { boost::asio::post(loop_, [this, loss] { on_sink_loss(loss); }); }),
      started_(steady_clock::now()) {}

// After a start that failed half-way; stop() leaves nothing to do here.
Daemon::~Daemon() {
  if (link_ && !observes()) link_->unregister();
  control_.reset();
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
  auto requests = netlink::RequestSocket::open();
  if (!requests) refuse_socket(requests.error());
  choose_mode(*requests);
  open_socket();
  drop_privileges();

  // Asked for before the first thread exists, so that all of them leave the signals to this one.
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) signals_.add(signal);
  std::signal(SIGPIPE, SIG_IGN);

  encode_.emplace(handoff_, node_name(config_.node));
  encode_->start();
  auto entries = sinks_.prepare(config_.sinks);
  set_routes(entries);
  sinks_.commit(std::move(entries));
  tell(type::kDaemonStart, start_text(NAUDIT_VERSION, kernel_release(), ourselves()));

  drain_.emplace(*socket_, config_.events, handoff_,
                 DrainThread::Handlers{.on_registration = [this](std::error_code error) { link_->on_answer(error); },
                                       .on_replace = [this](pid_t pid) { link_->on_replace(pid); },
                                       .on_error =
                                           [](std::error_code error) {
                                             spdlog::error("cannot receive audit records: {}, retrying",
                                                           error.message());
                                           }});
  losses_.emplace(observes());
  start_link(std::move(*requests));

  control_.emplace(loop_, config_.daemon.control_socket, *this);
  tick_time_ = kTick;
  if (const auto watchdog = watchdog_time()) tick_time_ = std::min(tick_time_, *watchdog / 2);
  wait_for_signal();
  on_tick();
  const std::string mode = observes() ? "observing" : "the audit daemon";
  spdlog::info("nauditd {} is {}; {} sinks", NAUDIT_VERSION, mode, config_.sinks.size());
  notify_ready(mode);
}

// `auto` observes where somebody else is the audit daemon.
void Daemon::choose_mode(netlink::RequestSocket& requests) {
  const auto status = requests.status();
  if (!status) refuse_socket(status.error());
  const auto holder = static_cast<pid_t>(status->pid);
  const bool is_held = holder != 0 && netlink::is_alive(holder);
  if (config_.kernel.mode == config::KernelMode::kAuto) {
    config_.kernel.mode = is_held ? config::KernelMode::kObserve : config::KernelMode::kOwn;
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
  if (socket_->receive_buffer() < config_.kernel.receive_buffer)
    spdlog::warn(
        "the receive buffer is {} bytes, not the {} asked for: without CAP_NET_ADMIN, net.core.rmem_max is the "
        "limit",
        socket_->receive_buffer(), config_.kernel.receive_buffer);
}

void Daemon::start_link(netlink::RequestSocket requests) {
  first_report_.emplace();
  link_.emplace(std::move(requests), *socket_,
                KernelLink::Handlers{.on_registration =
                                         [this](const Registration::Report& report) {
                                           boost::asio::post(loop_, [this, report] { on_registration(report); });
                                         },
                                     .on_status =
                                         [this](const netlink::KernelStatus& status) {
                                           boost::asio::post(loop_, [this, status] { status_ = status; });
                                         }});
  if (!observes()) log(link_->run([this](auto& kernel) { return apply_settings(kernel, config_.kernel); }).get());
  drain_->start();
  link_->start(!observes());
  if (observes()) return;
  wait_for_registration();
  log(link_->run([this](auto& kernel) { return enable_auditing(kernel, config_.kernel); }).get());
  rules_.emplace(
      [this](const RulesKeeper::Work& work) {
        link_
            ->run([&work](netlink::RequestSocket& kernel) {
              rules::SocketRules rules(kernel);
              rules::SocketSettings settings(kernel);
              work(rules, settings);
            })
            .get();
      },
      [this](std::uint16_t record, const std::string& text) { tell(record, text); });
  try {
    rules_->read(config_);
    rules_->load(steady_clock::now());
  } catch (const base::Error& error) {
    rules_->set_error(error.what());
    spdlog::error("no rules were loaded: {}", error.what());
    tell(type::kDaemonErr, "op=load-rules res=failed");
  }
}

// The loop runs for nothing else yet: signals wait until the start has ended.
void Daemon::wait_for_registration() {
  auto first = first_report_->get_future();
  const auto deadline = steady_clock::now() + kRegistrationTime;
  while (first.wait_for(std::chrono::seconds{0}) != std::future_status::ready) {
    if (steady_clock::now() >= deadline)
      throw StartError(ExitCode::kStart, "the kernel has not answered the registration within 15 s");
    loop_.run_one_for(std::chrono::milliseconds{100});
  }
  first_report_.reset();
  const Registration::Report report = first.get();
  if (report.change == Registration::Change::kRegistered) {
    registration_ = "registered";
    return;
  }
  if (report.change == Registration::Change::kRefused) refuse_socket(report.error);
  throw StartError(ExitCode::kStart, held_text(report.holder));
}

void Daemon::on_registration(const Registration::Report& report) {
  if (first_report_) {
    first_report_->set_value(report);
    return;
  }
  switch (report.change) {
    case Registration::Change::kRegistered:
      registration_ = "registered";
      spdlog::info("registered as the audit daemon");
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
      static_cast<void>(reload_for(sender(signal)));
      break;
    case SIGUSR1:
      rotate_for(sender(signal));
      break;
    default:
      stop(signal);
      return;
  }
  wait_for_signal();
}

void Daemon::on_tick() {
  notify_watchdog();
  tell_losses();
  check_rules();
  tick_.expires_after(tick_time_);
  tick_.async_wait([this](const boost::system::error_code& error) {
    if (!error) on_tick();
  });
}

void Daemon::check_rules() {
  if (!rules_) return;
  const std::uint64_t changes = encode_->config_changes();
  rules_->tick(steady_clock::now(), std::exchange(config_changes_, changes) != changes);
}

void Daemon::tell_losses() {
  LossTotals totals;
  if (status_) totals.kernel_lost = status_->lost;
  totals.overruns = drain_->received().overruns.value();
  totals.truncated = drain_->received().truncated.value();
  for (const std::string& text : losses_->look(totals)) {
    spdlog::warn("{}", text);
    tell(type::kDaemonErr, text);
  }
}

void Daemon::on_sink_loss(const output::SinkLoss& loss) {
  std::string cause = loss.cause;
  std::ranges::replace_if(cause, [](char c) { return c <= ' ' || c == '"' || c == '\'' || c > '~'; }, '-');
  const std::string text = loss_text(
      cause, fmt::format("sink={} events={} first={} last={}", loss.sink, loss.events, loss.first_id, loss.last_id));
  spdlog::warn("sink '{}' left out {} events: {}", loss.sink, loss.events, loss.cause);
  if (encode_) tell(type::kDaemonErr, text);
}

void Daemon::stop(int signal) {
  notify_stopping();
  control_.reset();
  signals_.cancel();
  tick_.cancel();
  const Requester who = sender(signal);
  if (!observes()) {
    if (config_.kernel.on_stop == config::OnStop::kDisable) {
      netlink::StatusChange off;
      off.enabled = 0;
      const auto done = link_->run([&](auto& kernel) { return kernel.set(off); }).get();
      if (!done) spdlog::error("cannot disable auditing: {}", done.error().message());
    }
    link_->unregister();
  }
  // Unregistered, with the socket still read: what the kernel had queued for us comes in now.
  drain_->stop(kDrainTime);
  if (const auto last = link_->run([](auto& kernel) { return kernel.status(); }).get()) status_ = *last;
  tell_losses();
  tell(type::kDaemonEnd, end_text(who));
  encode_->stop();
  sinks_.stop(kStopSinks);
  // What the sinks had to leave out at their end can no more be an event, but it is still said.
  loop_.poll();
  rules_.reset();
  link_.reset();
  loop_.stop();
  spdlog::info("nauditd has stopped; auditing {}",
               config_.kernel.on_stop == config::OnStop::kDisable ? "was disabled" : "is as it was");
}

void Daemon::tell(std::uint16_t record, const std::string& text) {
  encode_->inject(events_.make(record, text, std::chrono::system_clock::now()));
}

void Daemon::log(const std::vector<std::string>& notes) {
  for (const std::string& note : notes) spdlog::warn("{}", note);
}

}  // namespace naudit::daemon
