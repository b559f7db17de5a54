// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/event_window.hpp"

#include "tests/output/sink_support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::output {
namespace {

using tests::event_text;
using tests::make_batch;

std::vector<std::uint64_t> send_all(EventWindow& window) {
  std::vector<std::uint64_t> numbers;
  while (const auto event = window.next()) {
    numbers.push_back(event->number);
    window.sent();
  }
  return numbers;
}

}  // namespace

TEST_CASE("a batch is finished with when all its events are, the oldest first, in whatever order they are told") {
  EventWindow window;
  const BatchPtr first = make_batch(0, 3), second = make_batch(3, 2);
  window.add(first);
  window.add(second);
  CHECK(send_all(window) == std::vector<std::uint64_t>{0, 1, 2, 3, 4});
  CHECK(window.on_their_way() == 5);
  for (const std::uint64_t number : {4U, 3U, 2U, 0U}) window.delivered(number);
  EventWindow::Count count = window.take_finished();
  CHECK(count.events == 4);
  CHECK(count.bytes == 0);
  window.delivered(1);
  window.delivered(1);
  window.delivered(99);
  count = window.take_finished();
  CHECK(count.events == 1);
  CHECK(count.bytes == first->bytes.size() + second->bytes.size());
  CHECK(window.empty());
  CHECK(window.bytes() == 0);
  CHECK(window.on_their_way() == 0);
}

TEST_CASE("after a restart all that is neither delivered nor lost is sent again in order") {
  EventWindow window;
  window.add(make_batch(0, 3));
  window.add(make_batch(3, 3));
  send_all(window);
  window.delivered(1);
  window.failed(2);
  std::vector<BatchPtr> notices;
  CHECK(window.lost(4, notices));
  CHECK_FALSE(window.lost(4, notices));
  CHECK(window.find(4)->text == event_text(4) + '\n');
  CHECK_FALSE(window.next().has_value());
  window.restart();
  CHECK(window.on_their_way() == 0);
  CHECK(send_all(window) == std::vector<std::uint64_t>{0, 2, 3, 5});
  window.delivered(0);
  window.delivered(2);
  CHECK(window.take_finished().events == 3);
  window.add(make_batch(6, 1));
  CHECK(send_all(window) == std::vector<std::uint64_t>{6});
  const EventWindow::Rest rest = window.give_up();
  CHECK(rest.events == 3);
  CHECK(rest.first_id == "1.000:3");
  CHECK(rest.last_id == "1.000:6");
  CHECK(window.empty());
}

TEST_CASE("a notice is counted for itself in a window") {
  EventWindow window;
  auto notice = std::make_shared<Batch>(*make_batch(0, 1));
  notice->tells = Loss{"queue full", 7, "1.000:1", "1.000:7"};
  window.add(notice);
  window.add(make_batch(8, 1));
  window.add(notice);
  window.add(notice);
  send_all(window);
  window.delivered(0);
  window.delivered(1);
  std::vector<BatchPtr> lost;
  CHECK_FALSE(window.lost(2, lost));
  CHECK(lost == std::vector<BatchPtr>{notice});
  const EventWindow::Count count = window.take_finished();
  CHECK(count.events == 1);
  CHECK(count.notices == std::vector<BatchPtr>{notice});
  const EventWindow::Rest rest = window.give_up();
  CHECK(rest.events == 0);
  CHECK(rest.notices == std::vector<BatchPtr>{notice});
}

}  // namespace naudit::output
