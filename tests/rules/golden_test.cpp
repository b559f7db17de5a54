// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// Each line of real rule files, against what Debian's auditctl 3.0.9 made of it: outcome, message, and the request's
// bytes.
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

#include <rapidjson/document.h>

#include "rules/kernel/wire.hpp"
#include "tests/rules/support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/corpus.hpp"

namespace naudit::rules {
namespace {

namespace fs = std::filesystem;

struct Count {
  int lines = 0, equal = 0, newer_mask = 0, line_ends = 0, different = 0;
};

std::vector<std::byte> request(const rapidjson::Value& sent) {
  std::vector<std::uint32_t> head(260);
  head[0] = sent["flags"].GetUint();
  head[1] = sent["action"].GetUint();
  if (sent["mask"].IsString()) {
    std::fill_n(head.begin() + 3, 64, 0xFFFFFFFF);
  } else {
    for (const auto& word : sent["mask"].GetObject()) {
      head.at(3 + std::stoul(word.name.GetString())) =
          static_cast<std::uint32_t>(std::stoul(word.value.GetString(), nullptr, 16));
    }
  }
  const auto fields = sent["fields"].GetArray();
  head[2] = fields.Size();
  for (rapidjson::SizeType i = 0; i < fields.Size(); ++i) {
    head.at(67 + i) = fields[i][0].GetUint();
    head.at(195 + i) = static_cast<std::uint32_t>(std::stoul(fields[i][1].GetString(), nullptr, 16));
    head.at(131 + i) = static_cast<std::uint32_t>(fields[i][2].GetInt64());
  }
  const std::string strings(sent["buf"].GetString(), sent["buf"].GetStringLength());
  head[259] = static_cast<std::uint32_t>(strings.size());
  std::vector<std::byte> bytes(sent["len"].GetUint());
  std::memcpy(bytes.data(), head.data(), 1040);
  std::memcpy(bytes.data() + 1040, strings.data(), std::min(strings.size(), bytes.size() - 1040));
  return bytes;
}

// The paths were looked at on another machine, so its answers are taken from its request.
Environment that_machine(const rapidjson::Value& line) {
  Environment environment = test::machine({});
  environment.user = [](const std::string& name) -> std::optional<std::uint32_t> {
    if (name == "root") return 0;
    return std::nullopt;
  };
  bool directory = false;
  for (const auto& sent : line["sent"].GetArray()) {
    if (!sent.HasMember("fields")) continue;
    for (const auto& field : sent["fields"].GetArray()) directory = directory || field[0].GetUint() == 107;
  }
  environment.is_directory = [directory](const std::string&) { return directory; };
  return environment;
}

bool same(const Command& command, const rapidjson::Value& line) {
  if (command.failed != (line["rc"].GetInt() != 0)) return false;
  std::vector<std::vector<std::byte>> theirs, ours;
  for (const auto& sent : line["sent"].GetArray()) {
    const unsigned type = sent["type"].GetUint();
    if (type == 1011 || type == 1012) theirs.push_back(request(sent));
  }
  for (const Step& step : command.steps) {
    if (const auto* add = std::get_if<step::AddRule>(&step)) ours.push_back(encode(add->rule.rule));
    if (const auto* remove = std::get_if<step::DeleteRule>(&step)) ours.push_back(encode(remove->rule.rule));
  }
  return theirs == ours;
}

void compare(const fs::path& file, Count& count) {
  std::ifstream in(file);
  for (std::string text; std::getline(in, text);) {
    rapidjson::Document line;
    line.Parse(text.c_str());
    REQUIRE_FALSE(line.HasParseError());
    ++count.lines;
    Environment environment = that_machine(line);
    environment.perm_style = PermStyle::kAll;
    const std::string rule(line["text"].GetString(), line["text"].GetStringLength());
    const bool equal = same(test::parse(rule, environment), line);
    environment.perm_style = PermStyle::kBySyscall;
    const bool by_default = same(test::parse(rule, environment), line);
    if (equal && by_default) {
      ++count.equal;
    } else if (equal) {
      ++count.newer_mask;
    } else if (text.find("\\r\", \"len\"") != std::string::npos) {
      ++count.line_ends;  // it took the CR of a DOS line for a part of the last word
    } else {
      ++count.different;
      std::cout << file.filename().string() << ": " << rule << "\n    theirs: " << line["stderr"].GetString()
                << "\n    ours: " << test::parse(rule, environment).error << '\n';
    }
  }
}

TEST_CASE("each line of the collected rule files gives auditctl's request") {
  Count count;
  for (const fs::path& file : tests::corpus_files("golden/auditctl-3.0.9"))
    if (file.extension() == ".jsonl") compare(file, count);
  std::cout << "rule lines: " << count.lines << " tried, " << count.equal << " equal, " << count.newer_mask
            << " equal except for the system calls that auditctl 4 adds for perm, " << count.line_ends
            << " with a CR that we drop, " << count.different << " different\n";
  CHECK(count.lines > (tests::has_larger_corpus() ? 2500 : 800));
  CHECK(count.different == 0);
}

}  // namespace
}  // namespace naudit::rules
