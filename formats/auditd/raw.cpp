// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/auditd/raw.hpp"

#include <fmt/format.h>

#include "tables/record_types.hpp"

namespace naudit::formats {

void append_raw_record(const correlate::Event& event, const correlate::RecordSpan& record, std::string_view node,
                       std::string& out) {
  if (!node.empty()) {
    out += "node=";
    out += node;
    out += ' ';
  }
  const std::string_view spelled = event.type_name(record);
  const std::string_view name = spelled.empty() ? tables::record_type_name(record.type) : spelled;
  // A line of a stored log in which no record was found is passed on unchanged.
  if (record.type != 0 || !name.empty()) {
    out += "type=";
    if (name.empty())
      out += tables::record_type_text(record.type);
    else
      out += name;
    out += " msg=";
  }
  out += event.text(record);
}

void end_line(std::size_t start, std::string& out) {
  for (std::size_t at = start; (at = out.find('\n', at)) != std::string::npos;) out[at] = ' ';
  out += '\n';
}

void append_raw_line(const correlate::Event& event, const correlate::RecordSpan& record, const EncoderContext& context,
                     std::string& out) {
  const std::size_t start = out.size();
  const std::string_view node = event.node_or(context.node);
  append_raw_record(event, record, node, out);
  const std::size_t longest = start + (node.empty() ? kLongestLine : kLongestNodeLine);
  const bool cut = context.live && out.size() > longest;
  if (cut) out.resize(longest);
  // A space that a stored record ends in is its own, unless we make it of a newline.
  const bool is_trimmed = !cut && (context.live || out.ends_with('\n'));
  for (std::size_t at = start; (at = out.find('\n', at)) != std::string::npos;) out[at] = ' ';
  if (is_trimmed && out.ends_with(' ')) out.pop_back();
}

std::string record_left_out(const LeftOut& what) {
  return fmt::format("type=DAEMON_ERR msg=audit({}): op=tail-left-out events={} last={} res=failed\n", what.first_id,
                     what.events, what.last_id);
}

// "type=NAME msg=", made once for each type.
const std::string& RawEncoder::start_of(std::uint16_t type) {
  if (starts_.size() <= type) starts_.resize(type + std::size_t{1});
  std::string& start = starts_[type];
  if (start.empty()) start = "type=" + tables::record_type_text(type) + " msg=";
  return start;
}

void RawEncoder::encode(const interpret::DecodedEvent& event, std::string& out) {
  const correlate::Event& source = event.source();
  const bool is_simple = !context_.live && context_.node.empty() && source.node.empty();
  for (const correlate::RecordSpan& record : source.records()) {
    const std::string_view text = source.text(record);
    const bool is_clean = text.find('\n') == std::string_view::npos;
    if (is_simple && is_clean && record.name == 0 && record.type != 0) {
      out += start_of(record.type);
      out += text;
      out += '\n';
    } else {
      const std::size_t start = out.size();
      append_raw_line(source, record, context_, out);
      end_line(start, out);
    }
  }
}

}  // namespace naudit::formats
