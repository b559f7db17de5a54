// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// Several entries of a rule file in YAML into one, where the kernel does the same.
#include <algorithm>
#include <unordered_map>

#include "migrate/rules/yaml_document.hpp"

namespace naudit::migrate {
namespace {

using Words = rules::YamlWords rules::YamlRule::*;
constexpr Words kArches = &rules::YamlRule::arches;
// One that differs only here can be put together with another. Arches first, so that the pairs of b64 and b32 are one
// entry before their paths are compared.
constexpr Words kJoined[] = {kArches,
                             &rules::YamlRule::watch,
                             &rules::YamlRule::paths,
                             &rules::YamlRule::dirs,
                             &rules::YamlRule::exes,
                             &rules::YamlRule::types,
                             &rules::YamlRule::filesystems};

void add(std::string& out, const rules::YamlWords& words) {
  for (const rules::YamlWord& word : words) (out += word.text) += '\0';
  out += '\n';
}

void add(std::string& out, const std::optional<rules::YamlWord>& word) {
  if (word) out += word->text;
  out += '\n';
}

// All of the entry but one list; equal texts can be put together.
std::string likeness(const rules::YamlRule& rule, Words but) {
  std::string out;
  for (const Words list : kJoined) add(out, list == but ? rules::YamlWords{} : rule.*list);
  rules::YamlWords calls = rule.syscalls;
  std::sort(calls.begin(), calls.end(),
            [](const rules::YamlWord& a, const rules::YamlWord& b) { return a.text < b.text; });
  add(out, calls);
  for (const rules::YamlWords* words : {&rule.io_uring, &rule.permissions, &rule.where, &rule.keys, &rule.tags})
    add(out, *words);
  add(out, rule.list);
  add(out, rule.action);
  return out;
}

bool has_word(const rules::YamlWords& words, const rules::YamlWords& of) {
  return std::any_of(of.begin(), of.end(), [&words](const rules::YamlWord& one) {
    return std::any_of(words.begin(), words.end(),
                       [&one](const rules::YamlWord& word) { return word.text == one.text; });
  });
}

bool may_join(const YamlEntry& into, const YamlEntry& entry, Words list) {
  if (!entry.comments.empty()) return false;
  const std::string& description = entry.yaml.description;
  if (!description.empty() && description != into.yaml.description) return false;
  // What is described ends at an empty line; the other ABI's twin of a rule is the same thing.
  const bool described = !into.yaml.description.empty() && description.empty();
  if (described && entry.after_empty && list != kArches) return false;
  const auto any = [](const YamlEntry& one) { return one.yaml.arches.size() == 1 && one.yaml.arches[0].text == "any"; };
  if (list == kArches && (any(into) || any(entry))) return false;
  return !(into.yaml.*list).empty() && !(entry.yaml.*list).empty() && !has_word(into.yaml.*list, entry.yaml.*list);
}

bool may_pass(const YamlEntry& entry, const YamlEntry& other) {
  return std::all_of(entry.rules.begin(), entry.rules.end(), [&other](const rules::Rule& rule) {
    return std::all_of(other.rules.begin(), other.rules.end(),
                       [&rule](const rules::Rule& passed) { return order_is_free(rule, passed); });
  });
}

void join(YamlEntry& into, YamlEntry& entry, Words list) {
  rules::YamlWords& words = into.yaml.*list;
  const rules::YamlWords& more = entry.yaml.*list;
  words.insert(words.end(), more.begin(), more.end());
  into.rules.insert(into.rules.end(), entry.rules.begin(), entry.rules.end());
}

void merge_by(std::vector<YamlEntry>& entries, Words list) {
  std::unordered_map<std::string, std::size_t> last;  // of each likeness, in `kept`
  std::vector<YamlEntry> kept;
  for (YamlEntry& entry : entries) {
    const bool joinable = !entry.comment_only && !entry.yaml.auditctl && !(entry.yaml.*list).empty();
    if (!joinable) {
      kept.push_back(std::move(entry));
      continue;
    }
    const auto [found, added] = last.try_emplace(likeness(entry.yaml, list), kept.size());
    const auto first = kept.begin() + static_cast<std::ptrdiff_t>(found->second);
    const bool joins = !added && may_join(*first, entry, list) &&
                       std::all_of(first + 1, kept.end(), [&entry](const YamlEntry& o) { return may_pass(entry, o); });
    if (joins) {
      join(*first, entry, list);
    } else {
      found->second = kept.size();
      kept.push_back(std::move(entry));
    }
  }
  entries = std::move(kept);
}

std::string key_text(const rules::Rule& rule) {
  const rules::Field* key = rule.find(rules::FieldId::kKey);
  return key == nullptr ? std::string() : key->text;
}

bool share_calls(const rules::Rule& left, const rules::Rule& right) {
  for (std::size_t i = 0; i < rules::SyscallMask::kWords; ++i)
    if ((left.syscalls.words[i] & right.syscalls.words[i]) != 0) return true;
  return false;
}

}  // namespace

bool order_is_free(const rules::Rule& left, const rules::Rule& right) {
  // Each list is searched for itself; on the exclude list every match counts, whichever rule it is.
  if (left.list != right.list || left.list == rules::List::kExclude) return true;
  const auto arch = left.arch();
  if (arch && right.arch() && *arch != *right.arch()) return true;
  const bool by_call = left.list == rules::List::kExit || left.list == rules::List::kIoUring;
  if (by_call && !share_calls(left, right)) return true;
  return left.action == right.action && key_text(left) == key_text(right);
}

void merge_entries(std::vector<YamlEntry>& entries) {
  for (const Words list : kJoined) merge_by(entries, list);
}

}  // namespace naudit::migrate
