// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "config/sections.hpp"

#include <algorithm>

#include <yaml-cpp/yaml.h>

#include "base/text.hpp"
#include "config/values.hpp"
#include "config/vocabulary.hpp"

namespace naudit::config {
namespace {

using YamlNode = YAML::Node;
using namespace std::chrono_literals;

// At namespace scope: the readers below outlive the functions that make them.
constexpr std::int64_t kLeastBacklog = 64;  // the kernel's own default
constexpr std::int64_t kMostBacklog = 10'000'000;
constexpr std::int64_t kMostRate = 1'000'000'000;
constexpr Milliseconds kMostWait = 10min;  // the kernel's own limit is ten times its default of 60 s
constexpr std::int64_t kLeastOpen = 16;
constexpr std::int64_t kMostOpen = 16'000'000;
constexpr std::int64_t kMostRestarts = 1'000'000;
constexpr std::int64_t kMostOutOfOrder = 1'000'000;
constexpr std::int64_t kHighestNice = 19;
constexpr std::int64_t kMostOomScore = 1000;

void read_failure(const YamlNode& node, std::optional<FailureMode>& out, Reading& reading) {
  if (node.IsScalar() && (node.Scalar() == "panic" || node.Scalar() == "2")) {
    return reading.problems.add(node,
                                "nauditd never sets 'panic': one lost record, even one lost while the daemon is "
                                "restarted, would stop the machine; use 'printk' and watch the lost counter");
  }
  read_or_keep(node, out, [&](FailureMode& value) { read_enum(node, kFailureModes, value, reading); }, reading);
}

bool fits_a_record(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char letter) { return letter > ' ' && letter < '\x7f' && letter != '"' && letter != '\''; });
}

}  // namespace

void read_node(const YamlNode& node, Node& out, Reading& reading) {
  constexpr std::size_t kMost = 255;
  std::string text;
  const std::size_t before = reading.problems.size();
  read_text(node, text, reading.problems);
  if (reading.problems.size() != before) return;
  if (text == "none") {
    out = {NodeKind::kNone, ""};
  } else if (text == "hostname") {
    out = {NodeKind::kHostname, ""};
  } else if (text == "fqdn") {
    out = {NodeKind::kFqdn, ""};
  } else if (text.empty() || text.size() > kMost || !fits_a_record(text)) {
    reading.problems.add(node,
                         "expected none, hostname, fqdn, or a name of at most 255 ASCII letters without spaces "
                         "and quotes, not " +
                             base::in_quotes(text));
  } else {
    out = {NodeKind::kText, text};
  }
}

std::vector<Key> kernel_keys(Kernel& kernel, Reading& reading) {
  return {
      {"mode", [&](const YamlNode& node) { read_enum(node, kKernelModes, kernel.mode, reading); }},
      {"enabled",
       [&](const YamlNode& node) {
         read_or_keep(node, kernel.enabled, [&](bool& value) { read_bool(node, value, reading.problems); }, reading);
       }},
      {"backlog_limit",
       [&](const YamlNode& node) {
         read_or_keep(
             node, kernel.backlog_limit,
             [&](std::uint32_t& value) { read_number(node, kLeastBacklog, kMostBacklog, value, reading); }, reading);
       }},
      {"backlog_wait_time",
       [&](const YamlNode& node) {
         read_or_keep(
             node, kernel.backlog_wait_time,
             [&](Milliseconds& value) { read_duration_between(node, 0ms, kMostWait, value, reading); }, reading);
       }},
      {"rate_limit",
       [&](const YamlNode& node) {
         read_or_keep(
             node, kernel.rate_limit, [&](std::uint32_t& value) { read_number(node, 0, kMostRate, value, reading); },
             reading);
       }},
      {"failure", [&](const YamlNode& node) { read_failure(node, kernel.failure, reading); }},
      {"loginuid_immutable",
       [&](const YamlNode& node) { read_bool(node, kernel.loginuid_immutable, reading.problems); }},
      {"receive_buffer",
       [&](const YamlNode& node) { read_size_between(node, 64 * kKiB, 1024 * kMiB, kernel.receive_buffer, reading); }},
      {"on_stop", [&](const YamlNode& node) { read_enum(node, kOnStops, kernel.on_stop, reading); }},
  };
}

std::vector<Key> rules_keys(Rules& rules, Reading& reading) {
  return {
      {"files",
       [&](const YamlNode& node) {
         read_list(node, rules.files, reading.problems);
         for (std::string& file : rules.files) {
           if (file.empty()) return reading.problems.add(node, "expected paths, not an empty text");
           file = resolved(file, reading);
         }
       }},
      {"exclusive", [&](const YamlNode& node) { read_bool(node, rules.exclusive, reading.problems); }},
      {"lenient", [&](const YamlNode& node) { read_bool(node, rules.lenient, reading.problems); }},
      {"drift", [&](const YamlNode& node) { read_enum(node, kDrifts, rules.drift, reading); }},
  };
}

std::vector<Key> events_keys(Events& events, Reading& reading) {
  return {
      {"quiet", [&](const YamlNode& node) { read_duration_between(node, 1ms, 1min, events.quiet, reading); }},
      {"timeout", [&](const YamlNode& node) { read_duration_between(node, 10ms, 1min, events.timeout, reading); }},
      {"max_open", [&](const YamlNode& node) { read_number(node, kLeastOpen, kMostOpen, events.max_open, reading); }},
      {"max_open_bytes",
       [&](const YamlNode& node) { read_size_between(node, 64 * kKiB, 4096 * kMiB, events.max_open_bytes, reading); }},
      {"pause", [&](const YamlNode& node) { read_duration_between(node, 0ms, 100ms, events.pause, reading); }},
      {"max_out_of_order",
       [&](const YamlNode& node) { read_number(node, 0, kMostOutOfOrder, events.max_out_of_order, reading); }},
      {"log_out_of_order", [&](const YamlNode& node) { read_bool(node, events.log_out_of_order, reading.problems); }},
  };
}

std::vector<Key> plugins_keys(Plugins& plugins, Reading& reading) {
  return {
      {"directories",
       [&](const YamlNode& node) {
         if (node.IsScalar() && node.Scalar() == kNoWords) return plugins.directories.clear();
         read_list(node, plugins.directories, reading.problems);
         for (std::string& folder : plugins.directories) {
           if (folder.empty()) return reading.problems.add(node, "expected folders, not an empty text");
           folder = resolved(folder, reading);
         }
       }},
      {"names", [&](const YamlNode& node) { read_bool(node, plugins.names, reading.problems); }},
      {"node", [&](const YamlNode& node) { read_bool(node, plugins.node, reading.problems); }},
      {"max_restarts",
       [&](const YamlNode& node) { read_number(node, 0, kMostRestarts, plugins.max_restarts, reading); }},
  };
}

std::vector<Key> metrics_keys(Metrics& metrics, Reading& reading) {
  return {
      {"listen",
       [&](const YamlNode& node) {
         std::string text;
         const std::size_t before = reading.problems.size();
         read_text(node, text, reading.problems);
         if (reading.problems.size() != before || text == kNoListen) return;
         const auto listen = parse_listen(text);
         if (!listen)
           return reading.problems.add(node,
                                       "expected none, or an IP address and a port, as in 127.0.0.1:9477 or "
                                       "'[::1]:9477', not " +
                                           base::in_quotes(text));
         metrics.address = listen->address;
         metrics.port = listen->port;
         metrics.is_loopback = listen->is_loopback;
       }},
      {"remote", [&](const YamlNode& node) { read_bool(node, metrics.remote, reading.problems); }},
  };
}

std::vector<Key> daemon_keys(Daemon& daemon, Reading& reading) {
  return {
      {"control_socket", [&](const YamlNode& node) { read_path(node, daemon.control_socket, reading); }},
      {"state_directory", [&](const YamlNode& node) { read_path(node, daemon.state_directory, reading); }},
      {"log_level",
       [&](const YamlNode& node) {
         const int index = read_choice(node, kLogLevels, reading.problems);
         if (index >= 0) daemon.log_level = kLogLevels.at(static_cast<std::size_t>(index));
       }},
      {"nice", [&](const YamlNode& node) { read_number(node, -20, kHighestNice, daemon.nice, reading); }},
      {"oom_score_adjust",
       [&](const YamlNode& node) {
         read_or_keep(
             node, daemon.oom_score_adjust,
             [&](std::int32_t& value) { read_number(node, -kMostOomScore, kMostOomScore, value, reading); }, reading);
       }},
  };
}

}  // namespace naudit::config
