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

bool is_shaped(const Route& route) {
  return route.rate_limit.enabled || route.aggregate.enabled;
}

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
      return one.format == format && one.redaction == redaction && one.wanted == route.filter &&
             one.shaper == nullptr && !is_shaped(route);
    });
    if (group == groups.end()) {
      Format* const redacted = redaction == nullptr ? nullptr : format_of(route, redaction);
      group = groups.insert(groups.end(), make_group(route, format, redaction, redacted));
      ++format->groups;
      if (redacted != nullptr) ++redacted->groups;
    }
    group->sinks.push_back(route.sink);
    if (route.counts != nullptr) group->counts.push_back(route.counts);
  }
  take_over_shapers(groups);
  finish();
  groups_ = std::move(groups);
  formats_ = std::move(formats);
  redactions_ = std::move(redactions);
}

Router::Group Router::make_group(const Route& route, Format* format, Redaction* redaction, Format* redacted) const {
  const std::string name = route.sink->status().name;
  Group group{.format = format,
              .redaction = redaction,
              .redacted = redacted,
              .wanted = route.filter,
              .filter = Filter(route.filter, name, context_.names.scope()),
              .shaper = nullptr,
              .batch = nullptr,
              .last = {},
              .sinks = {},
              .counts = {}};
  if (!is_shaped(route)) return group;
  if (!make_event_) throw base::Error("sink '" + name + "': what its shaping leaves out cannot be told");
  group.shaper = std::make_unique<shape::Shaper>(route.rate_limit, route.aggregate, name);
  return group;
}

// What is not yet told stays so.
void Router::take_over_shapers(std::vector<Group>& groups) {
  for (Group& group : groups) {
    if (group.shaper == nullptr) continue;
    const auto before = std::ranges::find_if(groups_, [&group](const Group& one) {
      return one.shaper != nullptr && one.sinks == group.sinks && one.shaper->is_like(*group.shaper);
    });
    if (before != groups_.end()) group.shaper = std::move(before->shaper);
  }
}

void Router::begin(const correlate::Event& event) {
  decoded_.decode(event);
  now_ = std::max(now_, event.last);
  has_priority_ = has_priority(event);
  for (const auto& format : formats_) format->is_current = false;
  for (const auto& redaction : redactions_) redaction->is_current = false;
}

void Router::add(const correlate::Event& event) {
  begin(event);
  for (Group& group : groups_)
    if (is_for(group)) add_to(group, event);
}

// What spools keep longest is neither withheld nor counted together: logins, accounts, audit configuration, losses.
bool Router::is_for(Group& group) {
  if (!group.filter.passes(decoded_)) {
    count(group, &shape::Counts::filtered);
    return false;
  }
  if (group.shaper == nullptr) return true;
  tell_due(group);
  if (has_priority_) return true;
  const auto verdict = group.shaper->look(decoded_, now_);
  if (verdict == shape::Shaper::Verdict::kPasses) return true;
  const bool is_withheld = verdict == shape::Shaper::Verdict::kWithheld;
  count(group, is_withheld ? &shape::Counts::withheld : &shape::Counts::repeated);
  return false;
}

// What the others share with that sink goes out first, so that this event can go by itself.
void Router::add_for_others(const correlate::Event& event, std::string_view sink) {
  begin(event);
  const auto is_it = [sink](const std::shared_ptr<Sink>& one) { return one->status().name == sink; };
  for (Group& group : groups_) {
    if (!is_for(group)) continue;
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
  begin_batch(group, event.id);
  Batch& batch = *group.batch;
  const interpret::DecodedEvent* seen = &decoded_;
  if (Redaction* const redaction = group.redaction) {
    if (!std::exchange(redaction->is_current, true)) {
      const std::uint64_t before = redaction->redactor.redacted();
      redaction->event = redaction->redactor.redact(decoded_);
      redaction->texts = redaction->redactor.redacted() - before;
    }
    if (redaction->event != nullptr) {
      seen = redaction->event;
      count(group, &shape::Counts::redacted);
      count(group, &shape::Counts::redacted_texts, redaction->texts);
    }
  }
  Format& format = seen == &decoded_ ? *group.format : *group.redacted;
  const std::size_t before = batch.bytes.size();
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
  end_event(group, event.id, before, has_priority_);
}

// One that is still empty begins with the event that comes.
void Router::begin_batch(Group& group, const correlate::EventId& first) {
  if (group.batch != nullptr && group.batch->events() > 0) return;
  if (group.batch == nullptr) group.batch = pool_.take();
  group.batch->made = std::chrono::steady_clock::now();
  group.batch->first_id.clear();
  correlate::append_id(first, group.batch->first_id);
}

// `before`: the bytes of the batch without it.
void Router::end_event(Group& group, const correlate::EventId& id, std::size_t before, bool has_priority) {
  Batch& batch = *group.batch;
  if (batch.bytes.size() == before) return count(group, &shape::Counts::unspoken);
  if (has_priority) batch.priority.push_back(static_cast<std::uint32_t>(batch.events()));
  batch.ends.push_back(static_cast<std::uint32_t>(batch.bytes.size()));
  group.last = id;
  if (batch.bytes.size() >= kBatchBytes) flush(group);
}

void Router::count(const Group& group, base::Counter shape::Counts::* counter, std::uint64_t number) {
  for (const auto& counts : group.counts) ((*counts).*counter).add(number);
}

bool Router::owes() const noexcept {
  return std::ranges::any_of(groups_,
                             [](const Group& group) { return group.shaper != nullptr && group.shaper->owes(); });
}

void Router::tell_due(std::chrono::steady_clock::time_point now) {
  now_ = std::max(now_, now);
  for (Group& group : groups_)
    if (group.shaper != nullptr) tell_due(group);
}

void Router::tell_due(Group& group) {
  if (group.shaper->due() > now_) return;
  group.shaper->tell(now_, texts_);
  tell_texts(group);
}

// As events of this sink alone, behind what it has.
void Router::tell_texts(Group& group) {
  for (const std::string& text : texts_) {
    const correlate::EventPtr event = make_event_(text);
    own_.decode(*event);
    begin_batch(group, event->id);
    const std::size_t before = group.batch->bytes.size();
    group.format->encoder->encode(own_, group.batch->bytes);
    end_event(group, event->id, before, has_priority(*event));
  }
  texts_.clear();
}

void Router::finish() {
  for (Group& group : groups_) {
    if (group.shaper == nullptr) continue;
    group.shaper->tell_all(texts_);
    tell_texts(group);
  }
  flush();
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

void Router::flush(const Receipt& receipt) {
  flush();
  for (const Group& group : groups_)
    for (const auto& sink : group.sinks) sink->keep(receipt);
}

std::shared_ptr<Sink> Router::flush_but_one() {
  std::shared_ptr<Sink> one;
  for (Group& group : groups_) {
    if (!has_events(group)) continue;
    const BatchPtr batch = take_batch(group);
    for (const auto& sink : group.sinks)
      if (one != nullptr)
        sink->push(batch);
      else if (sink->push_unannounced(batch))
        one = sink;
  }
  return one;
}

bool Router::has_events(const Group& group) noexcept {
  return group.batch != nullptr && group.batch->events() > 0;
}

void Router::flush(Group& group) {
  if (!has_events(group)) return;
  const BatchPtr batch = take_batch(group);
  for (const auto& sink : group.sinks) sink->push(batch);
}

BatchPtr Router::take_batch(Group& group) {
  correlate::append_id(group.last, group.batch->last_id);
  return std::exchange(group.batch, nullptr);
}

}  // namespace naudit::output
