// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/programs/command_line.hpp"

#include <string>

#include "tables/record_types.hpp"
#include "tests/interpret/event_of.hpp"
#include "tests/support/catch.hpp"

namespace naudit::interpret {
namespace {

namespace type = tables::type;

std::string command_of(const EventOf& of) {
  std::string out = "|";
  return append_command_line(of.decoded, out) ? out.substr(1) : "none";
}

TEST_CASE("the command line of an exec is its arguments") {
  CHECK(command_of(EventOf{{type::kExecve, R"(argc=3 a0="ls" a1="-l" a2=612062)"}}) == "ls -l a b");
  CHECK(command_of(EventOf{{type::kExecve, R"(argc=1 a0="")"}}) == "");
  CHECK(command_of(EventOf{{type::kExecve, R"(argc=2 a0="sh" a1_len=4 a1[0]=6162)"}, {type::kExecve, "a1[1]=6364"}}) ==
        "sh abcd");
  CHECK(command_of(EventOf{{type::kExecve, R"(argc=4 a0="sh")"}, {type::kExecve, R"(a3="x")"}}) == "sh … x");
  CHECK(command_of(EventOf{{type::kExecve, R"(argc=3 a0="sh" a1_len=6 a1[0]=6162)"},
                           {type::kExecve, "a1[2]=6566 a2=78"}}) == "sh ab… x");
  CHECK(command_of(EventOf{{type::kExecve, R"(argc=4 a0="sh")"}}) == "sh …");
  CHECK(command_of(EventOf{{type::kSyscall, "arch=c000003e syscall=59"}}) == "none");
  // Cut, but not within a character.
  std::string digits;
  for (int i = 0; i < 700; ++i) digits += "C3A4";
  const std::string cut = command_of(EventOf{{type::kExecve, "argc=2 a0=78 a1=" + digits}});
  CHECK(cut.size() == std::string("x ").size() + 998 + std::string(" …").size());
  CHECK(cut.ends_with("ä …"));
}

TEST_CASE("a process's title is its own word") {
  const auto of = [](const std::string& body) {
    std::string out = "|";
    return append_process_title(EventOf{{type::kProctitle, body}}.decoded, out) ? out.substr(1) : "none";
  };
  CHECK(of("proctitle=6C73002D6C") == "ls -l");
  CHECK(of("proctitle=6C730000") == "ls");
  CHECK(of(R"(proctitle="bash")") == "bash");
  CHECK(of("proctitle=(null)") == "none");
}

}  // namespace
}  // namespace naudit::interpret
