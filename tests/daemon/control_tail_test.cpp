// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <atomic>
#include <string>
#include <thread>

#include "tests/daemon/running_server.hpp"
#include "tests/support/catch.hpp"

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using naudit::output::Batch;
using naudit::tests::Client;
using naudit::tests::RunningServer;

namespace {

const std::string kOk = "{\"ok\":true}\n";
const std::string kTail = R"({"command":"tail"})";

naudit::output::BatchPtr batch_of(const std::vector<std::string>& events) {
  auto batch = std::make_shared<Batch>();
  for (const std::string& event : events) {
    batch->bytes += event + '\n';
    batch->ends.push_back(static_cast<std::uint32_t>(batch->bytes.size()));
  }
  batch->first_id = batch->last_id = "1.000:1";
  return batch;
}

}  // namespace

TEST_CASE("tail writes the events that come, until the client hangs up") {
  RunningServer server;
  Client client(server.path());
  REQUIRE(client.ask(R"({"command":"tail","keys":["exec"]})") == kOk);
  const auto sink = server.daemon().tail();
  CHECK(server.daemon().filter().keys == std::vector<std::string>{"exec"});
  sink->push(batch_of({"one", "two"}));
  CHECK(client.line() == "one\n");
  CHECK(client.line() == "two\n");
  sink->push(batch_of({"three"}));
  CHECK(client.line() == "three\n");
  client.hang_up();
  server.daemon().wait_until_no_tail();
  sink->push(batch_of({"nobody reads this"}));
}

TEST_CASE("tail with a count ends by itself") {
  RunningServer server;
  Client client(server.path());
  REQUIRE(client.ask(R"({"command":"tail","count":2})") == kOk);
  server.daemon().tail()->push(batch_of({"one", "two", "three"}));
  CHECK(client.line() == "one\n");
  CHECK(client.line() == "two\n");
  CHECK(client.line().empty());
  server.daemon().wait_until_no_tail();
}

TEST_CASE("a tail that the daemon cannot give is an error, and the session goes on") {
  RunningServer server;
  Client client(server.path());
  CHECK(client.ask(R"({"command":"tail","format":"raw"})") == "{\"ok\":false,\"error\":\"this daemon has no raw\"}\n");
  CHECK(client.ask(R"({"command":"reload"})") == kOk);
}

TEST_CASE("a client that speaks during tail ends it") {
  RunningServer server;
  Client client(server.path());
  REQUIRE(client.ask(kTail) == kOk);
  client.send("more\n");
  CHECK(client.line().empty());
  server.daemon().wait_until_no_tail();
}

TEST_CASE("a tail is not idle however long no event comes") {
  RunningServer server({.idle = std::chrono::milliseconds{20}});
  // Whoever asks at once may still be too late for that on a busy machine.
  std::unique_ptr<Client> client;
  do {
    client = std::make_unique<Client>(server.path());
  } while (client->ask(kTail) != kOk);
  // A second client is let go after the time-out that the first has passed then, too.
  Client other(server.path());
  CHECK_THAT(other.line(), Contains("no request came"));
  server.daemon().tail()->push(batch_of({"one"}));
  CHECK(client->line() == "one\n");
}

TEST_CASE("a reader that does not read holds nobody up, and learns how many events it missed") {
  RunningServer server({.tail_bytes = 256 * 1024});
  Client client(server.path());
  REQUIRE(client.ask(kTail) == kOk);
  const auto sink = server.daemon().tail();
  constexpr int kEvents = 4000;  // of 1 KiB: more than the socket, a piece and the queue take
  for (int i = 0; i < kEvents; ++i) sink->push(batch_of({std::string(1023, 'x')}));
  sink->push(batch_of({"end"}));

  int read = 0;
  int left_out = 0;
  for (std::string line = client.line(); line != "end\n"; line = client.line()) {
    REQUIRE_FALSE(line.empty());
    if (line.front() == 'x') {
      ++read;
    } else {
      REQUIRE_THAT(line, StartsWith("… "));
      left_out += std::stoi(line.substr(std::string("… ").size()));
    }
  }
  CHECK(left_out > 0);
  CHECK(read + left_out == kEvents);
}

TEST_CASE("the server may stop while events come") {
  RunningServer server;
  Client client(server.path());
  REQUIRE(client.ask(kTail) == kOk);
  const auto sink = server.daemon().tail();
  std::atomic<bool> is_over{false};
  std::thread encode([&] {
    while (!is_over) sink->push(batch_of({"event"}));
  });
  CHECK(client.line() == "event\n");
  server.stop();
  is_over = true;
  encode.join();
  while (!client.line().empty()) {
  }
  CHECK(server.daemon().tail() == nullptr);
}
