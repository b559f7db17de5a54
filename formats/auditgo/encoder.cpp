// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/auditgo/encoder.hpp"

#include <algorithm>

#include "interpret/record/field_class.hpp"
#include "tables/key_list.hpp"
#include "tables/record_types.hpp"

namespace naudit::formats {

using tables::FieldClass;

config::OptionTable audit_go_options() {
  return config::OptionSpec<AuditGoOptions>{
      .rows =
          {
              {"interpret", config::flag(&AuditGoOptions::interpret),
               "Values in words (`openat`, `root`), as audit-go has them; `false`: as the kernel writes them."},
          },
  };
}

void AuditGoEncoder::put_data(std::string_view key, std::string_view value) {
  if (!used_.use(key)) return;
  json_.reserve(6 * (key.size() + value.size()) + 16);
  json_.key(key);
  json_.string(value);
  json_.put(',');
}

void AuditGoEncoder::put_field(const Record& record, const Field& field) {
  if (options_.interpret) {
    text_.clear();
    meaning_.append(field, text_);
    if (!text_.empty()) return put_data(field.name, text_);
    switch (interpret::field_class(record.type, field.id)) {
      case FieldClass::kEncoded:
      case FieldClass::kKeys:
      case FieldClass::kProctitle:
        text_ = interpret::decoded(field, scratch_);
        std::ranges::replace(text_, '\0', ' ');
        std::ranges::replace(text_, tables::kKeySeparator, ',');
        return put_data(field.name, text_);
      default:
        break;
    }
  }
  put_data(field.name, field.value);
}

void AuditGoEncoder::put_record(const interpret::DecodedEvent& event, const Record& record) {
  json_.reserve(64);
  json_.put(R"(,"Type":)");
  if (!record.type_name.empty()) {
    json_.reserve(6 * record.type_name.size() + 64);
    json_.string(record.type_name);
  } else {
    text_ = tables::record_type_text(record.type);
    json_.string(text_);
  }
  json_.put(R"(,"Data":{)");
  used_.clear();
  meaning_.begin(event, record);
  if (!record.tokens.avc_result.empty()) put_data("seresult", record.tokens.avc_result);
  if (!record.tokens.avc_permissions.empty()) {
    scratch_.clear();
    for (const char c : record.tokens.avc_permissions)
      if (c != ' ')
        scratch_ += c;
      else if (!scratch_.empty() && scratch_.back() != ',')
        scratch_ += ',';
    if (scratch_.ends_with(',')) scratch_.pop_back();
    put_data("seperms", scratch_);
  }
  for (const auto fields : {event.fields(record), event.claim(record)})
    for (const Field& one : fields) put_field(record, one);
  json_.reserve(6 * record.text.size() + 64);
  json_.close('}');
  json_.put(R"("Raw":)");
  json_.string(record.text);
  json_.put("}\n");
}

void AuditGoEncoder::encode(const interpret::DecodedEvent& event, std::string& out) {
  const correlate::EventId& id = event.source().id;
  stamp_.clear();
  correlate::append_id(id, stamp_);
  const std::string_view stamp = std::string_view(stamp_).substr(0, stamp_.rfind(':'));
  json_.clear();
  for (const Record& record : event.records()) {
    if (record.type == tables::type::kEoe) continue;
    json_.reserve(stamp_.size() + 128);
    json_.put(R"({"Serial":")");
    json_.number(id.serial);
    json_.put(R"(","Timestamp":")");
    json_.put(stamp);
    json_.put('"');
    put_record(event, record);
  }
  // An event without a record is a line all the same.
  if (json_.size() == 0) {
    json_.reserve(256);
    json_.put(R"({"Serial":")");
    json_.number(id.serial);
    json_.put(R"(","Timestamp":")");
    json_.put(stamp);
    json_.put(R"(","Type":"EOE","Data":{},"Raw":""})");
    json_.put('\n');
  }
  out += json_.view();
}

}  // namespace naudit::formats
