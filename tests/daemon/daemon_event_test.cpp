// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/daemon_event.hpp"

#include "tests/support/catch.hpp"

using namespace naudit::daemon;
using Catch::Matchers::EndsWith;

namespace {

const Requester kJo{.auid = 1000, .uid = 0, .ses = 3, .pid = 42, .subject = "unconfined"};
const Requester kGone{};

}  // namespace

TEST_CASE("the daemon's records have auditd's words in auditd's order") {
  CHECK(start_text("1.2", "6.1.0-13-amd64", "raw", kJo) ==
        "op=start ver=1.2 format=raw kernel=6.1.0-13-amd64 auid=1000 pid=42 uid=0 ses=3 subj=unconfined res=success");
  CHECK_THAT(start_text("1.2", "6.1", "raw", kJo, /*after_kill=*/true),
             EndsWith(" subj=unconfined previous=killed res=success"));
  CHECK(end_text(kJo) == "op=terminate auid=1000 uid=0 ses=3 pid=42 subj=unconfined res=success");
  CHECK(rotate_text(kJo) == "op=rotate-logs auid=1000 uid=0 ses=3 pid=42 subj=unconfined res=success");
  CHECK(reconfigure_text(true, true, kJo) ==
        "op=reconfigure state=changed auid=1000 pid=42 subj=unconfined res=success");
  CHECK(tail_text(kJo) == "op=tail auid=1000 uid=0 ses=3 pid=42 subj=unconfined res=success");
  CHECK(reconfigure_text(true, false, kJo) ==
        "op=reconfigure state=changed auid=1000 pid=42 subj=unconfined res=failed");
  CHECK(reconfigure_text(false, false, kJo) ==
        "op=reconfigure state=no-change auid=1000 uid=0 ses=3 pid=42 subj=unconfined res=failed");
  CHECK(loss_text("kernel", "records=3 total=9") == "op=lost cause=kernel records=3 total=9 res=failed");
}

TEST_CASE("what is not known of a sender is unset, and a subject that is not there is left out") {
  CHECK(end_text(kGone) == "op=terminate auid=4294967295 uid=-1 ses=-1 pid=0 res=success");
  CHECK(reconfigure_text(true, true, kGone) == "op=reconfigure state=changed auid=4294967295 pid=0 subj=? res=success");
}

TEST_CASE("the start tells the formats of all sinks, each once") {
  using naudit::config::Sink;
  const auto sink = [](const std::string& format) {
    Sink one;
    one.format = format;
    return one;
  };
  CHECK(formats_text({}) == "none");
  CHECK(formats_text({sink("enriched")}) == "enriched");
  CHECK(formats_text({sink("json"), sink("enriched"), sink("json"), sink("line")}) == "json,enriched,line");
  CHECK_THAT(start_text("1", "6.1", "json,enriched", kJo), Catch::Contains(" format=json,enriched kernel=6.1 "));
}

TEST_CASE("a long kernel release is cut at 56 characters") {
  const std::string text = start_text("1", std::string(80, 'k'), "raw", kGone);
  CHECK(text.find("kernel=" + std::string(56, 'k') + " auid=") != std::string::npos);
}

TEST_CASE("the daemon's events count their own serials, from the daemon's clock") {
  DaemonEvents events(7);
  const std::chrono::system_clock::time_point now{std::chrono::milliseconds{1'700'000'000'005}};
  const auto one = events.make(1200, "op=start", now);
  const auto two = events.make(1201, "op=terminate", now);
  CHECK(one->id == naudit::correlate::EventId{1'700'000'000, 5, 7});
  CHECK(two->id.serial == 8);
  REQUIRE(one->records().size() == 1);
  CHECK(one->records()[0].type == 1200);
  CHECK(one->text(one->records()[0]) == "audit(1700000000.005:7): op=start");
  CHECK(one->body(one->records()[0]) == "op=start");
}
