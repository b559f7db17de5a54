// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/control/tail_sink.hpp"

#include <atomic>
#include <thread>

#include "tests/support/catch.hpp"

using naudit::daemon::TailPiece;
using naudit::daemon::TailSink;
using naudit::output::Batch;
using naudit::output::BatchPtr;

namespace {

// A batch of the events `first`, `first` + 1 …, each as "<number>\n".
BatchPtr batch_of(int first, int events) {
  auto batch = std::make_shared<Batch>();
  for (int i = first; i < first + events; ++i) {
    batch->bytes += std::to_string(i) + '\n';
    batch->ends.push_back(static_cast<std::uint32_t>(batch->bytes.size()));
  }
  batch->first_id = "1.000:" + std::to_string(first);
  batch->last_id = "1.000:" + std::to_string(first + events - 1);
  return batch;
}

std::string text_of(const TailPiece& piece) {
  std::string text;
  for (const std::string_view part : piece.bytes) text += part;
  return text;
}

}  // namespace

TEST_CASE("what was pushed is taken in order, and the wake-up comes once") {
  int wakes = 0;
  TailSink sink({.format = "line"}, [&wakes] { ++wakes; });
  TailPiece piece;
  REQUIRE_FALSE(sink.take(piece));
  sink.push(batch_of(1, 2));
  sink.push(batch_of(3, 1));
  CHECK(wakes == 1);
  REQUIRE(sink.take(piece));
  CHECK(text_of(piece) == "1\n2\n3\n");
  CHECK_FALSE(piece.is_last);
  sink.written(piece);
  CHECK_FALSE(sink.take(piece));
  const auto status = sink.status();
  CHECK(status.type == "tail");
  CHECK(status.events_in == 3);
  CHECK(status.events_out == 3);
  CHECK(status.bytes_out == 6);
  CHECK(status.queue_bytes == 0);
  CHECK(status.events_dropped == 0);
}

TEST_CASE("a reader that is too slow loses the oldest events and is told how many") {
  TailSink sink({.format = "line", .most_bytes = 4}, [] {});
  TailPiece piece;
  sink.push(batch_of(1, 2));
  sink.push(batch_of(3, 1));
  sink.push(batch_of(4, 1));
  REQUIRE(sink.take(piece));
  CHECK(text_of(piece) == "… 2 events left out, the terminal is too slow (1.000:1 to 1.000:2) …\n3\n4\n");
  CHECK(sink.status().events_dropped == 2);
}

TEST_CASE("the notice fits the format") {
  const naudit::output::Loss loss{.cause = "queue full", .events = 1, .first_id = "1.000:7", .last_id = "1.000:7"};
  CHECK(naudit::daemon::left_out_notice("mozdef", loss) == naudit::daemon::left_out_notice("json", loss));
  CHECK(naudit::daemon::left_out_notice("enriched", loss) == naudit::daemon::left_out_notice("raw", loss));
  CHECK(naudit::daemon::left_out_notice("line", loss) ==
        "… 1 event left out, the terminal is too slow (1.000:7 to 1.000:7) …\n");
  CHECK(naudit::daemon::left_out_notice("json", loss) ==
        R"({"notice":"left_out","events":1,"first_id":"1.000:7","last_id":"1.000:7","cause":"the reader is too slow"})"
        "\n");
  CHECK(naudit::daemon::left_out_notice("raw", loss) ==
        "type=DAEMON_ERR msg=audit(1.000:7): op=tail-left-out events=1 last=1.000:7 res=failed\n");
}

TEST_CASE("with a count the stream ends within a batch, exactly") {
  TailSink sink({.format = "line", .count = 3}, [] {});
  TailPiece piece;
  sink.push(batch_of(1, 2));
  REQUIRE(sink.take(piece));
  CHECK_FALSE(piece.is_last);
  sink.written(piece);
  sink.push(batch_of(3, 2));
  sink.push(batch_of(5, 2));
  REQUIRE(sink.take(piece));
  CHECK(text_of(piece) == "3\n");
  CHECK(piece.is_last);
}

TEST_CASE("once it has ended nothing is queued and nobody is woken, whatever the encode thread does") {
  std::atomic<bool> is_over{false};
  std::atomic<bool> woken_after{false};
  TailSink sink({.format = "line"}, [&] {
    if (is_over) woken_after = true;
  });
  TailPiece piece;
  REQUIRE_FALSE(sink.take(piece));
  std::thread encode([&sink] {
    for (int i = 0; i < 1000; ++i) sink.push(batch_of(i, 1));
  });
  sink.end();
  is_over = true;
  encode.join();
  CHECK_FALSE(woken_after);
  sink.push(batch_of(0, 1));
  CHECK_FALSE(sink.take(piece));
  CHECK(sink.status().events_in == 1001);
}
