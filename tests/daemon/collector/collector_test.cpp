// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/collector/collector.hpp"

#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <fstream>
#include <mutex>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "config/loader.hpp"
#include "output/sinks/kinds.hpp"
#include "output/sinks/net/network.hpp"
#include "output/sinks/registry.hpp"
#include "tests/daemon/collector/client.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/frames.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temp_dir.hpp"

using namespace naudit;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using daemon::Collector;
using daemon::SourceNews;
using Client = tests::SourceClient;
using tests::remote_frame;

namespace {

constexpr auto kLong = 60s;
constexpr std::size_t kAck = 16;  // bytes

std::string ack(std::uint32_t sequence) {
  return remote_frame("", sequence, 0x40000000);
}
std::string login(int serial, const std::string& more = {}) {
  return "type=USER_LOGIN msg=audit(1700000000.001:" + std::to_string(serial) +
         "): pid=1 uid=0 auid=0 ses=1 msg='op=login" + more + " res=success'";
}
std::string of_call(const std::string& type) {
  return "type=" + type + " msg=audit(1.000:1): a=b";
}

// A collector, and behind it what has come out, which accepts at once or when it is told to.
class Behind {
 public:
  explicit Behind(const config::Source& source, bool accepts = true)
      : accepts_(accepts), collector_({source}, {}, {"collector"}) {
    collector_.start({.deliver = [this](correlate::EventBatch events,
                                        output::Receipt receipt) { deliver(std::move(events), std::move(receipt)); },
                      .tell = [this](const SourceNews& news) { tell(news); }});
  }
  ~Behind() { stop(); }

  [[nodiscard]] std::uint16_t port() const { return collector_.port(0); }
  void stop() {
    accept_all();
    collector_.stop(kLong);
  }
  // From now on, too.
  void accept_all() {
    const std::lock_guard lock(mutex_);
    accepts_ = true;
    receipts_.clear();
  }
  void accept_one() {
    const std::lock_guard lock(mutex_);
    receipts_.pop_front();
  }
  bool wait_for_events(std::size_t count) {
    return wait([this, count] { return nodes_.size() >= count; });
  }
  bool wait_for_news(SourceNews::Kind kind, std::size_t count = 1) {
    return wait([this, kind, count] {
      return static_cast<std::size_t>(std::ranges::count(news_, kind, &SourceNews::kind)) >= count;
    });
  }
  std::string why(SourceNews::Kind kind) {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find(news_, kind, &SourceNews::kind);
    return found == news_.end() ? "" : found->why;
  }
  std::vector<std::string> nodes() {
    const std::lock_guard lock(mutex_);
    return nodes_;
  }
  std::vector<std::string> texts() {
    const std::lock_guard lock(mutex_);
    return texts_;
  }
  [[nodiscard]] std::uint64_t count(std::string_view name) const {
    const auto status = collector_.status().at(0);
    return std::ranges::find(status.readings, name, [](const base::Reading& one) { return one.text.name; })->value;
  }
  Collector& collector() { return collector_; }

 private:
  void deliver(correlate::EventBatch events, output::Receipt receipt) {
    const std::lock_guard lock(mutex_);
    for (const auto& event : events) {
      nodes_.push_back(event->node);
      texts_.emplace_back(event->text(event->records().front()));
    }
    if (!accepts_) receipts_.push_back(std::move(receipt));
    changed_.notify_all();
  }
  void tell(const SourceNews& news) {
    const std::lock_guard lock(mutex_);
    news_.push_back(news);
    changed_.notify_all();
  }
  template <typename Condition>
  bool wait(Condition condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kLong, condition);
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> nodes_, texts_;
  std::vector<SourceNews> news_;
  std::deque<output::Receipt> receipts_;
  bool accepts_;
  Collector collector_;
};

config::Source source_of(config::SourceType type) {
  config::Source source;
  source.name = "fleet";
  source.type = type;
  source.listen = "127.0.0.1:0";
  source.timeout = kLong;
  return source;
}
const config::Source kAuditd = source_of(config::SourceType::kAuditd);
const config::Source kStream = source_of(config::SourceType::kStream);

struct WithTls {
  explicit WithTls(config::SourceType type) : source(source_of(type)) {
    source.tls = {.enabled = true,
                  .certificate = certificates.server.certificate,
                  .key = certificates.server.key,
                  .ca = certificates.authority.certificate,
                  .crl = {},
                  .names = {},
                  .fingerprints = {}};
  }
  // The client's certificate is for host.test.
  [[nodiscard]] Client::Tls client() const { return {certificates.client, certificates.authority.certificate}; }

  tests::TempDir dir;
  tests::Certificates certificates{dir.path()};
  config::Source source;
};

}  // namespace

TEST_CASE("a record that makes an event whole is answered once the event is accepted, one before it at once",
          "[collector]") {
  Behind behind(kAuditd, /*accepts=*/false);
  Client client(behind.port());
  REQUIRE(client.send(remote_frame("node=web1 " + of_call("SYSCALL"), 1)));
  CHECK(client.read(kAck) == ack(1));
  REQUIRE(client.send(remote_frame("node=web1 " + of_call("PROCTITLE"), 2)));
  REQUIRE(behind.wait_for_events(1));
  REQUIRE(client.send(remote_frame("", 3, 1)));
  // Whatever is answered here was accepted.
  CHECK(behind.count("acknowledged") == 1);
  behind.accept_all();
  CHECK(client.read(2 * kAck) == ack(2) + ack(3));
  CHECK(behind.nodes() == std::vector<std::string>{"web1"});
  CHECK(behind.count("events") == 1);
  CHECK(behind.count("records") == 2);
}

TEST_CASE("what is accepted in another order is answered in that of the messages", "[collector]") {
  std::vector<output::Receipt> receipts;
  std::mutex mutex;
  std::condition_variable changed;
  Collector collector({kAuditd}, {}, {});
  collector.start({.deliver =
                       [&](correlate::EventBatch, output::Receipt receipt) {
                         const std::lock_guard lock(mutex);
                         receipts.push_back(std::move(receipt));
                         changed.notify_all();
                       },
                   .tell = [](const SourceNews&) {}});
  Client client(collector.port(0));
  const auto send = [&](std::uint32_t sequence) {
    REQUIRE(client.send(remote_frame(login(1), sequence)));
    std::unique_lock lock(mutex);
    REQUIRE(changed.wait_for(lock, kLong, [&] { return receipts.size() == sequence; }));
  };
  send(1);
  send(2);
  receipts[1].reset();
  receipts[0].reset();
  CHECK(client.read(2 * kAck) == ack(1) + ack(2));
  collector.stop(kLong);
}

TEST_CASE("what is not the protocol ends its connection, and is told; the others go on", "[collector]") {
  Behind behind(kAuditd);
  Client good(behind.port());
  Client bad(behind.port());
  REQUIRE(bad.send("GET / HTTP/1.1\r\n\r\n"));
  CHECK(bad.rest().empty());
  REQUIRE(behind.wait_for_news(SourceNews::Kind::kBroken));
  CHECK(behind.why(SourceNews::Kind::kBroken) == "no message of auditd's remote protocol");
  REQUIRE(good.send(remote_frame(login(1), 1)));
  CHECK(good.read(kAck) == ack(1));
  CHECK(behind.nodes() == std::vector<std::string>{"127.0.0.1"});
  CHECK(behind.count("broken") == 1);
  CHECK(behind.count("clients") == 1);
}

TEST_CASE("a message without a record is left out, told and answered, for it would come for ever", "[collector]") {
  Behind behind(kAuditd);
  Client client(behind.port());
  REQUIRE(client.send(remote_frame("hello", 1)));
  CHECK(client.read(kAck) == ack(1));
  REQUIRE(behind.wait_for_news(SourceNews::Kind::kRejected));
  CHECK(behind.why(SourceNews::Kind::kRejected) == "no record in 'hello'");
  CHECK(behind.count("rejected") == 1);
}

TEST_CASE("an event that is open when its client goes is delivered as it is", "[collector]") {
  Behind behind(kAuditd);
  {
    Client client(behind.port());
    REQUIRE(client.send(remote_frame(of_call("SYSCALL"), 1)));
    CHECK(client.read(kAck) == ack(1));
  }
  CHECK(behind.wait_for_events(1));
}

TEST_CASE("at the stop everything that has come is accepted and answered, and the clients are told", "[collector]") {
  Behind behind(kAuditd);
  Client client(behind.port());
  REQUIRE(client.send(remote_frame(of_call("SYSCALL"), 1)));
  CHECK(client.read(kAck) == ack(1));
  behind.stop();
  CHECK(client.rest() == remote_frame("", 0, 0x40000001));
  CHECK(behind.nodes().size() == 1);
  CHECK(behind.count("clients") == 0);
}

TEST_CASE("a client with a certificate cannot speak for another machine", "[collector]") {
  WithTls with(config::SourceType::kAuditd);
  Behind behind(with.source);
  const Client::Tls tls = with.client();
  Client client(behind.port(), &tls);
  REQUIRE(client.send(remote_frame("node=HOST " + login(1), 1)));
  CHECK(client.read(kAck) == ack(1));
  REQUIRE(client.send(remote_frame("node=other.test " + login(2), 2)));
  CHECK(client.rest().empty());
  REQUIRE(behind.wait_for_news(SourceNews::Kind::kBroken));
  CHECK(behind.why(SourceNews::Kind::kBroken) == "it may not speak for 'other.test'");
  CHECK(behind.nodes() == std::vector<std::string>{"host.test"});
  CHECK(behind.count("foreign") == 1);
}

TEST_CASE("who has no certificate, or none that counts, is not let in", "[collector]") {
  WithTls with(config::SourceType::kAuditd);
  const auto refused = [&with](const Client::Tls& tls, bool is_plain = false) {
    Behind behind(with.source);
    Client client(behind.port(), is_plain ? nullptr : &tls);
    client.send(remote_frame(login(1), 1));
    CHECK(client.rest().find(ack(1)) == std::string::npos);
    REQUIRE(behind.wait_for_news(SourceNews::Kind::kRefused));
    CHECK(behind.nodes().empty());
    CHECK(behind.count("accepted") == 0);
    CHECK(behind.count("refused") == 1);
    return behind.why(SourceNews::Kind::kRefused);
  };
  CHECK_THAT(refused({{}, with.certificates.authority.certificate}), Contains("peer did not return a certificate"));
  CHECK_THAT(refused({with.certificates.stranger, with.certificates.authority.certificate}),
             Contains("its certificate is refused: "));
  CHECK_THAT(refused({}, /*is_plain=*/true), Contains("the TLS handshake failed"));
  with.source.tls.names = {"*.example"};
  CHECK(refused(with.client()) == "its certificate is for host.test, which is none of tls.names");
  with.source.tls.names = {"*.test"};
  with.source.tls.fingerprints = {std::string(64, 'a')};
  CHECK_THAT(refused(with.client()), Contains("fingerprint is none of tls.fingerprints"));
}

TEST_CASE("a stream of our own is answered with the number of its events that are accepted", "[collector]") {
  Behind behind(kStream, /*accepts=*/false);
  Client client(behind.port());
  const std::string one = login(1);
  REQUIRE(client.send(std::to_string(one.size()) + " " + one + login(2) + "\n"));
  REQUIRE(behind.wait_for_events(2));
  behind.accept_all();
  std::string answers = client.read(2);
  if (answers == "1\n") answers = client.read(2);  // they came in two pieces
  CHECK(answers == "2\n");
}

TEST_CASE("our own tcp sink delivers over TLS, and an event is out when the collector has accepted it", "[collector]") {
  WithTls with(config::SourceType::kStream);
  Behind behind(with.source, /*accepts=*/false);
  const config::Config config =
      config::parse(
          "sinks: [{name: out, type: tcp, ack: true, address: '127.0.0.1:" + std::to_string(behind.port()) +
              "', tls: {server_name: audit.test, ca: authority.crt, certificate: client.crt, key: client.key}}]",
          with.dir.file("nauditd.yaml"), output::kinds())
          .config;
  output::Network network;
  const auto sink = output::make_sink(config.sinks[0], network, {});
  auto batch = std::make_shared<output::Batch>();
  batch->bytes =
      R"({"id":"1700000000.001:3","time":"2023-11-14T22:13:20.001Z","serial":3,"node":"host","complete":true,)"
      R"("records":{"user_login":[{"pid":1,"uid":0,"auid":0,"ses":1,"claim":{"op":"login","res":"success"}}]}})"
      "\n";
  batch->ends.push_back(static_cast<std::uint32_t>(batch->bytes.size()));
  batch->first_id = batch->last_id = "1700000000.001:3";
  sink->push(batch);
  REQUIRE(behind.wait_for_events(1));
  CHECK(behind.nodes() == std::vector<std::string>{"host.test"});
  CHECK(sink->status().events_out == 0);
  behind.accept_all();
  sink->stop(kLong);
  CHECK(sink->status().events_out == 1);
  CHECK(sink->status().events_dropped == 0);
}

TEST_CASE("our own auditd-remote sink delivers with many records under way, over TLS even", "[collector]") {
  WithTls with(config::SourceType::kAuditd);
  Behind behind(with.source, /*accepts=*/false);
  const config::Config config =
      config::parse(
          "sinks: [{name: out, type: auditd-remote, format: raw, address: '127.0.0.1:" + std::to_string(behind.port()) +
              "', tls: {server_name: audit.test, ca: authority.crt, certificate: client.crt, key: client.key}}]",
          with.dir.file("nauditd.yaml"), output::kinds())
          .config;
  output::Network network;
  const auto sink = output::make_sink(config.sinks[0], network, {});
  auto batch = std::make_shared<output::Batch>();
  for (int serial = 1; serial <= 300; ++serial) {
    batch->bytes += "node=host " + login(serial) + "\n";
    batch->ends.push_back(static_cast<std::uint32_t>(batch->bytes.size()));
  }
  sink->push(batch);
  REQUIRE(behind.wait_for_events(1));
  CHECK(sink->status().events_out == 0);
  behind.accept_all();
  sink->stop(kLong);
  CHECK(sink->status().events_out == 300);
  CHECK(sink->status().events_dropped == 0);
  CHECK(behind.nodes() == std::vector<std::string>(300, "host.test"));
}

TEST_CASE("a client whose events are not accepted is read no further, and holds up nobody else", "[collector]") {
  config::Source source = kStream;
  source.buffer = 64 * config::kKiB;
  source.max_line = 16 * config::kKiB;
  Behind behind(source, /*accepts=*/false);
  Client slow(behind.port());
  const std::string message = login(1, " acct=" + std::string(8000, 'x')) + "\n";
  // What is neither read nor in the kernel's buffers makes it wait: so it is another thread's.
  constexpr std::size_t kMessages = 3000;
  std::thread sender([&] {
    for (std::size_t i = 0; i < kMessages; ++i)
      if (!slow.send(message)) return;
  });
  const std::size_t most = (source.buffer + 2 * source.max_line) / message.size() + 1;
  REQUIRE(behind.wait_for_events(source.buffer / message.size()));
  Client other(behind.port());
  REQUIRE(other.send(login(2) + "\n"));
  REQUIRE(behind.wait_for_news(SourceNews::Kind::kAccepted, 2));
  const auto has_other = [&] {
    return std::ranges::any_of(behind.texts(),
                               [](const std::string& text) { return text.find(":2)") != std::string::npos; });
  };
  for (std::size_t seen = 1; !has_other(); ++seen) REQUIRE(behind.wait_for_events(seen));
  CHECK(behind.texts().size() <= most + 1);
  behind.accept_all();
  CHECK(behind.wait_for_events(kMessages + 1));
  sender.join();
}

TEST_CASE("more clients than there may be are refused", "[collector]") {
  config::Source source = kAuditd;
  source.max_connections = 2;
  Behind behind(source);
  Client first(behind.port());
  Client second(behind.port());
  REQUIRE(behind.wait_for_news(SourceNews::Kind::kAccepted, 2));
  Client third(behind.port());
  CHECK(third.rest().empty());
  REQUIRE(behind.wait_for_news(SourceNews::Kind::kRefused));
  CHECK(behind.why(SourceNews::Kind::kRefused) == "there are as many clients as max_connections allows");
  source.max_connections = 10;
  source.max_per_address = 1;
  Behind of_address(source);
  Client one(of_address.port());
  REQUIRE(of_address.wait_for_news(SourceNews::Kind::kAccepted));
  CHECK(Client(of_address.port()).rest().empty());
  REQUIRE(of_address.wait_for_news(SourceNews::Kind::kRefused));
}

TEST_CASE("a message that begins and does not end, or silence beyond `idle`, ends the connection", "[collector]") {
  config::Source source = kAuditd;
  source.timeout = 100ms;
  Behind behind(source);
  Client client(behind.port());
  REQUIRE(client.send(remote_frame(login(1), 1).substr(0, 20)));
  CHECK(client.rest().empty());
  REQUIRE(behind.wait_for_news(SourceNews::Kind::kBroken));
  CHECK(behind.why(SourceNews::Kind::kBroken) == "a message has begun and does not end");
  source.idle = 50ms;
  Behind impatient(source);
  CHECK(Client(impatient.port()).rest().empty());
  REQUIRE(impatient.wait_for_news(SourceNews::Kind::kBroken));
  CHECK(impatient.why(SourceNews::Kind::kBroken) == "nothing was heard of it for too long");
}

TEST_CASE("a thousand clients are served at a time", "[collector]") {
  rlimit files{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &files) == 0);
  const rlimit before = files;
  files.rlim_cur = files.rlim_max;
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &files) == 0);
  constexpr std::size_t kClients = 1000;
  REQUIRE(files.rlim_cur >= 2 * kClients + 100);
  config::Source source = kAuditd;
  source.max_per_address = kClients;
  Behind behind(source);
  std::deque<Client> clients;
  for (std::size_t i = 0; i < kClients; ++i) clients.emplace_back(behind.port());
  for (std::uint32_t round = 1; round <= 3; ++round) {
    for (std::size_t i = 0; i < kClients; ++i)
      REQUIRE(
          clients[i].send(remote_frame("node=host" + std::to_string(i) + " " + login(static_cast<int>(round)), round)));
    for (Client& client : clients) REQUIRE(client.read(kAck) == ack(round));
  }
  CHECK(behind.count("clients") == kClients);
  CHECK(behind.count("events") == 3 * kClients);
  CHECK(behind.count("acknowledged") == 3 * kClients);
  CHECK(behind.count("waiting_bytes") == 0);
  CHECK(::setrlimit(RLIMIT_NOFILE, &before) == 0);
}

TEST_CASE("an address that is taken is an error that names it", "[collector]") {
  Behind behind(kAuditd);
  config::Source second = kAuditd;
  second.listen = "127.0.0.1:" + std::to_string(behind.port());
  CHECK_THROWS_WITH(Collector({second}, {}, {}), Contains("source 'fleet': listen: cannot listen at 127.0.0.1:"));
  WithTls with(config::SourceType::kStream);
  with.source.tls.ca = "/nowhere";
  CHECK_THROWS_WITH(Collector({with.source}, {}, {}), Contains("source 'fleet': tls.ca: cannot read /nowhere"));
}

TEST_CASE("Debian's audisp-remote delivers its records, and is let go of at the end", "[collector]") {
#ifdef NAUDIT_AUDISP_REMOTE
  Behind behind(kAuditd);
  const tests::TempDir dir;
  dir.write("remote.conf",
            "remote_server = 127.0.0.1\nport = " + std::to_string(behind.port()) +
                "\ntransport = tcp\nmode = immediate\nformat = managed\nqueue_depth = 200\nqueue_file = " +
                dir.file("queue") +
                "\nmax_tries_per_record = 3\nmax_time_per_record = 60\nnetwork_failure_action = stop\n"
                "remote_ending_action = stop\n");
  const std::string pipe = dir.file("records");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  // It ends with its input.
  tests::Program client({"/bin/sh", "-c",
                         "exec env LD_PRELOAD=" NAUDIT_AUDISP_REMOTE_SHIM " NAUDIT_SHIM_CONF=" +
                             dir.file("remote.conf") + " " NAUDIT_AUDISP_REMOTE " < " + pipe});
  std::ofstream records(pipe);
  records << "node=web1 " + of_call("SYSCALL") + "\nnode=web1 " + of_call("PROCTITLE") + "\nnode=web1 " +
                 of_call("EOE") + "\nnode=web1 " + login(2) + "\n"
          << std::flush;
  CHECK(behind.wait_for_events(2));
  CHECK(behind.nodes() == std::vector<std::string>{"web1", "web1"});
  records.close();
  CHECK(client.wait() == 0);
  REQUIRE(behind.wait_for_news(SourceNews::Kind::kClosed));
  CHECK(behind.count("records") == 3);
  CHECK(behind.count("acknowledged") == behind.count("messages"));
#else
  // NOLINTNEXTLINE(concurrency-mt-unsafe)
  if (std::getenv("CI") != nullptr) FAIL("audisp-remote is missing: tools/fetch-peers unpacks it");
  SUCCEED("audisp-remote is not there");
#endif
}
