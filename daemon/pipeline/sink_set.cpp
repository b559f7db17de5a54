// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/sink_set.hpp"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "base/error.hpp"
#include "daemon/pipeline/broken_sink.hpp"
#include "output/filter.hpp"
#include "output/sinks/kinds.hpp"
#include "output/sinks/registry.hpp"

namespace naudit::daemon {
namespace {

using std::chrono::steady_clock;

}  // namespace

void SinkSet::Made::add(const std::shared_ptr<output::Sink>& sink) {
  const std::lock_guard lock(mutex_);
  std::erase_if(sinks_, [](const auto& one) { return one.expired(); });
  sinks_.push_back(sink);
  if (blocking_ended_) sink->end_blocking();
}

void SinkSet::Made::each(const std::function<void(output::Sink&)>& what) {
  std::vector<std::shared_ptr<output::Sink>> sinks;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& one : sinks_)
      if (auto sink = one.lock()) sinks.push_back(std::move(sink));
  }
  for (const auto& sink : sinks) what(*sink);
}

void SinkSet::Made::end_blocking() {
  {
    const std::lock_guard lock(mutex_);
    blocking_ended_ = true;
  }
  each([](output::Sink& sink) { sink.end_blocking(); });
}

SinkSet::Entries SinkSet::Maker::make(const std::vector<config::Sink>& wanted) const {
  return make(wanted, false);
}

SinkSet::Entries SinkSet::Maker::make_as_far_as_possible(const std::vector<config::Sink>& wanted) const {
  return make(wanted, true);
}

SinkSet::Entries SinkSet::Maker::make(const std::vector<config::Sink>& wanted, bool may_break) const {
  Entries entries;
  for (const config::Sink& settings : wanted) {
    Entry entry{.settings = settings, .filter = output::with_numbers(settings.filter), .sink = nullptr};
    const auto same = std::ranges::find_if(
        entries_, [&settings](const Entry& known) { return known.settings == settings && known.problem.empty(); });
    try {
      if (same != entries_.end()) {
        entry.sink = same->sink;
        entry.counts = same->counts;
      } else {
        entry.sink = output::make_sink(settings, *network_, host_);
        made_->add(entry.sink);
      }
    } catch (const base::Error& error) {
      if (!may_break) throw;
      entry.problem = error.what();
      entry.sink = std::make_shared<BrokenSink>(settings, entry.problem);
    }
    if (entry.counts == nullptr) entry.counts = std::make_shared<output::shape::Counts>();
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::vector<output::Route> SinkSet::routes(const Entries& entries) {
  std::vector<output::Route> routes;
  for (const Entry& entry : entries)
    routes.push_back({.sink = entry.sink,
                      .format = entry.settings.format,
                      .filter = entry.filter,
                      .options = entry.settings.format_options,
                      .envelope = output::envelope_of(entry.settings),
                      .redact = entry.settings.redact,
                      .rate_limit = entry.settings.rate_limit,
                      .aggregate = entry.settings.aggregate,
                      .counts = entry.counts});
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
    one.is_filtered = entry.settings.leaves_out();
    one.events_filtered = entry.counts->filtered.value();
    one.events_unspoken = entry.counts->unspoken.value();
    one.events_withheld = entry.counts->withheld.value();
    one.events_repeated = entry.counts->repeated.value();
    one.events_redacted = entry.counts->redacted.value();
    one.texts_redacted = entry.counts->redacted_texts.value();
    for (const std::string& warning : output::sink_warnings(entry.settings, /*look_at_disk=*/false))
      one.warning.append(one.warning.empty() ? "" : "; ").append(warning);
    for (const std::string& warning : output::filter_warnings(entry.filter))
      one.warning.append(one.warning.empty() ? "" : "; ").append(warning);
    all.push_back(std::move(one));
  }
  return all;
}

bool SinkSet::tell_left_behind() const {
  bool any = false;
  for (const output::SinkStatus& sink : status()) {
    if (!sink.state.starts_with("left behind")) continue;
    any = true;
    spdlog::error("sink '{}': {}; {} events were not written", sink.name, sink.state, sink.events_untold);
  }
  return any;
}

void SinkSet::rotate() {
  for (const Entry& entry : entries_) entry.sink->rotate();
}

void SinkSet::end_blocking() {
  made_->end_blocking();
}

void SinkSet::let_pass(bool pass) {
  made_->each([pass](output::Sink& sink) { sink.let_pass(pass); });
}

std::vector<SinkSet::Untold> SinkSet::untold(const Entries& entries) {
  std::vector<Untold> all;
  for (const Entry& entry : entries)
    if (output::Losses losses = entry.sink->untold(); !losses.empty())
      all.push_back({entry.settings.name, std::move(losses)});
  return all;
}

std::vector<SinkSet::Untold> SinkSet::carry(std::vector<Untold> untold) {
  std::erase_if(untold, [this](const Untold& one) {
    const auto entry =
        std::ranges::find_if(entries_, [&one](const Entry& known) { return known.settings.name == one.sink; });
    if (entry == entries_.end()) return false;
    entry->sink->carry(one.losses);
    return true;
  });
  return untold;
}

void SinkSet::stop(const Entries& entries, std::chrono::milliseconds at_most) {
  const auto deadline = steady_clock::now() + at_most;
  for (const Entry& entry : entries) entry.sink->end_by(deadline);
  for (const Entry& entry : entries) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - steady_clock::now());
    entry.sink->stop(std::max(left, std::chrono::milliseconds{0}));
  }
}

}  // namespace naudit::daemon
