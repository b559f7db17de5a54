// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/sink_set.hpp"

#include <algorithm>
#include <utility>

#include "output/filter.hpp"
#include "output/sinks/registry.hpp"

namespace naudit::daemon {
namespace {

using std::chrono::steady_clock;

}  // namespace

SinkSet::Entries SinkSet::Maker::make(const std::vector<config::Sink>& wanted) const {
  Entries entries;
  for (const config::Sink& settings : wanted) {
    config::Filter filter = output::with_numbers(settings.filter, settings.name);
    const auto same = std::ranges::find(entries_, settings, &Entry::settings);
    entries.push_back({.settings = settings,
                       .filter = std::move(filter),
                       .sink = same != entries_.end() ? same->sink : output::make_sink(settings, *network_, on_loss_)});
  }
  return entries;
}

std::vector<output::Route> SinkSet::routes(const Entries& entries) {
  std::vector<output::Route> routes;
  for (const Entry& entry : entries)
    routes.push_back({.sink = entry.sink,
                      .format = entry.settings.format,
                      .filter = entry.filter,
                      .options = entry.settings.format_options});
  return routes;
}

SinkSet::Entries SinkSet::without(const Entries& entries) const {
  Entries gone;
  for (const Entry& old : entries_)
    if (std::ranges::find(entries, old.sink, &Entry::sink) == entries.end()) gone.push_back(old);
  return gone;
}

SinkSet::Entries SinkSet::commit(Entries entries) {
  Entries gone = without(entries);
  entries_ = std::move(entries);
  return gone;
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

void SinkSet::end_blocking() {
  for (const Entry& entry : entries_) entry.sink->end_blocking();
}

void SinkSet::stop(const Entries& entries, std::chrono::milliseconds at_most) {
  const auto deadline = steady_clock::now() + at_most;
  for (const Entry& entry : entries) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - steady_clock::now());
    entry.sink->stop(std::max(left, std::chrono::milliseconds{0}));
  }
}

}  // namespace naudit::daemon
