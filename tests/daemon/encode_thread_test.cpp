// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/encode_thread.hpp"

#include <atomic>
#include <future>
#include <thread>

#include "base/error.hpp"
#include "daemon/pipeline/daemon_event.hpp"
#include "tests/support/catch.hpp"

using namespace naudit;
using daemon::EncodeThread;
using daemon::Handoff;

namespace {

// Remembers. Looked at only after the encode thread has ended, or has answered set_routes().
class Shelf final : public output::Sink {
 public:
  void push(output::BatchPtr batch) override { text += batch->bytes; }
  void stop(std::chrono::milliseconds /*at_most*/) override {}
  [[nodiscard]] output::SinkStatus status() const override { return {}; }

  std::string text;
};

correlate::EventPtr event_of(std::uint16_t type, std::uint32_t serial) {
  auto event = std::make_unique<correlate::Event>();
  event->id = {.seconds = 1, .millis = 0, .serial = serial};
  const std::string head = "audit(1.000:" + std::to_string(serial) + "): ";
  event->append(type, head + "op=x", static_cast<std::uint32_t>(head.size()));
  return event;
}

void hand_on(Handoff& handoff, std::uint16_t type, std::uint32_t serial) {
  auto batch = std::make_unique<correlate::EventBatch>();
  batch->push_back(event_of(type, serial));
  REQUIRE(handoff.push(batch));
  handoff.wake();
}

std::vector<output::Route> to(const std::shared_ptr<Shelf>& shelf, const std::string& format = "raw") {
  return {{.sink = shelf, .format = format, .filter = {}}};
}

// Has its work done by whoever brings it, where it can.
class Working final : public output::Sink {
 public:
  void push(output::BatchPtr /*batch*/) override { pushed = true; }
  [[nodiscard]] bool push_unannounced(output::BatchPtr batch) override {
    text += batch->bytes;
    return true;
  }
  void work_here() override { worker = std::this_thread::get_id(); }
  void stop(std::chrono::milliseconds /*at_most*/) override {}
  [[nodiscard]] output::SinkStatus status() const override { return {}; }

  std::atomic<bool> pushed = false;
  std::string text;
  std::thread::id worker;
};

}  // namespace

TEST_CASE("what was handed on and injected before the stop reaches the sinks") {
  Handoff handoff(1 << 20);
  EncodeThread encode(handoff, "");
  const auto shelf = std::make_shared<Shelf>();
  encode.start();
  encode.set_routes(to(shelf));
  hand_on(handoff, 1112, 1);
  hand_on(handoff, 1305, 2);
  encode.inject(event_of(1200, 3));
  encode.stop();
  CHECK(shelf->text.find("type=USER_LOGIN msg=audit(1.000:1): op=x\n") != std::string::npos);
  CHECK(shelf->text.find("type=CONFIG_CHANGE msg=audit(1.000:2): op=x\n") != std::string::npos);
  CHECK(shelf->text.find("type=DAEMON_START msg=audit(1.000:3): op=x\n") != std::string::npos);
  CHECK(encode.events() == 3);
  CHECK(encode.config_changes() == 1);
}

TEST_CASE("the last words come after everything that was handed on before them") {
  Handoff handoff(1 << 20);
  EncodeThread encode(handoff, "");
  const auto shelf = std::make_shared<Shelf>();
  encode.start();
  encode.set_routes(to(shelf));
  for (std::uint32_t serial = 1; serial <= 200; ++serial) hand_on(handoff, 1112, serial);
  encode.inject(event_of(1201, 201));
  encode.stop();
  const std::string end = "type=DAEMON_END msg=audit(1.000:201): op=x\n";
  REQUIRE(shelf->text.size() > end.size());
  CHECK(shelf->text.substr(shelf->text.size() - end.size()) == end);
}

TEST_CASE("a format that does not exist is refused, and the old routes go on") {
  Handoff handoff(1 << 20);
  EncodeThread encode(handoff, "");
  const auto shelf = std::make_shared<Shelf>();
  encode.start();
  encode.set_routes(to(shelf));
  CHECK_THROWS_AS(encode.set_routes(to(shelf, "punch cards")), base::Error);
  encode.inject(event_of(1112, 1));
  encode.stop();
  CHECK_FALSE(shelf->text.empty());
}

TEST_CASE("a new node name is in the events that follow") {
  Handoff handoff(1 << 20);
  EncodeThread encode(handoff, "old");
  const auto shelf = std::make_shared<Shelf>();
  encode.start();
  encode.set_routes(to(shelf));
  encode.set_node("new");
  encode.set_routes(to(shelf));
  encode.inject(event_of(1112, 1));
  encode.stop();
  CHECK(shelf->text.rfind("node=new ", 0) == 0);
}

TEST_CASE("the encode thread tells how many events it has counted by key") {
  Handoff handoff(1 << 20);
  EncodeThread encode(handoff, "");
  encode.start();
  hand_on(handoff, 1112, 1);
  // An order goes behind what was handed on before it.
  std::promise<daemon::KeyReport> told;
  encode.key_report([&told](daemon::KeyReport report) { told.set_value(std::move(report)); });
  const daemon::KeyReport report = told.get_future().get();
  encode.stop();
  CHECK(report.all.total == 1);
  CHECK(report.no_call.total == 1);
}

TEST_CASE("whoever hands on can encode in the encode thread's place, and does a sink's work, too") {
  Handoff handoff(1 << 20);
  EncodeThread encode(handoff, "");
  const auto sink = std::make_shared<Working>();
  encode.start();
  encode.set_routes({{.sink = sink, .format = "raw", .filter = {}}});
  REQUIRE(encode.answers_within(std::chrono::seconds{10}));
  auto batch = std::make_unique<correlate::EventBatch>();
  batch->push_back(event_of(1112, 1));
  REQUIRE(handoff.push(batch));
  // The encode thread may still be about to go to sleep, and does it then.
  encode.work_here(true);
  encode.stop();
  CHECK(encode.events() == 1);
  if (!sink->pushed) {
    CHECK(sink->text == "type=USER_LOGIN msg=audit(1.000:1): op=x\n");
    CHECK(sink->worker == std::this_thread::get_id());
  }
}

TEST_CASE("what is not the last is written when it has become much, or with the last") {
  Handoff handoff(1 << 24);
  EncodeThread encode(handoff, "");
  const auto sink = std::make_shared<Working>();
  encode.start();
  encode.set_routes({{.sink = sink, .format = "raw", .filter = {}}});
  REQUIRE(encode.answers_within(std::chrono::seconds{10}));
  std::uint32_t serial = 0;
  const auto hand_off = [&](std::uint32_t events) {
    auto batch = std::make_unique<correlate::EventBatch>();
    for (std::uint32_t i = 0; i < events; ++i) batch->push_back(event_of(1112, ++serial));
    REQUIRE(handoff.push(batch));
  };
  // The encode thread may still be about to go to sleep, and then does all of this, in its own time.
  const auto comes_true = [](const auto& what) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (!what() && std::chrono::steady_clock::now() < deadline)
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    return what();
  };
  hand_off(1);
  encode.work_here(false);
  CHECK(sink->text.empty());
  hand_off(3'500);
  encode.work_here(false);
  CHECK(comes_true([&] {
    return sink->pushed || sink->text.size() > 3'500 * std::string_view("type=USER_LOGIN msg=audit").size();
  }));
  const std::size_t size = sink->text.size();
  hand_off(1);
  encode.work_here(false);
  CHECK(sink->text.size() == size);
  encode.work_here(true);
  CHECK(comes_true([&] { return sink->pushed || sink->text.find("audit(1.000:3502)") != std::string::npos; }));
  encode.stop();
  CHECK(encode.events() == serial);
}

TEST_CASE("what a rate limit withheld is told at a tick, though no other event comes", "[daemon]") {
  using namespace std::chrono_literals;
  Handoff handoff(1 << 20);
  daemon::DaemonEvents events(1);
  EncodeThread encode(handoff, "", [&events](std::string_view text) { return events.make(1209, text, {}); });
  encode.start();
  const auto shelf = std::make_shared<Shelf>();
  auto routes = to(shelf);
  routes[0].rate_limit = {.enabled = true, .events = 1, .per = 1000ms};
  encode.set_routes(routes);
  encode.tick();  // nothing is owed
  // Their time is long over: they are stamped with the beginning of the clock.
  hand_on(handoff, 1300, 1);
  hand_on(handoff, 1300, 2);
  REQUIRE(encode.answers_within(60s));
  encode.tick();
  encode.set_routes(routes);  // waits
  CHECK(shelf->text.find("op=withheld") != std::string::npos);
  encode.stop();
}

TEST_CASE("a sink that blocks holds the encode thread up, and nobody else, until it may not any more") {
  class Stuck final : public output::Sink {
   public:
    void push(output::BatchPtr /*batch*/) override { free_.get_future().wait(); }
    void end_blocking() override { free_.set_value(); }
    void stop(std::chrono::milliseconds /*at_most*/) override {}
    [[nodiscard]] output::SinkStatus status() const override { return {}; }

   private:
    std::promise<void> free_;
  };
  Handoff handoff(1 << 20);
  EncodeThread encode(handoff, "");
  const auto stuck = std::make_shared<Stuck>();
  encode.start();
  encode.set_routes({{.sink = stuck, .format = "raw", .filter = {}}});
  CHECK(encode.answers_within(std::chrono::seconds{10}));
  encode.inject(event_of(1112, 1));
  std::promise<std::optional<std::string>> changed;
  encode.set_routes({}, [&changed](std::optional<std::string> problem) { changed.set_value(std::move(problem)); });
  CHECK_FALSE(encode.answers_within(std::chrono::milliseconds{20}));
  CHECK_FALSE(encode.end_within(std::chrono::milliseconds{20}));
  stuck->end_blocking();
  CHECK_FALSE(changed.get_future().get());
  encode.stop();
}

TEST_CASE("other machines' events go to the sinks under their names, and each sink keeps their receipt") {
  class Keeping final : public output::Sink {
   public:
    void push(output::BatchPtr batch) override { text += batch->bytes; }
    void keep(const output::Receipt& receipt) override { receipts.push_back(receipt); }
    void stop(std::chrono::milliseconds /*at_most*/) override {}
    [[nodiscard]] output::SinkStatus status() const override { return {}; }

    std::string text;
    std::vector<output::Receipt> receipts;
  };
  Handoff handoff(1 << 20);
  EncodeThread encode(handoff, "collector");
  encode.start();
  const auto sink = std::make_shared<Keeping>();
  encode.set_routes({{.sink = sink, .format = "raw", .filter = {}}});
  correlate::EventBatch events;
  events.push_back(event_of(1112, 7));
  events[0]->node = "web1";
  events[0]->source = correlate::Source::kStored;
  auto receipt = std::make_shared<const int>(0);
  const std::weak_ptr<const int> kept = receipt;
  encode.inject_remote(std::move(events), std::move(receipt));
  encode.stop();
  CHECK(sink->text == "node=web1 type=USER_LOGIN msg=audit(1.000:7): op=x\n");
  CHECK_FALSE(kept.expired());
  sink->receipts.clear();
  CHECK(kept.expired());
  CHECK(encode.events() == 1);
}
