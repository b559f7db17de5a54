// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What ausearch -i said once of some arguments, for machines that have no ausearch; arguments_ausearch_test asks it
// itself.
#include <array>
#include <fstream>
#include <sstream>
#include <string>

#include "interpret/arguments/arguments.hpp"
#include "tables/syscalls.hpp"
#include "tests/interpret/argument_differences.hpp"
#include "tests/support/catch.hpp"

namespace naudit::interpret {
namespace {

TEST_CASE("arguments mean what ausearch -i said of them, but where it is known to be wrong") {
  std::ifstream file(NAUDIT_SOURCE_DIR "/tests/data/arguments_ausearch.txt");
  REQUIRE(file);
  std::size_t equal = 0, all = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    INFO(line);
    std::istringstream words(line);
    std::string arch_name, call, theirs, ours;
    std::array<std::uint64_t, 4> args{};
    unsigned index = 0;
    words >> arch_name >> call >> std::hex;
    for (std::uint64_t& one : args) words >> one;
    words >> index >> theirs;
    REQUIRE(words);
    const auto arch = tables::arch_by_name(arch_name);
    REQUIRE(arch);
    const auto number = tables::syscall_number(*arch, call);
    REQUIRE(number);
    append_argument(ours, *arch, *number, index, args);
    const std::string_view reason = tests::difference({*arch, call, index, args, ours, theirs});
    if (reason == "different") FAIL_CHECK("ours: " << ours);
    if (reason == "equal") ++equal;
    ++all;
  }
  CHECK(all > 2000);
  CHECK(equal > 1300);  // of the others most have bits that ausearch leaves out
}

}  // namespace
}  // namespace naudit::interpret
