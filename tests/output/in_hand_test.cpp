// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/in_hand.hpp"

#include "tests/output/sink_support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::output {
namespace {

using tests::make_batch;

constexpr std::size_t kAll = InHand::kNoLimit;
const std::size_t kEvent = make_batch(10, 1)->bytes.size();  // one event with two digits

std::string text(const InHand::Portion& portion) {
  std::string result;
  for (const std::string_view piece : portion.pieces) result += piece;
  return result;
}

}  // namespace

TEST_CASE("a portion ends between two events") {
  InHand hand;
  const BatchPtr batch = make_batch(10, 5);
  hand.add(batch);
  CHECK(hand.select(2 * kEvent + 1, kAll, false).events == 2);
  CHECK(text(hand.portion()) == batch->bytes.substr(0, 2 * kEvent));
  CHECK(hand.commit() == 0);
  CHECK(hand.select(kAll, kAll, false).events == 3);
  CHECK(hand.commit() == batch->bytes.size());
  CHECK(hand.empty());
  CHECK(hand.bytes() == 0);
  CHECK(hand.events() == 0);
}

TEST_CASE("a portion has its events one by one") {
  InHand hand;
  hand.add(make_batch(10, 3));
  hand.add(make_batch(13, 3));
  hand.select(kAll, 2, true);
  hand.commit();
  hand.select(kAll, 3, true);
  std::vector<std::string> events;
  for (const std::string_view event : hand.portion_events()) events.emplace_back(event.substr(0, event.size() - 1));
  CHECK(events == tests::event_lines(12, 3));
}

TEST_CASE("a portion spans batches and names the range of the batches that it touches") {
  InHand hand;
  for (int first : {10, 20, 30}) hand.add(make_batch(first, 10));
  const InHand::Portion& portion = hand.select(kAll, 15, false);
  CHECK(portion.events == 15);
  CHECK(portion.bytes == 15 * kEvent);
  CHECK(portion.pieces.size() == 2);
  CHECK(portion.first_id == "1.000:10");
  CHECK(portion.last_id == "1.000:29");
  CHECK(hand.commit() == 10 * kEvent);
  CHECK(hand.events() == 15);
  CHECK(hand.select(kAll, kAll, false).events == 15);
  CHECK(hand.commit() == 20 * kEvent);
}

TEST_CASE("an event that is larger than the room is a portion only if one is wanted") {
  InHand hand;
  hand.add(make_batch(10, 2));
  CHECK(hand.select(kEvent - 1, kAll, false).events == 0);
  CHECK(hand.commit() == 0);
  CHECK(hand.select(kEvent - 1, kAll, true).events == 1);
  CHECK(hand.select(0, kAll, true).events == 1);
}

TEST_CASE("no events and no room give no portion") {
  InHand hand;
  CHECK(hand.select(kAll, kAll, true).events == 0);
  hand.add(make_batch(10, 2));
  CHECK(hand.select(kAll, 0, true).events == 0);
  CHECK(hand.select_all().events == 2);
}

TEST_CASE("portions of every size give back the same bytes in the same order") {
  for (std::size_t room = 1; room < 8 * kEvent; room += 7) {
    InHand hand;
    std::string all;
    std::size_t released = 0;
    for (int first : {10, 20, 30}) {
      const BatchPtr batch = make_batch(first, 7, static_cast<std::size_t>(first));
      all += batch->bytes;
      hand.add(batch);
    }
    std::string seen;
    while (!hand.empty()) {
      seen += text(hand.select(room, 3, true));
      released += hand.commit();
    }
    REQUIRE(seen == all);
    REQUIRE(released == all.size());
  }
}

}  // namespace naudit::output
