// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/convert/structure.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/utf8.hpp"
#include "correlate/header.hpp"
#include "interpret/record/field_class.hpp"
#include "tables/record_types.hpp"

namespace naudit::ctl {
namespace {

using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::Field;
using tables::FieldClass;

constexpr std::string_view kInRecord = "    ", kInClaim = "      ";

class StructureEncoder final : public formats::Encoder {
 public:
  explicit StructureEncoder(const formats::EncoderContext& context) : context_(context) {}

  void encode(const DecodedEvent& event, std::string& out) override {
    out += "event ";
    correlate::append_id(event.source().id, out);
    if (const std::string_view node = event.source().node_or(context_.node); !node.empty()) {
      out += " node=";
      base::append_shown(node, out);
    }
    if (event.incomplete() != correlate::Incomplete::kNo)
      (out += " incomplete=") += correlate::incomplete_text(event.incomplete());
    out += '\n';
    for (const DecodedRecord& record : event.records()) append_record(event, record, out);
  }

 private:
  void append_record(const DecodedEvent& event, const DecodedRecord& record, std::string& out) {
    const bool is_named = record.type != 0 || !record.type_name.empty();
    out += "  record ";
    if (!is_named)
      out += "(none)";
    else if (record.type_name.empty())
      out += tables::record_type_text(record.type);
    else
      base::append_shown(record.type_name, out);
    out += '\n';
    if (!is_named) return append(kInRecord, "text", record.text, out);
    const interpret::Tokens& tokens = record.tokens;
    if (!tokens.avc_result.empty()) {
      append(kInRecord, "seresult", tokens.avc_result, out);
      append(kInRecord, "seperms", tokens.avc_permissions, out);
    }
    append_fields(record, event.fields(record), kInRecord, out);
    if (!tokens.words.empty()) append(kInRecord, "text", tokens.words, out);
    if (tokens.has_claim) {
      out += kInRecord;
      out += "msg\n";
      append_fields(record, event.claim(record), kInClaim, out);
      if (!tokens.claim_words.empty()) append(kInClaim, "text", tokens.claim_words, out);
    }
    if (!tokens.enriched.empty()) append(kInRecord, "enriched", tokens.enriched, out);
  }

  void append_fields(const DecodedRecord& record, std::span<const Field> fields, std::string_view indent,
                     std::string& out) {
    for (const Field& field : fields) {
      switch (interpret::field_class(record.type, field.id)) {
        case FieldClass::kEncoded:
        case FieldClass::kKeys:
        case FieldClass::kProctitle:
        case FieldClass::kTtyData:
          append(indent, field.name, interpret::decoded(field, scratch_), out);
          break;
        default:
          append(indent, field.name, field.value, out);
      }
    }
  }

  static void append(std::string_view indent, std::string_view name, std::string_view value, std::string& out) {
    out += indent;
    base::append_shown(name, out);
    out += " = ";
    base::append_shown(value, out);
    out += '\n';
  }

  const formats::EncoderContext& context_;
  std::string scratch_;
};

std::unique_ptr<formats::Encoder> make(formats::EncoderContext& context, const formats::EncoderOptions& /*options*/) {
  return std::make_unique<StructureEncoder>(context);
}

}  // namespace

const formats::Format& structure_format() noexcept {
  static constexpr formats::Format kFormat = {.name = "structure",
                                              .help = "records and fields as they were read; for people",
                                              .content_type = "text/plain; charset=utf-8",
                                              .content_type_many = "text/plain; charset=utf-8",
                                              .left_out = nullptr,
                                              .make = make};
  return kFormat;
}

}  // namespace naudit::ctl
