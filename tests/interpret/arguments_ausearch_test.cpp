// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What Debian's ausearch -i says of a0 to a3, against what we say: every call of six arches, each with many values.
// Built only where ausearch is installed (tools/fetch-peers).
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "interpret/arguments/arguments.hpp"
#include "interpret/names/resolver.hpp"
#include "tables/arguments.hpp"
#include "tables/syscalls.hpp"
#include "tests/interpret/argument_differences.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace naudit::interpret {
namespace {

using Args = std::array<std::uint64_t, 4>;

struct Sample {
  tables::ArchWord arch;
  std::uint32_t syscall;
  Args args;
};

constexpr tables::ArchWord kArches[] = {tables::kArchX86_64, tables::kArchI386,  tables::kArchAarch64,
                                        tables::kArchArm,    tables::kArchS390x, tables::kArchPpc64};

std::vector<std::uint64_t> values() {
  std::set<std::uint64_t> all{0xffffff9c,     0xffffffffffffff9c,
                              0xffffffff,     0xffffffffffffffff,
                              0x7f0012345678, 0644,
                              04755,          0100644,
                              060640,         010600,
                              0x80241,        0x490002,
                              0x1200011,      0x3d0f00,
                              0x32,           0x59616d61,
                              0x53564d41,     0x80800,
                              0xfee1dead,     0x28121969,
                              0x4321fedc,     0xc0ed0001,
                              0x40000001,     0x40000,
                              0x40008,        0x80000200,
                              0x5401,         0x5413,
                              0x541b,         0x4b3a,
                              0x80045430,     0x40045431};
  for (std::uint64_t value = 0; value < 40; ++value) all.insert(value);
  for (unsigned bit = 6; bit < 34; ++bit) all.insert(std::uint64_t{1} << bit);
  for (std::uint64_t value = 0x4200; value < 0x4214; ++value) all.insert(value);
  for (std::uint64_t value = 1024; value < 1042; ++value) all.insert(value);
  return {all.begin(), all.end()};
}

// Calls whose arguments depend on one another: the numbers of one argument (`by`), each with some of another.
struct Dependent {
  std::string_view call;
  unsigned by;
  std::vector<std::uint64_t> choices;
  unsigned of;
  std::uint64_t first, last;
};

std::vector<Dependent> dependents() {
  const std::vector<std::uint64_t> levels{0, 1, 2, 6, 17, 41, 58, 132, 136, 255, 263, 270, 271, 282, 284};
  std::vector<std::uint64_t> options, commands, prctls;
  for (std::uint64_t i = 0; i < 80; ++i) prctls.push_back(i);
  for (std::uint64_t i = 0; i < 18; ++i) commands.push_back(i);
  for (std::uint64_t i = 1024; i < 1042; ++i) commands.push_back(i);
  return {
      {"setsockopt", 1, levels, 2, 0, 130},
      {"getsockopt", 1, levels, 2, 0, 130},
      {"prctl", 0, prctls, 1, 0, 45},
      {"fcntl", 1, commands, 2, 0, 35},
      {"socket", 0, {1, 2, 3, 10, 15, 16, 17, 29, 31, 38, 40}, 2, 0, 50},
      {"socket", 0, {2}, 1, 0, 20},
      {"open", 1, {0, 1, 0x40, 0x41, 0x240, 0x400000, 0x410002}, 2, 0, 01000},
      {"openat", 2, {0, 1, 0x40, 0x41, 0x240, 0x400000, 0x410002}, 3, 0, 01000},
      {"mq_open", 1, {0, 0x40, 0xc2}, 2, 0, 01000},
      {"ptrace", 0, {0, 7, 16, 0x4200, 0x4204, 0x4206}, 3, 0, 70},
      {"seccomp", 0, {0, 1, 2}, 1, 0, 40},
      {"keyctl", 0, {0, 1, 4, 8, 14, 22}, 1, 0xfffffff0, 0xffffffff},
      {"chmod", 0, {0}, 1, 0, 010000},
      {"mknod", 0, {0}, 1, 0100000, 0110000},
      {"shmget", 0, {0}, 2, 0, 04000},
  };
}

std::vector<Sample> samples() {
  std::vector<Sample> all;
  const std::vector<std::uint64_t> many = values();
  const std::vector<std::uint64_t> few{0, 1, 2, 0xffffff9c, 0xffffffff};
  for (const tables::ArchWord arch : kArches) {
    for (std::uint32_t number = 0; number < 500; ++number) {
      if (tables::syscall_name(arch, number).empty()) continue;
      const auto& signature = tables::syscall_signature(arch, number);
      const bool known = std::ranges::any_of(
          signature, [](const tables::Argument& argument) { return argument.is != tables::Argument::Is::kNumber; });
      for (const std::uint64_t value : known ? many : few) all.push_back({arch, number, {value, value, value, value}});
    }
    const bool is_like_others = arch == tables::kArchAarch64 || arch == tables::kArchArm || arch == tables::kArchS390x;
    for (const Dependent& row : is_like_others ? std::vector<Dependent>{} : dependents()) {
      const auto number = tables::syscall_number(arch, row.call);
      if (!number) continue;
      for (const std::uint64_t choice : row.choices) {
        for (std::uint64_t value = row.first; value <= row.last; ++value) {
          Args args{3, 3, 3, 3};
          args[row.by] = choice;
          args[row.of] = value;
          all.push_back({arch, *number, args});
        }
      }
    }
  }
  return all;
}

std::string hex(std::uint64_t value) {
  char digits[16];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value, 16);
  return {digits, end};
}

void write_log(const std::string& path, const std::vector<Sample>& all) {
  std::ofstream log(path);
  for (std::size_t i = 0; i < all.size(); ++i) {
    log << "type=SYSCALL msg=audit(" << 1700000000 + i << ".000:" << i + 1 << "): arch=" << hex(all[i].arch)
        << " syscall=" << all[i].syscall << " success=yes exit=0";
    for (unsigned k = 0; k < 4; ++k) log << " a" << k << '=' << hex(all[i].args[k]);
    log << " items=0 ppid=1 pid=2 auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 "
           "comm=\"x\" exe=\"/bin/x\" key=(null)\n";
  }
}

// What stands between two words of a line; both have to be there.
std::string between(const std::string& line, const std::string& from, const std::string& to) {
  const std::size_t begin = line.find(from);
  const std::size_t end = line.find(to, begin);
  if (begin == std::string::npos || end == std::string::npos) throw std::runtime_error("no " + from + " in: " + line);
  return line.substr(begin + from.size(), end - begin - from.size());
}

// By serial number.
std::map<std::size_t, std::array<std::string, 4>> ausearch(const std::string& path) {
  const std::string command = std::string(NAUDIT_AUSEARCH) + " -i --input '" + path + "' 2>/dev/null";
  std::FILE* const pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::map<std::size_t, std::array<std::string, 4>> result;
  char buffer[8192];
  while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) {
    const std::string line = buffer;
    if (!line.starts_with("type=SYSCALL")) continue;
    const std::string stamp = between(line, "msg=audit(", ") :");
    result[std::stoul(stamp.substr(stamp.rfind(':') + 1))] = {
        between(line, " a0=", " a1="), between(line, " a1=", " a2="), between(line, " a2=", " a3="),
        between(line, " a3=", " items=")};
  }
  pclose(pipe);
  return result;
}

std::string id_text(const NameId& id) {
  if (id.number == 0xFFFFFFFF) return "unset";
  if (const auto name = system_name(id)) return *name;
  return "unknown(" + std::to_string(static_cast<std::int32_t>(id.number)) + ")";
}

TEST_CASE("arguments mean what ausearch -i says, but where it is known to be wrong or silent") {
  const tests::TempDir folder;
  const std::string log = folder.file("audit.log");
  const std::vector<Sample> all = samples();
  write_log(log, all);
  const auto theirs = ausearch(log);
  REQUIRE(theirs.size() == all.size());

  std::map<std::string, std::size_t> counts;
  std::map<std::string, std::vector<std::string>> unexplained;  // by call and argument
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Sample& sample = all[i];
    const std::string name(tables::syscall_name(sample.arch, sample.syscall));
    for (unsigned k = 0; k < 4; ++k) {
      std::string ours;
      append_argument(ours, sample.arch, sample.syscall, k, sample.args);
      if (const auto id = argument_id(sample.arch, sample.syscall, k, sample.args)) ours = id_text(*id);
      const std::string& text = theirs.at(i + 1)[k];
      const std::string reason(tests::difference({sample.arch, name, k, sample.args, ours, text}));
      ++counts[reason];
      if (reason == "different") {
        unexplained[name + " a" + std::to_string(k)].push_back(std::string(tables::arch_name(sample.arch)) + ' ' +
                                                               hex(sample.args[k]) + " ours '" + ours + "' theirs '" +
                                                               text + '\'');
      }
    }
  }
  std::string table = "records " + std::to_string(all.size()) + '\n';
  for (const auto& [reason, count] : counts) table += std::to_string(count) + ' ' + reason + '\n';
  INFO(table);
  for (const auto& [argument, lines] : unexplained) {
    std::string some;
    for (std::size_t i = 0; i < std::min<std::size_t>(lines.size(), 8); ++i) some += "\n  " + lines[i];
    FAIL_CHECK(argument << ": " << lines.size() << some);
  }
  CHECK(counts["equal"] > 20000);
  SUCCEED(table);
}

}  // namespace
}  // namespace naudit::interpret
