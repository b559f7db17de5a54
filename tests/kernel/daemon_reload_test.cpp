// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What a reload answers is what has happened.
#include <sys/stat.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "tests/kernel/nauditd.hpp"
#include "tests/kernel/support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"

using namespace naudit::test;
using Catch::Matchers::Contains;
using std::chrono::steady_clock;

namespace {

struct Answer {
  std::string text;
  int code = -1;
};

Answer ask(const Home& home, const std::string& command) {
  naudit::tests::Program program({NAUDIT_NAUDITCTL, command, "--socket", home.file("control.sock")});
  Answer answer;
  answer.text = program.rest();
  answer.code = program.wait();
  return answer;
}

const std::string kNoSuchPath =
    "  - {key: naudit-test, path: /nonexistent/naudit/file, permissions: [write], where: 'uid = " +
    std::to_string(kTestUid) + "'}\n";
// The kernel takes no such uid (kernel/auditfilter.c, audit_data_to_entry).
const std::string kRefused = "rules:\n  - {key: naudit-test, syscalls: [openat], where: 'uid = 4294967295'}\n";

// A reload is stuck while it reads, and stays so: all else goes on, the stop included.
void check_that_all_else_goes_on(const Home& home, Nauditd& daemon) {
  daemon.signal(SIGHUP);
  REQUIRE(wait_until([&] {
    for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(daemon.pid()) + "/task"))
      if (read_text(task.path() / "comm") == "naudit-reload\n") return true;
    return false;
  }));
  CHECK_THAT(ask(home, "status").text, Contains("registered"));
  CHECK_THAT(ask(home, "reload").text, Contains("a reload is under way"));
  Generator(10).wait();
  CHECK(wait_until([&] { return generated(lines_of(home.file("events.json"))).size() == 10; }));
  const auto begin = steady_clock::now();
  CHECK(daemon.stop() == 0);
  CHECK(steady_clock::now() - begin < std::chrono::seconds{20});
  delete_our_rules();
}

// nauditd leaves the kernel's settings as they are when it stops; later tests are not to lose records by this one.
class RateLimit {
 public:
  RateLimit() = default;
  RateLimit(const RateLimit&) = delete;
  RateLimit& operator=(const RateLimit&) = delete;
  ~RateLimit() {
    naudit::netlink::StatusChange change;
    change.rate_limit = before_;
    CHECK(open_requests().set(change));
  }

 private:
  std::uint32_t before_ = open_requests().status().value().rate_limit;
};

}  // namespace

TEST_CASE("a reload with a rule that the kernel would refuse changes nothing, says why, and fails") {
  const Home home;
  Nauditd daemon(home);
  REQUIRE(daemon.wait_until_ready());
  REQUIRE(our_rules().size() == 1);
  home.configure(std::string(Home::kLog) + "  - {name: two, type: file, path: two.json}\n");
  home.set_rules(kRefused);
  const Answer answer = ask(home, "reload");
  CHECK(answer.code == 1);
  CHECK_THAT(answer.text, Contains("rules.yaml:2:51: uid can never be unset") && Contains("nothing was changed"));
  CHECK(our_rules().size() == 1);
  const std::string status = ask(home, "status").text;
  CHECK_THAT(status, Contains("log ") && !Contains("two "));
  Generator(10).wait();
  CHECK(wait_until([&] { return generated(lines_of(home.file("events.json"))).size() == 10; }));
  CHECK(count_lines_with(home.file("events.json"), "\"state\":\"no-change\"") == 1);

  home.set_rules(kOpenatRule);
  CHECK(ask(home, "reload").code == 0);
  CHECK(wait_until([&] { return std::filesystem::exists(home.file("two.json")); }));
  CHECK(daemon.stop() == 0);
  delete_our_rules();
}

TEST_CASE("a reload with a path that cannot be looked up loads the others, names the rule, and fails") {
  const Home home;
  home.set_rules(kOpenatRule + kNoSuchPath);
  Nauditd daemon(home);
  REQUIRE(daemon.wait_until_ready());
  CHECK(our_rules().size() == 1);
  CHECK_THAT(daemon.messages(), Contains("the kernel refuses to add") && Contains("/nonexistent/naudit/file"));
  const Answer answer = ask(home, "reload");
  CHECK(answer.code == 1);
  CHECK_THAT(answer.text, Contains("the kernel refuses to add") && Contains("neither /nonexistent/naudit/file nor"));
  CHECK(our_rules().size() == 1);
  CHECK(daemon.stop() == 0);
  CHECK(count_lines_with(home.file("events.json"), "\"state\":\"changed\"") == 1);
  delete_our_rules();
}

TEST_CASE("a setting that nauditd.yaml and a rule file name is set once at a reload") {
  const Home home;
  const std::string log = home.file("events.json");
  const RateLimit restored;
  const std::string rules = "kernel: {backlog_limit: 333, rate_limit: 100001}\n" + kOpenatRule;
  home.configure(Home::kLog, "backlog_limit: 555");
  home.set_rules(rules);
  Nauditd daemon(home);
  REQUIRE(daemon.wait_until_ready());
  CHECK_THAT(daemon.messages(), Contains("rules.yaml:1:25: backlog_limit 333 is of no effect: ") &&
                                    Contains("nauditd.yaml:2:") && Contains("sets it to 555"));
  CHECK(open_requests().status().value().backlog_limit == 555);
  CHECK(open_requests().status().value().rate_limit == 100001);

  home.configure(Home::kLog, "backlog_limit: 777");
  const std::size_t before = count_lines_with(log, "audit_backlog_limit");
  CHECK(ask(home, "reload").code == 0);
  CHECK(ask(home, "reload").code == 0);
  CHECK(open_requests().status().value().backlog_limit == 777);
  CHECK(daemon.stop() == 0);
  INFO(read_text(log));
  CHECK(count_lines_with(log, "audit_backlog_limit") - before == 1);
  CHECK(count_lines_with(log, "audit_rate_limit") <= 1);
  delete_our_rules();
}

// OpenSSL waits for a FIFO's writer as it would for a disk that does not answer.
TEST_CASE("a disk that hangs while a reload reads it holds nothing else up, and the stop neither") {
  const Home home;
  Nauditd daemon(home);
  REQUIRE(daemon.wait_until_ready());
  REQUIRE(::mkfifo(home.file("ca.pem").c_str(), 0600) == 0);
  home.configure(std::string(Home::kLog) + "  - {name: far, type: tcp, address: '127.0.0.1:9', tls: {ca: ca.pem}}\n");
  check_that_all_else_goes_on(home, daemon);
}

TEST_CASE("a name service that hangs while a reload asks it holds nothing else up, and the stop neither") {
  const Home home;
  // The address sanitizer wants to be the first library; it need not be for this one.
  ::setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 0);  // NOLINT(concurrency-mt-unsafe)
  ::setenv("LD_PRELOAD", NAUDIT_HANGING_NSS, 1);            // NOLINT(concurrency-mt-unsafe)
  Nauditd daemon(home);
  ::unsetenv("LD_PRELOAD");    // NOLINT(concurrency-mt-unsafe)
  ::unsetenv("ASAN_OPTIONS");  // NOLINT(concurrency-mt-unsafe)
  REQUIRE(daemon.wait_until_ready());
  home.configure("  - {name: log, type: file, path: events.json, filter: {uids: [naudit-test-hangs]}}\n");
  check_that_all_else_goes_on(home, daemon);
}
