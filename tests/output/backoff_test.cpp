// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/backoff.hpp"

#include <set>

#include "tests/support/catch.hpp"

namespace naudit::output {

using namespace std::chrono_literals;

TEST_CASE("waits grow up to the most and never are nothing") {
  Backoff backoff(100ms, 1000ms, 7);
  const std::vector<std::chrono::milliseconds> ceilings{100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms};
  for (const auto ceiling : ceilings) {
    const auto wait = backoff.next();
    CHECK(wait >= 10ms);
    CHECK(wait <= ceiling);
  }
}

TEST_CASE("waits are spread over their whole range") {
  Backoff backoff(1000ms, 1000ms, 11);
  std::set<std::int64_t> tenths;
  for (int i = 0; i < 500; ++i) tenths.insert(backoff.next().count() / 100);
  CHECK(tenths.size() >= 9);  // 100 to 1000 ms
}

TEST_CASE("a success makes the next wait short again") {
  Backoff backoff(10ms, 60'000ms, 3);
  for (int i = 0; i < 20; ++i) (void)backoff.next();
  backoff.reset();
  CHECK(backoff.next() <= 10ms);
}

TEST_CASE("two hosts do not wait alike and one host waits alike twice") {
  Backoff one(1000ms, 60'000ms, 1);
  Backoff same(1000ms, 60'000ms, 1);
  Backoff other(1000ms, 60'000ms, 2);
  const auto first = one.next();
  CHECK(first == same.next());
  CHECK(first != other.next());
}

TEST_CASE("a first wait above the most and a wait of nothing are harmless") {
  CHECK(Backoff(5000ms, 100ms, 1).next() <= 100ms);
  CHECK(Backoff(0ms, 0ms, 1).next() == 1ms);
}

}  // namespace naudit::output
