// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <vector>

#include "rules/rule/rule.hpp"
#include "rules/yaml/entry.hpp"

namespace naudit::migrate {

// A rule file in YAML that is being written. Comments are lines with their '#'; "" is an empty line.
struct YamlEntry {
  std::vector<std::string> comments;
  rules::YamlRule yaml;
  std::vector<rules::Rule> rules;  // the kernel rules that it stands for, in the order in which it makes them
  bool comment_only = false;       // something of the source that is no rule: only the comments
  bool after_empty = false;        // an empty line stood before it
};

struct YamlSetting {
  std::vector<std::string> comments;
  std::string key, value;
};

struct YamlDocument {
  std::vector<std::string> header;
  std::vector<YamlSetting> kernel;
  std::vector<YamlEntry> entries;
  std::vector<std::string> rest;
};

std::string document_text(const YamlDocument& document);

// Whether the kernel does the same whichever of the two comes first: nothing fits both, or both do the same with it.
bool order_is_free(const rules::Rule& left, const rules::Rule& right);

// Makes one entry of several that differ in one list only: arches, paths, programs, record types. An entry moves up
// only past such as may change places with it, so that the kernel does the same as before; one with a comment of its
// own stays, and a description is not spread over more than the lines that stand directly below it.
void merge_entries(std::vector<YamlEntry>& entries);

}  // namespace naudit::migrate
