// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/json/summary.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <span>
#include <string>
#include <tuple>

#include "formats/json/keys.hpp"
#include "interpret/names/told_names.hpp"
#include "interpret/programs/command_line.hpp"
#include "interpret/record/token_repeat.hpp"
#include "interpret/summary/script.hpp"
#include "interpret/summary/text.hpp"
#include "tables/key_list.hpp"
#include "tables/record_types.hpp"

namespace naudit::formats {
namespace {

using interpret::DecodedEvent;
using interpret::Field;
using interpret::ObjectPart;
using interpret::PartForm;
using interpret::Summary;

constexpr std::string_view kBetweenKeys(&tables::kKeySeparator, 1);
constexpr std::string_view kExecuted = "executed";
constexpr std::size_t kMostDigits = 18;  // fit 64 bits in every reader
constexpr std::size_t kSlack = 128;      // for a key, brackets and a number

// The members of the object, if it is told.
std::span<const ObjectPart> told_parts(const Summary& summary) {
  return summary.object_kind == interpret::ObjectKind::kNone ? std::span<const ObjectPart>() : summary.object();
}

}  // namespace

void JsonSummary::put(const DecodedEvent& event, const Summary& summary) {
  json_.reserve(4 * kSlack);
  json_.put(R"("action":)");
  put_action(summary);
  json_.put(R"(,"kind":)");
  json_.clean_string(interpret::event_kind_text(summary.kind));
  json_.put(',');
  if (summary.success) json_.put(*summary.success ? R"("outcome":"success",)" : R"("outcome":"failure",)");
  // Of an exec that failed there are no arguments; who tried shows its own command line.
  const bool is_failed_exec =
      summary.action == kExecuted && event.find(tables::type::kExecve) == nullptr && summary.success == false;
  const bool has_title = put_subject(event, summary, is_failed_exec);
  if (summary.object_kind != interpret::ObjectKind::kNone) put_object(event, summary);
  if (summary.how != nullptr) put_field("how", summary.how);
  bool script_is_claim = false;
  if (summary.runs_script) {
    scratch_.clear();
    script_is_claim = interpret::append_script(event, summary, scratch_) == interpret::ScriptSource::kProcess;
    if (!scratch_.empty()) put_text("script", scratch_);
  }
  if (summary.has_decider) put_decider(event, summary.decided_by);
  const auto is_claim = [](const ObjectPart& part) { return part.claimed; };
  if (summary.claimed != 0 || has_title || script_is_claim || std::ranges::any_of(told_parts(summary), is_claim))
    put_claimed(summary, script_is_claim, has_title);
}

// The name of a type that only a stored log knows comes as that log spells it; our own names are in lower case.
void JsonSummary::put_action(const Summary& summary) {
  if (!summary.action_is_name) return json_.clean_string(summary.action);
  const bool is_clean = std::ranges::none_of(
      summary.action, [](char c) { return c < 'a' && !(c == '_' || c == '-' || (c >= '0' && c <= '9')); });
  if (is_clean) return json_.clean_string(summary.action);
  scratch_ = summary.action;
  for (char& c : scratch_)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  json_.reserve(6 * scratch_.size() + 4 * kSlack);
  json_.string(scratch_);
}

// A process that decided about another: its numbers are the kernel's, its program is what it says itself.
void JsonSummary::put_decider(const DecodedEvent& event, const Summary::Decider& decider) {
  json_.reserve(4 * kSlack);
  json_.put(R"("decided_by":{)");
  put_user(event, "auid", decider.auid);
  put_user(event, "uid", decider.uid);
  if (decider.session != nullptr && decider.session->value != "4294967295") put_number("session", decider.session);
  put_number("pid", decider.pid);
  if (decider.label != nullptr) put_field("label", decider.label);
  if (decider.exe != nullptr) put_field("exe", decider.exe);
  json_.close('}');
}

// Most events of a process have the subject of the one before.
JsonSubject* JsonSummary::kept_subject(const DecodedEvent& event, const Summary& summary, JsonSubject::Fields& fields,
                                       const interpret::DecodedRecord*& record) {
  const Field* const parts[] = {summary.auid,    summary.uid,      summary.session, summary.ppid,
                                summary.pid,     summary.fsuid,    summary.comm,    summary.label,
                                summary.command, summary.terminal, summary.address, summary.host};
  static_assert(std::size(parts) == std::tuple_size_v<JsonSubject::Fields>);
  if (summary.pid == nullptr) return nullptr;
  for (const interpret::DecodedRecord& one : event.records()) {
    if (one.tokens.base == 0) continue;
    const Field* const first = event.fields(one).data();
    // The claim's fields stand behind the record's own.
    const auto count = static_cast<std::ptrdiff_t>(one.tokens.count + one.tokens.claim_count);
    const auto holds = [&](const Field* part) { return part - first >= 0 && part - first < count; };
    if (!holds(summary.pid)) continue;
    for (std::size_t i = 0; i < std::size(parts); ++i) {
      if (parts[i] != nullptr && !holds(parts[i])) return nullptr;
      fields[i] = parts[i] == nullptr ? JsonSubject::kNoField : static_cast<std::uint8_t>(parts[i] - first);
    }
    if (subjects_.empty()) subjects_.resize(interpret::TokenRepeats::kPlaces);
    record = &one;
    return &subjects_[one.tokens.place];
  }
  return nullptr;
}

bool JsonSummary::put_subject(const DecodedEvent& event, const Summary& summary, bool with_title) {
  if (summary.subject_kind == interpret::SubjectKind::kNone) return false;
  JsonSubject::Fields fields{};
  const interpret::DecodedRecord* record = nullptr;
  JsonSubject* const last = with_title ? nullptr : kept_subject(event, summary, fields, record);
  JsonOrigin::Names names;
  if (last != nullptr) {
    names = {.told = record->told, .in_event = event.tells_names(), .of_machine = interpret::may_ask(event, names_)};
    std::uint64_t used = 0;
    for (const std::uint8_t field : fields)
      if (field != JsonSubject::kNoField) used |= std::uint64_t{1} << field;
    if (last->origin.is_usable(record->tokens.base, names, event.source().last, lifetime_) &&
        (last->origin.changed(record->tokens.changed) & used) == 0 && last->kind == summary.subject_kind &&
        last->fields == fields) {
      json_.reserve(last->json.size() + kSlack);
      json_.put(last->json);
      return false;
    }
  }
  const std::size_t start = json_.size();
  json_.reserve(4 * kSlack);
  json_.put(R"("subject":{"kind":)");
  json_.clean_string(interpret::subject_kind_text(summary.subject_kind));
  json_.put(',');
  put_user(event, "auid", summary.auid);
  put_user(event, "uid", summary.uid);
  if (summary.session != nullptr && summary.session->value != "4294967295") put_number("session", summary.session);
  put_number("ppid", summary.ppid);
  put_number("pid", summary.pid);
  put_user(event, "fsuid", summary.fsuid);
  if (summary.comm != nullptr) put_field("comm", summary.comm);
  scratch_.clear();
  const bool has_title = with_title && interpret::append_process_title(event, scratch_);
  if (has_title) put_text("command", scratch_);
  if (!has_title && summary.command != nullptr) put_field("command", summary.command);
  if (summary.label != nullptr) put_field("label", summary.label);
  if (summary.terminal != nullptr) put_field("terminal", summary.terminal);
  if (summary.address != nullptr) put_field("address", summary.address);
  if (summary.host != nullptr) put_field("host", summary.host);
  json_.close('}');
  // A name that another record tells may be another one there.
  const auto is_of_record = [&](const Field* user) {
    return user == nullptr || !event.tells_names() || interpret::is_told_beside(event, *record, *user, scratch_);
  };
  if (last != nullptr && is_of_record(summary.auid) && is_of_record(summary.uid) && is_of_record(summary.fsuid)) {
    last->origin.set(record->tokens.base, record->tokens.changed, names, event.source().last);
    last->kind = summary.subject_kind;
    last->fields = fields;
    last->json = json_.view().substr(start);
  }
  return has_title;
}

void JsonSummary::put_object(const DecodedEvent& event, const Summary& summary) {
  json_.reserve(kSlack);
  json_.put(R"("object":{"kind":)");
  json_.clean_string(interpret::object_kind_text(summary.object_kind));
  json_.put(',');
  for (const ObjectPart& part : summary.object()) put_part(event, part);
  if (summary.action == kExecuted) {
    scratch_.clear();
    if (interpret::append_command_line(event, scratch_)) put_text("command", scratch_);
  }
  json_.close('}');
}

void JsonSummary::put_part(const DecodedEvent& event, const ObjectPart& part) {
  const interpret::PartInfo& info = interpret::part_info(part.part);
  json_.reserve(kSlack);
  if (info.form == PartForm::kFlag) {
    put_key(info.name);
    json_.put("true,");
    return;
  }
  scratch_.clear();
  interpret::append_part(event, part, scratch_);
  std::uint32_t number = 0;
  switch (info.form) {
    case PartForm::kNumber: {
      std::int64_t value = 0;
      const char* const end = scratch_.data() + scratch_.size();
      const auto [last, error] = std::from_chars(scratch_.data(), end, value);
      if (error != std::errc{} || last != end || value < 0 || scratch_.size() > kMostDigits)
        return put_other(info.name);
      put_key(info.name);
      json_.number(static_cast<std::uint64_t>(value));
      json_.put(',');
      return;
    }
    case PartForm::kSigned: {
      std::int64_t value = 0;
      const char* const end = scratch_.data() + scratch_.size();
      const auto [last, error] = std::from_chars(scratch_.data(), end, value);
      if (error != std::errc{} || last != end || scratch_.size() > kMostDigits) return put_other(info.name);
      put_key(info.name);
      json_.put(std::to_string(value));  // 007 is no number of JSON
      json_.put(',');
      return;
    }
    case PartForm::kUser:
    case PartForm::kGroup:
      if (!interpret::parse_decimal(scratch_, number)) return put_other(info.name);
      put_id(event, info.name, number, part.field, info.form == PartForm::kGroup);
      return;
    case PartForm::kPids:
    case PartForm::kKeys:
    case PartForm::kList: {
      // AppArmor's masks and SELinux's permissions have spaces between them, Landlock's blockers commas.
      const std::string_view between = info.form == PartForm::kKeys ? kBetweenKeys : " ,";
      json_.reserve(10 * scratch_.size() + kSlack);
      put_key(info.name);
      json_.put('[');
      for (std::string_view rest = scratch_; !rest.empty();) {
        const std::size_t end = std::min(rest.find_first_of(between), rest.size());
        if (info.form == PartForm::kPids) {
          if (interpret::parse_decimal(rest.substr(0, end), number)) {
            json_.number(number);
            json_.put(',');
          }
        } else if (end > 0) {
          json_.string(rest.substr(0, end));
          json_.put(',');
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
      json_.close(']');
      return;
    }
    default:
      break;
  }
  put_text(info.name, scratch_);
}

// A number that is none, or has more digits than every reader takes: `pid=?`.
void JsonSummary::put_other(std::string_view name) {
  json_.reserve(6 * scratch_.size() + kSlack);
  json_.put('"');
  json_.put(name);
  json_.put(kOtherSuffix);
  json_.put("\":");
  json_.string(scratch_);
  json_.put(',');
}

void JsonSummary::put_claimed(const Summary& summary, bool script, bool command) {
  namespace claim = interpret::claim;
  json_.reserve(8 * kSlack);
  json_.put(R"("claimed":[)");
  const auto name = [&](bool is_claimed, std::string_view text) {
    if (is_claimed) json_.put(text);
  };
  name((summary.claimed & claim::kOutcome) != 0, R"("outcome",)");
  name((summary.claimed & claim::kAuid) != 0, R"("subject.auid",)");
  name((summary.claimed & claim::kUid) != 0, R"("subject.uid",)");
  name((summary.claimed & claim::kPid) != 0, R"("subject.pid",)");
  name((summary.claimed & claim::kComm) != 0, R"("subject.comm",)");
  name(command || (summary.claimed & claim::kCommand) != 0, R"("subject.command",)");
  name((summary.claimed & claim::kLabel) != 0, R"("subject.label",)");
  name((summary.claimed & claim::kTerminal) != 0, R"("subject.terminal",)");
  name((summary.claimed & claim::kAddress) != 0, R"("subject.address",)");
  name((summary.claimed & claim::kHost) != 0, R"("subject.host",)");
  for (const ObjectPart& part : told_parts(summary)) {
    if (!part.claimed) continue;
    json_.put(R"("object.)");
    json_.put(interpret::part_info(part.part).name);
    json_.put("\",");
  }
  name((summary.claimed & claim::kHow) != 0, R"("how",)");
  name(script, R"("script",)");
  name((summary.claimed & claim::kDecider) != 0, R"("decided_by.exe",)");
  json_.close(']');
}

void JsonSummary::put_key(std::string_view name) {
  json_.put('"');
  json_.put(name);
  json_.put("\":");
}

void JsonSummary::put_text(std::string_view name, std::string_view text) {
  json_.reserve(6 * text.size() + kSlack);
  put_key(name);
  json_.string(text);
  json_.put(',');
}

void JsonSummary::put_field(std::string_view name, const Field* field) {
  const bool encoded = tables::field_info(field->id).kind == tables::FieldClass::kEncoded;
  put_text(name, encoded ? interpret::decoded(*field, scratch_) : field->value);
}

void JsonSummary::put_number(std::string_view name, const Field* field) {
  std::uint32_t number = 0;
  if (field == nullptr || !interpret::parse_decimal(field->value, number)) return;
  json_.reserve(kSlack);
  put_key(name);
  json_.number(number);
  json_.put(',');
}

void JsonSummary::put_user(const DecodedEvent& event, std::string_view name, const Field* field) {
  std::uint32_t id = 0;
  if (field != nullptr && interpret::parse_decimal(field->value, id)) put_id(event, name, id, field, false);
}

void JsonSummary::put_id(const DecodedEvent& event, std::string_view name, std::uint32_t id, const Field* field,
                         bool is_group) {
  using Kind = interpret::NameId::Kind;
  json_.reserve(kSlack);
  put_key(name);
  json_.number(id);
  json_.put(',');
  const std::string_view its_name =
      interpret::told_name(event, field, {is_group ? Kind::kGroup : Kind::kUser, id}, names_, name_);
  if (its_name.empty()) return;
  json_.reserve(6 * its_name.size() + kSlack);
  json_.put('"');
  json_.put(name);
  json_.put(R"(_name":)");
  json_.string(its_name);
  json_.put(',');
}

}  // namespace naudit::formats
