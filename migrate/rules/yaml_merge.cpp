// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// Several entries of a rule file in YAML into one, where the kernel does the same.
#include <algorithm>
#include <unordered_map>

#include "migrate/rules/yaml_document.hpp"

namespace naudit::rules {
namespace {

using Words = YamlWords YamlRule::*;
constexpr Words kArches = &YamlRule::arches;
// One that differs only here can be put together with another. Arches first, so that the pairs of b64 and b32 are one
// entry before their paths are compared.
constexpr Words kJoined[] = {kArches,         &YamlRule::watch, &YamlRule::paths,      &YamlRule::dirs,
                             &YamlRule::exes, &YamlRule::types, &YamlRule::filesystems};

void add(std::string& out, const YamlWords& words) {
  for (const YamlWord& word : words) (out += word.text) += '\0';
  out += '\n';
}

void add(std::string& out, const std::optional<YamlWord>& word) {
  if (word) out += word->text;
  out += '\n';
}

// All of the entry but one list; equal texts can be put together.
std::string likeness(const YamlRule& rule, Words but) {
  std::string out;
  for (const Words list : kJoined) add(out, list == but ? YamlWords{} : rule.*list);
  YamlWords calls = rule.syscalls;
  std::sort(calls.begin(), calls.end(), [](const YamlWord& a, const YamlWord& b) { return a.text < b.text; });
  add(out, calls);
  for (const YamlWords* words : {&rule.io_uring, &rule.permissions, &rule.where, &rule.keys, &rule.tags}) {
    add(out, *words);
  }
  add(out, rule.list);
  add(out, rule.action);
  return out;
}

bool has_word(const YamlWords& words, const YamlWords& of) {
  return std::any_of(of.begin(), of.end(), [&words](const YamlWord& one) {
    return std::any_of(words.begin(), words.end(), [&one](const YamlWord& word) { return word.text == one.text; });
  });
}

bool may_join(const YamlEntry& into, const YamlEntry& entry, Words list) {
  if (!entry.comments.empty()) return false;
  const std::string& description = entry.yaml.description;
  if (!description.empty() && description != into.yaml.description) return false;
  // What is described ends at an empty line; the other ABI's twin of a rule is the same thing.
  const bool described = !into.yaml.description.empty() && description.empty();
  if (described && entry.after_empty && list != kArches) return false;
  return !(into.yaml.*list).empty() && !(entry.yaml.*list).empty() && !has_word(into.yaml.*list, entry.yaml.*list);
}

bool may_pass(const YamlEntry& entry, const YamlEntry& other) {
  return std::all_of(entry.rules.begin(), entry.rules.end(), [&other](const Rule& rule) {
    return std::all_of(other.rules.begin(), other.rules.end(),
                       [&rule](const Rule& passed) { return order_is_free(rule, passed); });
  });
}

void join(YamlEntry& into, YamlEntry& entry, Words list) {
  YamlWords& words = into.yaml.*list;
  const YamlWords& more = entry.yaml.*list;
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

std::string key_text(const Rule& rule) {
  const Field* key = rule.find(FieldId::kKey);
  return key == nullptr ? std::string() : key->text;
}

bool share_calls(const Rule& left, const Rule& right) {
  for (std::size_t i = 0; i < SyscallMask::kWords; ++i) {
    if ((left.syscalls.words[i] & right.syscalls.words[i]) != 0) return true;
  }
  return false;
}

}  // namespace

bool order_is_free(const Rule& left, const Rule& right) {
  // Each list is searched for itself; on the exclude list every match counts, whichever rule it is.
  if (left.list != right.list || left.list == List::kExclude) return true;
  const auto arch = left.arch();
  if (arch && right.arch() && *arch != *right.arch()) return true;
  const bool by_call = left.list == List::kExit || left.list == List::kIoUring;
  if (by_call && !share_calls(left, right)) return true;
  return left.action == right.action && key_text(left) == key_text(right);
}

void merge_entries(std::vector<YamlEntry>& entries) {
  for (const Words list : kJoined) merge_by(entries, list);
}

}  // namespace naudit::rules
