// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/within.hpp"

#include <string>
#include <vector>

#include "tests/support/catch.hpp"

using naudit::daemon::within;
using namespace std::chrono_literals;

namespace {

// What came of it: the value, or "nothing".
auto remember(std::vector<std::string>& told) {
  return [&told](std::optional<std::string> value) { told.push_back(value.value_or("nothing")); };
}

}  // namespace

TEST_CASE("an answer in time is told, once, and the time is then over") {
  boost::asio::io_context loop;
  std::vector<std::string> told;
  const auto answer = within<std::string>(loop, 1h, remember(told));
  answer("one");
  answer("two");
  loop.run();  // has nothing to wait for
  CHECK(told == std::vector<std::string>{"one"});
}

TEST_CASE("without an answer in time there is none, and what comes later is dropped") {
  boost::asio::io_context loop;
  std::vector<std::string> told;
  const auto answer = within<std::string>(loop, 1ms, remember(told));
  loop.run();
  CHECK(told == std::vector<std::string>{"nothing"});
  answer("too late");
  CHECK(told.size() == 1);
}
