// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/line/encoder.hpp"

#include <cstdlib>
#include <ctime>
#include <iterator>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "interpret/summary/summary.hpp"

namespace naudit::formats {
namespace {

struct LocalZone {
  std::int64_t offset = 0;
  std::string text = "Z";
};

// "+01:00"; UTC for what the C library cannot tell, and for stamps of corrupt records.
LocalZone local_zone(std::uint64_t seconds) {
  constexpr std::uint64_t kLastSecond = 253402300799;  // of the year 9999
  constexpr std::int64_t kDay = 86400;
  const auto time = static_cast<std::time_t>(seconds);
  std::tm local{};
  if (seconds < std::uint64_t{kDay} || seconds > kLastSecond - kDay || localtime_r(&time, &local) == nullptr) return {};
  const std::int64_t offset = local.tm_gmtoff;
  if (offset == 0) return {};
  const std::int64_t minutes = std::abs(offset) / 60;
  return {offset, fmt::format("{}{:02}:{:02}", offset < 0 ? '-' : '+', minutes / 60, minutes % 60)};
}

}  // namespace

// Zones change at quarters of an hour only, so the C library is asked once for each.
void LineEncoder::append_time(const correlate::EventId& id, std::string& out) {
  constexpr std::uint64_t kSlot = 900;
  if (context_.local_time && id.seconds / kSlot != slot_) {
    slot_ = id.seconds / kSlot;
    const LocalZone zone = local_zone(id.seconds);
    offset_ = zone.offset;
    zone_ = zone.text;
  }
  out += time_.text(id.seconds + static_cast<std::uint64_t>(offset_), id.millis);
  out += zone_;
}

void LineEncoder::encode(const interpret::DecodedEvent& event, std::string& out) {
  const correlate::Event& source = event.source();
  append_time(source.id, out);
  out += ' ';
  const std::string_view node = source.node_or(context_.node);
  if (!node.empty()) {
    base::append_shown(node, out);
    out += ": ";
  }
  sentence_.append(event, interpret::summarise(event), out);
  if (event.incomplete() != correlate::Incomplete::kNo) {
    out += " (incomplete: ";
    out += correlate::incomplete_text(event.incomplete());
    out += ')';
  }
  fmt::format_to(std::back_inserter(out), " #{}\n", source.id.serial);
}

std::string sentence_left_out(const LeftOut& what) {
  return fmt::format("… {} left out, the terminal is too slow ({} to {}) …\n", base::count_text(what.events, "event"),
                     what.first_id, what.last_id);
}

}  // namespace naudit::formats
