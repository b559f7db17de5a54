// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/collector/protocol.hpp"

#include <vector>

#include "formats/auditd/remote_message.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/frames.hpp"

using namespace naudit;
using daemon::ClientMessage;
using daemon::Protocol;
using tests::remote_frame;
using Took = Protocol::Took;

namespace {

constexpr std::uint64_t kMaxLine = 100;

// All messages of the bytes, given one byte more at a time, and how it ended.
struct Taken {
  std::vector<std::string> texts;
  std::vector<std::uint32_t> sequences;
  Took last = Took::kMore;
  std::string problem;
};

Taken take_slowly(Protocol& protocol, const std::string& bytes) {
  Taken taken;
  std::string buffer;
  for (const char byte : bytes) {
    buffer += byte;
    ClientMessage message;
    while (!buffer.empty() && (taken.last = protocol.next(buffer, message)) == Took::kMessage) {
      taken.texts.emplace_back(message.text);
      taken.sequences.push_back(message.sequence);
      buffer.erase(0, message.size);
    }
    if (taken.last != Took::kBad) continue;
    taken.problem = protocol.problem();
    return taken;
  }
  return taken;
}

Taken auditd(const std::string& bytes) {
  return take_slowly(*daemon::make_protocol(config::SourceType::kAuditd, kMaxLine), bytes);
}
Taken stream(const std::string& bytes) {
  return take_slowly(*daemon::make_protocol(config::SourceType::kStream, kMaxLine), bytes);
}

}  // namespace

TEST_CASE("messages of auditd's protocol are told apart by their headers, in whatever pieces they come") {
  const Taken taken = auditd(remote_frame("type=A", 7) + remote_frame("", 8, 1) + remote_frame("type=B", 0xfedcba98));
  CHECK(taken.last == Took::kMessage);
  CHECK(taken.texts == std::vector<std::string>{"type=A", "", "type=B"});
  CHECK(taken.sequences == std::vector<std::uint32_t>{7, 8, 0xfedcba98});
}

TEST_CASE("what is no message of auditd's protocol is refused by its first bytes") {
  CHECK(auditd("GET / HTTP/1.1").problem == "no message of auditd's remote protocol");
  CHECK(auditd("\xfe\x01").last == Took::kBad);
  CHECK(auditd(remote_frame("x", 1, 0x40000000)).problem == "a message of a type that no client sends");
  CHECK(auditd(remote_frame(std::string(kMaxLine + 1, 'x'))).problem == "a message that is longer than max_line");
  std::string newer = remote_frame("x");
  newer[4] = 1;
  CHECK(auditd(newer).problem == "a version of auditd's remote protocol that is not known");
}

TEST_CASE("an acknowledgement of auditd's protocol has the sequence of what it answers") {
  const auto protocol = daemon::make_protocol(config::SourceType::kAuditd, kMaxLine);
  std::string answers;
  protocol->acknowledge(std::vector<std::uint32_t>{5, 6}, answers);
  CHECK(answers == remote_frame("", 5, 0x40000000) + remote_frame("", 6, 0x40000000));
  answers.clear();
  protocol->end(answers);
  CHECK(answers == remote_frame("", 0, 0x40000001));
  answers.clear();
  formats::append_remote_message(formats::RemoteType::kRecord, 3, "text", answers);
  CHECK(answers == remote_frame("text", 3));
}

TEST_CASE("a stream's messages end with a newline, or have their length before them") {
  const Taken taken = stream("{\"a\":1}\n12 type=A\ntype=type=C\n\n1 x{}\n");
  CHECK(taken.last == Took::kMessage);
  CHECK(taken.texts == std::vector<std::string>{"{\"a\":1}", "type=A\ntype=", "type=C", "", "x", "{}"});
}

TEST_CASE("a stream's message that is too long, or whose length is none, is refused") {
  CHECK(stream(std::string(kMaxLine + 1, 'x')).problem == "a message that is longer than max_line");
  CHECK(stream(std::string(kMaxLine, 'x') + "\n").last == Took::kMessage);
  CHECK(stream("101 ").problem == "a message that is longer than max_line");
  CHECK(stream("99999999999999999999 ").last == Took::kBad);
  CHECK(stream("12:x").problem == "a length without a space behind it");
}

TEST_CASE("a stream is answered with the number of its messages that are accepted") {
  const auto protocol = daemon::make_protocol(config::SourceType::kStream, kMaxLine);
  std::string answers;
  protocol->acknowledge(std::vector<std::uint32_t>(3), answers);
  protocol->acknowledge(std::vector<std::uint32_t>(1), answers);
  protocol->end(answers);
  CHECK(answers == "3\n4\n");
}
