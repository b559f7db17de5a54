// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/journal/encoder.hpp"

#include <cstdint>
#include <utility>

#include "interpret/record/tokens.hpp"
#include "interpret/summary/summary.hpp"
#include "tables/key_list.hpp"

namespace naudit::output {

void append_journal_field(std::string_view name, std::string_view value, std::string& out) {
  out += name;
  if (value.find('\n') == std::string_view::npos) {
    out += '=';
  } else {
    out += '\n';
    std::uint64_t size = value.size();
    for (std::size_t i = 0; i < sizeof size; ++i, size >>= 8U) out += static_cast<char>(size & 0xFFU);
  }
  out += value;
  out += '\n';
}

JournalEncoder::JournalEncoder(formats::EncoderContext& context, std::unique_ptr<formats::Encoder> inner,
                               JournalHead head)
    : context_(context), inner_(std::move(inner)), options_(std::move(head)) {}

void JournalEncoder::encode(const interpret::DecodedEvent& event, std::string& out) {
  body_.clear();
  inner_->encode(event, body_);
  if (body_.empty()) return;
  if (body_.ends_with('\n')) body_.pop_back();
  const interpret::Summary summary = interpret::summarise(event);
  const Severity priority =
      summary.success == false ? options_.failure_priority.value_or(options_.priority) : options_.priority;
  append_journal_field("MESSAGE", body_, out);
  out += "PRIORITY=";
  out += static_cast<char>('0' + static_cast<int>(priority));
  out += '\n';
  append_journal_field("SYSLOG_IDENTIFIER", options_.identifier, out);
  append_journal_field("MESSAGE_ID", kJournalMessageId, out);
  scratch_.clear();
  correlate::append_id(event.source().id, scratch_);
  append_journal_field("AUDIT_ID", scratch_, out);
  append_journal_field("AUDIT_ACTION", summary.action, out);
  if (summary.success) append_journal_field("AUDIT_OUTCOME", *summary.success ? "success" : "failure", out);
  const std::string_view node = event.source().node_or(context_.node);
  if (!node.empty()) append_journal_field("AUDIT_NODE", node, out);
  if (event.key() == nullptr) return;
  tables::for_each_shown_key(interpret::decoded(*event.key(), scratch_),
                             [&out](std::string_view key) { append_journal_field("AUDIT_KEY", key, out); });
}

std::unique_ptr<formats::Encoder> make_journal_encoder(formats::EncoderContext& context,
                                                       std::unique_ptr<formats::Encoder> inner,
                                                       const formats::EncoderOptions& head) {
  return std::make_unique<JournalEncoder>(context, std::move(inner), head.as<JournalHead>());
}

}  // namespace naudit::output
