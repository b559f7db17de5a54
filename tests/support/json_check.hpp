// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

#include "correlate/event.hpp"
#include "formats/auditd/raw.hpp"
#include "formats/json/reader.hpp"

namespace naudit::tests {

// The first key that stands twice in an object anywhere below, be it in another case; empty if there is none.
inline std::string key_that_repeats(const rapidjson::Value& value) {
  if (value.IsArray()) {
    for (const auto& one : value.GetArray())
      if (std::string key = key_that_repeats(one); !key.empty()) return key;
  }
  if (!value.IsObject()) return {};
  std::set<std::string> seen;
  for (const auto& member : value.GetObject()) {
    std::string key(member.name.GetString(), member.name.GetStringLength());
    std::ranges::transform(key, key.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    if (!seen.insert(key).second) return "'" + key + "'";
    if (key = key_that_repeats(member.value); !key.empty()) return key;
  }
  return {};
}

// The lines that an event was made of, without node and prefix.
inline std::vector<std::string> record_lines(const correlate::Event& event) {
  std::vector<std::string> lines;
  for (const auto& record : event.records()) formats::append_raw_record(event, record, {}, lines.emplace_back());
  return lines;
}

// What every line of the native format promises, whatever the event: valid JSON, no key twice, and the same records
// when they are rebuilt. Empty, or what is wrong.
inline std::string what_is_wrong(const correlate::Event& event, std::string_view line) {
  if (line.find('\n') != line.size() - 1) return "not exactly one line";
  rapidjson::Document document;
  document.Parse<rapidjson::kParseValidateEncodingFlag>(line.data(), line.size());
  if (document.HasParseError())
    return std::string(rapidjson::GetParseError_En(document.GetParseError())) + " at " +
           std::to_string(document.GetErrorOffset());
  if (std::string key = key_that_repeats(document); !key.empty()) return "the key " + key + " repeats";
  std::vector<std::string> rebuilt;
  std::string error;
  if (!formats::rebuild_records(line, rebuilt, error)) return "cannot be rebuilt: " + error;
  const std::vector<std::string> records = record_lines(event);
  if (rebuilt == records) return {};
  for (std::size_t i = 0; i < std::min(rebuilt.size(), records.size()); ++i)
    if (rebuilt[i] != records[i]) return "rebuilt as\n" + rebuilt[i] + "\nfrom\n" + records[i];
  return std::to_string(rebuilt.size()) + " records rebuilt from " + std::to_string(records.size());
}

}  // namespace naudit::tests
