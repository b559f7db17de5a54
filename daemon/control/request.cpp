// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/control/request.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

#include "base/text.hpp"
#include "config/vocabulary.hpp"
#include "formats/registry.hpp"

namespace naudit::daemon {
namespace {

using rapidjson::Value;
using Problem = std::optional<std::string>;

constexpr std::array<std::string_view, 5> kCommands = {"status", "reload", "rotate", "tail", "rule_stats"};
constexpr std::array<std::string_view, 8> kMembers = {"command", "format",   "count", "keys",
                                                      "types",   "syscalls", "uids",  "outcome"};
// Iterative: the depth of what a client sends must not be the depth of our stack.
constexpr unsigned kHow = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;

std::string_view text_of(const Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

template <typename Words>
std::string list_of(const Words& words) {
  std::string text;
  for (const std::string_view word : words) {
    if (!text.empty()) text += ", ";
    text += word;
  }
  return text;
}

// Where `value` stands in `words`, or a message.
template <typename Words>
tl::expected<std::size_t, std::string> word_in(const Value& value, std::string_view name, const Words& words) {
  if (value.IsString()) {
    const auto found = std::ranges::find(words, text_of(value));
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  }
  const std::string given = value.IsString() ? ", not " + base::in_quotes(text_of(value)) : std::string();
  return tl::make_unexpected('"' + std::string(name) + "\" has to be one of " + list_of(words) + given);
}

// Strings, and for what has numbers (types, system calls, uids) numbers too.
Problem read_list(const Value& value, std::string_view name, std::vector<std::string>& out) {
  const bool takes_numbers = name != "keys";
  const std::string wanted = takes_numbers ? "names or numbers" : "strings";
  if (!value.IsArray() || value.Empty()) return '"' + std::string(name) + "\" has to be a list of " + wanted;
  for (const Value& entry : value.GetArray())
    if (entry.IsString() && entry.GetStringLength() > 0)
      out.emplace_back(text_of(entry));
    else if (takes_numbers && entry.IsUint())
      out.push_back(std::to_string(entry.GetUint()));
    else
      return '"' + std::string(name) + "\" may hold " + wanted + " only";
  return std::nullopt;
}

Problem unknown(std::string_view name) {
  std::string text = "there is no member " + base::in_quotes(name);
  const auto* const near = std::ranges::min_element(
      kMembers, {}, [name](std::string_view known) { return base::edit_distance(known, name.substr(0, 64)); });
  if (base::edit_distance(*near, name.substr(0, 64)) <= 2) text += "; is \"" + std::string(*near) + "\" meant?";
  return text;
}

Problem read_member(std::string_view name, const Value& value, ControlRequest& request) {
  if (name == "command") return std::nullopt;
  if (name == "format") {
    const auto index = word_in(value, name, formats::format_names());
    if (!index) return index.error();
    request.format = formats::format_names()[*index];
    return std::nullopt;
  }
  if (name == "outcome") {
    const auto index = word_in(value, name, config::kOutcomes);
    if (!index) return index.error();
    request.filter.outcome = static_cast<config::Outcome>(*index);
    return std::nullopt;
  }
  if (name == "count") {
    if (!value.IsUint64()) return "\"count\" has to be a number of events";
    request.count = value.GetUint64();
    return std::nullopt;
  }
  if (name == "keys") return read_list(value, name, request.filter.keys);
  if (name == "types") return read_list(value, name, request.filter.types);
  if (name == "syscalls") return read_list(value, name, request.filter.syscalls);
  if (name == "uids") return read_list(value, name, request.filter.uids);
  return unknown(name);
}

}  // namespace

tl::expected<ControlRequest, std::string> parse_control_request(std::string_view line) {
  rapidjson::Document document;
  document.Parse<kHow>(line.data(), line.size());
  if (document.HasParseError()) {
    return tl::make_unexpected(
        "the request is not JSON: " + std::string(rapidjson::GetParseError_En(document.GetParseError())) + " (byte " +
        std::to_string(document.GetErrorOffset() + 1) + ")");
  }
  if (!document.IsObject()) return tl::make_unexpected("the request has to be a JSON object");
  const auto command = document.FindMember("command");
  if (command == document.MemberEnd())
    return tl::make_unexpected("the request names no \"command\": " + list_of(kCommands));
  const auto index = word_in(command->value, "command", kCommands);
  if (!index) return tl::make_unexpected(index.error());

  ControlRequest request;
  request.command = static_cast<ControlCommand>(*index);
  std::vector<std::string_view> seen;
  for (const auto& [key, value] : document.GetObject()) {
    const std::string_view name = text_of(key);
    if (const Problem problem = read_member(name, value, request)) return tl::make_unexpected(*problem);
    if (std::ranges::find(seen, name) != seen.end())
      return tl::make_unexpected('"' + std::string(name) + "\" is given twice");
    if (name != "command" && request.command != ControlCommand::kTail)
      return tl::make_unexpected("\"" + std::string(kCommands.at(*index)) + "\" takes no \"" + std::string(name) + '"');
    seen.push_back(name);
  }
  return request;
}

}  // namespace naudit::daemon
