// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/file/space.hpp"

#include "tests/support/catch.hpp"

namespace naudit::output {

TEST_CASE("what is to stay free is a size or a share of all there is") {
  CHECK(bytes_of({0, 5}, {0, 1000}) == 50);
  CHECK(bytes_of({7, 0}, {0, 1000}) == 7);
  CHECK(low_text({0, 5}, {3 * config::kMiB + 17, 64 * config::kMiB}) == "3MiB of 64MiB are free, and keep_free is 5%");
  CHECK(low_text({200 * config::kMiB, 0}, {512, config::kMiB}) == "512 of 1MiB are free, and keep_free is 200MiB");
}

TEST_CASE("space is low until there is a twentieth more than it takes to be low") {
  SpaceWatch watch({100, 0});
  CHECK(watch.is_on());
  CHECK(watch.look({100, 1000}) == 0);
  CHECK_FALSE(watch.is_low());
  CHECK(watch.look({99, 1000}) == 6);
  CHECK(watch.is_low());
  CHECK(watch.look({104, 1000}) == 1);
  CHECK(watch.is_low());
  CHECK(watch.look({105, 1000}) == 0);
  CHECK_FALSE(watch.is_low());
  CHECK(watch.look({100, 1000}) == 0);
}

TEST_CASE("without keep_free no space is too little") {
  SpaceWatch watch({});
  CHECK_FALSE(watch.is_on());
  CHECK(watch.look({0, 0}) == 0);
}

}  // namespace naudit::output
