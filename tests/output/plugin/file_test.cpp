// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/plugin/file.hpp"

#include <string>

#include "tests/support/catch.hpp"

namespace naudit::output {
namespace {

using Catch::Matchers::Contains;

PluginFile file_of(std::string_view text) {
  PluginFile file;
  CHECK(parse_plugin_file(text, "a.conf", file).empty());
  return file;
}

std::string problem_of(std::string_view text) {
  PluginFile file;
  const auto problems = parse_plugin_file(text, "a.conf", file);
  return problems.empty() ? "" : problems.front().text();
}

}  // namespace

TEST_CASE("a file of plugins.d is read as auditd reads it") {
  const PluginFile laurel = file_of(
      "active = yes\ndirection = out\ntype = always\nformat = string\npath = /usr/sbin/laurel\n"
      "args = --config /etc/laurel/config.toml\n");
  CHECK(laurel.active);
  CHECK(laurel.does == PluginFile::Does::kProgram);
  CHECK(laurel.path == "/usr/sbin/laurel");
  CHECK(laurel.args == std::vector<std::string>{"--config", "/etc/laurel/config.toml"});
  CHECK_FALSE(laurel.binary);

  const PluginFile odd =
      file_of("# comment\n\n  ACTIVE   =  Yes \nPath = /Sbin/Odd\n\tformat\t=\tBINARY\n#args = 1\nargs = a \"b c\" $d");
  CHECK(odd.active);
  CHECK(odd.path == "/Sbin/Odd");  // a path is no word
  CHECK(odd.binary);
  CHECK(odd.args == std::vector<std::string>{"a", "\"b", "c\"", "$d"});

  CHECK_FALSE(file_of("path = /sbin/x\n").active);
  CHECK_FALSE(file_of("").active);
  CHECK_FALSE(file_of("active = yes\nactive = no\n").active);  // the last one counts
  CHECK(file_of("path = builtin_af_unix\ntype = builtin \nargs = 0640 /run/x\n").does == PluginFile::Does::kUnixSocket);
  CHECK(file_of("path = BUILTIN_SYSLOG\ntype = builtin\n").does == PluginFile::Does::kSyslog);
  CHECK(file_of("direction = sideways\n").path.empty());  // nobody reads it
}

TEST_CASE("what is wrong with a file of plugins.d is told with its line, and all of it") {
  const struct {
    std::string text, why;
  } rows[] = {
      {"active=yes\n", "a.conf:1:1: expected blanks around a '='"},
      {"active yes\n", "expected blanks around a '='"},
      {"active\n", "expected blanks around a '='"},
      {"active =\n", "'active' has no value"},
      {"args =\n", "'args' has no value"},
      {"active = maybe\n", "expected yes or no, not 'maybe'"},
      {"active = yes no\n", "'active' has more than one value"},
      {"\n\nactve = yes\n", "a.conf:3:1: there is no key 'actve'; the keys are active, direction, path"},
      {"path = sbin/x\n", "expected a path from / on, builtin_af_unix or builtin_syslog, not 'sbin/x'"},
      {"path = /x\n", "expected a program in a folder such as /sbin"},
      {"path = /sb/x\n", "expected a program in a folder such as /sbin"},
      {"path = /sbin/\n", "expected a program in a folder such as /sbin"},
      {"path = builtin_other\n", "expected a path from / on"},
      {"type = sometimes\n", "expected always or builtin, not 'sometimes'"},
      {"format = json\n", "expected string or binary, not 'json'"},
      {"active = yes\n", "a.conf: it is active and has no 'path'"},
      {"args = " + std::string(505, 'x') + "\n", "more than 511 bytes"},
      {std::string("args = a\0b\n", 11), "there is a NUL"},
  };
  for (const auto& row : rows) {
    INFO(row.text);
    CHECK_THAT(problem_of(row.text), Contains(row.why));
  }
  CHECK(problem_of("args = " + std::string(504, 'x') + "\n").empty());
  PluginFile file;
  CHECK(parse_plugin_file("actve = yes\ntype = b\n", "a.conf", file).size() == 2);
}

}  // namespace naudit::output
