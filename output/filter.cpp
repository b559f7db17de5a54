// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/filter.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/accounts.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "interpret/names/told_names.hpp"
#include "interpret/summary/paths.hpp"
#include "interpret/summary/summary.hpp"
#include "tables/key_list.hpp"
#include "tables/record_types.hpp"
#include "tables/syscalls.hpp"

namespace naudit::output {
namespace {

using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::Field;
namespace field = tables::field;

// Where no record has a result, what a security module decided is the outcome.
std::optional<bool> outcome_of(const DecodedEvent& event) {
  return event.success() ? event.success() : interpret::summarise(event).success;
}

template <typename List, typename Value>
bool contains(const List& list, const Value& value) {
  return std::ranges::find(list, value) != list.end();
}

[[noreturn]] void refuse(const std::string& sink, const std::string& what) {
  throw base::Error(sink.empty() ? what : "sink '" + sink + "', filter: " + what);
}

// A user's number, as a word of the filter gives it; nothing if the word is a name.
std::optional<std::uint32_t> uid_of(const std::string& word) {
  if (word == "unset" || word == "-1") return interpret::kUnsetId;
  std::uint32_t uid = 0;
  return interpret::parse_decimal(word, uid) ? std::optional(uid) : std::nullopt;
}

std::uint32_t session_of(const std::string& word, const std::string& sink) {
  if (word == "unset" || word == "-1") return ~std::uint32_t{0};
  std::uint32_t session = 0;
  if (!interpret::parse_decimal(word, session))
    refuse(sink, base::in_quotes(word) + " is no login session; give its number (`ses`), or 'unset'");
  return session;
}

bool is_pattern(const std::string& word) {
  return word.find_first_of("*?[") != std::string::npos;
}

// See the header for what a word means.
bool is_meant(const std::vector<std::string>& words, const std::string& path) {
  return std::ranges::any_of(words, [&](const std::string& word) {
    const bool is_name = word.find('/') == std::string::npos;
    const std::size_t slash = is_name ? path.rfind('/') : std::string::npos;
    const char* const compared = path.c_str() + (slash == std::string::npos ? 0 : slash + 1);
    if (is_pattern(word)) return fnmatch(word.c_str(), compared, 0) == 0;
    if (word.size() > 1 && word.ends_with('/'))
      return path.starts_with(word) || std::string_view(path) == std::string_view(word).substr(0, word.size() - 1);
    return compared == word;
  });
}

// The fields of the kernel and of a program's message alike.
template <typename Asked>
bool any_field(const DecodedEvent& event, const Asked& asked) {
  return std::ranges::any_of(event.records(), [&](const DecodedRecord& record) {
    return std::ranges::any_of(event.fields(record), [&](const Field& one) { return asked(record, one); }) ||
           std::ranges::any_of(event.claim(record), [&](const Field& one) { return asked(record, one); });
  });
}

bool is_syscall_somewhere(const std::string& name) {
  constexpr std::array kArches = {tables::kArchX86_64, tables::kArchI386, tables::kArchAarch64};
  return std::ranges::any_of(kArches, [&](auto arch) { return tables::syscall_number(arch, name).has_value(); });
}

}  // namespace

config::Filter with_numbers(config::Filter filter) {
  for (const std::string& word : filter.uids) {
    if (uid_of(word)) continue;
    if (const auto id = base::user_id(word)) filter.numbers[word] = *id;
  }
  return filter;
}

std::vector<std::string> filter_warnings(const config::Filter& filter) {
  std::vector<std::string> warnings;
  for (const std::string& word : filter.uids)
    if (!uid_of(word) && !filter.numbers.contains(word))
      warnings.push_back("filter: this machine knows no user " + base::in_quotes(word) +
                         "; only records that tell this name pass");
  return warnings;
}

Filter::Filter(const config::Filter& filter, const std::string& sink, interpret::NamesScope scope)
    : keys_(filter.keys), scope_(std::move(scope)) {
  for (const std::string& word : filter.types) {
    const auto type = tables::record_type(word);
    if (!type) refuse(sink, "there is no record type '" + word + "'; give a name such as SYSCALL or USER_LOGIN");
    types_.push_back(*type);
  }
  for (const std::string& word : filter.syscalls) {
    std::uint32_t number = 0;
    if (interpret::parse_decimal(word, number))
      syscall_numbers_.push_back(number);
    else if (is_syscall_somewhere(word))
      syscalls_.push_back(word);
    else
      refuse(sink, "there is no system call '" + word + "'");
  }
  for (const std::string& word : filter.uids) {
    if (const auto number = uid_of(word)) {
      uids_.push_back(*number);
      continue;
    }
    users_.push_back(word);
    if (const auto known = filter.numbers.find(word); known != filter.numbers.end())
      numbers_of_users_.push_back(known->second);
  }
  for (const std::string& word : filter.sessions) sessions_.push_back(session_of(word, sink));
  exes_ = filter.exes;
  paths_ = filter.paths;
  hosts_ = filter.hosts;
  if (filter.outcome) success_ = *filter.outcome == config::Outcome::kSuccess;
  passes_all_ = filter == config::Filter{};
}

bool Filter::passes(const DecodedEvent& event) const {
  if (passes_all_) return true;
  if (success_ && outcome_of(event) != success_) return false;
  if (!types_.empty() && !has_type(event)) return false;
  if ((!syscalls_.empty() || !syscall_numbers_.empty()) && !has_syscall(event)) return false;
  if ((!uids_.empty() || !users_.empty()) && !has_uid(event)) return false;
  if (!sessions_.empty() && !has_session(event)) return false;
  if (!exes_.empty() && !has_exe(event)) return false;
  if (!paths_.empty() && !has_path(event)) return false;
  if (!hosts_.empty() && !has_host(event)) return false;
  return keys_.empty() || has_key(event);
}

bool Filter::has_key(const DecodedEvent& event) const {
  if (event.key() == nullptr) return false;
  std::string scratch;
  bool found = false;
  tables::for_each_key(interpret::decoded(*event.key(), scratch),
                       [&](std::string_view key) { found = found || contains(keys_, key); });
  return found;
}

bool Filter::has_type(const DecodedEvent& event) const {
  return std::ranges::any_of(event.records(), [&](const DecodedRecord& one) { return contains(types_, one.type); });
}

bool Filter::has_syscall(const DecodedEvent& event) const {
  const auto number = event.syscall();
  if (!number) return false;
  if (contains(syscall_numbers_, *number)) return true;
  const auto arch = event.arch();
  return arch && contains(syscalls_, tables::syscall_name(*arch, *number));
}

bool Filter::has_uid(const DecodedEvent& event) const {
  for (const DecodedRecord& record : event.records()) {
    for (const auto id : {tables::field::kUid, tables::field::kAuid}) {
      const Field* const field = event.find(record, id);
      std::uint32_t uid = 0;
      if (field == nullptr || !interpret::parse_decimal(field->value, uid)) continue;
      if (contains(uids_, uid) || (!users_.empty() && is_user(event, record, *field, uid))) return true;
    }
  }
  return false;
}

bool Filter::is_user(const DecodedEvent& event, const DecodedRecord& record, const Field& field,
                     std::uint32_t uid) const {
  std::string scratch;
  const auto told = interpret::name_in_input(event, record, field, {interpret::NameId::Kind::kUser, uid}, scratch);
  if (told) return contains(users_, *told);
  return contains(numbers_of_users_, uid) && scope_.covers(event.source().node);
}

bool Filter::has_exe(const DecodedEvent& event) const {
  std::string path;
  return any_field(event, [&](const DecodedRecord& /*record*/, const Field& one) {
    if (one.id != field::kExe) return false;
    path.clear();
    interpret::append_decoded(one, path);
    return is_meant(exes_, path);
  });
}

bool Filter::has_path(const DecodedEvent& event) const {
  std::string path;
  return any_field(event, [&](const DecodedRecord& record, const Field& one) {
    const bool is_path = one.id == field::kPath || one.id == field::kDir || one.id == field::kFile ||
                         (one.id == field::kName && record.type == tables::type::kPath);
    if (!is_path) return false;
    path.clear();
    interpret::append_path(event, one, false, path);
    return is_meant(paths_, path);
  });
}

bool Filter::has_session(const DecodedEvent& event) const {
  return std::ranges::any_of(event.records(), [&](const DecodedRecord& record) {
    const Field* const one = event.find(record, field::kSes);
    std::uint32_t session = 0;
    return one != nullptr && interpret::parse_decimal(one->value, session) && contains(sessions_, session);
  });
}

bool Filter::has_host(const DecodedEvent& event) const {
  if (contains(hosts_, event.source().node_or({}))) return true;
  return any_field(event, [&](const DecodedRecord& /*record*/, const Field& one) {
    return (one.id == field::kAddr || one.id == field::kHostname) && contains(hosts_, one.value);
  });
}

}  // namespace naudit::output
