// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/goaudit/encoder.hpp"

#include <algorithm>
#include <array>

#include "interpret/names/told_names.hpp"
#include "tables/record_types.hpp"

namespace naudit::formats {
namespace {

namespace field = tables::field;
namespace type = tables::type;
using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::Field;
using interpret::NameId;

constexpr std::string_view kUnknownUser = "UNKNOWN_USER";
constexpr std::uint32_t kUnset = 0xFFFFFFFF;

// What go-audit looks for no users in: arguments, paths and addresses may say anything.
bool has_users(std::uint16_t record_type) noexcept {
  return record_type != type::kExecve && record_type != type::kCwd && record_type != type::kSockaddr;
}

// Without the names that an auditd appended: the kernel did not write them.
std::string_view without_names(const DecodedRecord& record, std::string_view body) noexcept {
  const std::string_view names = record.tokens.enriched;
  if (names.empty()) return body;
  body = body.substr(0, body.size() - names.size());
  if (body.ends_with('\x1d')) body.remove_suffix(1);
  return body;
}

}  // namespace

GoauditEncoder::GoauditEncoder(EncoderContext& context, const EncoderOptions& options)
    : context_(context), options_(options.as<GoauditOptions>()) {}

void GoauditEncoder::encode(const DecodedEvent& event, std::string& out) {
  const correlate::Event& source = event.source();
  json_.clear();
  json_.reserve(128);
  json_.put(R"({"sequence":)");
  json_.number(source.id.serial);
  scratch_.clear();
  correlate::append_id(source.id, scratch_);
  json_.put(R"(,"timestamp":)");
  json_.clean_string(std::string_view(scratch_).substr(0, scratch_.find(':')));
  json_.put(R"(,"messages":[)");
  const auto spans = std::span(source.records());
  const auto records = event.records();
  for (std::size_t i = 0; i < records.size(); ++i)
    if (records[i].type != type::kEoe) put_message(event, records[i], source.body(spans[i]));
  json_.reserve(32);
  json_.close(']');
  find_users(event);
  put_users();
  if (!source.node.empty()) {
    json_.reserve(6 * source.node.size() + 16);
    json_.put(R"(,"node":)");
    json_.string(source.node);
  }
  json_.reserve(1);
  json_.put('}');
  out += json_.view();
  out += '\n';
}

void GoauditEncoder::put_message(const DecodedEvent& event, const Record& record, std::string_view data) {
  data = without_names(record, data);
  json_.reserve(6 * data.size() + 96);
  json_.put(R"({"type":)");
  json_.number(record.type);
  // A stored log may have names that nobody knows a number of.
  if (record.type == 0) {
    json_.reserve(6 * record.type_name.size() + 32);
    json_.put(R"(,"type_name":)");
    json_.string(record.type_name);
  }
  json_.put(R"(,"data":)");
  json_.string(data);
  json_.put(',');
  if (options_.containers && (record.type == type::kSyscall || record.type == type::kSeccomp))
    put_container(event, record);
  json_.close('}');
}

// Of who runs now, so never for a stored log, nor on another machine. The process may have ended: then its parent's.
void GoauditEncoder::put_container(const DecodedEvent& event, const Record& record) {
  if (!context_.live || !event.source().node.empty()) return;
  std::string_view id = container_of(event, event.find(record, field::kPid));
  if (id.empty()) id = container_of(event, event.find(record, field::kPpid));
  if (id.empty() || id == interpret::kNoContainer) return;
  json_.reserve(6 * id.size() + 32);
  json_.put(R"("containers":{"id":)");
  json_.string(id);
  json_.put("},");
}

std::string_view GoauditEncoder::container_of(const DecodedEvent& event, const Field* pid) {
  std::uint32_t number = 0;
  if (pid == nullptr || !interpret::parse_decimal(pid->value, number)) return {};
  if (!containers_) containers_.emplace(interpret::process_container);
  return containers_->name(number, event.source().last);
}

// Each field whose name ends in uid, the program's too.
void GoauditEncoder::find_users(const DecodedEvent& event) {
  users_.clear();
  names_.clear();
  for (const Record& record : event.records()) {
    if (!has_users(record.type)) continue;
    for (const Field& one : event.fields(record))
      if (one.name.ends_with("uid")) find_user(event, record, one);
    for (const Field& one : event.claim(record))
      if (one.name.ends_with("uid")) find_user(event, record, one);
  }
}

void GoauditEncoder::find_user(const DecodedEvent& event, const Record& record, const Field& field) {
  constexpr std::size_t kFew = 64;
  std::uint32_t number = 0;
  if (field.value == "-1")
    number = kUnset;
  else if (!interpret::parse_decimal(field.value, number))
    return;
  // Few events have more than three; of a forged one's thousands the sort finds those that are the same.
  if (users_.size() < kFew && std::ranges::find(users_, field.value, &User::number) != users_.end()) return;
  std::string_view name = kUnknownUser;
  if (number != kUnset) {
    const NameId id{NameId::Kind::kUser, number};
    const std::string_view told = interpret::told_name(event, record, field, id, context_.names, scratch_);
    if (!told.empty() && !interpret::is_unknown_name(told)) {
      name = told;
    } else {
      // That there is no such user is not the same as that nobody has said.
      std::string other;
      const auto in_input = interpret::name_in_input(event, record, field, id, other);
      if (!in_input && !(interpret::may_ask(event, context_.names) && context_.names.is_nameless(id))) return;
    }
  }
  users_.push_back({field.value, names_.size(), name.size()});
  names_ += name;
}

// In the order of the numbers as texts: go-audit's JSON library sorts the keys of a map.
void GoauditEncoder::put_users() {
  std::ranges::stable_sort(users_, {}, &User::number);
  const auto same = std::ranges::unique(users_, {}, &User::number);
  users_.erase(same.begin(), same.end());
  json_.reserve(32);
  json_.put(R"("uid_map":{)");
  for (const User& one : users_) {
    const std::string_view name = std::string_view(names_).substr(one.begin, one.size);
    json_.reserve(6 * (one.number.size() + name.size()) + 16);
    json_.clean_string(one.number);
    json_.put(':');
    json_.string(name);
    json_.put(',');
  }
  json_.reserve(4);
  json_.close('}');
  json_.unput();
}

}  // namespace naudit::formats
