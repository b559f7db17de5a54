// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/collector/feed.hpp"

#include <vector>

#include "tests/support/catch.hpp"

using namespace naudit;
using namespace std::chrono_literals;
using daemon::Feed;
using daemon::Identity;
using Verdict = Feed::Verdict;

namespace {

const std::vector<std::string> kOwn = {"collector"};

Identity of_certificate(std::vector<std::string> names, std::vector<std::string> relays = {}) {
  config::Source source;
  source.relays = std::move(relays);
  return {"192.0.2.7", std::move(names), source, kOwn};
}

std::string node_of(const Identity& identity, std::string_view node) {
  return std::string(identity.node(node).value_or("refused"));
}

// A feed with what came out of it.
struct Fed {
  explicit Fed(Identity identity) : feed(std::move(identity), {}, 2 * config::kMiB, pool) {}

  Verdict take(std::string_view text, bool is_event = false) { return feed.take(text, is_event, now, events); }
  [[nodiscard]] std::vector<std::string> nodes() const {
    std::vector<std::string> all;
    for (const auto& event : events) all.push_back(event->node);
    return all;
  }

  correlate::EventPool pool{8};
  Feed feed;
  correlate::EventBatch events;
  correlate::TimePoint now{};
};

constexpr std::string_view kCall = "type=SYSCALL msg=audit(1.000:1): arch=c000003e syscall=59 success=yes";
constexpr std::string_view kTitle = "type=PROCTITLE msg=audit(1.000:1): proctitle=6C73";

}  // namespace

TEST_CASE("a client speaks for the machines that its certificate names, under the names that stand there") {
  const Identity identity = of_certificate({"web1.example", "www.example"});
  CHECK(node_of(identity, "web1.example") == "web1.example");
  CHECK(node_of(identity, "WEB1.Example") == "web1.example");
  CHECK(node_of(identity, "web1") == "web1.example");
  CHECK(node_of(identity, "www") == "www.example");
  CHECK(node_of(identity, "") == "web1.example");
  CHECK(node_of(identity, "web2.example") == "refused");
  CHECK(node_of(identity, "web") == "refused");
  CHECK(node_of(identity, "web1.elsewhere") == "refused");
  CHECK(identity.text() == "web1.example (192.0.2.7)");
}

TEST_CASE("a relay speaks for others, and nobody for the collector itself") {
  const Identity relay = of_certificate({"hub.example"}, {"*.example"});
  CHECK(node_of(relay, "web2.elsewhere") == "web2.elsewhere");
  CHECK(node_of(relay, "") == "hub.example");
  CHECK(node_of(relay, "collector") == "refused");
  CHECK(node_of(relay, "two words") == "refused");
  CHECK(node_of(of_certificate({"hub.example"}, {"*.elsewhere"}), "web2") == "refused");
  CHECK(node_of(of_certificate({"collector"}), "") == "refused");
}

TEST_CASE("a client without a certificate says who it is, or is its address") {
  const Identity plain = of_certificate({});
  CHECK(node_of(plain, "web1") == "web1");
  CHECK(node_of(plain, "") == "192.0.2.7");
  CHECK(node_of(plain, "collector") == "refused");
  CHECK(plain.text() == "192.0.2.7");
}

TEST_CASE("records of a client become events of its machine, whole at PROCTITLE or after a while") {
  Fed fed(of_certificate({"web1.example"}));
  CHECK(fed.take("node=web1 " + std::string(kCall)) == Verdict::kGood);
  CHECK(fed.events.empty());
  CHECK(fed.take("node=web1 " + std::string(kTitle)) == Verdict::kGood);
  REQUIRE(fed.events.size() == 1);
  CHECK(fed.events[0]->records().size() == 2);
  CHECK(fed.events[0]->incomplete == correlate::Incomplete::kNo);
  CHECK(fed.take("type=LOGIN msg=audit(1.000:2): pid=1 uid=0") == Verdict::kGood);
  CHECK(fed.events.size() == 1);
  REQUIRE(fed.feed.next_due().has_value());
  fed.feed.age(*fed.feed.next_due() + 1ms, fed.events);
  CHECK(fed.nodes() == std::vector<std::string>{"web1.example", "web1.example"});
  CHECK(fed.feed.records() == 3);
}

TEST_CASE("a message with its length before it is a whole event, whatever its records are") {
  Fed fed(of_certificate({"web1.example"}));
  CHECK(fed.take(std::string(kCall) + "\n" + "type=PATH msg=audit(1.000:1): item=0 name=\"/x\"\n", true) ==
        Verdict::kGood);
  REQUIRE(fed.events.size() == 1);
  CHECK(fed.events[0]->records().size() == 2);
}

TEST_CASE("an event of our own format comes as it was, under the name that the client may have") {
  Fed fed(of_certificate({"web1.example"}));
  const std::string event =
      R"({"id":"1700000000.001:3","time":"2023-11-14T22:13:20.001Z","serial":3,"node":"NODE","complete":true,)"
      R"("records":{"user_login":[{"pid":1,"uid":0,"auid":0,"ses":1,"claim":{"op":"login","res":"success"}}]}})";
  const auto of = [&event](const std::string& node) {
    std::string text = event;
    return text.replace(text.find("NODE"), 4, node);
  };
  CHECK(fed.take(of("web1")) == Verdict::kGood);
  CHECK(fed.take(of("web2")) == Verdict::kForeign);
  CHECK(fed.feed.foreign() == "web2");
  CHECK(fed.nodes() == std::vector<std::string>{"web1.example"});
  CHECK(fed.take(R"({"no":"event"})") == Verdict::kNoRecord);
}

TEST_CASE("what has no record is left out, and so is another machine's") {
  Fed fed(of_certificate({"web1.example"}));
  CHECK(fed.take("hello") == Verdict::kNoRecord);
  CHECK(fed.take("type=SYSCALL msg=audit(nonsense): a=b") == Verdict::kNoRecord);
  CHECK(fed.take("node=web2 " + std::string(kCall)) == Verdict::kForeign);
  CHECK(fed.take("\n") == Verdict::kGood);
  fed.feed.flush(fed.events);
  CHECK(fed.events.empty());
}
