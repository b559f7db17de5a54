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

void RawEncoder::encode(const interpret::DecodedEvent& event, std::string& out) {
  const correlate::Event& source = event.source();
  const std::string_view node = source.node.empty() ? std::string_view(context_.node) : std::string_view(source.node);
  for (const correlate::RecordSpan& record : source.records()) {
    const std::size_t start = out.size();
    append_raw_record(source, record, node, out);
    if (out.ends_with(' ')) out.pop_back();
    std::replace(out.begin() + static_cast<std::ptrdiff_t>(start), out.end(), '\n', ' ');
    out += '\n';
  }
}

}  // namespace naudit::output
