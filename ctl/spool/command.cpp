// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/spool/command.hpp"

#include <ctime>
#include <functional>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/error.hpp"
#include "base/units.hpp"
#include "ctl/console.hpp"
#include "output/spool/clock.hpp"
#include "output/spool/inspect.hpp"

namespace naudit::ctl {
namespace {

using output::SegmentReport;
using output::SpoolReport;

constexpr int kExitFailed = 1;

// Rounded to what a person wants to know.
std::string about(std::uint64_t bytes) {
  constexpr std::uint64_t kKiB = 1024, kMiB = kKiB * kKiB;
  if (bytes < kKiB) return fmt::format("{} B", bytes);
  return bytes < kMiB ? fmt::format("{:.1f} KiB", static_cast<double>(bytes) / kKiB)
                      : fmt::format("{:.1f} MiB", static_cast<double>(bytes) / kMiB);
}

std::string age(std::int64_t wall_ms) {
  const std::int64_t seconds = std::max<std::int64_t>((output::spool_time().wall_ms - wall_ms) / 1000, 0);
  constexpr std::int64_t kMinute = 60, kHour = 3600, kDay = 86'400;
  if (seconds < 2 * kMinute) return fmt::format("{}s", seconds);
  if (seconds < 2 * kHour) return fmt::format("{}m", seconds / kMinute);
  return seconds < 2 * kDay ? fmt::format("{}h", seconds / kHour) : fmt::format("{}d", seconds / kDay);
}

std::string condition(const SegmentReport& one, const SpoolReport& report) {
  if (!one.segment) return "cannot be read: " + std::generic_category().message(one.code);
  const output::Segment& segment = *one.segment;
  const bool is_last = &one == &report.segments.back();
  if (segment.is_damaged()) return "damaged";
  if (segment.is_sealed) return segment.is_thinned ? "thinned out" : "sealed";
  if (report.is_in_use && is_last) return "being written";
  return segment.torn_bytes == 0 ? "not ended" : fmt::format("torn, {} bytes", segment.torn_bytes);
}

void print(const SpoolReport& report) {
  out(fmt::format("{}: {} events wait, {} in {} segments, {}\n", report.folder, report.waiting, about(report.bytes),
                  report.segments.size(), report.is_in_use ? "in use" : "not in use"));
  if (!report.segments.empty())
    out(fmt::format("  {:<24}  {:>9}  {:>8}  {:>10}  {:>5}  {}\n", "SEGMENT", "EVENTS", "PRIORITY", "SIZE", "AGE",
                    "STATE"));
  for (const SegmentReport& one : report.segments) {
    const output::Segment segment = one.segment.value_or(output::Segment());
    out(fmt::format("  {:<24}  {:>9}  {:>8}  {:>10}  {:>5}  {}\n", one.name, segment.events, segment.priority_events,
                    about(segment.bytes), segment.made.wall_ms == 0 ? "?" : age(segment.made.wall_ms),
                    condition(one, report)));
  }
  for (const std::string& name : report.set_aside) out(fmt::format("  {}  damaged, set aside\n", name));
  if (report.cursor)
    out(fmt::format("  delivered up to event {}\n", report.cursor->sequence));
  else
    out("  the position is lost: the next start delivers from the oldest event on\n");
}

// The spool itself, or those in a folder of spools.
std::vector<std::string> spools_of(const std::string& folder) {
  if (output::is_spool(folder)) return {folder};
  std::vector<std::string> below = output::spools_below(folder);
  if (below.empty()) throw base::Error("there is no spool in '" + folder + "'");
  return below;
}

int list(const std::string& folder) {
  for (const std::string& one : spools_of(folder))
    print(output::inspect_spool(output::real_disk(), one, /*look_at_all=*/false));
  return 0;
}

int verify(const std::string& folder) {
  bool all_sound = true;
  for (const std::string& one : spools_of(folder)) {
    const SpoolReport report = output::inspect_spool(output::real_disk(), one, /*look_at_all=*/true);
    print(report);
    out(report.is_sound() ? "  sound: every event can be read\n"
                          : "  not sound: a start delivers what can be read; `nauditctl spool repair` mends it\n");
    all_sound = all_sound && report.is_sound();
  }
  return all_sound ? 0 : kExitFailed;
}

int cat(const std::string& folder, bool all) {
  for (const std::string& one : spools_of(folder)) {
    output::read_spool(output::real_disk(), one, all, [](std::string_view event) {
      out(event);
      return std::ferror(stdout) == 0;
    });
  }
  return std::fflush(stdout) == 0 ? 0 : kExitFailed;
}

int repair(const std::string& folder) {
  for (const std::string& one : spools_of(folder)) {
    const std::vector<std::string> done = output::repair_spool(output::real_disk(), one);
    for (const std::string& text : done) out(one + ": " + text + '\n');
    if (done.empty()) out(one + ": nothing to repair\n");
  }
  return 0;
}

void add(CLI::App& spool, int& exit_code, const std::string& name, const std::string& help,
         std::function<int(const std::string&)> run) {
  CLI::App* const command = spool.add_subcommand(name, help);
  const auto folder = std::make_shared<std::string>();
  command->add_option("DIR", *folder, "The spool's folder, or one that holds spools: /var/lib/naudit/spool")
      ->required();
  command->callback([folder, run = std::move(run), &exit_code] {
    try {
      exit_code = run(*folder);
    } catch (const base::Error& failure) {
      error(std::string("nauditctl spool: ") + failure.what());
      exit_code = kExitFailed;
    }
  });
}

}  // namespace

void add_spool_command(CLI::App& app, int& exit_code) {
  CLI::App* const spool = app.add_subcommand("spool", "Shows, checks and mends what sinks have not yet delivered");
  spool->require_subcommand(1);
  spool->footer("All but `repair` only read, also while nauditd runs.");
  add(*spool, exit_code, "ls", "Lists the segments, and how far the peer has confirmed", list);
  add(*spool, exit_code, "verify", "Reads every event; the exit code is 1 if one is damaged", verify);
  const auto all = std::make_shared<bool>(false);
  add(*spool, exit_code, "cat", "Prints the events that wait",
      [all](const std::string& folder) { return cat(folder, *all); });
  spool->get_subcommand("cat")->add_flag("--all", *all, "Those too that are delivered and still there");
  add(*spool, exit_code, "repair", "Makes damaged segments whole, while nauditd does not use them", repair);
}

}  // namespace naudit::ctl
