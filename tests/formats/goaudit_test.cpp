// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>

#include <rapidjson/document.h>

#include "formats/goaudit/options.hpp"
#include "interpret/names/process_names.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::formats {
namespace {

std::string record(std::string_view type, std::string_view body) {
  return "type=" + std::string(type) + " msg=audit(10000001.002:99): " + std::string(body) + '\n';
}

std::string encode(const std::string& records) {
  tests::Encoding encoding("go-audit");
  return encoding(records);
}

// The part of uid_map, with its braces.
std::string users(const std::string& records) {
  const std::string line = encode(records);
  const std::size_t begin = line.find(R"("uid_map":)");
  REQUIRE(begin != std::string::npos);
  return line.substr(begin + 10, line.rfind('}') - begin - 10);
}

TEST_CASE("go-audit: an event is its records as they are, with the names of its users") {
  CHECK(encode(record("SYSCALL", "arch=c000003e syscall=59 success=yes auid=1000 uid=0 gid=5 comm=\"a\"") +
               record("EXECVE", "argc=2 a0=\"uid=77\" a1=612062") + record("CWD", "cwd=\"/root\"") +
               record("PROCTITLE", "proctitle=612062")) ==
        R"({"sequence":99,"timestamp":"10000001.002","messages":[)"
        R"({"type":1300,"data":"arch=c000003e syscall=59 success=yes auid=1000 uid=0 gid=5 comm=\"a\""},)"
        R"({"type":1309,"data":"argc=2 a0=\"uid=77\" a1=612062"},{"type":1307,"data":"cwd=\"/root\""},)"
        R"({"type":1327,"data":"proctitle=612062"}],"uid_map":{"0":"root","1000":"jo"}})"
        "\n");
}

TEST_CASE("go-audit: users are those of all fields that end in uid, once, and sorted like texts") {
  CHECK(
      users(record("SYSCALL", "arch=c000003e syscall=2 auid=1000 uid=20 euid=1000 suid=3 fsuid=20 ouid=4294967295")) ==
      R"({"1000":"jo","20":"UNKNOWN_USER","3":"UNKNOWN_USER","4294967295":"UNKNOWN_USER"})");
  CHECK(users(record("USER_AUTH", "pid=1 uid=0 msg='op=x sauid=1000 id=5 res=1'")) == R"({"0":"root","1000":"jo"})");
  CHECK(users(record("LOGIN", "pid=1 old-auid=-1 auid=0")) == R"({"-1":"UNKNOWN_USER","0":"root"})");
  CHECK(users(record("LOGIN", "pid=1 auid=nobody")) == "{}");
}

TEST_CASE("go-audit: names that an auditd appended are those of the users, and no part of the record") {
  const std::string line = encode(record("PATH", "item=0 ouid=0 ogid=0\x1dOUID=\"toor\" OGID=\"root\""));
  CHECK(line.find(R"("data":"item=0 ouid=0 ogid=0"}],"uid_map":{"0":"toor"}})") != std::string::npos);
  const std::string unknown = encode(record("PATH", "ouid=1000\x1dOUID=\"unknown(1000)\""));
  CHECK(unknown.find(R"("uid_map":{"1000":"UNKNOWN_USER"}})") != std::string::npos);
}

TEST_CASE("go-audit: bytes that are no text, another machine, and types without a number") {
  const std::string line = encode("node=web1 " + record("USER", "pid=1 msg='a\xff\"'"));
  rapidjson::Document json;
  json.Parse<rapidjson::kParseValidateEncodingFlag>(line.data(), line.size());
  REQUIRE_FALSE(json.HasParseError());
  CHECK(json["node"] == "web1");
  CHECK(encode("type=SOMETHING_NEW msg=audit(10000001.002:99): a=1\n")
            .find(R"({"type":0,"type_name":"SOMETHING_NEW","data":"a=1"})") != std::string::npos);
}

TEST_CASE("go-audit: a stored log has no containers of this machine") {
  tests::Encoding encoding("go-audit", GoauditOptions{.containers = true});
  CHECK(encoding(record("SYSCALL", "arch=c000003e syscall=2 pid=1")).find("containers") == std::string::npos);
}

TEST_CASE("go-audit: the container of a process that runs, else of its parent") {
  tests::Encoding encoding("go-audit", GoauditOptions{.containers = true});
  encoding.set_live();
  const auto own = static_cast<std::uint32_t>(getpid());
  const std::string here = interpret::process_container(own);
  REQUIRE_FALSE(here.empty());
  const std::string told =
      here == interpret::kNoContainer ? "}],\"uid_map\"" : R"(,"containers":{"id":")" + here + "\"}}],\"uid_map\"";
  const std::string pid = std::to_string(own);
  CHECK(encoding(record("SYSCALL", "arch=c000003e syscall=2 ppid=1 pid=" + pid)).find(pid + '"' + told) !=
        std::string::npos);
  // Beyond the largest pid of the kernel.
  CHECK(encoding(record("SECCOMP", "ppid=" + pid + " pid=4194305")).find("4194305\"" + told) != std::string::npos);
  CHECK(encoding(record("PATH", "pid=" + pid)).find("containers") == std::string::npos);
  CHECK(encoding("node=web1 " + record("SECCOMP", "pid=" + pid)).find("containers") == std::string::npos);
}

}  // namespace
}  // namespace naudit::formats
