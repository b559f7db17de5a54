// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <algorithm>
#include <array>
#include <numeric>
#include <optional>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/error.hpp"
#include "output/sinks/auditdistd/ledger.hpp"
#include "tests/output/trails/auditdistd_support.hpp"
#include "tests/output/trouble/faulty_file_system.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"

namespace naudit::output {
namespace {

using Catch::Matchers::Contains;
using tests::AuditdistdReceiver;
using tests::DistFixture;
using tests::files_in;
using tests::LoopbackServer;
using tests::make_batch;
using tests::wait_for_state;
using tests::wait_until;
using namespace std::chrono_literals;

constexpr auto kLong = 60'000ms;

// As `openssl x509 -fingerprint -sha256` has it.
std::string fingerprint_of(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"), std::fclose);
  REQUIRE(file);
  const std::unique_ptr<X509, void (*)(X509*)> certificate(PEM_read_X509(file.get(), nullptr, nullptr, nullptr),
                                                           X509_free);
  REQUIRE(certificate);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  X509_digest(certificate.get(), EVP_sha256(), digest.data(), &size);
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text = "SHA256=";
  for (unsigned i = 0; i < size; ++i) {
    if (i > 0) text += ':';
    text += kDigits[digest[i] >> 4U];
    text += kDigits[digest[i] & 0xFU];
  }
  return text;
}

std::string text_of(const std::map<std::string, std::string>& trails) {
  std::string all;
  for (const auto& [name, text] : trails) all += text;
  return all;
}

}  // namespace

TEST_CASE("trails arrive whole under their last names, and then they go here") {
  DistFixture f;
  AuditdistdReceiver::Options options = f.receiver();
  SECTION("as they come") {}
  SECTION("acknowledged by sixteen") {
    options.answers_from = 16;
  }
  SECTION("by a receiver of the other byte order") {
    options.big_endian = true;
  }
  AuditdistdReceiver receiver(options);
  const auto sink = f.sink(f.options(receiver));
  sink->push(make_batch(0, 5000, 200));
  REQUIRE(receiver.wait_for_trail_bytes(1));
  sink->stop(kLong);
  CHECK(receiver.wrong() == "");
  const auto trails = receiver.trails();
  REQUIRE(trails.size() == 1);
  CHECK_THAT(trails.begin()->first, !Contains("not_terminated"));
  CHECK(trails.begin()->second == make_batch(0, 5000, 200)->bytes);
  CHECK(files_in(f.here).empty());
  CHECK(receiver.most_waiting() <= 16);
  if (options.answers_from == 16) CHECK(receiver.most_waiting() == 16);
  const SinkStatus status = sink->status();
  CHECK(status.events_out == 5000);
  CHECK(status.bytes_out == make_batch(0, 5000, 200)->bytes.size());
  CHECK(status.trail_bytes == 0);
  CHECK(status.trail_bytes_acknowledged == status.bytes_out);
  CHECK(status.events_dropped == 0);
}

TEST_CASE("events are on their way before their trail ends, and a kept trail goes into a folder beside") {
  DistFixture f;
  AuditdistdReceiver receiver(f.receiver());
  AuditdistdOptions options = f.options(receiver);
  options.when_sent = WhenSent::kKeep;
  const auto sink = f.sink(options);
  sink->push(make_batch(0, 10));
  REQUIRE(receiver.wait_for_trail_bytes(make_batch(0, 10)->bytes.size()));
  CHECK(wait_until([&] { return sink->status().events_out == 10; }));
  CHECK_THAT(receiver.trails().begin()->first, Contains("not_terminated"));
  sink->stop(kLong);
  CHECK(receiver.wrong() == "");
  CHECK(files_in(f.here + "/sent") == receiver.trails());
  CHECK(text_of(receiver.trails()) == make_batch(0, 10)->bytes);
}

TEST_CASE("over TLS the receiver's certificate is the pinned one, or nothing is sent") {
  DistFixture f;
  const tests::Certificates made(f.directory.path());
  AuditdistdReceiver::Options there = f.receiver();
  // Signed by nobody that anybody trusts.
  there.tls = LoopbackServer::Tls{made.stranger.certificate, made.stranger.key, ""};
  SECTION("of TLS 1.3") {}
  SECTION("of TLS 1.2") {
    there.tls->most_version = 0x0303;
  }
  AuditdistdReceiver receiver(there);
  AuditdistdOptions options = f.options(receiver);
  options.fingerprint = fingerprint_of(made.server.certificate);
  {
    const auto sink = f.sink(options);
    sink->push(make_batch(0, 10));
    REQUIRE(wait_for_state(*sink, "disconnected"));
    CHECK_THAT(sink->status().last_error, Contains("its certificate is refused"));
    sink->stop(kLong);
    CHECK(receiver.trails().empty());
    CHECK(sink->status().events_out == 0);
    CHECK(sink->status().events_dropped == 0);
    CHECK(text_of(files_in(f.here)) == make_batch(0, 10)->bytes);
  }
  options.fingerprint = fingerprint_of(made.stranger.certificate);
  const auto sink = f.sink(options);
  sink->push(make_batch(10, 10));
  REQUIRE(receiver.wait_for_closed(1));
  sink->stop(kLong);
  CHECK(receiver.wrong() == "");
  CHECK(text_of(receiver.trails()) == make_batch(0, 20)->bytes);
}

TEST_CASE("without the right password on both sides nothing is sent, and it is told without the password") {
  DistFixture f;
  AuditdistdReceiver::Options there = f.receiver();
  std::string wanted;
  SECTION("the receiver does not like ours") {
    there.password = "another";
    wanted = "it knows another one of them";
  }
  SECTION("or our name") {
    there.name = "web2";
    wanted = "it knows another one of them";
  }
  SECTION("it does not know ours") {
    there.lies = true;
    wanted = "does not know the password";
  }
  AuditdistdReceiver receiver(there);
  const auto sink = f.sink(f.options(receiver));
  sink->push(make_batch(0, 10));
  REQUIRE(wait_until([&] { return sink->status().last_error.find(wanted) != std::string::npos; }));
  CHECK_THAT(sink->status().last_error, !Contains("s3cret"));
  sink->stop(kLong);
  CHECK(receiver.trails().empty());
  CHECK(sink->status().events_out == 0);
  CHECK(text_of(files_in(f.here)) == make_batch(0, 10)->bytes);
}

TEST_CASE("a password that cannot be read, or that others can, is told at the start") {
  DistFixture f;
  AuditdistdReceiver receiver(f.receiver());
  AuditdistdOptions options = f.options(receiver);
  options.password_file = f.directory.path() + "/none";
  CHECK_THROWS_AS(f.sink(options), base::Error);
  CHECK_THROWS_AS(check_auditdistd(DistFixture::config(options)), base::Error);
  options.password_file = f.password_file;
  std::filesystem::permissions(f.password_file, std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  CHECK_THROWS_AS(f.sink(options), base::Error);
}

TEST_CASE("wherever a connection breaks, the receiver gets each byte once") {
  const std::string first = "20160802114433.20160802114434", second = "20160802114434.crash_recovery";
  const std::string large(70'000, 'a'), small = "0123456789";
  // What the sender sends: the handshake's pieces, then packets.
  const std::vector<std::size_t> pieces = {8, 256, 64, 44, 14 + 65'536, 14 + 4'464, 44, 44, 14 + 10, 44};
  std::vector<std::size_t> ends(pieces.size());
  std::partial_sum(pieces.begin(), pieces.end(), ends.begin());
  for (std::size_t i = 0; i < ends.size(); ++i) {
    for (const std::size_t reads : {ends[i] - pieces[i] / 2, ends[i] - 1, ends[i]}) {
      for (const bool acks : {false, true}) {
        if (acks && reads != ends[i]) continue;
        INFO("broken after " << reads << " bytes, " << (acks ? "acknowledged" : "not acknowledged"));
        DistFixture f;
        f.put(first, large + small);
        f.put(second, small);
        AuditdistdReceiver::Options there = f.receiver();
        // And a second time, in the first packet behind the handshake or later.
        there.reads = {reads, ends[2] + 30 + reads / 3};
        there.acks_last = acks;
        AuditdistdReceiver receiver(there);
        const auto sink = f.sink(f.options(receiver));
        REQUIRE(wait_until([&] { return receiver.trails().contains(second) || !receiver.wrong().empty(); }));
        CHECK(wait_until([&] { return !files_in(f.here).contains(first) && !files_in(f.here).contains(second); }));
        sink->stop(kLong);
        CHECK(receiver.wrong() == "");
        CHECK(receiver.trails() == std::map<std::string, std::string>{{first, large + small}, {second, small}});
      }
    }
  }
}

TEST_CASE("a receiver that ends in the middle of a trail gets the rest when it is there again") {
  DistFixture f;
  auto receiver = std::make_unique<AuditdistdReceiver>(f.receiver());
  const std::uint16_t port = receiver->server().port();
  const auto sink = f.sink(f.options(*receiver));
  std::size_t bytes = 0;
  for (int round = 0; round < 3; ++round) {
    sink->push(make_batch(round * 100, 100));
    bytes = make_batch(round * 100, 100)->bytes.size();
    REQUIRE(receiver->wait_for_trail_bytes(bytes));
    CHECK(receiver->wrong() == "");
    receiver.reset();
    AuditdistdReceiver::Options again = f.receiver();
    again.port = port;
    receiver = std::make_unique<AuditdistdReceiver>(again);
  }
  sink->push(make_batch(300, 100));
  REQUIRE(receiver->wait_for_trail_bytes(make_batch(300, 100)->bytes.size()));
  sink->stop(kLong);
  CHECK(receiver->wrong() == "");
  CHECK(text_of(receiver->trails()) == make_batch(0, 400)->bytes);
  CHECK(receiver->trails().size() == 1);
  CHECK(sink->status().events_out == 400);
}

TEST_CASE("a receiver that refuses is told, and is asked again from where it is") {
  DistFixture f;
  AuditdistdReceiver::Options there = f.receiver();
  there.refuses_with = 7;
  AuditdistdReceiver receiver(there);
  std::vector<SinkChange> changes;
  std::mutex mutex;
  SinkHost host(f.losses.handler());
  host.on_change = [&](const SinkChange& change) {
    const std::lock_guard lock(mutex);
    changes.push_back(change);
  };
  const auto sink =
      make_auditdistd_sink(DistFixture::config(f.options(receiver)), std::move(host), 1, real_file_system());
  sink->push(make_batch(0, 10));
  REQUIRE(wait_until([&] { return sink->status().events_out == 10; }));
  sink->stop(kLong);
  CHECK(receiver.wrong() == "");
  CHECK(text_of(receiver.trails()) == make_batch(0, 10)->bytes);
  CHECK(sink->status().retries >= 1);
  const std::lock_guard lock(mutex);
  CHECK(std::ranges::any_of(changes, [](const SinkChange& change) {
    return change.state == "receiver refuses trails" && change.cause.find("it cannot write") != std::string::npos;
  }));
}

TEST_CASE("in silence the receiver is asked whether it is there") {
  DistFixture f;
  AuditdistdReceiver receiver(f.receiver());
  AuditdistdOptions options = f.options(receiver);
  options.keepalive = 20ms;
  const auto sink = f.sink(options);
  CHECK(receiver.wait_for_keepalives(3));
  sink->stop(kLong);
  CHECK(receiver.wrong() == "");
}

TEST_CASE("trails that have to go for want of room are lost events, counted and told") {
  DistFixture f;
  AuditdistdReceiver::Options there = f.receiver();
  there.password = "another";
  AuditdistdReceiver receiver(there);
  // Of an earlier run, with two events.
  f.put("20160802114433.20160802114434",
        "type=SYSCALL msg=audit(1.000:1): a\ntype=CWD msg=audit(1.000:1): b\ntype=USER_LOGIN msg=audit(1.000:2): c\n" +
            std::string(3000, 'x'));
  tests::FaultyFileSystem disk;
  constexpr std::chrono::sys_seconds kNoon = std::chrono::sys_days(std::chrono::year{2026} / 3 / 4) + 12h;
  disk.set_clock(kNoon);
  AuditdistdOptions options = f.options(receiver);
  options.rotate.size = 1000;
  options.rotate.total = 2500;
  const auto sink = f.sink(options, disk);
  REQUIRE(f.losses.wait_for(1));
  CHECK(f.losses.losses().front().cause == TrailLedger::kForcedOut);
  CHECK(f.losses.losses().front().events == 2);
  CHECK(f.losses.losses().front().first_id == "1.000:1");
  CHECK(f.losses.losses().front().last_id == "1.000:2");
  std::size_t written = 0;
  for (int round = 0; round < 4; ++round) {
    disk.set_clock(kNoon + std::chrono::seconds(round + 1));
    sink->push(make_batch(round * 9, 9, 70));
    written += make_batch(round * 9, 9, 70)->bytes.size();
    REQUIRE(disk.wait_for_bytes(written));
  }
  disk.set_clock(kNoon + 10s);
  sink->rotate();
  REQUIRE(wait_until([&] { return sink->status().events_dropped >= 2 + 9; }));
  sink->stop(kLong);
  const SinkStatus status = sink->status();
  // What was not forced out is all there.
  const auto rest = tests::split_lines(text_of(files_in(f.here)));
  CHECK(status.events_in == 2 + 36);
  CHECK(status.events_in == status.events_dropped + status.queue_events);
  CHECK(status.events_out == 0);
  CHECK(rest.size() >= status.queue_events);
  CHECK_THAT(rest.back(), Catch::Matchers::Equals(tests::event_text(35, 70)) || Contains("bsd"));
}

TEST_CASE("trails of a clock that was set back get names that the receiver takes") {
  DistFixture f;
  std::filesystem::create_directories(f.there);
  tests::write_file(f.there + "/20400101000000.20400101010000", "future\n",
                    std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  f.put("20260101000000.20260101010000", "first\n");
  f.put("20260102000000.20260102010000", "second\n");
  AuditdistdReceiver receiver(f.receiver());
  tests::FaultyFileSystem disk;
  disk.set_clock(std::chrono::sys_days(std::chrono::year{2026} / 3 / 4));
  const auto sink = f.sink(f.options(receiver), disk);
  sink->push(make_batch(0, 10));
  REQUIRE(receiver.wait_for_closed(2));
  CHECK(wait_until([&] { return sink->status().events_out == 10; }));
  sink->stop(kLong);
  CHECK(receiver.wrong() == "");
  CHECK(text_of(receiver.trails()) == "future\nfirst\nsecond\n" + make_batch(0, 10)->bytes);
  CHECK(files_in(f.here).empty());
}

}  // namespace naudit::output
