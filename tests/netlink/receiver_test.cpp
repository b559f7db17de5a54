// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/receiver.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "tests/netlink/message.hpp"
#include "tests/support/catch.hpp"

using namespace naudit::netlink;
using namespace naudit::netlink::test;
using namespace std::chrono_literals;

namespace {

// A receiver at one end of a pair of sockets that keep datagrams whole; the test plays the kernel at the other.
struct Bench {
  int ends[2] = {-1, -1};
  std::vector<std::string> texts;
  std::vector<std::size_t> batches;
  std::vector<std::error_code> answers;
  std::vector<pid_t> probes;
  std::vector<std::error_code> errors;
  std::function<void()> after_batch = [] {};
  std::unique_ptr<Receiver> receiver;

  Bench() {
    REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0);
    const int size = 4 << 20;
    ::setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    receiver = std::make_unique<Receiver>(
        ends[0], Senders::kAny,
        Receiver::Handlers{[this](std::span<const Record> records, Receiver::Clock::time_point) {
                             batches.push_back(records.size());
                             for (const Record& record : records) texts.emplace_back(record.text);
                             after_batch();
                           },
                           [this](std::error_code error) {
                             texts.emplace_back("answer");
                             answers.push_back(error);
                           },
                           [this](pid_t pid) { probes.push_back(pid); },
                           [this](std::error_code error) { errors.push_back(error); }});
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;
  ~Bench() {
    receiver.reset();
    ::close(ends[0]);
    ::close(ends[1]);
  }

  void send(const Bytes& bytes) const {
    REQUIRE(::send(ends[1], bytes.data(), bytes.size(), MSG_DONTWAIT) == static_cast<ssize_t>(bytes.size()));
  }
  void run() const {
    while (receiver->receive()) continue;
  }
};

}  // namespace

TEST_CASE("what is in the socket is received, and what comes later with the next call") {
  Bench bench;
  bench.send(unicast(AUDIT_CWD, "one"));
  bench.send(unicast(AUDIT_EOE, "two"));
  CHECK_FALSE(bench.receiver->receive());
  CHECK(bench.texts == std::vector<std::string>{"one", "two"});
  CHECK(bench.batches == std::vector<std::size_t>{2});
  bench.send(unicast(AUDIT_EOE, "three"));
  bench.run();
  CHECK(bench.texts.size() == 3);
  CHECK(bench.receiver->counters().records.value() == 3);
  CHECK(bench.receiver->counters().bytes.value() == 11);
}

TEST_CASE("records before and after the answer to a registration are kept") {
  Bench bench;
  bench.send(unicast(AUDIT_CWD, "before"));
  bench.send(ack(AUDIT_SET, 0));
  bench.send(unicast(AUDIT_CWD, "after"));
  bench.run();
  CHECK(bench.texts == std::vector<std::string>{"before", "after", "answer"});
  REQUIRE(bench.answers.size() == 1);
  CHECK_FALSE(bench.answers[0]);
}

TEST_CASE("a refused registration gives the kernel's error") {
  Bench bench;
  bench.send(ack(AUDIT_SET, -EEXIST));
  bench.run();
  REQUIRE(bench.answers.size() == 1);
  CHECK(bench.answers[0] == std::errc::file_exists);
  CHECK(bench.batches.empty());
}

TEST_CASE("what is no record is counted by its kind") {
  Bench bench;
  bench.send(reply(AUDIT_REPLACE, std::uint32_t{812}));
  bench.send(reply(AUDIT_GET, audit_status{}));
  bench.send(ack(AUDIT_GET, 0));
  bench.send(Bytes(7));
  bench.send(unicast(AUDIT_PATH, std::string(Slab::kSlotSize, 'x')));
  bench.run();
  const Counters& counters = bench.receiver->counters();
  CHECK(bench.probes == std::vector<pid_t>{812});
  CHECK(bench.answers.empty());
  CHECK(counters.replace_probes.value() == 1);
  CHECK(counters.replies.value() == 2);
  CHECK(counters.too_short.value() == 1);
  CHECK(counters.truncated.value() == 1);
  CHECK(counters.records.value() == 0);
}

TEST_CASE("the kernel's largest record fits") {
  Bench bench;
  const std::string text(8970, 'x');
  bench.send(unicast(AUDIT_PATH, text));
  bench.run();
  REQUIRE(bench.texts.size() == 1);
  CHECK(bench.texts[0] == text);
}

TEST_CASE("many long records, after which the slab gives its pages back, are all intact") {
  Bench bench;
  for (int i = 0; i < 200; ++i) {
    bench.send(unicast(AUDIT_PATH, std::string(8000, static_cast<char>('a' + i % 26))));
    bench.run();
  }
  REQUIRE(bench.texts.size() == 200);
  for (std::size_t i = 0; i < 200; ++i) CHECK(bench.texts[i] == std::string(8000, static_cast<char>('a' + i % 26)));
}

TEST_CASE("a full batch says that there may be more, and the records before a pause count for it together") {
  Bench bench;
  const auto send = [&bench](std::size_t records) {
    for (std::size_t i = 0; i < records; ++i) bench.send(unicast(AUDIT_CWD, std::to_string(i)));
  };
  send(1);
  CHECK_FALSE(bench.receiver->receive());
  CHECK(bench.receiver->pause() == 0ns);
  send(Slab::kSlots + 1);
  CHECK(bench.receiver->receive());
  CHECK_FALSE(bench.receiver->receive());
  CHECK(bench.batches == std::vector<std::size_t>{1, Slab::kSlots, 1});
  CHECK(bench.receiver->pause() == 1ms);
  CHECK(bench.texts.size() == Slab::kSlots + 2);
  CHECK(bench.texts.back() == std::to_string(Slab::kSlots));
}

TEST_CASE("each sender is looked at where others than the kernel can write") {
  for (const Senders senders : {Senders::kAny, Senders::kKernel}) {
    CAPTURE(senders);
    Slab slab(senders);
    for (const mmsghdr& header : slab.headers()) {
      CHECK((header.msg_hdr.msg_name != nullptr) == (senders == Senders::kAny));
      CHECK((header.msg_hdr.msg_namelen != 0) == (senders == Senders::kAny));
    }
  }
}

TEST_CASE("the rest is drained, however many batches it is") {
  Bench bench;
  bench.send(unicast(AUDIT_CWD, "one"));
  bench.send(unicast(AUDIT_CWD, "two"));
  CHECK(bench.receiver->drain_rest(Receiver::Clock::now() + 1h));
  CHECK(bench.texts == std::vector<std::string>{"one", "two"});
  for (std::size_t i = 0; i < 2 * Slab::kSlots; ++i) bench.send(unicast(AUDIT_CWD, "more"));
  CHECK(bench.receiver->drain_rest(Receiver::Clock::now() + 1h));
  CHECK(bench.texts.size() == 2 + 2 * Slab::kSlots);
}

TEST_CASE("draining stops at its deadline") {
  Bench bench;
  bench.after_batch = [&bench] { bench.send(unicast(AUDIT_CWD, "more")); };
  bench.send(unicast(AUDIT_CWD, "one"));
  CHECK_FALSE(bench.receiver->drain_rest(Receiver::Clock::now()));
  CHECK(bench.texts.size() == 1);
}

TEST_CASE("an error of the receive call is told and counted") {
  Bench bench;
  const int null = ::dup2(STDIN_FILENO, bench.ends[0]);  // no socket any more
  REQUIRE(null == bench.ends[0]);
  CHECK_FALSE(bench.receiver->receive());
  CHECK(bench.receiver->pause() == 100ms);
  REQUIRE(bench.errors.size() == 1);
  CHECK(bench.errors[0] == std::errc::not_a_socket);
  CHECK(bench.receiver->counters().errors.value() == 1);
  CHECK_FALSE(bench.receiver->drain_rest(Receiver::Clock::now()));
}
