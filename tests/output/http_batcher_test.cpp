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
  HttpBatcher batcher({1000 * kEvent, 1000, 500ms}, HttpBody::kNdjson);
  CHECK(batcher.due() == HttpBatcher::TimePoint::max());
  const BatchPtr first = make_batch(10, 3);
  batcher.add(first);
  batcher.add(make_batch(20, 3));
  CHECK(batcher.wants_more());
  CHECK(batcher.due() == first->made + 500ms);
  CHECK(batcher.request().events == 6);
}

TEST_CASE("a request goes at once when it has the events, and has no more than that") {
  HttpBatcher batcher({1000 * kEvent, 4, 500ms}, HttpBody::kNdjson);
  batcher.add(make_batch(10, 10));
  CHECK_FALSE(batcher.wants_more());
  CHECK(batcher.due() == HttpBatcher::TimePoint::min());
  CHECK(batcher.request().events == 4);
  CHECK(batcher.commit() == 0);
  CHECK(batcher.request().events == 4);
  batcher.commit();
  CHECK(batcher.wants_more());
  CHECK(batcher.request().events == 2);
  CHECK(batcher.commit() == 10 * kEvent);
}

TEST_CASE("a request goes at once when it has the bytes, and has no more than that") {
  HttpBatcher batcher({3 * kEvent, 1000, 500ms}, HttpBody::kNdjson);
  batcher.add(make_batch(10, 2));
  CHECK(batcher.wants_more());
  batcher.add(make_batch(20, 2));
  CHECK(batcher.due() == HttpBatcher::TimePoint::min());
  CHECK(batcher.request().bytes == 3 * kEvent);
}

TEST_CASE("a request stays the same while it is tried again, whatever comes in meanwhile") {
  HttpBatcher batcher({1000 * kEvent, 1000, 500ms}, HttpBody::kNdjson);
  batcher.add(make_batch(10, 3));
  CHECK(batcher.request().events == 3);
  batcher.add(make_batch(20, 3));
  CHECK(batcher.request().events == 3);
  batcher.commit();
  CHECK(batcher.request().events == 3);
}

TEST_CASE("with one event a request nothing waits") {
  HttpBatcher batcher({}, HttpBody::kEvent);
  batcher.add(make_batch(10, 2));
  CHECK(batcher.due() == HttpBatcher::TimePoint::min());
  CHECK(batcher.request().events == 1);
  batcher.commit();
  CHECK(batcher.request().events == 1);
  CHECK(batcher.commit() == 2 * kEvent);
  CHECK(batcher.empty());
}

}  // namespace naudit::output
