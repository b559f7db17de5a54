// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/plugin/file.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "base/text.hpp"

namespace naudit::output {
namespace {

constexpr std::size_t kLongestLine = 511;
constexpr std::size_t kShortestFolder = 4;  // "/bin"
constexpr std::string_view kBlanks = " \t";

using Words = std::vector<std::string_view>;

Words words_of(std::string_view line) {
  Words words;
  for (;;) {
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    if (line.empty()) return words;
    const std::size_t end = std::min(line.find_first_of(kBlanks), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

// A problem, or an empty text.
using Read = std::string (*)(std::string_view value, PluginFile& out);

std::string expected(std::string_view what, std::string_view value) {
  return "expected " + std::string(what) + ", not " + base::in_quotes(value);
}

std::string read_active(std::string_view value, PluginFile& out) {
  const std::string word = lower(value);
  if (word != "yes" && word != "no") return expected("yes or no", value);
  out.active = word == "yes";
  return {};
}

// auditd reads it no more.
std::string read_direction(std::string_view /*value*/, PluginFile& /*out*/) {
  return {};
}

std::string read_path(std::string_view value, PluginFile& out) {
  using Does = PluginFile::Does;
  const std::string word = lower(value);
  out.does = word == "builtin_af_unix" ? Does::kUnixSocket : word == "builtin_syslog" ? Does::kSyslog : Does::kProgram;
  out.path = value;
  if (out.does != Does::kProgram) return {};
  if (!value.starts_with('/')) return expected("a path from / on, builtin_af_unix or builtin_syslog", value);
  if (value.rfind('/') < kShortestFolder || value.ends_with('/'))
    return expected("a program in a folder such as /sbin", value);
  return {};
}

std::string read_type(std::string_view value, PluginFile& /*out*/) {
  const std::string word = lower(value);
  return word == "always" || word == "builtin" ? "" : expected("always or builtin", value);
}

std::string read_format(std::string_view value, PluginFile& out) {
  const std::string word = lower(value);
  if (word != "string" && word != "binary") return expected("string or binary", value);
  out.binary = word == "binary";
  return {};
}

struct Key {
  std::string_view name;
  Read read;  // null: it has many values
};
constexpr Key kKeys[] = {{"active", read_active}, {"direction", read_direction},
                         {"path", read_path},     {"type", read_type},
                         {"args", nullptr},       {"format", read_format}};

std::string read_line(const Words& words, PluginFile& out) {
  const std::string name = lower(words[0]);
  const auto* const key = std::ranges::find(kKeys, name, &Key::name);
  if (words.size() < 2 || words[1] != "=") return "expected blanks around a '=', as in 'active = yes'";
  if (key == std::end(kKeys))
    return "there is no key " + base::in_quotes(words[0]) +
           "; the keys are active, direction, path, type, args, format";
  if (words.size() < 3) return base::in_quotes(key->name) + " has no value";
  if (key->read == nullptr) {
    out.args.assign(words.begin() + 2, words.end());
    return {};
  }
  if (words.size() > 3) return base::in_quotes(key->name) + " has more than one value";
  return key->read(words[2], out);
}

}  // namespace

std::vector<base::Problem> parse_plugin_file(std::string_view text, const std::string& name, PluginFile& out) {
  std::vector<base::Problem> problems;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto refuse = [&](std::string why) { problems.push_back({{name, number, 1}, std::move(why)}); };
    if (line.size() > kLongestLine) {
      refuse("the line has more than 511 bytes");
      continue;
    }
    const Words words = words_of(line);
    if (words.empty() || words.front().starts_with('#')) continue;
    if (line.find('\0') != std::string_view::npos) {
      refuse("there is a NUL in the line");
      continue;
    }
    if (std::string why = read_line(words, out); !why.empty()) refuse(std::move(why));
  }
  if (problems.empty() && out.active && out.path.empty())
    problems.push_back({{name, 0, 0}, "it is active and has no 'path'"});
  return problems;
}

}  // namespace naudit::output
