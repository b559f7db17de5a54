// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/lint.hpp"
#include "tests/rules/support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::rules {
namespace {

std::vector<std::string> advice(const std::vector<std::string>& lines) {
  Environment environment = test::machine();
  environment.exists = [](const std::string& path) { return path.find("missing") == std::string::npos; };
  std::vector<WantedRule> wanted;
  for (const std::string& line : lines) {
    wanted.push_back(test::rule(line));
    wanted.back().place = {"r.rules", static_cast<int>(wanted.size()), 1};
  }
  std::vector<std::string> texts;
  for (const config::Problem& problem : lint(wanted, environment)) texts.push_back(problem.text());
  return texts;
}

TEST_CASE("good rules get no advice") {
  CHECK(advice({"-a always,exit -F arch=b64 -S execve -F auid>=1000 -k exec",
                "-a always,exit -F arch=b32 -S execve -F auid>=1000 -k exec",
                "-a always,exit -F arch=b64 -F path=/etc/passwd -F perm=wa -k id", "-a always,exclude -F msgtype=CWD"})
            .empty());
}

struct Case {
  std::vector<std::string> lines;
  std::string told;
};

TEST_CASE("each bad habit is told") {
  const Case cases[] = {
      {{"-a never,task"}, "r.rules:1:1: 'never,task' turns"},
      {{"-a always,exit -S open -F auid=1"}, "r.rules:1:1: no arch"},
      {{"-a always,exit -S all"}, "r.rules:1:1: records every system call of every process"},
      {{"-a always,exit -F arch=b64 -F auid=1000"}, "r.rules:1:1: looks at every system call"},
      {{"-w /etc/passwd -p wa"}, "r.rules:1:1: a watch without an arch"},
      {{"-a never,exit -F exe=/missing"}, "r.rules:1:1: /missing does not exist"},
      {{"-a always,exit -F arch=b64 -F dir=/missing -F perm=w"},
       "r.rules:1:1: /missing does not exist; the kernel will refuse the rule"},
      {{"-a never,exit -F arch=b64 -S open,close", "-a always,exit -F arch=b64 -S open -F auid=1 -k x"},
       "r.rules:2:1: never reached: all that it matches is matched before by the rule at r.rules:1:1"},
  };
  for (const Case& one : cases) {
    const auto texts = advice(one.lines);
    INFO(one.told);
    REQUIRE(texts.size() == 1);
    CHECK_THAT(texts[0], Catch::StartsWith(one.told));
  }
}

TEST_CASE("a narrower rule before a wider one hides nothing") {
  CHECK(advice({"-a never,exit -F arch=b64 -S open -F auid=1", "-a always,exit -F arch=b64 -S open -k x",
                "-a always,exit -F arch=b64 -S close -F auid=1 -k y"})
            .empty());
}

}  // namespace
}  // namespace naudit::rules
