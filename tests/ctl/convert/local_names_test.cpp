// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/convert/local_names.hpp"

#include "tests/support/catch.hpp"

namespace naudit::ctl {
namespace {

using interpret::NameId;

TEST_CASE("each name is asked for once, and so is one that is not there") {
  int asked = 0;
  LocalNames names([&](NameId id) -> std::optional<std::string> {
    ++asked;
    if (id.number == 7) return "seven";
    return std::nullopt;
  });
  for (int i = 0; i < 3; ++i) {
    CHECK(names.find({NameId::Kind::kUser, 7}) == "seven");
    CHECK_FALSE(names.find({NameId::Kind::kUser, 8}).has_value());
  }
  CHECK(asked == 2);
  CHECK(names.find({NameId::Kind::kGroup, 7}) == "seven");
  CHECK(asked == 3);
}

}  // namespace
}  // namespace naudit::ctl
