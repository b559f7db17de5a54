// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <algorithm>

#include "base/error.hpp"
#include "config/loader.hpp"
#include "config/print.hpp"
#include "output/sinks/kinds.hpp"
#include "output/spool/priority.hpp"
#include "tables/record_types.hpp"
#include "tests/support/catch.hpp"

namespace naudit::output {
namespace {

config::Config parse(const std::string& spool) {
  return config::parse("sinks: [{name: siem, type: tcp, address: 'a.example:1', " + spool + "}]\n", "/etc/nauditd.yaml",
                       kinds())
      .config;
}

std::string error_of(const std::string& spool) {
  try {
    parse(spool);
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("a spool is off, on with its defaults, or as a map says") {
  CHECK_FALSE(parse("queue: {size: 1MiB}").sinks.at(0).spool.enabled);
  config::Spool expected;
  expected.enabled = true;
  CHECK(parse("spool: true").sinks.at(0).spool == expected);
  expected.size = 2048 * config::kMiB;
  expected.age = std::chrono::hours(48);
  expected.keep_free = 10;
  expected.sync.kind = config::SyncKind::kBatch;
  expected.when_full = config::WhenFull::kBlock;
  expected.compress = false;
  const config::Config read =
      parse("spool: {size: 2GiB, age: 2d, keep_free: 10%, sync: batch, when_full: block, compress: false}");
  CHECK(read.sinks.at(0).spool == expected);
  // What is printed is read again.
  CHECK(config::parse(config::print(read, kinds()), "/etc/nauditd.yaml", kinds()).config == read);
}

TEST_CASE("what is wrong with a spool is told with its place") {
  CHECK(error_of("spool: {size: 1MiB}").find("expected a size from 16MiB") != std::string::npos);
  CHECK(error_of("spool: {keep_free: 5}").find("from 0% to 90% like 5%, not '5'") != std::string::npos);
  CHECK(error_of("spool: {keep_free: 99%}").find("not '99%'") != std::string::npos);
  CHECK(error_of("spool: {sync: never}").find("expected none, batch, or an interval") != std::string::npos);
  CHECK(error_of("spool: {when_full: burn}").find("drop-oldest") != std::string::npos);
  CHECK(error_of("spool: {sise: 1GiB}").find("did you mean 'size'") != std::string::npos);
  CHECK(error_of("spool: true, queue: {when_full: block}").find("write 'spool: {when_full: …}' instead") !=
        std::string::npos);
  CHECK(error_of("spool: {size: 1MiB}").find("/etc/nauditd.yaml:1:") != std::string::npos);
}

TEST_CASE("logins, accounts, the audit configuration and losses have priority, and nothing that comes in floods") {
  namespace type = tables::type;
  for (const std::uint16_t one :
       {type::kLogin, type::kUserAuth, type::kUserLogin, type::kAddUser, type::kDelGroup, type::kAcctLock,
        type::kUserChauthtok, type::kGrpMgmt, type::kConfigChange, type::kDaemonStart, type::kDaemonErr})
    CHECK(has_priority(one));
  for (const std::uint16_t one : {type::kSyscall, type::kExecve, type::kPath, type::kProctitle, type::kUserAvc,
                                  type::kUserCmd, type::kUserTty, type::kAvc})
    CHECK_FALSE(has_priority(one));
}

}  // namespace
}  // namespace naudit::output
