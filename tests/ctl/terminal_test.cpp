// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/terminal.hpp"

#include "ctl/client/line_style.hpp"
#include "tests/ctl/run.hpp"
#include "tests/ctl/scripted_daemon.hpp"
#include "tests/support/catch.hpp"

namespace naudit::ctl {
namespace {

using Catch::Matchers::Contains;

TerminalFacts terminal(std::optional<std::size_t> columns = 100) {
  return {.is_terminal = true, .columns = columns, .columns_word = {}, .no_colour = {}, .term = "xterm"};
}

TEST_CASE("lines are broken on a terminal only, at its width or at COLUMNS") {
  CHECK(layout_of({}, "auto").width == 0);
  CHECK(layout_of(terminal(), "auto").width == 100);
  CHECK(layout_of(terminal(std::nullopt), "auto").width == 80);
  CHECK(layout_of(terminal(3), "auto").width == 40);
  TerminalFacts facts = terminal();
  facts.columns_word = "132";
  CHECK(layout_of(facts, "auto").width == 132);
  for (const char* const wrong : {"", "0", "wide", "12x", "-5"}) {
    facts.columns_word = wrong;
    CHECK(layout_of(facts, "auto").width == 100);
  }
  facts.is_terminal = false;
  facts.columns_word = "132";
  CHECK(layout_of(facts, "always").width == 0);
}

TEST_CASE("colour is for a terminal that can have it, and for who asks for it") {
  CHECK(layout_of(terminal(), "auto").colour);
  CHECK_FALSE(layout_of(terminal(), "never").colour);
  CHECK_FALSE(layout_of({}, "auto").colour);
  CHECK(layout_of({}, "always").colour);
  TerminalFacts facts = terminal();
  facts.no_colour = "1";
  CHECK_FALSE(layout_of(facts, "auto").colour);
  CHECK(layout_of(facts, "always").colour);
  facts.no_colour = "";  // set and empty counts as not set
  CHECK(layout_of(facts, "auto").colour);
  facts.term = "dumb";
  CHECK_FALSE(layout_of(facts, "auto").colour);
}

TEST_CASE("a line of tail is coloured by its own end, whatever a record says before it") {
  using base::Style;
  const auto style = [](const std::string& sentence) { return style_of_line("2026-01-02 03:04:05.678Z " + sentence); };
  CHECK(style("jo opened /x: denied (EACCES) [key identity] #5") == Style::kDenied);
  CHECK(style("jo opened /x: denied (EPERM) (incomplete: timeout) #5") == Style::kDenied);
  CHECK(style("jo opened /x: failed (ENOENT) #5") == Style::kFailed);
  CHECK(style("jo authenticated: failed #5") == Style::kFailed);
  CHECK(style("a login as eva with /usr/sbin/sshd from 10.0.0.9 failed [key a, b] #5") == Style::kFailed);
  CHECK(style("logins to jo on ssh failed too many times #5") == Style::kFailed);
  CHECK(style("jo opened /x: success #5") == std::nullopt);
  CHECK(style("jo opened /a: denied (EACCES) with /bin/cat: success [key k] #5") == std::nullopt);
  CHECK(style("jo opened /a failed #1: success #5") == std::nullopt);
  CHECK(style("jo opened /x (deleted): success #5") == std::nullopt);
  CHECK(style("no serial: failed") == std::nullopt);
}

TEST_CASE("tail has colour in the format line, and only if it is wanted") {
  const std::string lines =
      "2026-01-02 03:04:05.678Z jo opened /x: denied (EACCES) #5\n2026-01-02 03:04:05.678Z on: success #6\n";
  const auto run = [&](const std::vector<std::string>& options) {
    const tests::ScriptedDaemon daemon("{\"ok\":true}\n" + lines);
    std::vector<std::string> arguments = {"tail", "--socket", daemon.path(), "--count", "2"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return test::run(NAUDIT_NAUDITCTL, arguments).out;
  };
  CHECK(run({}) == lines);
  CHECK(run({"--color=never"}) == lines);
  CHECK(run({"--colour", "always", "--json"}) == lines);
  CHECK(run({"--colour", "always"}) ==
        "\033[31m2026-01-02 03:04:05.678Z jo opened /x: denied (EACCES) #5\033[0m\n2026-01-02 03:04:05.678Z on: "
        "success #6\n");
}

}  // namespace
}  // namespace naudit::ctl
