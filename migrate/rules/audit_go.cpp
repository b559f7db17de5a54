// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/rules/audit_go.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>
#include <yaml-cpp/yaml.h>

#include "base/text.hpp"
#include "config/yaml/document.hpp"

namespace naudit::migrate {
namespace {

using config::Problems;
using YAML::Node;

constexpr auto kOperators = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"eq", "="},
    {"nt_eq", "!="},
    {"gt_or_eq", ">="},
    {"lt_or_eq", "<="},
    {"and_eq", "&="},
    {"gt", ">"},
    {"lt", "<"},
    {"and", "&"},
});

base::Place place_of(const std::string& text, std::size_t offset, const std::string& name) {
  const std::string_view before = std::string_view(text).substr(0, offset);
  const auto line = static_cast<int>(std::ranges::count(before, '\n')) + 1;
  const std::size_t start = before.rfind('\n') + 1;  // npos + 1 is 0
  return {name, line, static_cast<int>(before.size() - start) + 1};
}

// Throws base::Error where it is no JSON. JSON is YAML as well, whose reader knows the place of each value; only of
// tabs they think differently.
std::string as_yaml(const std::string& text, const std::string& name) {
  rapidjson::Reader reader;
  rapidjson::StringStream stream(text.c_str());
  rapidjson::BaseReaderHandler<> nobody;
  const auto result =
      reader.Parse < rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag > (stream, nobody);
  if (result.IsError() || text.find('\0') != std::string::npos) {
    const std::size_t offset = result.IsError() ? result.Offset() : text.find('\0');
    const char* const what = result.IsError() ? rapidjson::GetParseError_En(result.Code()) : "a NUL";
    throw base::Error(place_of(text, offset, name), std::string("is no JSON: ") + what);
  }
  std::string yaml = text;
  bool in_string = false;
  for (std::size_t i = 0; i < yaml.size(); ++i)
    if (in_string && yaml[i] == '\\')
      ++i;
    else if (yaml[i] == '"')
      in_string = !in_string;
    else if (!in_string && (yaml[i] == '\t' || yaml[i] == '\r'))
      yaml[i] = ' ';
  return yaml;
}

class Reader {
 public:
  Reader(const std::string& name, AuditGoRules& out) : problems_(name), out_(out) {}

  void read(const Node& root) {
    std::string enable, buffer, rate;
    bool deletes = false;
    // The rules stand behind what prepares for them, whatever the order of the keys.
    std::vector<std::pair<void (Reader::*)(const Node&), Node>> rules;
    const auto later = [&rules](void (Reader::*reads)(const Node&)) {
      return [&rules, reads](const Node& node) { rules.emplace_back(reads, node); };
    };
    config::read_map(root, "the rules of audit-go",
                     {{"delete", [&](const Node& node) { deletes = flag(node); }},
                      {"enable", [&](const Node& node) { enable = number(node); }},
                      {"buffer", [&](const Node& node) { buffer = number(node); }},
                      {"rate", [&](const Node& node) { rate = number(node); }},
                      {"strict_path_check", [&](const Node& node) { strict(node); }},
                      {"file_rules", later(&Reader::watch)},
                      {"syscall_rules", later(&Reader::call)},
                      {"audit_rules", later(&Reader::either)}},
                     problems_);
    if (deletes) add(root, "-D");
    if (!buffer.empty()) add(root, "-b " + buffer);
    if (!rate.empty()) add(root, "-r " + rate);
    for (const auto& [reads, node] : rules) {
      if (!node.IsSequence()) problems_.add(node, "expected a list of rules");
      if (!node.IsSequence()) continue;
      for (const auto& rule : node) (this->*reads)(rule);
    }
    // A lock goes last: behind it nothing can be loaded.
    if (!enable.empty()) add(root, "-e " + enable);
    problems_.throw_if_any();
  }

 private:
  void add(const Node& from, std::string line) {
    out_.lines += line;
    out_.lines += '\n';
    out_.places.push_back(problems_.place(from));
  }

  bool flag(const Node& node) {
    if (node.IsScalar() && (node.Scalar() == "true" || node.Scalar() == "false")) return node.Scalar() == "true";
    problems_.add(node, "expected true or false");
    return false;
  }

  void strict(const Node& node) {
    if (flag(node))
      out_.notes.push_back({problems_.place(node),
                            "strict_path_check: nauditd loads a watch for a path that is not there yet, as the kernel "
                            "does, and says so"});
  }

  // A word of a line of auditctl: nothing can be escaped in it.
  std::string word(const Node& node, std::string_view what) {
    if (!node.IsScalar() || node.Scalar().empty()) {
      problems_.add(node, "expected " + std::string(what));
      return {};
    }
    const std::string& text = node.Scalar();
    const bool fits = std::ranges::none_of(text, [](char c) {
      return (c >= '\0' && c <= ' ') || c == '\x7f' || c == '"' || c == '\'' || c == '\\' || c == '#';
    });
    if (!fits)
      problems_.add(node, "the kernel's tools have no way to write " + base::in_quotes(text) +
                              ": no blanks, quotes, backslashes or #");
    return fits ? text : std::string();
  }

  std::string number(const Node& node) {
    std::string text = word(node, "a number");
    if (text.empty() || std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) return text;
    problems_.add(node, "expected a number, not " + base::in_quotes(text));
    return {};
  }

  static Node find(const Node& rule, std::string_view key) {
    for (const auto& entry : rule)
      if (entry.first.IsScalar() && entry.first.Scalar() == key) return entry.second;
    return Node(YAML::NodeType::Undefined);
  }

  void either(const Node& rule) {
    if (rule.IsMap() && find(rule, "path").IsDefined()) return watch(rule);
    call(rule);
  }

  void watch(const Node& rule) {
    std::string path, permission, key;
    config::read_map(rule, "a rule for a file",
                     {{"path", [&](const Node& node) { path = word(node, "a path"); }},
                      {"permission", [&](const Node& node) { permission = permissions(node); }},
                      {"key", [&](const Node& node) { key = optional(node, "a key"); }}},
                     problems_);
    if (!rule.IsMap()) return;
    if (!find(rule, "path").IsDefined()) return problems_.add(rule, "this rule has no path");
    std::string line = "-w " + path;
    if (!permission.empty()) line += " -p " + permission;
    if (!key.empty()) line += " -k " + key;
    add(rule, std::move(line));
  }

  // An empty text is as good as none.
  std::string optional(const Node& node, std::string_view what) {
    return node.IsNull() || (node.IsScalar() && node.Scalar().empty()) ? std::string() : word(node, what);
  }

  std::string permissions(const Node& node) {
    const std::string text = optional(node, "some of r, w, x, a");
    if (text.find_first_not_of("rwxa") == std::string::npos) return text;
    problems_.add(node, "expected some of r, w, x, a, not " + base::in_quotes(text));
    return {};
  }

  void call(const Node& rule) {
    std::vector<std::string> actions, calls, fields;
    std::string arch, key;
    config::read_map(rule, "a rule",
                     {{"actions", [&](const Node& node) { actions = words(node, "an action and a list"); }},
                      {"syscalls", [&](const Node& node) { calls = words(node, "names of system calls"); }},
                      {"fields",
                       [&](const Node& node) {
                         if (!node.IsSequence()) return problems_.add(node, "expected a list of fields");
                         for (const auto& field : node) read_field(field, arch, fields);
                       }},
                      {"key", [&](const Node& node) { key = optional(node, "a key"); }}},
                     problems_);
    if (!rule.IsMap()) return;
    if (actions.size() != 2) return problems_.add(rule, R"(expected "actions": ["always", "exit"] in this rule)");
    std::string line = "-a " + actions[0] + ',' + actions[1];
    line += arch;  // the calls are those of this arch
    for (const std::string& one : calls) line += " -S " + one;
    for (const std::string& one : fields) line += one;
    if (!key.empty()) line += " -k " + key;
    add(rule, std::move(line));
  }

  std::vector<std::string> words(const Node& node, std::string_view what) {
    std::vector<std::string> list;
    if (!node.IsSequence()) {
      problems_.add(node, "expected a list of " + std::string(what));
      return list;
    }
    for (const auto& one : node) list.push_back(word(one, what));
    return list;
  }

  void read_field(const Node& field, std::string& arch, std::vector<std::string>& fields) {
    std::string name, sign, value;
    config::read_map(field, "a field",
                     {{"name", [&](const Node& node) { name = word(node, "the name of a field"); }},
                      {"op", [&](const Node& node) { sign = operator_of(node); }},
                      {"value", [&](const Node& node) { value = word(node, "a value"); }}},
                     problems_);
    if (!field.IsMap()) return;
    for (const std::string_view key : {"name", "op", "value"})
      if (!find(field, key).IsDefined()) return problems_.add(field, "this field has no " + std::string(key));
    if (name != "arch") return fields.push_back(" -F " + name + sign + value);
    const bool is_bits = value == "64" || value == "32";
    arch += " -F arch" + sign + (is_bits ? "b" : "") + value;
  }

  std::string operator_of(const Node& node) {
    const std::string text = node.IsScalar() ? node.Scalar() : std::string();
    for (const auto& [known, sign] : kOperators)
      if (text == known || text == sign) return std::string(sign);
    std::string all;
    for (const auto& [known, sign] : kOperators) all.append(all.empty() ? "" : ", ").append(known);
    problems_.add(node, "expected an operator, one of " + all + ", not " + base::in_quotes(text));
    return "=";
  }

  Problems problems_;
  AuditGoRules& out_;
};

}  // namespace

base::Problem AuditGoRules::moved(base::Problem problem) const {
  const auto line = static_cast<std::size_t>(problem.place.line);
  if (line >= 1 && line <= places.size()) problem.place = places[line - 1];
  return problem;
}

bool is_audit_go(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

AuditGoRules read_audit_go(const std::string& text, const std::string& name) {
  AuditGoRules rules;
  Reader(name, rules).read(config::parse_yaml(as_yaml(text, name), name));
  return rules;
}

}  // namespace naudit::migrate
