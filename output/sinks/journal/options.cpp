// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/journal/options.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <sstream>
#include <system_error>

#include "base/text.hpp"
#include "output/sinks/journal/encoder.hpp"

namespace naudit::output {
namespace {

using config::nested;

constexpr std::size_t kMostPath = 107;  // sockaddr_un, unix(7)
constexpr std::size_t kMostIdentifier = 128;

void check(const JournalOptions& options, const config::Sink&, const config::Report& report) {
  if (options.path.size() > kMostPath) report("path", "a socket's path has at most 107 bytes");
  const bool is_word = !options.head.identifier.empty() && options.head.identifier.size() <= kMostIdentifier &&
                       std::ranges::all_of(options.head.identifier, [](char c) { return c > ' ' && c <= '~'; });
  if (!is_word)
    report("identifier", "expected 1 to 128 printable ASCII characters without a space, not " +
                             base::in_quotes(options.head.identifier));
}

// journald itself, or systemd, which opens the socket for it (systemd-journald-audit.socket).
bool is_journald(std::uint32_t process) {
  std::string name;
  std::getline(std::ifstream("/proc/" + std::to_string(process) + "/comm"), name);
  return name == "systemd-journal" || (process == 1 && name == "systemd");
}

}  // namespace

config::OptionTable journal_options() {
  return config::OptionSpec<JournalOptions>{
      .rows =
          {
              {"path", config::path(&JournalOptions::path), "The journal's own socket; a namespace has another one."},
              {"identifier", config::text(nested(&JournalOptions::head, &JournalHead::identifier)),
               "`SYSLOG_IDENTIFIER` of the entries: `journalctl -t nauditd`."},
              {"priority", config::choice(nested(&JournalOptions::head, &JournalHead::priority), kSeverities),
               "`PRIORITY` of all entries,"},
              {"failure_priority",
               config::choice(nested(&JournalOptions::head, &JournalHead::failure_priority), kSeverities),
               "but of events whose outcome is a failure this one.",
               {.otherwise = "`priority`"}},
          },
      .check = check,
  };
}

std::vector<std::uint32_t> audit_listeners(std::string_view table) {
  constexpr int kAudit = 9;  // NETLINK_AUDIT
  std::vector<std::uint32_t> ports;
  std::istringstream lines{std::string(table)};
  for (std::string line; std::getline(lines, line);) {
    // sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode; the first line names them.
    std::istringstream words(line);
    std::string socket;
    int protocol = -1;
    std::uint32_t port = 0;
    std::uint32_t groups = 0;
    if (words >> socket >> protocol >> port >> std::hex >> groups && protocol == kAudit && (groups & 1U) != 0)
      ports.push_back(port);
  }
  return ports;
}

std::vector<std::string> journal_warnings(const config::Sink& sink, bool look_at_disk) {
  if (!look_at_disk) return {};
  std::vector<std::string> warnings;
  const std::string& path = sink.options.as<JournalOptions>().path;
  std::error_code error;
  if (!std::filesystem::exists(path, error) && !error)
    warnings.push_back("path: there is no " + base::in_quotes(path) + "; events wait until there is");
  std::ifstream file("/proc/net/netlink");
  const std::string table{std::istreambuf_iterator<char>(file), {}};
  if (std::ranges::any_of(audit_listeners(table), is_journald)) {
    warnings.emplace_back(
        "journald reads the kernel's audit records itself, so the journal has every event twice; run: systemctl mask "
        "--now systemd-journald-audit.socket && systemctl restart systemd-journald");
  }
  return warnings;
}

formats::Envelope journal_envelope(const config::Sink& sink) {
  return {.make = make_journal_encoder, .options = sink.options.as<JournalOptions>().head};
}

}  // namespace naudit::output
