// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/http/batcher.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::output {
namespace {

using tests::make_batch;
using namespace std::chrono_literals;

const std::size_t kEvent = make_batch(10, 1)->bytes.size();

}  // namespace

TEST_CASE("a request goes when its oldest event has waited long enough") {
  HttpBatcher batcher({1000 * kEvent, 1000, 500ms}, false);
  CHECK(batcher.due() == HttpBatcher::TimePoint::max());
  const BatchPtr first = make_batch(10, 3);
  batcher.add(first);
  batcher.add(make_batch(20, 3));
  CHECK(batcher.wants_more());
  CHECK(batcher.due() == first->made + 500ms);
  CHECK(batcher.cut().size() == 6);
  CHECK(batcher.empty());
  const BatchPtr next = make_batch(30, 1);
  batcher.add(next);
  CHECK(batcher.due() == next->made + 500ms);
}

TEST_CASE("a request goes at once when it has the events, and has no more than that") {
  HttpBatcher batcher({1000 * kEvent, 4, 500ms}, false);
  batcher.add(make_batch(10, 10));
  CHECK_FALSE(batcher.wants_more());
  CHECK(batcher.due() == HttpBatcher::TimePoint::min());
  const auto one = batcher.cut();
  CHECK(one.size() == 4);
  CHECK(batcher.settle(one) == 0);
  const auto two = batcher.cut();
  CHECK(two.size() == 4);
  CHECK(batcher.settle(two) == 0);
  CHECK(batcher.wants_more());
  const auto three = batcher.cut();
  CHECK(three.size() == 2);
  CHECK(three[1].text() == tests::event_text(19) + '\n');
  CHECK(batcher.settle(three) == 10 * kEvent);
}

TEST_CASE("a request goes at once when it has the bytes, and has no more than that") {
  HttpBatcher batcher({3 * kEvent, 1000, 500ms}, false);
  batcher.add(make_batch(10, 2));
  CHECK(batcher.wants_more());
  batcher.add(make_batch(20, 2));
  CHECK(batcher.due() == HttpBatcher::TimePoint::min());
  CHECK(batcher.cut().size() == 3);
  CHECK(batcher.cut().size() == 1);
}

TEST_CASE("an event that is larger than a request makes one of its own") {
  HttpBatcher batcher({kEvent / 2, 1000, 500ms}, false);
  batcher.add(make_batch(10, 2));
  CHECK(batcher.cut().size() == 1);
  CHECK(batcher.cut().size() == 1);
  CHECK(batcher.cut().empty());
}

TEST_CASE("batches are finished with in their order, in whatever order their events get their fates") {
  HttpBatcher batcher({1000 * kEvent, 3, 500ms}, false);
  batcher.add(make_batch(10, 2));
  batcher.add(make_batch(20, 2));
  batcher.add(make_batch(30, 2));
  const auto one = batcher.cut();
  const auto two = batcher.cut();
  CHECK(batcher.settle(two) == 0);
  CHECK(batcher.settle(std::span(one).first(1)) == 0);
  CHECK(batcher.settle(std::span(one).subspan(2)) == 0);
  CHECK(batcher.settle(std::span(one).subspan(1, 1)) == 6 * kEvent);
  batcher.add(make_batch(40, 2));
  CHECK(batcher.rest().size() == 2);
  CHECK(batcher.empty());
}

TEST_CASE("with one event a request nothing waits") {
  HttpBatcher batcher({}, true);
  batcher.add(make_batch(10, 2));
  CHECK(batcher.due() == HttpBatcher::TimePoint::min());
  const auto one = batcher.cut();
  CHECK(one.size() == 1);
  const auto two = batcher.cut();
  CHECK(two.size() == 1);
  CHECK(batcher.settle(one) == 0);
  CHECK(batcher.settle(two) == 2 * kEvent);
  CHECK(batcher.empty());
}

}  // namespace naudit::output
