// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/kernel/loss_watch.hpp"

#include "tests/support/catch.hpp"

using naudit::daemon::LossTotals;
using naudit::daemon::LossWatch;
using Texts = std::vector<std::string>;

namespace {

// Looks that are further apart than the pace of telling.
class Looks {
 public:
  explicit Looks(bool overrun_is_loss) : watch_(overrun_is_loss) {}
  Texts look(const LossTotals& totals) { return watch_.look(totals, now_ += LossWatch::kPace); }

 private:
  LossWatch watch_;
  LossWatch::TimePoint now_{};
};

}  // namespace

TEST_CASE("what was lost before the first look is nobody's news") {
  Looks watch(false);
  CHECK(watch.look({.kernel_lost = 100, .overruns = 0, .truncated = 0}).empty());
  CHECK(watch.look({.kernel_lost = 100, .overruns = 0, .truncated = 0}).empty());
}

TEST_CASE("a loss is told once, with its size and the total") {
  Looks watch(false);
  watch.look({.kernel_lost = 100, .overruns = 0, .truncated = 1});
  const LossTotals more{.kernel_lost = 103, .overruns = 0, .truncated = 3};
  CHECK(watch.look(more) == Texts{"op=lost cause=kernel records=3 total=103 res=failed",
                                  "op=lost cause=record-too-long records=2 total=3 res=failed"});
  CHECK(watch.look(more).empty());
}

TEST_CASE("a counter that somebody reset is a new beginning") {
  Looks watch(false);
  watch.look({.kernel_lost = 100, .overruns = 0, .truncated = 0});
  CHECK(watch.look({.kernel_lost = 0, .overruns = 0, .truncated = 0}).empty());
  CHECK(watch.look({.kernel_lost = 2, .overruns = 0, .truncated = 0}) ==
        Texts{"op=lost cause=kernel records=2 total=2 res=failed"});
}

TEST_CASE("a status that could not be read hides no loss") {
  Looks watch(false);
  watch.look({.kernel_lost = 1, .overruns = 0, .truncated = 0});
  CHECK(watch.look({.kernel_lost = std::nullopt, .overruns = 0, .truncated = 0}).empty());
  CHECK(watch.look({.kernel_lost = 3, .overruns = 0, .truncated = 0}).size() == 1);
}

TEST_CASE("an overrun is a loss where the kernel does not send again") {
  Looks own(false);
  Looks observer(true);
  own.look({});
  observer.look({});
  const LossTotals overrun{.kernel_lost = std::nullopt, .overruns = 2, .truncated = 0};
  CHECK(own.look(overrun).empty());
  CHECK(observer.look(overrun) == Texts{"op=lost cause=receive-buffer overruns=2 total=2 res=failed"});
}

TEST_CASE("a loss that goes on is told at once, then at a slow pace, and nothing of it is forgotten") {
  using namespace std::chrono_literals;
  LossWatch watch(false);
  LossWatch::TimePoint now{};
  std::uint32_t lost = 0;
  Texts told;
  const auto look = [&](std::uint32_t total) {
    now += 1s;
    for (std::string& text : watch.look({.kernel_lost = total, .overruns = 0, .truncated = 0}, now))
      told.push_back(std::move(text));
  };
  look(0);
  for (int second = 0; second < 12; ++second) look(lost += 5);
  CHECK(told == Texts{"op=lost cause=kernel records=5 total=5 res=failed",
                      "op=lost cause=kernel records=50 total=55 res=failed"});
  // Somebody resets the counter meanwhile.
  look(0);
  CHECK(watch.look_last({.kernel_lost = 2, .overruns = 0, .truncated = 0}) ==
        Texts{"op=lost cause=kernel records=7 total=2 res=failed"});
}
