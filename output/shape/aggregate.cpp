// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/shape/aggregate.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "output/shape/traits.hpp"
#include "tables/record_types.hpp"

namespace naudit::output::shape {
namespace {

namespace type = tables::type;
using interpret::DecodedEvent;
using interpret::DecodedRecord;

constexpr std::array kTypes = {type::kSyscall, type::kExecve,   type::kCwd,
                               type::kPath,    type::kSockaddr, type::kProctitle};

bool can_be_counted(const DecodedEvent& event) {
  return event.source().has_syscall && event.incomplete() == correlate::Incomplete::kNo && !event.source().late &&
         std::ranges::all_of(event.records(), [](const DecodedRecord& record) {
           return std::ranges::find(kTypes, record.type) != kTypes.end();
         });
}

std::string id_text(const correlate::EventId& id) {
  std::string text;
  correlate::append_id(id, text);
  return text;
}

}  // namespace

Aggregate::Aggregate(const config::Aggregate& wanted, std::string sink)
    : wanted_(wanted), sink_(std::move(sink)), traits_(wanted.by) {
  for (const config::Trait always : {config::Trait::kType, config::Trait::kHost})
    if (std::ranges::find(traits_, always) == traits_.end()) traits_.push_back(always);
}

bool Aggregate::passes(const DecodedEvent& event, TimePoint now) {
  if (!can_be_counted(event)) return true;
  name_.clear();
  append_traits(traits_, event, name_);
  auto* value = runs_.find(name_);
  const correlate::EventId& id = event.source().id;
  if (value == nullptr) {
    if (value = runs_.add(name_, now + wanted_.window); value != nullptr) value->state.first = id;
    return true;
  }
  Run& run = value->state;
  ++untold_;
  if (run.counted++ == 0 && run.fields.empty()) append_fields(wanted_.by, event, run.fields);
  run.last = id;
  return false;
}

Aggregate::TimePoint Aggregate::due() noexcept {
  const auto* first = runs_.first();
  return first == nullptr ? TimePoint::max() : first->due;
}

void Aggregate::tell(Run& run, std::vector<std::string>& out) {
  if (run.counted == 0) return;
  out.push_back(fmt::format("op=repeated sink={} by={}{} events={} first={} last={} res=success", sink_,
                            names_of(wanted_.by), run.fields, run.counted, id_text(run.first), id_text(run.last)));
  untold_ -= std::exchange(run.counted, 0);
}

void Aggregate::tell(TimePoint now, std::vector<std::string>& out) {
  for (auto* value = runs_.first(); value != nullptr && value->due <= now; value = runs_.first()) {
    tell(value->state, out);
    runs_.remove_first();
  }
}

void Aggregate::tell_all(std::vector<std::string>& out) {
  runs_.each([&](auto& value) { tell(value.state, out); });
}

}  // namespace naudit::output::shape
