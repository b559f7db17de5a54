// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/sink_set.hpp"

#include <algorithm>
#include <utility>

#include "output/sinks/registry.hpp"

namespace naudit::daemon {
namespace {

using std::chrono::steady_clock;

void stop_all(SinkSet::Entries& entries, std::chrono::milliseconds at_most) {
  const auto deadline = steady_clock::now() + at_most;
  for (const SinkSet::Entry& entry : entries) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - steady_clock::now());
    entry.sink->stop(std::max(left, std::chrono::milliseconds{0}));
  }
}

}  // namespace

SinkSet::Entries SinkSet::prepare(const std::vector<config::Sink>& wanted) {
  Entries entries;
  for (const config::Sink& settings : wanted) {
    const auto same = std::ranges::find(entries_, settings, &Entry::settings);
    if (same != entries_.end())
      entries.push_back(*same);
    else
      entries.push_back({settings, output::make_sink(settings, network_, on_loss_)});
  }
  return entries;
}

std::vector<output::Route> SinkSet::routes(const Entries& entries) {
  std::vector<output::Route> routes;
  for (const Entry& entry : entries)
    routes.push_back({.sink = entry.sink,
                      .format = entry.settings.format,
                      .filter = entry.settings.filter,
                      .options = entry.settings.format_options});
  return routes;
}

void SinkSet::commit(Entries entries) {
  Entries gone;
  for (Entry& old : entries_)
    if (std::ranges::find(entries, old.sink, &Entry::sink) == entries.end()) gone.push_back(std::move(old));
  entries_ = std::move(entries);
  stop_all(gone, kStopSinks);
}

std::vector<output::SinkStatus> SinkSet::status() const {
  std::vector<output::SinkStatus> all;
  for (const Entry& entry : entries_) {
    output::SinkStatus one = entry.sink->status();
    one.format = entry.settings.format;
    all.push_back(std::move(one));
  }
  return all;
}

void SinkSet::rotate() {
  for (const Entry& entry : entries_) entry.sink->rotate();
}

void SinkSet::stop(std::chrono::milliseconds at_most) {
  stop_all(entries_, at_most);
}

}  // namespace naudit::daemon
