// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/filter.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/accounts.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "interpret/names/told_names.hpp"
#include "tables/record_types.hpp"
#include "tables/syscalls.hpp"

namespace naudit::output {
namespace {

using shape::About;
using shape::Condition;
using shape::Relation;
using shape::Tree;

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

bool is_syscall_somewhere(const std::string& name) {
  constexpr std::array kArches = {tables::kArchX86_64, tables::kArchI386, tables::kArchAarch64};
  return std::ranges::any_of(kArches, [&](auto arch) { return tables::syscall_number(arch, name).has_value(); });
}

// The users that it names, in lists and expression.
std::vector<std::string> users_of(const config::Filter& filter) {
  std::vector<std::string> users = shape::words_in(filter.expression, {About::kUser, About::kUid, About::kAuid});
  for (const std::string& word : filter.uids)
    if (!uid_of(word)) users.push_back(word);
  return users;
}

// The lists as the conditions that they stand for, the cheap ones first.
class Lists {
 public:
  Lists(const config::Filter& filter, const std::string& sink) : filter_(filter), sink_(sink) {}

  Tree tree() {
    add_types();
    add_syscalls();
    add_texts(About::kKey, Relation::kIs, filter_.keys);
    if (filter_.outcome)
      add({.about = About::kOutcome, .numbers = {*filter_.outcome == config::Outcome::kSuccess ? 1 : 0}});
    add_users();
    add_sessions();
    add_texts(About::kExe, Relation::kLike, filter_.exes);
    add_texts(About::kPath, Relation::kLike, filter_.paths);
    add_texts(About::kHost, Relation::kIs, filter_.hosts);
    return std::move(all_);
  }

 private:
  void add(Condition condition) {
    if (condition.texts.empty() && condition.numbers.empty()) return;
    all_.parts.push_back({.kind = Tree::Kind::kCondition, .condition = std::move(condition)});
  }
  void add_texts(About about, Relation relation, const std::vector<std::string>& words) {
    add({.about = about, .relation = relation, .texts = words});
  }
  void add_types() {
    Condition condition{.about = About::kType};
    for (const std::string& word : filter_.types) {
      const auto type = tables::record_type(word);
      if (!type) refuse(sink_, "there is no record type '" + word + "'; give a name such as SYSCALL or USER_LOGIN");
      condition.numbers.push_back(*type);
    }
    add(std::move(condition));
  }
  void add_syscalls() {
    Condition condition{.about = About::kSyscall};
    for (const std::string& word : filter_.syscalls) {
      std::uint32_t number = 0;
      if (interpret::parse_decimal(word, number))
        condition.numbers.push_back(number);
      else if (is_syscall_somewhere(word))
        condition.texts.push_back(word);
      else
        refuse(sink_, "there is no system call '" + word + "'");
    }
    add(std::move(condition));
  }
  void add_users() {
    Condition condition{.about = About::kUser};
    for (const std::string& word : filter_.uids) {
      if (const auto number = uid_of(word)) {
        condition.numbers.push_back(*number);
        continue;
      }
      condition.texts.push_back(word);
      if (const auto known = filter_.numbers.find(word); known != filter_.numbers.end())
        condition.local_users.push_back(known->second);
    }
    add(std::move(condition));
  }
  void add_sessions() {
    Condition condition{.about = About::kSession};
    for (const std::string& word : filter_.sessions) condition.numbers.push_back(session_of(word, sink_));
    add(std::move(condition));
  }

  const config::Filter& filter_;
  const std::string& sink_;
  Tree all_;
};

}  // namespace

config::Filter with_numbers(config::Filter filter) {
  for (const std::string& word : users_of(filter))
    if (const auto id = base::user_id(word)) filter.numbers[word] = *id;
  return filter;
}

std::vector<std::string> filter_warnings(const config::Filter& filter) {
  std::vector<std::string> warnings;
  for (const std::string& word : users_of(filter))
    if (!filter.numbers.contains(word))
      warnings.push_back("filter: this machine knows no user " + base::in_quotes(word) +
                         "; only records that tell this name pass");
  return warnings;
}

std::vector<std::string> filter_keys(const config::Filter& filter) {
  std::vector<std::string> keys = filter.keys;
  for (std::string& key : shape::words_in(filter.expression, {About::kKey})) keys.push_back(std::move(key));
  return keys;
}

std::optional<shape::Mistake> expression_mistake(const config::Filter& filter) {
  if (filter.expression.empty()) return std::nullopt;
  auto tree = shape::parse(filter.expression, {});
  if (tree) return std::nullopt;
  return std::move(tree.error());
}

std::string told_in(std::string_view expression, const shape::Mistake& mistake) {
  const std::string_view before = expression.substr(0, mistake.at);
  const auto line = std::ranges::count(before, '\n') + 1;
  const std::size_t column = before.size() - (before.rfind('\n') + 1) + 1;  // npos + 1 is 0
  return "line " + std::to_string(line) + ", column " + std::to_string(column) + ": " + mistake.message;
}

Filter::Filter(const config::Filter& filter, const std::string& sink, interpret::NamesScope scope) {
  Tree all = Lists(filter, sink).tree();
  if (!filter.expression.empty()) {
    auto tree = shape::parse(filter.expression, filter.numbers);
    if (!tree) refuse(sink, told_in(filter.expression, tree.error()));
    all.parts.push_back(std::move(*tree));
  }
  program_ = shape::Program(all, std::move(scope));
}

}  // namespace naudit::output
