// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "correlate/lone_records.hpp"

#include "tables/record_types.hpp"
#include "tests/support/catch.hpp"

namespace naudit::correlate {
namespace {

namespace type = tables::type;

TEST_CASE("records that are made without a system call are known by their type and their words") {
  CHECK(lone_record(type::kNetfilterPkt, "mark=0x1 saddr=10.0.0.1 daddr=10.0.0.2 proto=6") == Lone::kAlways);
  CHECK(lone_record(type::kLandlockDomain, "domain=195ba459b status=deallocated denials=3") == Lone::kAlways);
  CHECK(lone_record(type::kLandlockDomain, "domain=195ba459b status=allocated mode=enforcing pid=2") == Lone::kNo);
  CHECK(lone_record(type::kBpf, "prog-id=97 op=UNLOAD") == Lone::kUsually);
  CHECK(lone_record(type::kBpf, "prog-id=97 op=LOAD") == Lone::kNo);
  CHECK(lone_record(type::kEventListener, "pid=1 op=disconnect res=1") == Lone::kUsually);
  CHECK(lone_record(type::kEventListener, "pid=1 op=connect res=1") == Lone::kNo);
  CHECK(lone_record(type::kConfigChange, "op=remove_rule dir=\"/tmp/x\" key=(null) list=4 res=1") == Lone::kUsually);
  CHECK(lone_record(type::kConfigChange, "op=add_rule key=(null) list=4 res=1") == Lone::kNo);
  CHECK(lone_record(type::kSeccomp, "auid=0 sig=31") == Lone::kUsually);
  CHECK(lone_record(type::kSyscall, "op=UNLOAD") == Lone::kNo);
}

TEST_CASE("a word is one from blank to blank") {
  CHECK(lone_record(type::kBpf, "op=UNLOAD") == Lone::kUsually);
  CHECK(lone_record(type::kBpf, "op=UNLOADED prog-id=1") == Lone::kNo);
  CHECK(lone_record(type::kBpf, "xop=UNLOAD") == Lone::kNo);
  CHECK(lone_record(type::kBpf, "") == Lone::kNo);
}

}  // namespace
}  // namespace naudit::correlate
