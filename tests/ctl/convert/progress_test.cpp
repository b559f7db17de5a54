// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/convert/progress.hpp"

#include "tests/support/catch.hpp"

namespace naudit::ctl {
namespace {

using std::chrono::seconds;

TEST_CASE("progress tells how far, how fast and how long still") {
  CHECK(progress_text(50'000'000, 200'000'000, seconds(2), 100) ==
        "[######..................]  25 %  50.0 of 200.0 MB  25 MB/s  0:06 left");
  CHECK(progress_text(0, 200'000'000, seconds(0), 100) == "[........................]   0 %  0.0 of 200.0 MB  0 MB/s");
}

TEST_CASE("without a size progress tells what is known") {
  CHECK(progress_text(50'000'000, 0, seconds(3661), 100) == "50.0 MB  0 MB/s  1:01:01");
}

TEST_CASE("a narrow terminal gets no bar, and no more than it has room for") {
  CHECK(progress_text(50'000'000, 200'000'000, seconds(2), 60) == " 25 %  50.0 of 200.0 MB  25 MB/s  0:06 left");
  CHECK(progress_text(50'000'000, 200'000'000, seconds(2), 10) == " 25 %  50.");
}

}  // namespace
}  // namespace naudit::ctl
