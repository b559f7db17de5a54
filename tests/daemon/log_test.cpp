// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>

#include <spdlog/spdlog.h>

#include "tests/support/catch.hpp"

using Catch::Matchers::Contains;
using naudit::daemon::LogThread;

namespace {

// A pipe that nobody reads and that is full.
class FullPipe {
 public:
  FullPipe() {
    REQUIRE(::pipe2(ends_.data(), O_CLOEXEC | O_NONBLOCK) == 0);
    const std::string block(4096, '.');
    while (::write(ends_[1], block.data(), block.size()) > 0) ++blocks_;
    ::fcntl(ends_[0], F_SETFL, 0);
    ::fcntl(ends_[1], F_SETFL, 0);
  }
  FullPipe(const FullPipe&) = delete;
  FullPipe& operator=(const FullPipe&) = delete;
  ~FullPipe() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  [[nodiscard]] int writer() const { return ends_[1]; }
  // What comes behind that, up to this text.
  std::string read_until(const std::string& last) {
    std::string text;
    std::array<char, 4096> piece{};
    while (text.find(last) == std::string::npos) {
      const ssize_t size = ::read(ends_[0], piece.data(), piece.size());
      REQUIRE(size > 0);
      text.append(piece.data(), static_cast<std::size_t>(size));
    }
    return text.substr(blocks_ * 4096);
  }

 private:
  std::array<int, 2> ends_{};
  std::size_t blocks_ = 0;
};

}  // namespace

TEST_CASE("a descriptor that takes nothing delays nobody who logs; what found no room is told") {
  FullPipe pipe;
  LogThread log(pipe.writer(), 3);
  for (int i = 0; i < 10; ++i) log.put("line " + std::to_string(i) + '\n');
  const std::string text = pipe.read_until("left out, nobody took them\n");
  CHECK_THAT(text, Catch::StartsWith("line 0\nline 1\nline 2\n"));
  CHECK((text.find("7 messages were left out") != std::string::npos ||
         text.find("6 messages were left out") != std::string::npos));
}

TEST_CASE("what is logged while there is a log thread is written by it") {
  const auto before = spdlog::default_logger();
  naudit::daemon::set_up_log("info");
  FullPipe pipe;
  {
    LogThread log(pipe.writer());
    spdlog::error("one message");
    CHECK_THAT(pipe.read_until("message\n"), Contains("one message\n"));
  }
  spdlog::set_default_logger(before);
}

TEST_CASE("the last words are written before the log thread has ended") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
  {
    LogThread log(ends[1]);
    for (int i = 0; i < 100; ++i) log.put("x");
  }
  ::close(ends[1]);
  std::array<char, 200> text{};
  std::size_t all = 0;
  for (ssize_t size = 1; size > 0; all += static_cast<std::size_t>(size))
    size = ::read(ends[0], text.data(), text.size());
  ::close(ends[0]);
  CHECK(all == 100);
}
