// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// tests/data/rules/<case>.rules -> <case>.yaml (import) -> <case>.listed (kernel rules as auditctl would write them).
// Each
// *.rules that lies there is a case.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "migrate/rules/export.hpp"
#include "migrate/rules/import.hpp"
#include "rules/auditctl/listing.hpp"
#include "rules/yaml/reader.hpp"
#include "tests/rules/support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/difference.hpp"

namespace naudit::migrate {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// "refused: case.rules:3:1: why"
std::string refusals(const std::vector<base::Problem>& problems) {
  std::string all;
  for (const base::Problem& problem : problems) all += "refused: " + problem.text() + '\n';
  return all;
}

std::string texts(const std::vector<base::Problem>& problems) {
  std::string all;
  for (const base::Problem& problem : problems) all += problem.text() + '\n';
  return all;
}

std::string listed(const rules::RuleSet& set) {
  std::string lines;
  for (const rules::WantedRule& wanted : set.rules())
    lines += rules::rule_line(wanted.rule, tables::kArchX86_64) + '\n';
  return lines;
}

std::string listed_yaml(const std::string& yaml) {
  rules::RuleSet set;
  std::vector<base::Problem> problems;
  rules::read_yaml_text(yaml, "case.yaml", any_accounts(rules::test::machine()), {}, set, problems);
  CHECK(texts(problems).empty());
  return listed(set);
}

std::string listed_auditctl(const std::string& text) {
  rules::RuleSet set;
  std::vector<base::Problem> problems;
  rules::read_auditctl_rules(text, "case.rules", any_accounts(rules::test::machine()), true, set, problems);
  return listed(set);
}

std::string sorted(const std::string& text) {
  std::multiset<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.insert(line + '\n');
  std::string all;
  for (const std::string& line : lines) all += line;
  return all;
}

TEST_CASE("rules of auditctl become the YAML and the kernel rules that lie beside them, and come back") {
  // UPDATE_GOLDEN=1 writes them anew.
  const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;  // NOLINT(concurrency-mt-unsafe)
  std::size_t cases = 0;
  for (const auto& entry : fs::directory_iterator(NAUDIT_SOURCE_DIR "/tests/data/rules")) {
    if (entry.path().extension() != ".rules") continue;
    ++cases;
    INFO(entry.path().filename().string());
    const std::string text = read_file(entry.path());
    const Imported imported = import_rules(text, "case.rules", rules::test::machine());
    const std::string kernel = listed_yaml(imported.yaml);
    const std::string result = kernel + refusals(imported.errors);
    const fs::path yaml_file = fs::path(entry.path()).replace_extension(".yaml");
    const fs::path listed_file = fs::path(entry.path()).replace_extension(".listed");
    if (update) {
      std::ofstream(yaml_file, std::ios::binary) << imported.yaml;
      std::ofstream(listed_file, std::ios::binary) << result;
    }
    CHECK(naudit::tests::difference(imported.yaml, read_file(yaml_file)) == "");
    CHECK(naudit::tests::difference(result, read_file(listed_file)) == "");
    // An entry may move past such as may change places with it.
    CHECK(sorted(listed_auditctl(text)) == sorted(kernel));
    const Exported back = export_yaml(imported.yaml, "case.yaml", rules::test::machine());
    CHECK(texts(back.errors).empty());
    CHECK(listed_auditctl(back.text) == kernel);
  }
  CHECK(cases >= 11);
}

}  // namespace
}  // namespace naudit::migrate
