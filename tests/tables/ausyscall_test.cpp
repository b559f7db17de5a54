// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// Built where audit's own ausyscall is installed: what it knows, we know by the same number.
#include <cstdio>
#include <memory>
#include <set>
#include <sstream>
#include <string>

#include "tables/arch.hpp"
#include "tables/syscalls.hpp"
#include "tests/support/catch.hpp"

namespace naudit::tables {
namespace {

std::istringstream dump_of(std::string_view arch) {
  const std::string command = std::string(NAUDIT_AUSYSCALL) + ' ' + std::string(arch) + " --dump";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  REQUIRE(pipe);
  std::string text;
  char part[4096];
  for (std::size_t got = 0; (got = fread(part, 1, sizeof part, pipe.get())) > 0;) text.append(part, got);
  return std::istringstream(text);
}

TEST_CASE("every name that ausyscall knows has the same number here") {
  for (const ArchWord arch : {kArchX86_64, kArchI386, kArchAarch64, kArchArm, kArchS390x, kArchS390}) {
    std::istringstream dump = dump_of(arch_name(arch));
    std::string heading;
    std::getline(dump, heading);
    std::uint32_t number = 0;
    std::string name;
    int rows = 0;
    for (; dump >> number >> name; ++rows) {
      INFO(arch_name(arch) << ' ' << number << ' ' << name);
      CHECK(syscall_number(arch, name) == number);
    }
    CHECK(rows > 300);
  }
}

// ausyscall has one table for ppc of both widths.
TEST_CASE("every name that ausyscall knows of ppc has the same number in one of its two widths") {
  std::istringstream dump = dump_of("ppc64le");
  std::string heading;
  std::getline(dump, heading);
  std::uint32_t number = 0;
  std::string name;
  int rows = 0;
  for (; dump >> number >> name; ++rows) {
    INFO(number << ' ' << name);
    CHECK((syscall_number(kArchPpc64le, name) == number || syscall_number(kArchPpc, name) == number));
  }
  CHECK(rows > 400);
}

TEST_CASE("ausyscall prints the same names, except for its own slips") {
  const std::set<std::string> slips = {"sys_kexec_load", "sched_rr_get_interval64"};
  for (const ArchWord arch : {kArchX86_64, kArchI386, kArchAarch64, kArchS390x, kArchS390}) {
    std::istringstream dump = dump_of(arch_name(arch));
    std::string heading;
    std::getline(dump, heading);
    std::uint32_t number = 0;
    std::string name;
    while (dump >> number >> name)
      if (!slips.contains(name)) CHECK(syscall_name(arch, number) == name);
  }
}

}  // namespace
}  // namespace naudit::tables
