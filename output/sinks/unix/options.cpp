// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/unix/options.hpp"

#include <grp.h>

#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "base/error.hpp"
#include "base/text.hpp"

namespace naudit::output {
namespace {

constexpr std::array<std::string_view, 2> kSockets = {"stream", "seqpacket"};
constexpr std::array<std::string_view, 2> kWithoutReaders = {"keep", "drop"};
constexpr std::uint32_t kMostReaders = 1024;
constexpr std::uint64_t kLeastBuffer = 64 * config::kKiB;
constexpr std::uint64_t kMostBuffer = 1024 * config::kMiB;
constexpr std::size_t kMostPath = 107;  // sockaddr_un, unix(7)

struct Mode {
  std::string_view text;
  mode_t mode;
};
constexpr Mode kModes[] = {{"0600", 0600}, {"0660", 0660}, {"0666", 0666}};

void read_mode(const YAML::Node& node, mode_t& out, config::Reading& reading) {
  for (const Mode& one : kModes)
    if (node.IsScalar() && node.Scalar() == one.text) {
      out = one.mode;
      return;
    }
  reading.problems.add(
      node,
      "expected permissions of a socket, in quotes: \"0600\", \"0660\" or \"0666\" (who connects needs to write)");
}

config::Printed print_mode(mode_t mode) {
  for (const Mode& one : kModes)
    if (one.mode == mode) return std::string(one.text);
  return {};
}

void check(const UnixOptions& options, const config::Sink& sink, const config::Report& report) {
  if (options.path.empty() || options.path.ends_with('/'))
    report("path", "expected the socket to make, not " + base::in_quotes(options.path));
  if (options.path.size() > kMostPath) report("path", "a socket's path has at most 107 bytes");
  if (!options.group.empty() && options.mode == 0600)
    report("group", "'mode: \"0600\"' lets no group in; write \"0660\", or remove 'group'");
  if (options.reader_buffer > sink.queue.size)
    report("reader_buffer", "is taken from the queue, whose size is smaller; make queue.size larger, or this smaller");
}

}  // namespace

config::OptionTable unix_options() {
  return config::OptionSpec<UnixOptions>{
      .rows =
          {
              {"path",
               config::path(&UnixOptions::path),
               "The socket. It is made at start and goes at the stop.",
               {.example = "/run/naudit/events.sock", .exclusive = true}},
              {"socket", config::choice(&UnixOptions::socket, kSockets),
               "`stream`: one line an event; `seqpacket`: one packet an event."},
              {"mode", config::pattern(&UnixOptions::mode, "^06(00|60|66)$", read_mode, print_mode),
               "Who may connect, in quotes: 0600, 0660, 0666."},
              {"group",
               config::text(&UnixOptions::group),
               "The group of the socket. nauditd has to be in it: `SupplementaryGroups=` of its unit.",
               {.otherwise = "nauditd's"}},
              {"readers", config::number(&UnixOptions::readers, 1, kMostReaders), "No more of them at a time."},
              {"reader_buffer", config::size(&UnixOptions::reader_buffer, kLeastBuffer, kMostBuffer),
               "How far a reader may be behind while another one has everything. One that is further behind is cut "
               "off, and told."},
              {"without_reader", config::choice(&UnixOptions::without_reader, kWithoutReaders),
               "While nobody reads: `keep` events in the queue, whose policy decides what happens when it is full, or "
               "`drop` them, counted, at once."},
          },
      .check = check,
  };
}

std::vector<std::string> unix_warnings(const config::Sink& sink, bool look_at_disk) {
  const auto& options = sink.options.as<UnixOptions>();
  std::vector<std::string> warnings;
  if (options.mode == 0666) warnings.emplace_back("mode is 0666: every user of this machine may read the events");
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::path(options.path).parent_path();
  if (look_at_disk && !folder.empty() && !std::filesystem::exists(folder, error) && !error) {
    warnings.push_back("path: there is no folder " + base::in_quotes(folder.string()) +
                       (folder == "/run/naudit" ? " yet; nauditd's unit makes it" : "; events wait until there is"));
  }
  return warnings;
}

gid_t unix_group(const config::Sink& sink) {
  const auto& options = sink.options.as<UnixOptions>();
  if (options.group.empty()) return static_cast<gid_t>(-1);
  std::array<char, 65536> buffer{};
  group entry{};
  group* found = nullptr;
  if (::getgrnam_r(options.group.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
    throw base::Error("sink '" + sink.name + "': group: there is no group " + base::in_quotes(options.group));
  return entry.gr_gid;
}

}  // namespace naudit::output
