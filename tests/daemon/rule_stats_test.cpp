// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/rule_stats.hpp"

#include <rapidjson/document.h>

#include "tests/support/catch.hpp"

using namespace naudit;

namespace {

rules::Rule rule(std::uint32_t call, const std::string& key) {
  rules::Rule rule;
  rule.syscalls.set(call);
  rule.fields = {{rules::FieldId::kArch, rules::Operator::kEqual, tables::kArchX86_64, {}},
                 {rules::FieldId::kKey, rules::Operator::kEqual, 0, key}};
  return rule;
}

rapidjson::Document told(const daemon::KeyReport& report, const std::optional<std::vector<rules::Rule>>& loaded,
                         const std::vector<rules::WantedRule>& wanted = {}) {
  rapidjson::Document document;
  document.Parse(daemon::rule_stats_json(report, loaded, wanted, tables::kArchX86_64).c_str());
  REQUIRE(document.IsObject());
  return document;
}

daemon::KeyReport report() {
  daemon::KeyReport report;
  report.covered = {std::chrono::seconds{60}, std::chrono::seconds{300}, std::chrono::seconds{300}};
  report.keys = {{.name = "quiet", .count = {.total = 9, .last_ms = 1'700'000'000'123, .recent = {0, 0, 3}}},
                 {.name = "loud", .count = {.total = 700, .last_ms = 1'700'000'000'123, .recent = {600, 700, 700}}}};
  report.all = {.total = 800, .last_ms = 1'700'000'000'123, .recent = {800, 800, 800}};
  return report;
}

}  // namespace

TEST_CASE("the key with the most events in the last minute comes first, with rates and share") {
  const auto stats = told(report(), std::nullopt);
  CHECK(stats["windows_s"][0].GetDouble() == 60);
  const auto& loud = stats["keys"][0];
  CHECK(loud["key"] == "loud");
  CHECK(loud["rate_1m"].GetDouble() == 10);
  CHECK(loud["rate_5m"].GetDouble() == 2.333);
  CHECK(loud["share"].GetDouble() == 0.75);
  CHECK(loud["total"].GetUint64() == 700);
  CHECK(loud["last_seen"] == "2023-11-14T22:13:20.123Z");
  CHECK(stats["keys"][1]["rate_15m"].GetDouble() == 0.01);
  CHECK(stats["no_key"]["last_seen"].IsNull());
  CHECK(stats["all"]["share"].GetDouble() == 1);
}

TEST_CASE("a key is told with the loaded rules that carry it, and where they stand") {
  std::vector<rules::WantedRule> wanted(1);
  wanted[0].rule = rule(59, "loud");
  wanted[0].place = {"r.yaml", 3, 5};
  const auto stats = told(report(), std::vector{rule(59, "loud"), rule(60, std::string("x\x01loud"))}, wanted);
  const auto& rules = stats["keys"][0]["rules"];
  REQUIRE(rules.Size() == 2);
  CHECK(rules[0]["rule"] == "-a always,exit -F arch=b64 -S execve -F key=loud");
  CHECK(rules[0]["place"] == "r.yaml:3:5");
  CHECK(rules[1]["place"].IsNull());
  CHECK(stats["keys"][0]["rules_count"].GetUint64() == 2);
  CHECK(stats["keys"][1]["rules"].Empty());
  REQUIRE(stats["quiet_keys"].Size() == 1);
  CHECK(stats["quiet_keys"][0] == "x");
}

TEST_CASE("when the kernel lists no rules, none are told; thousands of rules of a key are cut") {
  CHECK(told(report(), std::nullopt)["keys"][0]["rules"].IsNull());
  std::vector<rules::Rule> many;
  for (std::uint32_t call = 0; call < 100; ++call) many.push_back(rule(call, "loud"));
  const auto stats = told(report(), many);
  CHECK(stats["keys"][0]["rules"].Size() == 20);
  CHECK(stats["keys"][0]["rules_count"].GetUint64() == 100);
}

TEST_CASE("a key of any bytes is told as valid UTF-8") {
  daemon::KeyReport odd = report();
  odd.keys[0].name = "\xff\"";
  CHECK(told(odd, std::nullopt)["keys"].Size() == 2);
}
