// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/router.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "formats/registry.hpp"
#include "output/spool/priority.hpp"

namespace naudit::output {
namespace {

// Large enough that a write is cheap, small enough that it is still in the cache when it is written.
constexpr std::size_t kBatchBytes = std::size_t{256} * 1024;

}  // namespace

std::unique_ptr<Router::Format> Router::make_format(const Route& route, const Redaction* redaction) const {
  auto format = std::make_unique<Format>();
  format->name = route.format;
  format->options = route.options;
  format->envelope = route.envelope;
  format->redaction = redaction;
  format->encoder = formats::make_encoder(route.format, context_, route.options, route.envelope);
  if (format->encoder == nullptr) throw base::Error("there is no format '" + route.format + "'");
  return format;
}

void Router::set_routes(const std::vector<Route>& routes) {
  std::vector<std::unique_ptr<Format>> formats;
  std::vector<std::unique_ptr<Redaction>> redactions;
  std::vector<Group> groups;
  const auto format_of = [&](const Route& route, const Redaction* redaction) {
    const auto format = std::ranges::find_if(formats, [&](const auto& one) {
      return one->name == route.format && one->options == route.options && one->envelope == route.envelope &&
             one->redaction == redaction;
    });
    return format == formats.end() ? formats.emplace_back(make_format(route, redaction)).get() : format->get();
  };
  const auto redaction_of = [&](const Route& route) -> Redaction* {
    if (!route.redact.enabled) return nullptr;
    const auto redaction = std::ranges::find(redactions, route.redact, [](const auto& one) { return one->wanted; });
    if (redaction != redactions.end()) return redaction->get();
    return redactions.emplace_back(std::make_unique<Redaction>(route.redact)).get();
  };
  for (const Route& route : routes) {
    Format* const format = format_of(route, nullptr);
    Redaction* const redaction = redaction_of(route);
    auto group = std::ranges::find_if(groups, [&](const Group& one) {
      return one.format == format && one.redaction == redaction && one.wanted == route.filter;
    });
    if (group == groups.end()) {
      group = groups.insert(groups.end(),
                            Group{.format = format,
                                  .redaction = redaction,
                                  .redacted = redaction == nullptr ? nullptr : format_of(route, redaction),
                                  .wanted = route.filter,
                                  .filter = Filter(route.filter, route.sink->status().name, context_.names.scope()),
                                  .batch = nullptr,
                                  .last = {},
                                  .sinks = {}});
      ++format->groups;
      if (redaction != nullptr) ++group->redacted->groups;
    }
    group->sinks.push_back(route.sink);
  }
  flush();
  groups_ = std::move(groups);
  formats_ = std::move(formats);
  redactions_ = std::move(redactions);
}

void Router::begin(const correlate::Event& event) {
  decoded_.decode(event);
  has_priority_ = has_priority(event);
  for (const auto& format : formats_) format->is_current = false;
  for (const auto& redaction : redactions_) redaction->is_current = false;
}

void Router::add(const correlate::Event& event) {
  begin(event);
  for (Group& group : groups_)
    if (group.filter.passes(decoded_)) add_to(group, event);
}

// What the others share with that sink goes out first, so that this event can go by itself.
void Router::add_for_others(const correlate::Event& event, std::string_view sink) {
  begin(event);
  const auto is_it = [sink](const std::shared_ptr<Sink>& one) { return one->status().name == sink; };
  for (Group& group : groups_) {
    if (!group.filter.passes(decoded_)) continue;
    const auto it = std::ranges::find_if(group.sinks, is_it);
    if (it == group.sinks.end()) {
      add_to(group, event);
      continue;
    }
    if (group.sinks.size() == 1) continue;
    flush(group);
    const std::shared_ptr<Sink> left_out = *it;
    group.sinks.erase(it);
    add_to(group, event);
    flush(group);
    group.sinks.push_back(left_out);
  }
}

void Router::add_to(Group& group, const correlate::Event& event) {
  if (group.batch == nullptr) {
    group.batch = pool_.take();
    group.batch->made = std::chrono::steady_clock::now();
    correlate::append_id(event.id, group.batch->first_id);
  }
  Batch& batch = *group.batch;
  const interpret::DecodedEvent* seen = &decoded_;
  if (Redaction* const redaction = group.redaction) {
    if (!std::exchange(redaction->is_current, true)) redaction->event = redaction->redactor.redact(decoded_);
    if (redaction->event != nullptr) seen = redaction->event;
  }
  Format& format = seen == &decoded_ ? *group.format : *group.redacted;
  if (format.groups == 1) {
    format.encoder->encode(*seen, batch.bytes);
  } else {
    if (!format.is_current) {
      format.bytes.clear();
      format.encoder->encode(*seen, format.bytes);
      format.is_current = true;
    }
    batch.bytes += format.bytes;
  }
  if (has_priority_) batch.priority.push_back(static_cast<std::uint32_t>(batch.events()));
  batch.ends.push_back(static_cast<std::uint32_t>(batch.bytes.size()));
  group.last = event.id;
  if (batch.bytes.size() >= kBatchBytes) flush(group);
}

std::size_t Router::bytes() const noexcept {
  std::size_t most = 0;
  for (const Group& group : groups_)
    if (group.batch != nullptr) most = std::max(most, group.batch->bytes.size());
  return most;
}

void Router::flush() {
  for (Group& group : groups_) flush(group);
}

std::shared_ptr<Sink> Router::flush_but_one() {
  std::shared_ptr<Sink> one;
  for (Group& group : groups_) {
    if (group.batch == nullptr) continue;
    const BatchPtr batch = take_batch(group);
    for (const auto& sink : group.sinks)
      if (one != nullptr)
        sink->push(batch);
      else if (sink->push_unannounced(batch))
        one = sink;
  }
  return one;
}

void Router::flush(Group& group) {
  if (group.batch == nullptr) return;
  const BatchPtr batch = take_batch(group);
  for (const auto& sink : group.sinks) sink->push(batch);
}

BatchPtr Router::take_batch(Group& group) {
  correlate::append_id(group.last, group.batch->last_id);
  return std::exchange(group.batch, nullptr);
}

}  // namespace naudit::output
