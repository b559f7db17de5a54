// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "library/naudit.h"
#include "tests/library/handles.hpp"
#include "tests/support/catch.hpp"

namespace naudit::library {
namespace {

struct FreeRules {
  void operator()(naudit_rules* rules) const { naudit_rules_free(rules); }
};
using Rules = std::unique_ptr<naudit_rules, FreeRules>;

Rules make_rules() {
  naudit_rules* rules = nullptr;
  REQUIRE(naudit_rules_new(&rules) == NAUDIT_OK);
  return Rules(rules);
}

naudit_result add(const Rules& rules, std::string_view text) {
  return naudit_rules_add_text(rules.get(), "my.rules", text.data(), text.size());
}

std::vector<std::string> lines(const Rules& rules) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < naudit_rules_count(rules.get()); ++i) {
    naudit_text line;
    REQUIRE(naudit_rules_line(rules.get(), i, &line) == NAUDIT_OK);
    all.push_back(string_of(line));
  }
  return all;
}

std::vector<std::string> kernel(const Rules& rules) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < naudit_rules_count(rules.get()); ++i) {
    naudit_text bytes;
    REQUIRE(naudit_rules_kernel(rules.get(), i, &bytes) == NAUDIT_OK);
    all.push_back(string_of(bytes));
  }
  return all;
}

constexpr std::string_view kText =
    "## what a person starts\n"
    "-b 8192\n"
    "-a always,exit -F arch=b64 -S execve,execveat -F auid>=1000 -F key=exec\n"
    "-a never,exclude -F msgtype=CWD\n"
    "-a always,exit -F arch=b64 -S openat -F success=0 -F exit=-EACCES -k denied\n";

TEST_CASE("rules go from text to the kernel's bytes, to YAML, and back") {
  const Rules rules = make_rules();
  REQUIRE(add(rules, kText) == NAUDIT_OK);
  REQUIRE(naudit_rules_count(rules.get()) == 3);
  const std::vector<std::string> bytes = kernel(rules);
  CHECK(bytes[0].size() >= 1040);

  const Rules from_kernel = make_rules();
  for (const std::string& one : bytes)
    REQUIRE(naudit_rules_add_kernel(from_kernel.get(), one.data(), one.size()) == NAUDIT_OK);
  CHECK(lines(from_kernel) == lines(rules));

  naudit_text yaml;
  REQUIRE(naudit_rules_yaml(rules.get(), &yaml) == NAUDIT_OK);
  INFO(string_of(yaml));
  const Rules from_yaml = make_rules();
  REQUIRE(naudit_rules_add_yaml(from_yaml.get(), "my.yaml", yaml.data, yaml.size) == NAUDIT_OK);
  CHECK(kernel(from_yaml) == bytes);

  std::string text;
  for (const std::string& line : lines(rules)) text += line + '\n';
  const Rules again = make_rules();
  REQUIRE(add(again, text) == NAUDIT_OK);
  CHECK(kernel(again) == bytes);
}

TEST_CASE("a text with a mistake adds nothing, and each mistake is told with its place") {
  const Rules rules = make_rules();
  REQUIRE(add(rules, kText) == NAUDIT_OK);
  CHECK(add(rules, "-a always,exit -F arch=b64 -S close\n-a always,exit -S nothing\n-w relative -p r\n") ==
        NAUDIT_ERROR_ARGUMENT);
  CHECK(naudit_rules_count(rules.get()) == 3);
  const std::string message = string_of(naudit_rules_message(rules.get()));
  CHECK(message.find("my.rules:2:") != std::string::npos);
  CHECK(message.find("my.rules:3:") != std::string::npos);
  CHECK(naudit_rules_add_yaml(rules.get(), "x.yaml", "rules: [", 8) == NAUDIT_ERROR_ARGUMENT);
  CHECK(naudit_rules_add_kernel(rules.get(), "short", 5) == NAUDIT_ERROR_ARGUMENT);
  CHECK(string_of(naudit_rules_message(rules.get())) != "");
  CHECK(naudit_rules_count(rules.get()) == 3);
}

TEST_CASE("a set has no rule behind its last one, and none without a set") {
  const Rules rules = make_rules();
  naudit_text text;
  CHECK(naudit_rules_line(rules.get(), 0, &text) == NAUDIT_ERROR_ARGUMENT);
  CHECK(text.data == nullptr);
  CHECK(string_of(naudit_rules_message(rules.get())) == "there are only 0 rules");
  CHECK(naudit_rules_kernel(rules.get(), 0, nullptr) == NAUDIT_ERROR_ARGUMENT);
  REQUIRE(naudit_rules_yaml(rules.get(), &text) == NAUDIT_OK);
  CHECK(naudit_rules_new(nullptr) == NAUDIT_ERROR_ARGUMENT);
  naudit_rules_free(nullptr);
  CHECK(naudit_rules_count(nullptr) == 0);
  CHECK(naudit_rules_add_text(nullptr, "x", "", 0) == NAUDIT_ERROR_ARGUMENT);
  CHECK(naudit_rules_add_text(rules.get(), nullptr, "", 0) == NAUDIT_ERROR_ARGUMENT);
  CHECK(naudit_rules_add_text(rules.get(), "x", nullptr, 0) == NAUDIT_OK);
  CHECK(naudit_rules_add_yaml(rules.get(), "x", nullptr, 1) == NAUDIT_ERROR_ARGUMENT);
  CHECK(naudit_rules_add_kernel(rules.get(), nullptr, 1) == NAUDIT_ERROR_ARGUMENT);
  CHECK(naudit_rules_message(nullptr).data == nullptr);
}

}  // namespace
}  // namespace naudit::library
