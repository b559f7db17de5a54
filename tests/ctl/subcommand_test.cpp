// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/auditctl/auditctl.hpp"
#include "formats/registry.hpp"
#include "tests/ctl/run.hpp"
#include "tests/support/catch.hpp"

namespace naudit::ctl {
namespace {

test::Outcome nauditctl(const std::vector<std::string>& arguments) {
  return test::run(NAUDIT_NAUDITCTL, arguments);
}

TEST_CASE("auditctl's options are told from nauditctl's own words") {
  for (const char* option : {"-l", "-a", "-w/etc", "--signal=TERM", "--reset-lost", "-R"})
    CHECK(is_auditctl_option(option));
  for (const char* word : {"-h", "--help", "--version", "rules", "status", "-", ""})
    CHECK_FALSE(is_auditctl_option(word));
}

TEST_CASE("help and version need no right and no kernel") {
  CHECK(nauditctl({"--help"}).code == 0);
  CHECK_THAT(nauditctl({"rules", "--help"}).out, Catch::Contains("apply"));
  const std::string convert = nauditctl({"convert", "--help"}).out;
  for (const formats::Format& format : formats::all_formats())
    CHECK_THAT(convert, Catch::Contains(std::string(format.help)));
  CHECK_THAT(nauditctl({"--version"}).out, Catch::StartsWith("nauditctl "));
  CHECK(nauditctl({}).code != 0);
  CHECK(nauditctl({"rulez"}).code != 0);
}

}  // namespace
}  // namespace naudit::ctl
