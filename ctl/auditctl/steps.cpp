// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/auditctl/steps.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <iterator>
#include <span>
#include <string_view>
#include <variant>

#include "base/descriptor.hpp"
#include "base/text.hpp"
#include "ctl/auditctl/usage.hpp"
#include "ctl/console.hpp"
#include "interpret/arguments/arguments.hpp"
#include "interpret/names/resolver.hpp"
#include "rules/auditctl/listing.hpp"
#include "rules/auditctl/status_text.hpp"
#include "rules/kernel/kernel_rules.hpp"

namespace naudit::ctl {
namespace {

constexpr std::uint16_t kUserRecord = 1005;  // AUDIT_USER

std::string terminal() {
  std::array<char, PATH_MAX> name{};
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (ttyname_r(fd, name.data(), name.size()) != 0) continue;
    const std::string path = name.data();
    return path.starts_with("/dev/") ? path.substr(5) : path;
  }
  return "?";
}

std::string own_program() {
  std::array<char, PATH_MAX> path{};
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
  return length > 0 ? '"' + std::string(path.data(), static_cast<std::size_t>(length)) + '"' : "?";
}

std::string request_error(std::error_code error) {
  return error.value() == EEXIST ? "Rule exists" : error.message();
}

bool starts_with_dir(const rules::Rule& rule) {
  return !rule.fields.empty() && rule.fields[0].id == rules::FieldId::kDir;
}

rules::Rule as_path(rules::Rule rule) {
  rule.fields[0].id = rules::FieldId::kPath;
  return rule;
}

constexpr std::uint32_t kUnset = 0xFFFFFFFF;

std::string name_of(const interpret::NameId& id) {
  if (id.number == kUnset) return "unset";
  return interpret::system_name(id).value_or("unknown(" + std::to_string(id.number) + ")");
}

// What a0 to a3 of a rule mean to its system call, as `auditctl -l -i` tells it: names of flags, and of users and
// groups of this machine. Empty where the number says it all.
std::string argument_words(tables::ArchWord arch, std::uint32_t syscall, unsigned index,
                           std::span<const std::uint64_t, 4> arguments) {
  if (const auto id = interpret::argument_id(arch, syscall, index, arguments)) return name_of(*id);
  std::string text;
  interpret::append_argument(text, arch, syscall, index, arguments);
  return text;
}

constexpr int kStopWait = 30'000;  // milliseconds

struct Word {
  std::string_view name, plain;
  int signal;
};
constexpr Word kWords[] = {{"TERM", "stop", SIGTERM},
                           {"HUP", "reload", SIGHUP},
                           {"USR1", "rotate", SIGUSR1},
                           {"USR2", "resume", SIGUSR2},
                           {"CONT", "state", SIGCONT}};

int failed(const std::string& why) {
  error("Failed sending signal to auditd (" + why + ")");
  return kExitUsage;
}

// By the words of auditctl's --signal. Through a pidfd, so that no other process that got the number is hit; after
// `stop` it waits for the daemon's end.
int signal_daemon(std::uint32_t pid, std::string_view word) {
  const auto* known = std::find_if(std::begin(kWords), std::end(kWords), [word](const Word& one) {
    return base::same_word(one.name, word) || one.plain == word;
  });
  if (known == std::end(kWords)) {
    error(std::string(word) + " is an unsupported signal");
    return kExitUsage;
  }
  if (pid == 0) {
    error("Auditd is not running");
    return kExitNoDaemon;
  }
  // glibc 2.36 declares pidfd_open and pidfd_send_signal without C linkage guards, so by number.
  const base::Descriptor daemon(static_cast<int>(syscall(SYS_pidfd_open, static_cast<pid_t>(pid), 0U)));
  if (!daemon) return failed(std::system_category().message(errno));
  int code = kExitOk;
  if (syscall(SYS_pidfd_send_signal, daemon.get(), known->signal, nullptr, 0U) != 0) {
    code = failed(std::system_category().message(errno));
  } else if (word == "stop") {
    pollfd waiting{daemon.get(), POLLIN, 0};
    if (poll(&waiting, 1, kStopWait) == 0) code = failed("timeout");
  }
  return code;
}

}  // namespace

std::optional<int> AuditctlSteps::connect() {
  auto requests = netlink::RequestSocket::open();
  if (!requests) {
    error("Cannot open netlink audit socket");
    return kExitUsage;
  }
  requests_.emplace(std::move(*requests));
  const auto status = requests_->status();
  if (!status && status.error().value() == ECONNREFUSED) {
    error("The audit system is disabled");
    return kExitOk;
  }
  if (!status) return refused("Error sending status request", status.error());
  status_ = *status;
  return std::nullopt;
}

int AuditctlSteps::run(const rules::Command& command) {
  for (const rules::Step& step : command.steps) {
    const int code = std::visit([this](const auto& what) { return take(what); }, step);
    if (code != kExitOk) return code;
  }
  if (!command.failed) return kExitOk;
  if (!command.error.empty()) error(command.error);
  if (!command.also.empty()) error(command.also);
  return kExitFailed;
}

int AuditctlSteps::refused(const std::string& what, std::error_code why) {
  error(what + " (" + request_error(why) + ")");
  return kExitFailed;
}

int AuditctlSteps::take(const rules::step::Usage& /*step*/) {
  out(kAuditctlUsage);
  return kExitOk;
}

int AuditctlSteps::take(const rules::step::Version& /*step*/) {
  out("auditctl version " + std::string(kCompatibleVersion) + "\n");
  return kExitOk;
}

int AuditctlSteps::take(const rules::step::Warn& step) {
  error(step.text);
  return kExitOk;
}

int AuditctlSteps::take(const rules::step::ShowStatus& step) {
  const auto status = requests_->status();
  if (!status) return refused("Error sending status request", status.error());
  out(rules::status_text(*status, step.interpret));
  if (!step.features) return kExitOk;
  const auto features = requests_->features();
  if (!features) return refused("Error getting feature", features.error());
  out(rules::features_text(*features));
  return kExitOk;
}

int AuditctlSteps::list(const std::string& key, bool interpret) {
  const auto rules = rules::SocketRules(*requests_).list();
  if (!rules) return refused("Error receiving rules list", rules.error());
  for (const rules::Rule& rule : *rules) {
    if (!key.empty() && !rules::has_key(rule, key)) continue;
    out(rules::listing(rule, interpret ? rules::ListingStyle::kInterpreted : rules::ListingStyle::kAuditctl,
                       environment_.native, argument_words) +
        "\n");
  }
  if (rules->empty()) out("No rules\n");
  return kExitOk;
}

int AuditctlSteps::take(const rules::step::ListRules& step) {
  return list(step.key, step.interpret);
}

int AuditctlSteps::take(const rules::step::DeleteAll& step) {
  rules::SocketRules kernel(*requests_);
  const auto loaded = kernel.list();
  if (!loaded) return refused("Error receiving rules list", loaded.error());
  for (const rules::Rule& rule : *loaded) {
    if (!step.key.empty() && !rules::has_key(rule, step.key)) continue;
    if (const auto removed = kernel.remove(rule); !removed) return refused("Error deleting rule", removed.error());
  }
  return list(step.key, false);
}

int AuditctlSteps::take(const rules::step::SetStatus& step) {
  const auto set = requests_->set(step.change);
  if (set) return kExitOk;
  const netlink::StatusChange& change = step.change;
  return refused(change.enabled      ? "Error sending enable request"
                 : change.failure    ? "Error sending failure mode request"
                 : change.rate_limit ? "Error sending rate limit request"
                                     : "Error sending backlog limit request",
                 set.error());
}

// The two old values go to stderr, as auditctl's do.
int AuditctlSteps::take(const rules::step::ResetLost& /*step*/) {
  const auto old = requests_->reset_lost();
  if (!old) return refused("Error sending lost reset request", old.error());
  error("lost: " + std::to_string(*old));
  return kExitOk;
}

int AuditctlSteps::take(const rules::step::ResetWaitTime& /*step*/) {
  const auto old = requests_->reset_backlog_wait_time_actual();
  if (!old) return refused("Error sending backlog wait time actual reset request", old.error());
  error("backlog_wait_time_actual: " + std::to_string(*old));
  return kExitOk;
}

int AuditctlSteps::take(const rules::step::LoginuidImmutable& /*step*/) {
  const auto set = requests_->set_loginuid_immutable();
  return set ? kExitOk : refused("Error setting feature", set.error());
}

int AuditctlSteps::take(const rules::step::Trim& /*step*/) {
  const auto trimmed = requests_->trim();
  return trimmed ? kExitOk : refused("Error sending trim subtrees command", trimmed.error());
}

int AuditctlSteps::take(const rules::step::MakeEquivalent& step) {
  const auto made = requests_->make_equivalent(step.mount, step.subtree);
  return made ? kExitOk : refused("Error sending make_equivalent command", made.error());
}

int AuditctlSteps::take(const rules::step::UserMessage& step) {
  const auto sent =
      requests_->send_user_message(kUserRecord, "text=" + step.text + " exe=" + own_program() +
                                                    " hostname=? addr=? terminal=" + terminal() + " res=success");
  return sent ? kExitOk : refused("Error sending user message", sent.error());
}

int AuditctlSteps::take(const rules::step::SignalDaemon& step) {
  return signal_daemon(status_.pid, step.word);
}

int AuditctlSteps::take(const rules::step::AddRule& step) {
  rules::SocketRules kernel(*requests_);
  const rules::Rule& rule = step.rule.rule;
  auto added = kernel.add(rule);
  // A kernel without directory watches knows the path of one.
  if (!added && added.error().value() == EINVAL && starts_with_dir(rule)) added = kernel.add(as_path(rule));
  return added ? kExitOk : refused("Error sending add rule data request", added.error());
}

int AuditctlSteps::take(const rules::step::DeleteRule& step) {
  rules::SocketRules kernel(*requests_);
  const rules::Rule& rule = step.rule.rule;
  auto removed = kernel.remove(rule);
  if (!removed && removed.error().value() == ENOENT) {
    // An older auditctl may have loaded it.
    for (const rules::Rule& older : older_forms(step.rule))
      if (kernel.remove(older)) return kExitOk;
  }
  if (!removed && removed.error().value() == EINVAL && starts_with_dir(rule)) removed = kernel.remove(as_path(rule));
  return removed ? kExitOk : refused("Error sending delete rule data request", removed.error());
}

int AuditctlSteps::take(const rules::step::IgnoreErrors& step) {
  ignore_ = true;
  report_ = report_ || step.report;
  return kExitOk;
}

}  // namespace naudit::ctl
