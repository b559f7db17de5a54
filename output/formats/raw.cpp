// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/formats/raw.hpp"

#include <algorithm>

#include "tables/record_types.hpp"

namespace naudit::output {

void append_raw_record(const correlate::Event& event, const correlate::RecordSpan& record, std::string_view node,
                       std::string& out) {
  if (!node.empty()) {
    out += "node=";
    out += node;
    out += ' ';
  }
  const std::string_view spelled = event.type_name(record);
  const std::string_view name = spelled.empty() ? tables::record_type_name(record.type) : spelled;
  // A line of a stored log in which no record was found is passed on as it stood.
  if (record.type != 0 || !name.empty()) {
    out += "type=";
    if (name.empty()) {
      out += tables::record_type_text(record.type);
    } else {
      out += name;
    }
    out += " msg=";
  }
  out += event.text(record);
}

void append_raw_line(const correlate::Event& event, const correlate::RecordSpan& record, const EncoderContext& context,
                     std::string& out) {
  const std::size_t start = out.size();
  const std::string_view node = event.node.empty() ? std::string_view(context.node) : std::string_view(event.node);
  append_raw_record(event, record, node, out);
  const std::size_t longest = start + (node.empty() ? kLongestLine : kLongestNodeLine);
  const bool cut = context.live && out.size() > longest;
  if (cut) out.resize(longest);
  std::replace(out.begin() + static_cast<std::ptrdiff_t>(start), out.end(), '\n', ' ');
  if (!cut && out.ends_with(' ')) out.pop_back();
}

void RawEncoder::encode(const interpret::DecodedEvent& event, std::string& out) {
  for (const correlate::RecordSpan& record : event.source().records()) {
    append_raw_line(event.source(), record, context_, out);
    out += '\n';
  }
}

}  // namespace naudit::output
