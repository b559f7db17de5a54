// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/cef/event_classes.hpp"

#include <algorithm>
#include <iterator>

#include "tables/record_types.hpp"

namespace naudit::formats {
namespace {

namespace type = tables::type;

struct CallRow {
  std::string_view name;
  EventClass is;
};
struct RecordRow {
  std::uint16_t type;
  EventClass is;
};

constexpr CallRow kCalls[] = {
#define NAUDIT_EVENT_CLASS(name, category, type, severity) {name, {category, type, severity}},
#include "formats/cef/call_classes.inc"
#undef NAUDIT_EVENT_CLASS
};
static_assert(std::ranges::is_sorted(kCalls, {}, &CallRow::name));

constexpr RecordRow kRecords[] = {
#define NAUDIT_EVENT_CLASS(number, category, type, severity) {number, {category, type, severity}},
#include "formats/cef/record_classes.inc"
#undef NAUDIT_EVENT_CLASS
};
static_assert(std::ranges::is_sorted(kRecords, {}, &RecordRow::type));

}  // namespace

EventClass call_class(std::string_view name) noexcept {
  const auto* const row = std::ranges::lower_bound(kCalls, name, {}, &CallRow::name);
  return row != std::end(kCalls) && row->name == name ? row->is : EventClass{};
}

EventClass record_class(std::uint16_t type) noexcept {
  const auto* const row = std::ranges::lower_bound(kRecords, type, {}, &RecordRow::type);
  return row != std::end(kRecords) && row->type == type ? row->is : EventClass{};
}

}  // namespace naudit::formats
