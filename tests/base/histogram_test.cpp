// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "base/histogram.hpp"

#include <algorithm>
#include <numeric>

#include "tests/support/catch.hpp"

using naudit::base::Histogram;
using std::chrono::milliseconds;

TEST_CASE("a time is counted in the first class that is not shorter") {
  Histogram histogram;
  histogram.add(milliseconds{0}, 1);
  histogram.add(milliseconds{1}, 2);
  histogram.add(milliseconds{2}, 4);
  histogram.add(milliseconds{3}, 8);
  CHECK(histogram.counts()[0] == 3);
  CHECK(histogram.counts()[1] == 4);
  CHECK(histogram.counts()[2] == 8);
  CHECK(histogram.sum_seconds() == Approx(0.034));
}

TEST_CASE("what took longer than the longest bound has a class of its own, and a negative time is none") {
  Histogram histogram;
  histogram.add(std::chrono::hours{1}, 1);
  histogram.add(std::chrono::hours{1} + milliseconds{1}, 1);
  histogram.add(milliseconds::max(), 0);
  histogram.add(milliseconds{-5}, 3);
  CHECK(histogram.counts()[Histogram::kBounds.size() - 1] == 1);
  CHECK(histogram.counts()[Histogram::kBounds.size()] == 1);
  CHECK(histogram.counts()[0] == 3);
  CHECK(std::ranges::is_sorted(Histogram::kBounds));
}
