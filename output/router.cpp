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

void Router::set_routes(const std::vector<Route>& routes) {
  std::vector<std::unique_ptr<Format>> formats;
  std::vector<Group> groups;
  for (const Route& route : routes) {
    auto format = std::ranges::find_if(formats, [&](const auto& one) {
      return one->name == route.format && one->options == route.options && one->envelope == route.envelope;
    });
    if (format == formats.end()) {
      auto encoder = formats::make_encoder(route.format, context_, route.options, route.envelope);
      if (encoder == nullptr) throw base::Error("there is no format '" + route.format + "'");
      formats.push_back(std::make_unique<Format>());
      format = std::prev(formats.end());
      (*format)->name = route.format;
      (*format)->options = route.options;
      (*format)->envelope = route.envelope;
      (*format)->encoder = std::move(encoder);
    }
    auto group = std::ranges::find_if(
        groups, [&](const Group& one) { return one.format == format->get() && one.wanted == route.filter; });
    if (group == groups.end()) {
      group = groups.insert(groups.end(),
                            Group{.format = format->get(),
                                  .wanted = route.filter,
                                  .filter = Filter(route.filter, route.sink->status().name, context_.names.scope()),
                                  .batch = nullptr,
                                  .last = {},
                                  .sinks = {}});
      ++(*format)->groups;
    }
    group->sinks.push_back(route.sink);
  }
  flush();
  groups_ = std::move(groups);
  formats_ = std::move(formats);
}

void Router::add(const correlate::Event& event) {
  decoded_.decode(event);
  has_priority_ = has_priority(event);
  for (const auto& format : formats_) format->is_current = false;
  for (Group& group : groups_)
    if (group.filter.passes(decoded_)) add_to(group, event);
}

// What the others share with that sink goes out first, so that this event can go by itself.
void Router::add_for_others(const correlate::Event& event, std::string_view sink) {
  decoded_.decode(event);
  has_priority_ = has_priority(event);
  for (const auto& format : formats_) format->is_current = false;
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
  Format& format = *group.format;
  if (format.groups == 1) {
    format.encoder->encode(decoded_, batch.bytes);
  } else {
    if (!format.is_current) {
      format.bytes.clear();
      format.encoder->encode(decoded_, format.bytes);
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
