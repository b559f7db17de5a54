// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "stored/log_line.hpp"

#include <string>
#include <vector>

#include "tables/record_types.hpp"
#include "tests/support/catch.hpp"

namespace naudit::stored {
namespace {

// Each record as "[NODE/]TYPE text", TYPE in digits.
std::vector<std::string> records(std::string_view line) {
  LogLine all(line);
  std::vector<std::string> found;
  for (correlate::Input input; all.next(input);)
    found.push_back((input.node.empty() ? "" : std::string(input.node) + '/') + std::to_string(input.type) + ' ' +
                    std::string(input.text));
  return found;
}
std::size_t count(std::string_view line) {
  return records(line).size();
}

using List = std::vector<std::string>;

const std::string kId = "msg=audit(1.000:7): ";

TEST_CASE("a line may hold several records") {
  CHECK(records("type=SYSCALL " + kId + "arch=c000003e key=\"x\" type=EXECVE " + kId + "argc=1 a0=\"a\" type=CWD " +
                kId + "cwd=\"/\"\n") == List{"1300 audit(1.000:7): arch=c000003e key=\"x\"",
                                             "1309 audit(1.000:7): argc=1 a0=\"a\"", "1307 audit(1.000:7): cwd=\"/\""});
  CHECK(records("node=a type=CWD " + kId + "cwd=2F node=b type=PATH msg=audit(2.000:8): item=0 name=(null)") ==
        List{"a/1307 audit(1.000:7): cwd=2F", "b/1302 audit(2.000:8): item=0 name=(null)"});
  // With the names that auditd appended, and with what became of the newline between them.
  CHECK(records("type=SYSCALL " + kId + "uid=0 key=\"x\"\x1dUID=\"root\" type=PROCTITLE " + kId + "proctitle=\"a\"") ==
        List{"1300 audit(1.000:7): uid=0 key=\"x\"\x1dUID=\"root\"", "1327 audit(1.000:7): proctitle=\"a\""});
  for (const std::string newline : {"#012", "\\n", "\t"})
    CHECK(records("type=SYSCALL " + kId + "uid=0 key=\"x\"" + newline + "type=PROCTITLE " + kId + "proctitle=61" +
                  newline + "node=x type=CWD " + kId + "cwd=2F") == List{"1300 audit(1.000:7): uid=0 key=\"x\"",
                                                                         "1327 audit(1.000:7): proctitle=61",
                                                                         "x/1307 audit(1.000:7): cwd=2F"});
  CHECK(records("type=SOCKADDR " + kId + "saddr=0200\x1dSADDR={ saddr_fam=inet laddr=1.1.1.1 } type=CWD " + kId +
                "cwd=2F")
            .size() == 2);
  CHECK(records("type=USER_LOGIN " + kId + "uid=0 msg='op=x' type=CWD " + kId + "cwd=\"/\"").size() == 2);
}

TEST_CASE("a text that looks like a record does not cut the one that it stands in") {
  const std::string forged = " type=SYSCALL " + kId + "arch=c000003e uid=0";
  for (const std::string& line :
       {"type=USER_LOGIN " + kId + "uid=1000 msg='op=x" + forged + "'",
        "type=USER_LOGIN " + kId + "uid=1000 msg='op=x'" + forged + " msg='res=success'",
        "type=USER_LOGIN " + kId + "uid=1000 msg='op=x'" + forged + "#012" + forged.substr(1) + "'",
        "type=PATH " + kId + "item=0 name=\"/tmp/x" + forged + "\" inode=1",
        "type=SOCKADDR " + kId + "saddr=0100\x1dSADDR={ saddr_fam=local path=/x }" + forged + " }",
        "type=NETFILTER_CFG " + kId + "table=x family=2 entries=1 op=register" + forged + ":3 family=2 entries=1 op=x",
        "type=CWD " + kId + "cwd=\"/x" + forged}) {
    INFO(line);
    CHECK(count(line) == 1);
  }
  // Nor what is no whole header.
  for (const char* const part : {"type=CWD", "type=CWD msg=audit(x): ", "type= msg=audit(1.000:7): ",
                                 "node= CWD msg=audit(1.000:7): ", "xtype=CWD msg=audit(1.000:7): "})
    CHECK(count("type=SYSCALL " + kId + "uid=0 " + part) == 1);
}

TEST_CASE("the host in a syslog header is the node of records that name none") {
  const std::string record = "type=CWD " + kId + "cwd=2F";
  for (const std::string header :
       {"Jun  8 20:31:30 web1 audisp-syslog[9]: ", "<13>Jun  8 20:31:30 web1 audispd: ", "<13>Jun 18 20:31:30 web1 ",
        "2021-06-08T20:31:30+00:00 web1 audispd: ", "2021-06-08T20:31:30.123456Z web1 audit_log ",
        "<13>1 2021-06-08T20:31:30.123Z web1 audispd 9 - - ", "<110>1 - web1 audit - - [x@1 a=\"b\"] ",
        "2021-06-08 20:31:30 web1 audispd: ", "2021-06-08 20:31:30,123 +0200 web1 audispd: ",
        "Tue 2021-06-08 20:31:30 UTC web1 audit[9]: ", "Jun  8 2021 20:31:30 web1 audispd: ",
        "Jun  8 20:31:30 2021 web1 audispd: ", "Jun  8 20:31:30 web1 kernel: [ 1234.567890] audit: ",
        "Jun  8 20:31:30 web1 kernel: audit: ", "Jun  8 20:31:30.123 web1 kernel: [1.5][ T99] audit: "}) {
    INFO(header);
    CHECK(records(header + record) == List{"web1/1307 audit(1.000:7): cwd=2F"});
    CHECK(records(header + "node=own " + record) == List{"own/1307 audit(1.000:7): cwd=2F"});
  }
  for (const std::string host : {"10.0.0.5", "fe80::1", "db7.example.org", "s_net@web1/10.1.1.1"})
    CHECK(records("Jun  8 20:31:30 " + host + " audispd: " + record).at(0).starts_with(host + '/'));
  CHECK(records("Jun  8 20:31:30 web1 kernel: [ 1.5] audit: type=1307 audit(1.000:7): cwd=2F") ==
        List{"web1/1307 audit(1.000:7): cwd=2F"});
  // All the records of a line are of its host.
  CHECK(records("Jun  8 20:31:30 web1 audispd: " + record + ' ' + record).at(1).starts_with("web1/"));
}

TEST_CASE("a line that names no host has none") {
  const std::string record = "type=CWD " + kId + "cwd=2F";
  for (const std::string header : {"", "Jun  8 20:31:30 kernel: ", "Jun  8 20:31:30 audispd[9]: ", "[    1.5] audit: ",
                                   "<6>audispd: ", "<13>1 - - audit - - - ", "x web1 audispd: "}) {
    INFO(header);
    CHECK(records(header + record) == List{"1307 audit(1.000:7): cwd=2F"});
  }
}

TEST_CASE("what another program says in syslog is no record") {
  const std::string record = "type=SYSCALL " + kId + "arch=c000003e uid=0";
  for (const std::string header :
       {"Jun  8 20:31:30 web1 sshd[5]: Invalid user ", "2021-06-08T20:31:30Z web1 sshd[5]: Failed password for x ",
        "<13>Jun  8 20:31:30 web1 su: ", "Jun  8 20:31:30 web1 kernel: IN=eth0 OUT= "}) {
    INFO(header);
    correlate::Input input;
    const std::string line = header + "x " + record;
    LogLine all(line);
    CHECK_FALSE(all.next(input));
    CHECK(input.text == line);
    CHECK_FALSE(all.next(input));
  }
}

TEST_CASE("a line without a record is one text") {
  correlate::Input input;
  LogLine none("something else\n");
  CHECK_FALSE(none.next(input));
  CHECK(input.text == "something else");
  CHECK_FALSE(none.next(input));
  LogLine empty("");
  CHECK_FALSE(empty.next(input));
}

TEST_CASE("many records on one line take linear time") {
  std::string line;
  for (int i = 0; i < 50'000; ++i) line += "type=PATH " + kId + "item=0 name=\"/a\" ";
  CHECK(count(line) == 50'000);
  std::string claims = "type=USER " + kId + "msg='";
  std::string words = "type=CWD " + kId;
  for (int i = 0; i < 200'000; ++i) {
    claims += " msg='";
    words += " type=";
  }
  CHECK(count(claims + kId) == 1);
  CHECK(count(words + kId) == 1);
}

}  // namespace
}  // namespace naudit::stored
