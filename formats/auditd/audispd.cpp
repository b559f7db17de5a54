// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/auditd/audispd.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "formats/auditd/enriched.hpp"
#include "formats/auditd/frame.hpp"
#include "formats/auditd/raw.hpp"
#include "tables/record_types.hpp"

namespace naudit::formats {
namespace {

namespace type = tables::type;

enum class Version : std::uint8_t { kBare = 0, kLine = 1 };

// A context names this machine or none: the options of a sink decide (AudispdOptions::node).
AudispdOptions chosen(const EncoderOptions& options, const EncoderContext& context) {
  if (options.get() != nullptr) return options.as<AudispdOptions>();
  AudispdOptions defaults;
  defaults.node = !context.node.empty();
  return defaults;
}

std::unique_ptr<Encoder> lines_of(EncoderContext& context, const AudispdOptions& options) {
  const EncoderOptions own = AuditdOptions{.node = options.node};
  if (options.names) return std::make_unique<EnrichedEncoder>(context, own);
  return std::make_unique<RawEncoder>(context, own);
}

std::string_view node_of(const correlate::Event& event, const EncoderContext& context, const AudispdOptions& options) {
  return event.node_or(options.node ? std::string_view(context.node) : std::string_view());
}

void append_end_text(const correlate::Event& event, std::string& out) {
  out += "audit(";
  correlate::append_id(event.id, out);
  out += "):";
}

void append_word(std::uint32_t word, std::string& out) {
  char bytes[sizeof word];
  std::memcpy(bytes, &word, sizeof word);
  out.append(bytes, sizeof bytes);
}

void append_frame(Version version, std::uint16_t record, std::string_view text, std::string& out) {
  append_word(static_cast<std::uint32_t>(version), out);
  append_word(kFrameHeader, out);
  append_word(record, out);
  append_word(static_cast<std::uint32_t>(text.size()), out);
  out += text;
}

}  // namespace

AudispdEncoder::AudispdEncoder(EncoderContext& context, const EncoderOptions& options)
    : options_(chosen(options, context)), context_(context), lines_(lines_of(context, options_)) {}

void AudispdEncoder::encode(const interpret::DecodedEvent& event, std::string& out) {
  lines_->encode(event, out);
  const correlate::Event& source = event.source();
  if (!source.ended) return;
  if (const std::string_view node = node_of(source, context_, options_); !node.empty())
    ((out += "node=") += node) += ' ';
  out += "type=EOE msg=";
  append_end_text(source, out);
  out += '\n';
}

AudispdBinaryEncoder::AudispdBinaryEncoder(EncoderContext& context, const EncoderOptions& options)
    : options_(chosen(options, context)), context_(context), lines_(context, options_) {}

void AudispdBinaryEncoder::encode(const interpret::DecodedEvent& event, std::string& out) {
  const correlate::Event& source = event.source();
  const auto& records = source.records();
  if (!options_.names && node_of(source, context_, options_).empty()) {
    for (const correlate::RecordSpan& record : records)
      append_frame(Version::kBare, record.type, source.text(record), out);
    if (!source.ended) return;
    scratch_.clear();
    append_end_text(source, scratch_);
    scratch_ += ' ';
    return append_frame(Version::kBare, type::kEoe, scratch_, out);
  }
  scratch_.clear();
  lines_.encode(event, scratch_);
  std::string_view lines = scratch_;
  for (std::size_t i = 0; !lines.empty(); ++i) {
    const std::size_t end = lines.find('\n');
    append_frame(Version::kLine, i < records.size() ? records[i].type : type::kEoe, lines.substr(0, end), out);
    lines.remove_prefix(end + 1);
  }
}

}  // namespace naudit::formats
