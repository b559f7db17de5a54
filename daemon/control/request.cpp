// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/control/request.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

#include "base/text.hpp"
#include "config/filter_lists.hpp"
#include "config/vocabulary.hpp"
#include "formats/registry.hpp"

namespace naudit::daemon {
namespace {

using rapidjson::Value;
using Problem = std::optional<std::string>;

constexpr auto kTailArguments = [] {
  std::array<std::string_view, 4 + std::size(config::kFilterLists)> names = {"format", "count", "outcome", "filter"};
  std::size_t at = 4;
  for (const config::FilterList& list : config::kFilterLists) names.at(at++) = list.key();
  return names;
}();
constexpr auto kCommands = std::to_array<ControlCommand>({
    {"status", {}, &ControlActions::status, "how the daemon, the kernel's audit system and each sink are doing"},
    {"metrics", {}, &ControlActions::metrics, "the same numbers as Prometheus reads them, and a few more"},
    {"reload", {}, &ControlActions::reload, "reads nauditd.yaml and the rules again"},
    {"rotate", {}, &ControlActions::rotate, "every file sink starts a new file"},
    {"tail", kTailArguments, nullptr, "events, as they happen"},
    {"rule_stats", {}, &ControlActions::rule_stats, "how many events each rule key has brought"},
});
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

// Strings, and for what has numbers numbers too.
Problem read_list(const Value& value, std::string_view name, bool takes_numbers, std::vector<std::string>& out) {
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
  std::vector<std::string_view> members = {"command"};
  for (const ControlCommand& command : kCommands)
    members.insert(members.end(), command.arguments.begin(), command.arguments.end());
  const auto near = std::ranges::min_element(
      members, {}, [name](std::string_view known) { return base::edit_distance(known, name.substr(0, 64)); });
  if (base::edit_distance(*near, name.substr(0, 64)) <= 2) text += "; is \"" + std::string(*near) + "\" meant?";
  return text;
}

Problem read_member(std::string_view name, const Value& value, ControlRequest& request) {
  if (name == "command") return std::nullopt;
  if (name == "format") {
    const auto index = word_in(value, name, formats::text_format_names());
    if (!index) return index.error();
    request.format = formats::text_format_names()[*index];
    return std::nullopt;
  }
  if (name == "outcome") {
    const auto index = word_in(value, name, config::kOutcomes);
    if (!index) return index.error();
    request.filter.outcome = static_cast<config::Outcome>(*index);
    return std::nullopt;
  }
  if (name == "filter") {
    if (!value.IsString() || value.GetStringLength() == 0) return "\"filter\" has to be an expression";
    request.filter.expression = text_of(value);
    return std::nullopt;
  }
  if (name == "count") {
    if (!value.IsUint64()) return "\"count\" has to be a number of events";
    request.count = value.GetUint64();
    return std::nullopt;
  }
  for (const config::FilterList& list : config::kFilterLists)
    if (name == list.key()) return read_list(value, name, list.has_numbers, request.filter.*list.words);
  return unknown(name);
}

}  // namespace

std::span<const ControlCommand> control_commands() noexcept {
  return kCommands;
}

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
  std::vector<std::string_view> names;
  for (const ControlCommand& known : kCommands) names.push_back(known.name);
  if (command == document.MemberEnd())
    return tl::make_unexpected("the request names no \"command\": " + list_of(names));
  const auto index = word_in(command->value, "command", names);
  if (!index) return tl::make_unexpected(index.error());

  ControlRequest request;
  request.command = &kCommands.at(*index);
  std::vector<std::string_view> seen;
  for (const auto& [key, value] : document.GetObject()) {
    const std::string_view name = text_of(key);
    if (const Problem problem = read_member(name, value, request)) return tl::make_unexpected(*problem);
    if (std::ranges::find(seen, name) != seen.end())
      return tl::make_unexpected('"' + std::string(name) + "\" is given twice");
    if (name != "command" && std::ranges::find(request.command->arguments, name) == request.command->arguments.end())
      return tl::make_unexpected("\"" + std::string(request.command->name) + "\" takes no \"" + std::string(name) +
                                 '"');
    seen.push_back(name);
  }
  return request;
}

}  // namespace naudit::daemon
