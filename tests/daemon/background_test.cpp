// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/background.hpp"

#include <future>
#include <string>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>

#include "tests/support/catch.hpp"

using naudit::daemon::Background;
using namespace std::chrono_literals;

TEST_CASE("a job runs on another thread, and what it returned comes to the loop's") {
  boost::asio::io_context loop;
  Background background(loop);
  std::optional<std::thread::id> job;
  std::optional<std::thread::id> then;
  background.run(
      "naudit-test", [] { return std::this_thread::get_id(); },
      [&](std::thread::id id) {
        job = id;
        then = std::this_thread::get_id();
      });
  CHECK(background.wait(10s));
  CHECK_FALSE(job);
  loop.run();
  REQUIRE(job);
  CHECK(*job != std::this_thread::get_id());
  CHECK(*then == std::this_thread::get_id());
}

TEST_CASE("a job that hangs delays no other, and is left behind at the end") {
  boost::asio::io_context loop;
  const auto work = boost::asio::make_work_guard(loop);
  std::promise<void> disk;
  std::shared_future<void> answers = disk.get_future().share();
  std::promise<void> ended;
  bool is_told = false;
  {
    Background background(loop);
    background.run(
        "naudit-test",
        [answers, &ended] {
          answers.wait();
          ended.set_value();
          return 1;
        },
        [&is_told](int /*result*/) { is_told = true; });
    std::string other;
    background.run("naudit-test", [] { return std::string("done"); }, [&other](std::string text) { other = text; });
    while (other.empty()) loop.run_one_for(10s);
    CHECK_FALSE(background.wait(1ms));
  }
  disk.set_value();
  ended.get_future().wait();
  loop.poll();
  CHECK_FALSE(is_told);
}
