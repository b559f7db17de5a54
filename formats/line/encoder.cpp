// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/line/encoder.hpp"

#include <iterator>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "interpret/summary/summary.hpp"

namespace naudit::formats {
void LineEncoder::encode(const interpret::DecodedEvent& event, std::string& out) {
  const correlate::Event& source = event.source();
  time_.append(source.id, context_.local_time, out);
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
