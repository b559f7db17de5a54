// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/window.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::output {

using tests::make_batch;

TEST_CASE("a batch is kept until the peer's kernel has all of it") {
  TcpWindow window;
  window.add(make_batch(10, 10));
  window.add(make_batch(20, 5));
  CHECK(window.unwritten().pieces.size() == 2);
  window.written({0, 100});
  CHECK_FALSE(window.has_unwritten());
  window.add(make_batch(30, 1));
  CHECK(window.unwritten().pieces.size() == 1);
  window.written({50, 70});
  CHECK(window.acknowledge({99, 21}).events == 0);
  CHECK(window.acknowledge({100, 20}).events == 15);
  CHECK_FALSE(window.empty());
  CHECK(window.acknowledge({120, 0}).events == 1);
  CHECK(window.empty());
  CHECK(window.bytes() == 0);
}

TEST_CASE("a kernel with nothing on its way has delivered all that was written, but not the rest") {
  TcpWindow window;
  window.add(make_batch(10, 10));
  (void)window.unwritten();
  window.add(make_batch(20, 10));  // came while the first was being written
  window.written({0, 100});
  CHECK(window.has_unwritten());
  CHECK(window.acknowledge({90, 0}).events == 10);
  CHECK(window.has_unwritten());
  CHECK(window.unwritten().owner->front()->first_id == "1.000:20");
}

TEST_CASE("after a broken connection everything not acknowledged is written again") {
  TcpWindow window;
  for (int first : {10, 20, 30}) window.add(make_batch(first, 10));
  (void)window.unwritten();
  window.written({0, 300});
  (void)window.acknowledge({100, 200});
  window.restart();
  CHECK(window.unwritten().pieces.size() == 3);
  window.written({1, 300});
  CHECK(window.acknowledge({301, 0}).events == 30);
}

TEST_CASE("what is given up is counted with its range") {
  TcpWindow window;
  window.add(make_batch(10, 10));
  window.add(make_batch(20, 10));
  const TcpWindow::Rest rest = window.give_up();
  CHECK(rest.events == 20);
  CHECK(rest.first_id == "1.000:10");
  CHECK(rest.last_id == "1.000:29");
  CHECK(window.empty());
  CHECK_FALSE(window.has_unwritten());
}

TEST_CASE("by the peer's own word whole batches go, of this connection only, and none that is not written") {
  TcpWindow window;
  window.add(make_batch(10, 10));
  window.add(make_batch(20, 10));
  (void)window.unwritten();
  window.written({0, 0});
  window.add(make_batch(30, 10));
  CHECK(window.accept(9).events == 0);
  CHECK(window.accept(19).events == 10);
  window.restart();
  CHECK(window.accept(20).events == 0);
  (void)window.unwritten();
  window.written({0, 0});
  CHECK(window.accept(10).events == 10);
  CHECK(window.accept(1000).events == 10);
  CHECK(window.empty());
  CHECK(window.bytes() == 0);
}

}  // namespace naudit::output
