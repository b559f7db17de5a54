// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// The sender is this program once more, with the hidden test case and its orders in the environment, so that it can be
// killed. NAUDIT_KILLS=200 kills it 200 times.

#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <random>

#include "tests/output/trails/auditdistd_support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"

namespace naudit::tests {
namespace {

constexpr int kKillsInCi = 8;
constexpr std::size_t kTrail = 50'000;
constexpr const char* kHidden = "a sender of trails runs until it is killed";

std::string variable(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return value == nullptr ? "" : value;
}

int kills() {
  const std::string wanted = variable("NAUDIT_KILLS");
  int number = kKillsInCi;
  std::from_chars(wanted.data(), wanted.data() + wanted.size(), number);
  return number;
}

// A second for each look, so that trails end all the time.
class FastClock final : public output::FileSystem {
 public:
  std::chrono::sys_seconds now() override { return output::FileSystem::now() + std::chrono::seconds(++looks_); }

 private:
  std::atomic<int> looks_ = 0;
};

std::vector<std::string> arguments(const DistFixture& f, const AuditdistdReceiver& receiver, int life, bool to_end) {
  return {"/usr/bin/env",
          "NAUDIT_TRAILS=" + f.here,
          "NAUDIT_REMOTE=" + receiver.remote(),
          "NAUDIT_PASSWORD=" + f.password_file,
          "NAUDIT_LIFE=" + std::to_string(life),
          std::string("NAUDIT_END=") + (to_end ? "yes" : "no"),
          std::filesystem::read_symlink("/proc/self/exe").string(),
          kHidden};
}

output::BatchPtr batch_of_life(const std::string& life, int first) {
  auto batch = std::make_shared<output::Batch>();
  for (int number = first; number < first + 50; ++number) {
    batch->bytes +=
        life + ' ' + std::to_string(number) + ' ' + std::string(static_cast<std::size_t>(number % 200), 'x') + '\n';
    batch->ends.push_back(static_cast<std::uint32_t>(batch->bytes.size()));
  }
  batch->first_id = batch->last_id = "1.000:1";
  batch->made = std::chrono::steady_clock::now();
  return batch;
}

// Each life's events are there from its first on, in order, none twice, none missing; and the lives one after the
// other.
void check_events(const std::string& all) {
  int life = -1, next = 0;
  for (const std::string& line : split_lines(all)) {
    int of_life = 0, number = 0;
    const std::size_t blank = line.find(' '), second = line.find(' ', blank + 1);
    REQUIRE(second != std::string::npos);
    std::from_chars(line.data(), line.data() + blank, of_life);
    std::from_chars(line.data() + blank + 1, line.data() + second, number);
    if (of_life != life) {
      REQUIRE(of_life > life);
      life = of_life;
      next = 0;
    }
    REQUIRE(number == next);
    REQUIRE(line.size() == second + 1 + static_cast<std::size_t>(number % 200));
    ++next;
  }
}

}  // namespace

TEST_CASE("a sender of trails runs until it is killed", "[.]") {
  output::AuditdistdOptions options;
  options.path = variable("NAUDIT_TRAILS");
  options.remote = variable("NAUDIT_REMOTE");
  options.password_file = variable("NAUDIT_PASSWORD");
  REQUIRE_FALSE(options.path.empty());
  options.sender = "web1";
  options.sync = {config::SyncKind::kNone, {}};
  options.when_sent = output::WhenSent::kKeep;
  options.rotate.size = kTrail;
  options.reconnect = 5ms;
  FastClock clock;
  const auto sink = output::make_auditdistd_sink(DistFixture::config(options), {}, 1, clock);
  const std::string life = variable("NAUDIT_LIFE");
  const bool to_end = variable("NAUDIT_END") == "yes";
  for (int first = 0; !to_end || first < 500; first += 50) {
    sink->push(batch_of_life(life, first));
    while (sink->status().queue_events > 3000) std::this_thread::yield();
  }
  // With what the lives before have left.
  CHECK(wait_until([&] { return sink->status().events_out >= 500; }));
  sink->stop(60'000ms);
  CHECK(files_in(options.path).empty());
}

TEST_CASE("a sender that is killed again and again leaves no gap, nothing twice, and the same files on both sides") {
  DistFixture f;
  AuditdistdReceiver receiver(f.receiver());
  std::mt19937 random(12);
  std::uniform_int_distribution<std::size_t> more(1, 6 * kTrail);
  std::size_t bytes = 0;
  int life = 0;
  for (; life < kills(); ++life) {
    Program sender(arguments(f, receiver, life, false));
    bytes = receiver.trail_bytes() + more(random);
    REQUIRE(receiver.wait_for_trail_bytes(bytes));
    REQUIRE(receiver.wrong() == "");
    sender.signal(SIGKILL);
    CHECK(sender.wait() == 128 + SIGKILL);
  }
  Program last(arguments(f, receiver, life, true));
  const int code = last.wait();
  INFO(last.rest());
  CHECK(code == 0);
  CHECK(receiver.wrong() == "");
  const auto there = receiver.trails();
  CHECK(there.size() > static_cast<std::size_t>(life));
  CHECK((files_in(f.here + "/sent") == there));
  std::string all;
  for (const auto& [name, text] : there) {
    CHECK_THAT(name, !Catch::Matchers::Contains("not_terminated"));
    all += text;
  }
  check_events(all);
}

}  // namespace naudit::tests
