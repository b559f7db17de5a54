// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/mozdef/encoder.hpp"

#include <unistd.h>

#include <algorithm>

#include <fmt/format.h>

#include "interpret/programs/command_line.hpp"
#include "interpret/summary/summary.hpp"
#include "interpret/summary/text.hpp"
#include "tables/record_types.hpp"

namespace naudit::formats {
namespace {

namespace field = tables::field;
namespace type = tables::type;
using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::Field;

std::string json_string(std::string_view text) {
  JsonText json;
  json.reserve(6 * text.size() + 8);
  json.string(text);
  return std::string(json.view());
}

}  // namespace

MozdefEncoder::MozdefEncoder(EncoderContext& context, const EncoderOptions& options, MozdefListener* listener)
    : context_(context), options_(options.as<MozdefOptions>()), details_(json_, context, listener) {
  const std::string name = json_string(options_.process_name);
  head_ = fmt::format(R"(,"processid":"{}","processname":{},"timestamp":")", getpid(), name);
  tags_ = fmt::format(R"("tags":[{},"{}","audit"],)", name, NAUDIT_VERSION);
}

void MozdefEncoder::encode(const DecodedEvent& event, std::string& out) {
  const MozdefCategory category = mozdef_category(event);
  command_.clear();
  (void)interpret::append_arguments(event, command_);
  write_summary(event, category);
  json_.clear();
  json_.reserve(512 + 6 * (summary_.size() + event.source().node.size() + context_.node.size()) + head_.size() +
                tags_.size());
  json_.put(R"({"category":)");
  json_.clean_string(mozdef_category_text(category));
  json_.put(R"(,"summary":)");
  json_.string(summary_);
  put_head(event);
  details_.put(event, category, command_, options_.paths);
  json_.reserve(8);
  json_.close('}');
  const std::string_view object = json_.view();
  out += options_.prefix;
  out += object.substr(0, object.size() - 1);
  out += options_.suffix;
  out += '\n';
}

void MozdefEncoder::put_head(const DecodedEvent& event) {
  const correlate::Event& source = event.source();
  std::string_view host = source.node_or(context_.node);
  if (host.empty()) host = "localhost";
  json_.put(R"(,"severity":"INFO","hostname":)");
  json_.string(host);
  json_.put(head_);
  json_.put(time_.text(source.id.seconds, source.id.millis));
  json_.put("+00:00\",");
  if (options_.strict) {
    json_.put(R"("utctimestamp":")");
    json_.put(time_.text(source.id.seconds, source.id.millis));
    json_.put(R"(+00:00","source":"audit",)");
  }
  json_.put(tags_);
}

// MozDef's alerts take the second word of a summary for granted.
void MozdefEncoder::write_summary(const DecodedEvent& event, MozdefCategory category) {
  summary_.clear();
  switch (category) {
    case MozdefCategory::kExecve:
      summary_ = "Execve: ";
      if (command_.empty()) return append_path(event);
      summary_ += command_;
      return;
    case MozdefCategory::kWrite:
      summary_ = "Write: ";
      return append_path(event);
    case MozdefCategory::kRead:
      summary_ = "Read: ";
      return append_path(event);
    case MozdefCategory::kAttribute:
      summary_ = "Attribute: ";
      return append_path(event);
    case MozdefCategory::kChmod:
      summary_ = "Chmod: ";
      return append_path(event);
    case MozdefCategory::kChown:
      summary_ = "Chown: ";
      return append_path(event);
    case MozdefCategory::kMount:
      summary_ = "Mount: ";
      return append_path(event);
    case MozdefCategory::kPtrace:
      summary_ = "Ptrace";
      return;
    case MozdefCategory::kTime:
      summary_ = "time has been modified";
      return;
    case MozdefCategory::kSocket:
      summary_ = "Socket";
      return;
    case MozdefCategory::kListen:
      summary_ = "Listen";
      return;
    case MozdefCategory::kPromiscuous:
      return append_promiscuous(event);
    case MozdefCategory::kAvcApparmor:
      return append_apparmor(event);
    case MozdefCategory::kConnect:
      summary_ = "Connect: ";
      return append_address(event);
    case MozdefCategory::kBind:
      summary_ = "Bind: ";
      return append_address(event);
    case MozdefCategory::kAccept:
      summary_ = "Accept: ";
      return append_address(event);
    case MozdefCategory::kModule:
      summary_ = "Module: ";
      return append_module(event);
    case MozdefCategory::kUser:
    case MozdefCategory::kOther:
      return append_action(event);
  }
}

// As the record names it; a write to a descriptor names nothing.
void MozdefEncoder::append_path(const DecodedEvent& event) {
  const DecodedRecord* const record = mozdef_object(event);
  const Field* const name = record == nullptr ? nullptr : event.find(*record, field::kName);
  const std::string_view path = name == nullptr ? std::string_view{} : interpret::decoded(*name, scratch_);
  const bool is_known = !path.empty() && path != "(null)";
  summary_ += is_known ? path : "unknown";
}

void MozdefEncoder::append_address(const DecodedEvent& event) {
  const DecodedRecord* const record = event.find(type::kSockaddr);
  const Field* const saddr = record == nullptr ? nullptr : event.find(*record, field::kSaddr);
  if (saddr == nullptr)
    summary_ += "unknown";
  else
    interpret::append_address(event, *saddr, summary_);
}

void MozdefEncoder::append_promiscuous(const DecodedEvent& event) {
  const DecodedRecord& record = *event.find(type::kAnomPromiscuous);
  const Field* const device = event.find(record, field::kDev);
  const Field* const flags = event.find(record, field::kProm);
  summary_ = "Promisc: Interface ";
  summary_ += device == nullptr ? "unknown" : interpret::decoded(*device, scratch_);
  // IFF_PROMISC, or 0 (net/core/dev.c).
  const bool is_on = flags != nullptr && flags->value.find_first_not_of('0') != std::string_view::npos;
  summary_ += is_on ? " set promiscuous on" : " set promiscuous off";
}

void MozdefEncoder::append_apparmor(const DecodedEvent& event) {
  const DecodedRecord& record = *apparmor_record(event);
  const auto text = [&](tables::FieldId id) {
    const Field* one = event.find(record, id);
    if (one == nullptr) one = event.find_claim(record, id);
    return one == nullptr ? std::string_view{} : interpret::decoded(*one, scratch_);
  };
  summary_ = text(field::kInfo);
  if (!summary_.empty()) return;
  // Most have no message.
  summary_ = "AppArmor:";
  for (const tables::FieldId id : {field::kApparmor, field::kOperation, field::kName, field::kProfile}) {
    const std::string_view word = text(id);
    if (!word.empty()) (summary_ += ' ') += word;
  }
}

void MozdefEncoder::append_module(const DecodedEvent& event) {
  const DecodedRecord* const record = event.find(type::kKernModule);
  const Field* const name = record == nullptr ? nullptr : event.find(*record, field::kName);
  if (name == nullptr) return append_path(event);
  summary_ += interpret::decoded(*name, scratch_);
}

// "opened-file /x", "authenticated jo".
void MozdefEncoder::append_action(const DecodedEvent& event) {
  const interpret::Summary summary = interpret::summarise(event);
  summary_ = summary.action;
  scratch_.clear();
  interpret::append_object(event, summary, scratch_);
  if (!scratch_.empty()) (summary_ += ' ') += scratch_;
}

}  // namespace naudit::formats
