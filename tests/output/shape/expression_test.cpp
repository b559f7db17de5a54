// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/shape/expression.hpp"

#include <fstream>
#include <iterator>
#include <utility>

#include "config/loader.hpp"
#include "config/vocabulary.hpp"
#include "output/filter.hpp"
#include "output/shape/secrets.hpp"
#include "output/shape/traits.hpp"
#include "output/sinks/kinds.hpp"
#include "tables/record_types.hpp"
#include "tests/interpret/event_of.hpp"
#include "tests/support/catch.hpp"

namespace naudit::output::shape {
namespace {

using interpret::EventOf;
namespace type = tables::type;

bool passes(std::string_view text, const EventOf& of) {
  const auto tree = parse(text, {{"jo", 1000}, {"backup", 34}});
  INFO(text);
  if (!tree) FAIL(tree.error().message);
  return Program(*tree).passes(of.decoded);
}

std::string mistake(std::string_view text) {
  const auto tree = parse(text, {});
  return tree ? std::string() : std::to_string(tree.error().at) + ": " + tree.error().message;
}

const EventOf& started() {
  static const EventOf event{
      {type::kSyscall,
       R"(arch=c000003e syscall=59 success=yes exit=-13 a0=55d a2=80241 ppid=12 pid=77 auid=1000 uid=0 ses=3 comm="curl" exe="/usr/bin/curl" key=6578656301696474)"},
      {type::kExecve, R"(argc=3 a0="curl" a1="-s" a2=68747470733A2F2F612E622F6320)"},
      {type::kCwd, R"(cwd="/root")"},
      {type::kPath, R"(item=0 name="bin/curl" inode=7 mode=0100755 nametype=NORMAL)"}};
  return event;
}

const EventOf& login() {
  static const EventOf event{
      {type::kUserLogin,
       R"(pid=5 uid=0 auid=4294967295 ses=4294967295 msg='op=login acct="jo" exe="/usr/sbin/sshd" hostname=pc7 addr=10.0.0.7 res=failed')"}};
  return event;
}

TEST_CASE("and, or, not and brackets mean what they mean everywhere") {
  CHECK(passes("key == exec", started()));
  CHECK(passes("key == exec and exe == /usr/bin/curl", started()));
  CHECK_FALSE(passes("key == exec and exe == /usr/bin/wget", started()));
  CHECK(passes("key == no or exe == /usr/bin/curl", started()));
  CHECK_FALSE(passes("not key == exec", started()));
  CHECK(passes("not not key == exec", started()));
  // "and" binds more closely than "or".
  CHECK(passes("key == exec or key == no and key == no", started()));
  CHECK_FALSE(passes("(key == exec or key == no) and key == no", started()));
  CHECK(passes("not (key == no or key == other) and (pid == 77)", started()));
  CHECK_FALSE(passes("not (key == no or (key == exec and pid == 77))", started()));
}

TEST_CASE("an answer is the same whichever conditions are asked on the way to it") {
  // Each of the eight answers that three conditions may have, in expressions of every shape.
  const std::pair<const char*, bool> kAsked[] = {{"pid == 77", true}, {"pid == 78", false}};
  for (const auto& [a, is_a] : kAsked)
    for (const auto& [b, is_b] : kAsked)
      for (const auto& [c, is_c] : kAsked) {
        const std::string x(a), y(b), z(c);
        CHECK(passes(x + " and " + y + " or " + z, started()) == ((is_a && is_b) || is_c));
        CHECK(passes(x + " or " + y + " and " + z, started()) == (is_a || (is_b && is_c)));
        CHECK(passes("not (" + x + " or " + y + ") and " + z, started()) == (!(is_a || is_b) && is_c));
        CHECK(passes("not (" + x + " and not (" + y + " or " + z + "))", started()) == !(is_a && !(is_b || is_c)));
        CHECK(passes(x + " or not (" + y + " and " + z + ") or " + z, started()) == (is_a || !(is_b && is_c) || is_c));
      }
}

TEST_CASE("values are compared as text, by their beginning, end and middle, by patterns, and by size") {
  CHECK(passes("key in (other, idt)", started()));
  CHECK(passes("key not in (other, another)", started()));
  CHECK(passes("key != other", started()));
  CHECK_FALSE(passes("key != exec", started()));
  CHECK(passes(R"(exe startswith "/usr/" and exe endswith 'curl' and exe contains bin)", started()));
  CHECK_FALSE(passes("exe startswith /opt/", started()));
  CHECK(passes("exe like curl and exe like /usr/ and exe like /usr/*/c?rl", started()));
  CHECK(passes(R"(exe matches "^/usr/(s?bin)/c[a-u]rl$")", started()));
  CHECK_FALSE(passes(R"(exe matches "^curl$")", started()));
  CHECK(passes("pid > 76 and pid >= 77 and pid < 78 and pid <= 77", started()));
  CHECK_FALSE(passes("pid > 77 or pid < 77", started()));
  CHECK(passes("exit < 0 and exit == -13", started()));
  CHECK(passes("type startswith SYS and type == 1300 and type in (PATH, login) and type >= 1300", started()));
  CHECK(passes("syscall == execve and syscall == 59 and syscall startswith exec", started()));
  CHECK_FALSE(passes("syscall == execveat", started()));
}

TEST_CASE("an event without the value meets only what is negated") {
  CHECK_FALSE(passes("container", started()));
  CHECK_FALSE(passes("container == a", started()));
  CHECK(passes("container != a", started()));
  CHECK(passes("not container == a", started()));
  CHECK(passes("container == c1", EventOf{{1420, "contid=c1"}}));
  CHECK(passes("tty != pts0", started()));
  CHECK(passes("exe and pid and key and not acct", started()));
}

TEST_CASE("a user is meant by name and number, and nobody is neither more nor less than anybody") {
  CHECK(passes("user == jo and user == 0 and auid == jo and uid == 0 and not uid == jo", started()));
  CHECK_FALSE(passes("user == backup", started()));
  CHECK(passes("user in (backup, jo)", started()));
  CHECK(passes("auid >= 1000", started()));
  CHECK_FALSE(passes("auid >= 1000", login()));
  CHECK(passes("auid == unset and session == unset and auid == -1", login()));
  CHECK(passes("session == 3 and session < 4", started()));
  CHECK_FALSE(passes("session > 4", login()));
}

TEST_CASE("an outcome, an address, an action and a path") {
  CHECK(passes("outcome == success", started()));
  CHECK(passes("outcome != success and outcome == failure", login()));
  CHECK(passes("host == 10.0.0.7 and host == pc7", login()));
  CHECK(passes("action == executed or action contains exec", started()));
  CHECK(passes("path == /root/bin/curl and path like curl", started()));
}

TEST_CASE("arguments are compared one by one, or all together, decoded") {
  CHECK(passes("argv == -s and argv startswith https://", started()));
  CHECK(passes(R"(command == "curl -s https://a.b/c ")", started()));
  CHECK_FALSE(passes("command contains wget", started()));
  CHECK_FALSE(passes("command contains ''", login()));
}

TEST_CASE("any field of any record, by the names of the format json") {
  CHECK(passes("field.pid == 77 and syscall.pid == 77", started()));
  CHECK_FALSE(passes("path.pid == 77", started()));
  CHECK(passes("path.name == bin/curl and path.inode < 8 and path.nametype == NORMAL", started()));
  CHECK(passes("a2 == 80241 and syscall.a2 == 0x80241 and a2 > 0x80000", started()));
  CHECK_FALSE(passes("a2 == 0x80242", started()));
  CHECK(passes("acct == jo and claim.acct == jo and user_login.claim.acct == jo and field.acct == jo", login()));
  CHECK_FALSE(passes("user_login.acct == jo", login()));
  CHECK(passes("field.what == x", EventOf{{1499, "what=x"}}));
  CHECK_FALSE(passes("tty", EventOf{{type::kSyscall, "tty=(null)"}}));
}

TEST_CASE("a mistake is told at its place, with what to do about it") {
  CHECK(mistake("") == "0: expected a condition here, like key == exec");
  CHECK(mistake("kye == exec") == "0: there is no 'kye'; did you mean 'key'?");
  CHECK(mistake("key == exec and zzzzqq == 1") ==
        "16: there is no 'zzzzqq'; a field that is not known here is written field.zzzzqq");
  CHECK(mistake("key = exec") == "4: there is no '=' here; write '=='");
  CHECK(mistake("key == exec && pid == 1") == "12: there is no '&&' here; write 'and'");
  CHECK(mistake("!key == exec") == "0: there is no '!' here; write 'not'");
  CHECK(mistake("(key == exec") == "0: the '(' that opens here has no ')'");
  CHECK(mistake("key == exec)") == "11: there is no '(' for this ')'");
  CHECK(mistake("key == 'exec") == "7: the quote ' that opens here has no end");
  CHECK(mistake("key == ") == "7: expected a value here, not the end");
  CHECK(mistake("key == and") == "7: expected a value here, not 'and'; a value that is such a word goes in quotes");
  CHECK(mistake("key in exec") == "7: expected a list here, like (exec, priv), not 'exec'");
  CHECK(mistake("key in (exec priv)") == "13: expected ',' or ')' in this list, not 'priv'");
  CHECK(mistake("key exec").starts_with("4: expected ==, !=, in, startswith"));
  CHECK(mistake("exe startwith /usr").ends_with("not 'startwith'; did you mean 'startswith'?"));
  CHECK(mistake("key == exec pid == 1") == "12: expected 'and' or 'or' here, not 'pid'");
  CHECK(mistake("key not == exec") == "8: expected 'in' behind this 'not'");
  CHECK(mistake("syscall == opennat") == "11: there is no system call 'opennat'; did you mean 'openat'?");
  CHECK(mistake("type == SYSCAL") == "8: there is no record type 'SYSCAL'; did you mean 'SYSCALL'?");
  CHECK(mistake("outcome == succes") == "11: expected success or failure, not 'succes'; did you mean 'success'?");
  CHECK(mistake("user startswith j").starts_with("5: 'user' is not compared with 'startswith'; use ==, != or in"));
  CHECK(mistake("key < 3").starts_with("4: 'key' is not compared with '<'"));
  CHECK(mistake("pid < x") == "6: expected a whole number here, not 'x'");
  CHECK(mistake("exe matches 'a(b'").starts_with("12: is no regular expression of RE2: missing )"));
  CHECK(mistake("exe matches '(a)\\1'").starts_with("12: is no regular expression of RE2"));
  CHECK(mistake("nosuch.pid == 1").starts_with("0: there is no record type 'nosuch'"));
  CHECK(mistake("path. == 1") == "4: expected the name of a field behind the dot");
  CHECK(mistake(std::string(200, '(')).ends_with("is nested more than 64 levels deep here"));
  std::string many = "pid == 1";
  for (int i = 0; i < 1000; ++i) many += " or pid == 1";
  CHECK(mistake(many).ends_with("has more than 1000 conditions up to here"));
}

TEST_CASE("the lists of a filter and the expression that says the same let the same events pass") {
  config::Filter lists;
  lists.keys = {"idt", "x"};
  lists.types = {"PATH"};
  lists.syscalls = {"execve"};
  lists.uids = {"0"};
  lists.exes = {"/usr/"};
  lists.outcome = config::Outcome::kSuccess;
  config::Filter expression;
  expression.expression =
      "key in (idt, x) and type == PATH and syscall == execve and user == 0 and exe like /usr/ and outcome == success";
  CHECK(Filter(lists, "s").passes(started().decoded));
  CHECK(Filter(expression, "s").passes(started().decoded));
  CHECK_FALSE(Filter(lists, "s").passes(login().decoded));
  CHECK_FALSE(Filter(expression, "s").passes(login().decoded));
  CHECK(filter_keys(lists) == filter_keys(expression));
}

// The examples of the page, each a line of a block that is called `filter`.
TEST_CASE("the filters that docs/sinks.md shows can be read") {
  std::ifstream file(NAUDIT_SOURCE_DIR "/docs/sinks.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  std::size_t examples = 0;
  constexpr std::string_view kBlock = "```filter\n";
  for (std::size_t at = page.find(kBlock); at != std::string::npos; at = page.find(kBlock, at)) {
    at += kBlock.size();
    const std::size_t end = page.find("```", at);
    REQUIRE(end != std::string::npos);
    while (at < end) {
      const std::size_t line_end = page.find('\n', at);
      CHECK(mistake(page.substr(at, line_end - at)) == "");
      ++examples;
      at = line_end + 1;
    }
  }
  CHECK(examples > 5);
}

TEST_CASE("the configurations that docs/sinks.md shows can be loaded") {
  std::ifstream file(NAUDIT_SOURCE_DIR "/docs/sinks.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  std::size_t examples = 0;
  constexpr std::string_view kBlock = "```yaml\n";
  for (std::size_t at = page.find(kBlock); at != std::string::npos; at = page.find(kBlock, at)) {
    at += kBlock.size();
    const std::string text = page.substr(at, page.find("```", at) - at);
    INFO(text);
    const config::Loaded loaded = config::parse(text, "sinks.md", kinds());
    for (const config::Sink& sink : loaded.config.sinks) {
      CHECK_NOTHROW(Filter(sink.filter, sink.name));
      CHECK_FALSE(pattern_mistake(sink.redact));
    }
    ++examples;
  }
  CHECK(examples >= 3);
}

TEST_CASE("docs/sinks.md has a line for each name") {
  std::ifstream file(NAUDIT_SOURCE_DIR "/docs/sinks.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  for (const Name& one : names()) {
    const std::string line = "| `" + std::string(one.name) + "` | " + std::string(one.help) + " |\n";
    INFO(line);
    CHECK(page.find(line) != std::string::npos);
  }
  for (const TraitRow& row : trait_rows()) {
    const std::string field = row.field.empty() ? "not told" : '`' + std::string(row.field) + '`';
    const std::string line = "| `" + std::string(config::word_of(row.trait, config::kTraits)) + "` | " +
                             std::string(row.help) + " | " + field + " |\n";
    INFO(line);
    CHECK(page.find(line) != std::string::npos);
  }
}

}  // namespace
}  // namespace naudit::output::shape
