// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/programs/told_operation.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>

#include "interpret/programs/operations.hpp"
#include "interpret/record/enriched_names.hpp"
#include "interpret/summary/record_fields.hpp"
#include "tables/record_types.hpp"

namespace naudit::interpret {
namespace {

namespace field = tables::field;
namespace type = tables::type;

std::string_view trimmed(std::string_view text) noexcept {
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// A program writes its text without quotes: what follows up to the next field, or to the end of what it said, is a part
// of it.
std::string_view whole_text(const DecodedEvent& event, const DecodedRecord& record, const Field& op) noexcept {
  if (op.spelling != Spelling::kBare) return op.value;
  const char* const begin = op.value.data();
  const char* end = begin + op.value.size();
  const std::string_view words = record.tokens.claim_words;
  for (const Field& one : event.claim(record)) {
    if (!record.holds(one.name) || one.name.data() <= begin) continue;
    return trimmed({begin, static_cast<std::size_t>(one.name.data() - begin)});
  }
  if (words.data() != nullptr && words.data() >= begin) end = std::max(end, words.data() + words.size());
  return trimmed({begin, static_cast<std::size_t>(end - begin)});
}

class Reader {
 public:
  Reader(const Scene& scene, Summary& summary) noexcept
      : event_(scene.event), record_(*scene.headline), summary_(summary) {}

  [[nodiscard]] const Field* claim(tables::FieldId id) const noexcept {
    const Field* const found = event_.find_claim(record_, id);
    return found == nullptr || says_nothing(*found) ? nullptr : found;
  }
  // "new-group", the older spelling of new_group, has no number of its own.
  [[nodiscard]] const Field* claim(std::string_view name) const noexcept {
    for (const Field& one : event_.claim(record_))
      if (one.name == name && !says_nothing(one)) return &one;
    return nullptr;
  }
  [[nodiscard]] const Field* number(tables::FieldId id) const noexcept {
    const Field* const found = claim(id);
    return found == nullptr || found->value == "4294967295" || found->value == "-1" ? nullptr : found;
  }

  void add(Part part, const Field* one) const noexcept {
    if (one != nullptr) summary_.add({.part = part, .claimed = true, .field = one});
  }
  void add_text(Part part, std::string_view text) const noexcept {
    if (!text.empty()) summary_.add({.part = part, .claimed = true, .text = text});
  }
  void add_first(Part part, std::string_view text, std::initializer_list<const Field*> fields) const noexcept {
    if (!text.empty()) return add_text(part, text);
    for (const Field* const one : fields)
      if (one != nullptr) return add(part, one);
  }
  // Of an account or group that the program told by its number alone: what the log was enriched with.
  void add_name_of_id() const noexcept {
    if (number(field::kId) == nullptr || record_.tokens.enriched.empty()) return;
    std::string scratch;
    EnrichedNames names;
    names.read(record_.tokens.enriched);
    const std::string_view name = names.find("id", false, scratch);
    const bool is_view = name.data() >= record_.tokens.enriched.data() &&
                         name.data() < record_.tokens.enriched.data() + record_.tokens.enriched.size();
    if (is_view && !name.starts_with("unknown")) add_text(Part::kName, name);
  }

  void add_roles(Roles roles, const OperationWords& words) const noexcept {
    const Field* const account = claim(field::kAcct);
    const Field* const group = claim(field::kGrp);
    summary_.parts_used = 0;
    switch (roles) {
      case Roles::kAsRecord:
        break;
      case Roles::kAccount:
      case Roles::kMember:
        // A text that names the account has the group in acct=.
        add_first(Part::kName, words.account, {account});
        if (summary_.parts_used == 0) add_name_of_id();
        add(Part::kId, number(field::kId));
        add_first(Part::kGroup, words.group, {group});
        break;
      case Roles::kGroup:
        add_first(Part::kName, words.group, {group, account});
        if (summary_.parts_used == 0) add_name_of_id();
        add(Part::kGroupId, number(field::kId));
        break;
      case Roles::kGroupAlone:
        add_first(Part::kName, words.group, {group, account});
        break;
      case Roles::kMembers:
        add_first(Part::kName, words.group, {group});
        add_first(Part::kNew, words.account, {account});
        break;
      case Roles::kNewGroup:
        add_first(Part::kName, {}, {claim(field::kNewGroup), claim("new-group"), group});
        add_first(Part::kGroupId, {}, {claim(field::kNewGid), claim("new-gid")});
        break;
      case Roles::kNetwork:
        add_first(Part::kName, {}, {claim(field::kName), claim(field::kInterface), claim("arg")});
        // Who asked over D-Bus.
        add(Part::kRequester, number(field::kUid));
        add(Part::kRequesterPid, number(field::kPid));
        add(Part::kReason, claim(field::kReason));
        break;
    }
  }

  // The text in the place of what the record's type took from op=, which is its first word.
  void set_operation(std::string_view text) const noexcept {
    for (ObjectPart& part : std::span(summary_.parts).first(summary_.parts_used)) {
      if (part.part != Part::kOperation) continue;
      part = {.part = Part::kOperation, .claimed = true, .text = text};
      return;
    }
    add_text(Part::kOperation, text);
  }

 private:
  const DecodedEvent& event_;
  const DecodedRecord& record_;
  Summary& summary_;
};

// libaudit puts its own fields behind what the program said: the last " exe=" ends it.
std::string_view message_of(const DecodedRecord& record) noexcept {
  constexpr std::string_view kOpens = "msg='";
  std::string_view text = record.text;
  const std::size_t begin = text.find(kOpens);
  if (begin == std::string_view::npos) return {};
  text.remove_prefix(begin + kOpens.size());
  text = text.substr(0, std::min(text.rfind('\''), text.size()));
  text = text.substr(0, std::min(text.rfind(" exe="), text.size()));
  if (text.starts_with("text=")) text.remove_prefix(5);  // auditctl -m
  return trimmed(text);
}

void take_message(const DecodedRecord& record, Summary& summary) noexcept {
  const std::string_view text = message_of(record);
  if (text.empty()) return;
  summary.parts_used = 0;
  summary.object_kind = ObjectKind::kMessage;
  if (record.type == type::kUserErr) summary.action = "reported-error";
  summary.add({.part = Part::kMessage, .claimed = true, .text = text});
}

}  // namespace

void take_operation(const Scene& scene, Summary& summary) noexcept {
  const DecodedRecord& record = *scene.headline;
  if (!record.tokens.has_claim) return;
  const Reader reader(scene, summary);
  // What the kernel says of the operation stays.
  const bool is_of_kernel = scene.event.find(record, field::kOp) != nullptr;
  const Field* const op = is_of_kernel ? nullptr : scene.event.find_claim(record, field::kOp);
  const bool is_message = record.type == type::kUser || record.type == type::kTrustedApp ||
                          record.type == type::kTest ||
                          (record.type == type::kUserErr && op == nullptr && reader.claim(field::kAcct) == nullptr);
  if (is_message) return take_message(record, summary);

  // pam_faillock and pam_tally name the account by the uid= of their message.
  const std::string_view words = record.tokens.claim_words;
  if (op == nullptr && words.starts_with("pam_") && summary.parts_used == 0)
    reader.add(Part::kId, reader.number(field::kUid));
  if (record.type == type::kUserMacConfigChange) reader.add(Part::kResource, reader.claim(field::kResrc));

  const OperationSet set = operation_set(record.type);
  std::string_view text;
  if (op != nullptr) {
    text = whole_text(scene.event, record, *op);
    if (!text.empty()) reader.set_operation(text);
  }
  if (set == OperationSet::kNone) return;
  if (set == OperationSet::kResources) {
    if (const Field* const reason = reader.claim(field::kReason)) text = reason->value;
  } else if (op == nullptr && (words == "cron deny" || set == OperationSet::kSystem)) {
    text = words;  // the whole message of crontab, or of an older hwclock
  } else if (op == nullptr && set != OperationSet::kGroups) {
    return;
  }
  OperationWords told;
  const Operation* const found = find_operation(set, text, told);
  if (found == nullptr) {
    summary.operation = OperationTold::kUnknown;
    if (set != OperationSet::kGroups) return;
    // That it is about a group does not depend on the text.
    summary.object_kind = ObjectKind::kGroup;
    reader.add_roles(Roles::kGroup, {});
    reader.add_text(Part::kOperation, text);
    return;
  }
  summary.operation = found->is_detail ? OperationTold::kDetail : OperationTold::kInVerb;
  if (!found->verb.empty()) summary.action = found->verb;
  if (found->object != ObjectKind::kNone) summary.object_kind = found->object;
  if (found->roles == Roles::kAsRecord) return;
  reader.add_roles(found->roles, told);
  if (op != nullptr && !text.empty()) reader.add_text(Part::kOperation, text);
}

}  // namespace naudit::interpret
