// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/line/encoder.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/chrono.h>

#include "base/text.hpp"
#include "formats/line/safe_text.hpp"
#include "interpret/summary/summary.hpp"

namespace naudit::formats {
namespace {

void append_time(const correlate::EventId& id, std::string& out) {
  constexpr std::uint64_t kLastSecond = 253402300799;
  const auto seconds = static_cast<std::time_t>(std::min(id.seconds, kLastSecond));
  fmt::format_to(std::back_inserter(out), "{:%Y-%m-%d %H:%M:%S}.{:03} ", fmt::gmtime(seconds), id.millis);
}

}  // namespace

void LineEncoder::encode(const interpret::DecodedEvent& event, std::string& out) {
  const correlate::Event& source = event.source();
  append_time(source.id, out);
  const std::string_view node = source.node.empty() ? std::string_view(context_.node) : std::string_view(source.node);
  if (!node.empty()) {
    append_safely(node, out);
    out += ": ";
  }
  sentence_.append(event, interpret::summarise(event), out);
  if (source.incomplete != correlate::Incomplete::kNo) {
    out += " (incomplete: ";
    out += correlate::incomplete_text(source.incomplete);
    out += ')';
  }
  fmt::format_to(std::back_inserter(out), " #{}\n", source.id.serial);
}

std::string sentence_left_out(const LeftOut& what) {
  return fmt::format("… {} left out, the terminal is too slow ({} to {}) …\n", base::count_text(what.events, "event"),
                     what.first_id, what.last_id);
}

}  // namespace naudit::formats
