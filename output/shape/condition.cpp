// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/shape/condition.hpp"

#include <fnmatch.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "interpret/names/told_names.hpp"
#include "interpret/record/field_class.hpp"
#include "interpret/summary/paths.hpp"
#include "interpret/summary/summary.hpp"
#include "tables/key_list.hpp"
#include "tables/record_types.hpp"
#include "tables/syscalls.hpp"

namespace naudit::output::shape {
namespace {

namespace field = tables::field;
using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::Field;
using tables::FieldClass;

constexpr Name kNames[] = {
    {"key", About::kKey, true, false, "one of the keys of the rule that the event comes from"},
    {"type", About::kType, true, true, "the type of one of its records: `SYSCALL`, `USER_LOGIN`, `1112`"},
    {"syscall", About::kSyscall, true, true, "the system call, by its name or number"},
    {"user", About::kUser, false, true, "`uid` or `auid` of one of its records: a name, a number, or `unset`"},
    {"uid", About::kUid, false, true, "the same of `uid` alone"},
    {"auid", About::kAuid, false, true, "the same of `auid` alone: who logged in"},
    {"exe", About::kExe, true, false, "the program, `/usr/bin/sudo`, also as a program says it of itself"},
    {"path", About::kPath, true, false, "one of the files, absolute where the event has its folder"},
    {"argv", About::kArgument, true, false, "one of the arguments of the program that is started"},
    {"command", About::kCommand, true, false, "all of them, with a blank between two"},
    {"outcome", About::kOutcome, false, false, "`success` or `failure`; an event may have none"},
    {"session", About::kSession, false, true, "the login session (`ses`), or `unset`"},
    {"host", About::kHost, true, false, "the machine (`node`), or an address or host that a program tells"},
    {"action", About::kAction, true, false, "what was done, as in the event's `action`"},
    {"container", About::kContainer, true, false, "the container, where a record has one (`contid`, `container`)"},
};

// One for each thread: its memory stays.
std::string& scratch() {
  thread_local std::string text;
  text.clear();
  return text;
}

template <typename List, typename Value>
bool contains(const List& list, const Value& value) {
  return std::ranges::find(list, value) != list.end();
}

bool meets_text(const Condition& condition, std::string_view text) {
  const auto any = [&](auto meets) { return std::ranges::any_of(condition.texts, meets); };
  switch (condition.relation) {
    case Relation::kIs:
      return contains(condition.texts, text);
    case Relation::kLike: {
      thread_local std::string path;  // fnmatch() wants its end marked
      path.assign(text);
      return any([](const std::string& word) { return is_like(word, path); });
    }
    case Relation::kStartsWith:
      return any([text](const std::string& word) { return text.starts_with(word); });
    case Relation::kEndsWith:
      return any([text](const std::string& word) { return text.ends_with(word); });
    case Relation::kContains:
      return any([text](const std::string& word) { return text.find(word) != std::string_view::npos; });
    case Relation::kMatches:
      return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *condition.pattern);
    case Relation::kThere:
      return true;
    default:
      return false;
  }
}

bool meets_number(const Condition& condition, std::int64_t number) {
  switch (condition.relation) {
    case Relation::kIs:
      return contains(condition.numbers, number);
    case Relation::kBelow:
      return number < condition.numbers.front();
    case Relation::kAtMost:
      return number <= condition.numbers.front();
    case Relation::kAbove:
      return number > condition.numbers.front();
    case Relation::kAtLeast:
      return number >= condition.numbers.front();
    case Relation::kThere:
      return true;
    default:
      return false;
  }
}

bool compares_size(Relation relation) {
  return relation == Relation::kBelow || relation == Relation::kAtMost || relation == Relation::kAbove ||
         relation == Relation::kAtLeast;
}

// The fields of the kernel and of a program's message alike.
template <typename Asked>
bool any_field(const DecodedEvent& event, const Asked& asked) {
  return std::ranges::any_of(event.records(), [&](const DecodedRecord& record) {
    return std::ranges::any_of(event.fields(record), [&](const Field& one) { return asked(record, one); }) ||
           std::ranges::any_of(event.claim(record), [&](const Field& one) { return asked(record, one); });
  });
}

bool meets_decoded(const Condition& condition, const Field& one) {
  std::string& text = scratch();
  interpret::append_decoded(one, text);
  return meets_text(condition, text);
}

bool key_holds(const Condition& condition, const DecodedEvent& event) {
  if (event.key() == nullptr) return false;
  bool found = false;
  tables::for_each_key(interpret::decoded(*event.key(), scratch()),
                       [&](std::string_view key) { found = found || meets_text(condition, key); });
  return found;
}

bool type_holds(const Condition& condition, const DecodedEvent& event) {
  return std::ranges::any_of(event.records(), [&](const DecodedRecord& record) {
    if (meets_number(condition, record.type)) return true;
    if (condition.relation == Relation::kIs || compares_size(condition.relation)) return false;
    return meets_text(condition, record.type_name.empty() ? tables::record_type_name(record.type) : record.type_name);
  });
}

bool syscall_holds(const Condition& condition, const DecodedEvent& event) {
  const auto number = event.syscall();
  if (!number) return false;
  if (meets_number(condition, *number)) return true;
  if (compares_size(condition.relation) || (condition.texts.empty() && condition.pattern == nullptr)) return false;
  const auto arch = event.arch();
  return arch && meets_text(condition, tables::syscall_name(*arch, *number));
}

bool is_user(const Condition& condition, const DecodedEvent& event, const DecodedRecord& record, const Field& field,
             std::uint32_t uid, const interpret::NamesScope& scope) {
  const auto told = interpret::name_in_input(event, record, field, {interpret::NameId::Kind::kUser, uid}, scratch());
  if (told) return contains(condition.texts, *told);
  return contains(condition.local_users, std::int64_t{uid}) && scope.covers(event.source().node);
}

bool user_holds(const Condition& condition, const DecodedEvent& event, tables::FieldId id,
                const interpret::NamesScope& scope) {
  return std::ranges::any_of(event.records(), [&](const DecodedRecord& record) {
    const Field* const field = event.find(record, id);
    std::uint32_t uid = 0;
    if (field == nullptr || !interpret::parse_decimal(field->value, uid)) return false;
    // Nobody is neither less nor more than a number.
    if (uid == interpret::kUnsetId && compares_size(condition.relation)) return false;
    return meets_number(condition, uid) ||
           (!condition.texts.empty() && is_user(condition, event, record, *field, uid, scope));
  });
}

bool session_holds(const Condition& condition, const DecodedEvent& event) {
  return std::ranges::any_of(event.records(), [&](const DecodedRecord& record) {
    const Field* const one = event.find(record, field::kSes);
    std::uint32_t session = 0;
    if (one == nullptr || !interpret::parse_decimal(one->value, session)) return false;
    if (session == interpret::kUnsetId && compares_size(condition.relation)) return false;
    return meets_number(condition, session);
  });
}

bool path_holds(const Condition& condition, const DecodedEvent& event) {
  return any_field(event, [&](const DecodedRecord& record, const Field& one) {
    if (!interpret::is_path(record.type, one)) return false;
    std::string& path = scratch();
    interpret::append_path(event, one, false, path);
    return meets_text(condition, path);
  });
}

bool argument_holds(const Condition& condition, const DecodedEvent& event) {
  const interpret::Execve& execve = event.execve();
  for (std::size_t i = 0; i < execve.size(); ++i)
    if (!execve.is_missing(i) && meets_text(condition, execve[i])) return true;
  return false;
}

bool command_holds(const Condition& condition, const DecodedEvent& event) {
  const interpret::Execve& execve = event.execve();
  if (execve.size() == 0) return false;
  std::string& text = scratch();
  for (std::size_t i = 0; i < execve.size(); ++i) (text += i == 0 ? "" : " ") += execve[i];
  return meets_text(condition, text);
}

bool host_holds(const Condition& condition, const DecodedEvent& event) {
  const std::string_view node = event.source().node_or({});
  if (!node.empty() && meets_text(condition, node)) return true;
  return any_field(event, [&](const DecodedRecord& /*record*/, const Field& one) {
    return (one.id == field::kAddr || one.id == field::kHostname) && meets_text(condition, one.value);
  });
}

bool container_holds(const Condition& condition, const DecodedEvent& event) {
  return any_field(event, [&](const DecodedRecord& /*record*/, const Field& one) {
    return (one.name == "contid" || one.name == "container" || one.name == "container_id") &&
           meets_text(condition, one.value);
  });
}

// Where no record has a result, what a security module decided is the outcome.
bool outcome_holds(const Condition& condition, const DecodedEvent& event) {
  const auto success = event.success() ? event.success() : interpret::summarise(event).success;
  return success && meets_number(condition, *success ? 1 : 0);
}

bool is_encoded(FieldClass kind) {
  return kind == FieldClass::kEncoded || kind == FieldClass::kKeys || kind == FieldClass::kProctitle ||
         kind == FieldClass::kTtyData;
}

bool is_hexadecimal(FieldClass kind) {
  return kind == FieldClass::kHex || kind == FieldClass::kArgument || kind == FieldClass::kCapabilities ||
         kind == FieldClass::kIoctl || kind == FieldClass::kMmapFlags || kind == FieldClass::kPersonality;
}

std::optional<std::int64_t> number_of(const DecodedRecord& record, const Field& one, FieldClass kind) {
  std::string_view digits = one.value;
  int base = 10;
  if (is_hexadecimal(kind)) {
    if (digits.starts_with("0x")) digits.remove_prefix(2);
    base = 16;
  } else if (one.id != 0 && !interpret::is_number(record.type, kind) && kind != FieldClass::kPlain) {
    return std::nullopt;
  }
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

bool meets_field(const Condition& condition, const DecodedRecord& record, const Field& one) {
  if (condition.field != 0 ? one.id != condition.field : one.name != condition.field_name) return false;
  if (one.value == "(null)" && one.spelling == interpret::Spelling::kBare) return false;
  const FieldClass kind = interpret::field_class(record.type, one.id);
  if (!condition.numbers.empty())
    if (const auto number = number_of(record, one, kind); number && meets_number(condition, *number)) return true;
  if (compares_size(condition.relation)) return false;
  return is_encoded(kind) ? meets_decoded(condition, one) : meets_text(condition, one.value);
}

bool field_holds(const Condition& condition, const DecodedEvent& event) {
  const auto meets = [&](const DecodedRecord& record, std::span<const Field> fields) {
    return std::ranges::any_of(fields, [&](const Field& one) { return meets_field(condition, record, one); });
  };
  return std::ranges::any_of(event.records(), [&](const DecodedRecord& record) {
    if (condition.record_type != 0 && record.type != condition.record_type) return false;
    return (condition.in_kernel && meets(record, event.fields(record))) ||
           (condition.in_claim && meets(record, event.claim(record)));
  });
}

bool is_pattern(const std::string& word) {
  return word.find_first_of("*?[") != std::string::npos;
}

}  // namespace

std::span<const Name> names() noexcept {
  return kNames;
}

bool is_like(const std::string& word, const std::string& path) {
  const bool is_name = word.find('/') == std::string::npos;
  const std::size_t slash = is_name ? path.rfind('/') : std::string::npos;
  const char* const compared = path.c_str() + (slash == std::string::npos ? 0 : slash + 1);
  if (is_pattern(word)) return fnmatch(word.c_str(), compared, 0) == 0;
  if (word.size() > 1 && word.ends_with('/'))
    return path.starts_with(word) || std::string_view(path) == std::string_view(word).substr(0, word.size() - 1);
  return compared == word;
}

bool holds(const Condition& condition, const DecodedEvent& event, const interpret::NamesScope& scope) {
  switch (condition.about) {
    case About::kKey:
      return key_holds(condition, event);
    case About::kType:
      return type_holds(condition, event);
    case About::kSyscall:
      return syscall_holds(condition, event);
    case About::kUser:
      return user_holds(condition, event, field::kUid, scope) || user_holds(condition, event, field::kAuid, scope);
    case About::kUid:
      return user_holds(condition, event, field::kUid, scope);
    case About::kAuid:
      return user_holds(condition, event, field::kAuid, scope);
    case About::kExe:
      return any_field(event, [&](const DecodedRecord& /*record*/, const Field& one) {
        return one.id == field::kExe && meets_decoded(condition, one);
      });
    case About::kPath:
      return path_holds(condition, event);
    case About::kArgument:
      return argument_holds(condition, event);
    case About::kCommand:
      return command_holds(condition, event);
    case About::kOutcome:
      return outcome_holds(condition, event);
    case About::kSession:
      return session_holds(condition, event);
    case About::kHost:
      return host_holds(condition, event);
    case About::kAction:
      return meets_text(condition, interpret::summarise(event).action);
    case About::kContainer:
      return container_holds(condition, event);
    case About::kField:
      break;
  }
  return field_holds(condition, event);
}

}  // namespace naudit::output::shape
