// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/doctor/readings.hpp"

#include <linux/netlink.h>
#include <linux/netlink_diag.h>
#include <linux/sock_diag.h>

#include <cstring>
#include <string>

#include "tests/support/catch.hpp"

namespace naudit::ctl {

TEST_CASE("the kernel's command line: the last word counts, and what audit= does not know is on") {
  CHECK_FALSE(read_boot_words("quiet ro").audit);
  CHECK(read_boot_words("quiet audit=1 audit_backlog_limit=8192\n").audit == true);
  CHECK(read_boot_words("quiet audit=1 audit_backlog_limit=8192\n").backlog_limit == 8192U);
  CHECK(read_boot_words("audit=1 audit=off").audit == false);
  CHECK(read_boot_words("audit=0 audit=yes").audit == true);
  CHECK_FALSE(read_boot_words("audit_backlog_limit=many xaudit=1").audit);
  CHECK_FALSE(read_boot_words("audit_backlog_limit=many").backlog_limit);
}

TEST_CASE("/proc/net/netlink: sockets of audit that are in the group of the readers") {
  const std::string head = "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n";
  const std::string table = head +
                            "0000000039176120 9   0          00000000 0        0        0     2        0        6\n"
                            "0000000039176121 9   300        00000001 0        0        0     2        0        71\n"
                            "0000000039176122 9   812        00000000 0        0        0     2        0        72\n"
                            "0000000039176123 15  300        00000001 0        0        0     2        0        73\n"
                            "0000000039176124 9   -42        00000003 0        0        0     2        5        74";
  CHECK(read_listeners(table) == std::vector<std::uint64_t>{71, 74});
  CHECK(read_listeners("").empty());
  CHECK(read_listeners("9 9 9\n\n9 9 9 1 9 9 9 9 9 x\n").empty());
}

TEST_CASE("a link to a socket has its inode") {
  CHECK(socket_inode("socket:[4711]") == 4711U);
  for (const char* const other : {"", "socket:[", "socket:[]", "socket:[12", "pipe:[12]", "socket:[-1]", "socket:[1x]"})
    CHECK_FALSE(socket_inode(other));
}

TEST_CASE("what nauditd answers becomes facts, and the streams of tail are no sinks") {
  rapidjson::Document status;
  status.Parse(R"({"pid":812,"mode":"own","registration":"registered","config":"/c","events":{"overruns":2,
    "gap_events":3},"sinks":[{"name":"log","type":"file","state":"ok","last_error":"","events_dropped":4},
    {"name":"tail","type":"tail","state":"ok","events_dropped":9}],
    "rules":{"wanted":5,"missing":1,"locked":true,"error":"x"}})");
  const DaemonFact fact = read_daemon(status);
  CHECK(fact.pid == 812);
  CHECK(fact.overruns == 2);
  CHECK(fact.gap_events == 3);
  REQUIRE(fact.sinks.size() == 1);
  CHECK(fact.sinks[0].dropped == 4);
  CHECK(fact.has_rules);
  CHECK(fact.rules_missing == 1);
  CHECK(fact.rules_locked);
  status.Parse("{}");
  CHECK_FALSE(read_daemon(status).has_rules);
}

TEST_CASE("shares of keys, and the time of the latest event") {
  rapidjson::Document stats;
  stats.Parse(R"({"all":{"last_seen":"2023-11-14T22:13:20.500Z"},"keys":[{"key":"exec","share":0.75,"rate_1m":3.5,
    "last_seen":"2023-11-14T22:13:21.250Z"},{"key":"quiet","share":0,"rate_1m":0,"last_seen":null}]})");
  const std::vector<KeyFact> keys = read_keys(stats);
  REQUIRE(keys.size() == 2);
  CHECK(keys[0].key == "exec");
  CHECK(keys[0].share == 0.75);
  CHECK(keys[0].rate == 3.5);
  CHECK(latest_event(stats) == 1700000001250);
  stats.Parse("{}");
  CHECK(read_keys(stats).empty());
  CHECK_FALSE(latest_event(stats));
}

TEST_CASE("times are read as RFC 3339 has them, in UTC") {
  CHECK(read_time("1970-01-01T00:00:00Z") == 0);
  CHECK(read_time("2023-11-14T22:13:20.123Z") == 1700000000123);
  for (const char* const wrong :
       {"", "2023-11-14", "2023-11-14T22:13:20", "2023-13-14T22:13:20Z", "2023-02-30T22:13:20Z", "2023-11-14 22:13:20Z",
        "2023-11-14T22:13:20,5Z", "2023-11-14T22:13:20.xyzZ"})
    CHECK_FALSE(read_time(wrong));
}

TEST_CASE("sock_diag: the buffer is half of what the kernel counts; any bytes are taken") {
  struct {
    nlmsghdr head{};
    netlink_diag_msg body{};
    nlattr attribute{};
    std::uint32_t memory[SK_MEMINFO_VARS]{};
    nlmsghdr done{};
  } answer;
  answer.head.nlmsg_len = offsetof(decltype(answer), done);
  answer.head.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  answer.body.ndiag_ino = 4711;
  answer.attribute.nla_len = sizeof(nlattr) + sizeof answer.memory;
  answer.attribute.nla_type = NETLINK_DIAG_MEMINFO;
  answer.memory[SK_MEMINFO_RCVBUF] = 8192;
  answer.done.nlmsg_len = sizeof(nlmsghdr);
  answer.done.nlmsg_type = NLMSG_DONE;
  const std::string bytes(reinterpret_cast<const char*>(&answer), sizeof answer);
  bool ended = false;
  const auto sockets = read_socket_memory(bytes, ended);
  REQUIRE(sockets.size() == 1);
  CHECK(sockets[0].inode == 4711);
  CHECK(sockets[0].receive_buffer == 4096);
  CHECK(ended);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    bool has_end = false;
    read_socket_memory(bytes.substr(0, size), has_end);
    CHECK_FALSE(has_end);
  }
}

}  // namespace naudit::ctl
