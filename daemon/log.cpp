// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/log.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string_view>

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

namespace naudit::daemon {
namespace {

using std::chrono::steady_clock;

// At most so many lines in so long a time; what is left out is counted and told with the next line that is written.
constexpr int kMostLines = 50;
constexpr std::chrono::seconds kWindow{10};

// sd-daemon(3): "<3>" … "<7>" in front of a line is its priority.
int priority(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::critical:
      return 2;
    case spdlog::level::err:
      return 3;
    case spdlog::level::warn:
      return 4;
    case spdlog::level::info:
      return 6;
    default:
      return 7;
  }
}

class LimitedStderr final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit LimitedStderr(bool to_journal) : to_journal_(to_journal) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const auto now = steady_clock::now();
    if (now - window_ >= kWindow) {
      if (left_out_ > 0) std::fprintf(stderr, "nauditd: %d more messages were left out\n", left_out_);
      window_ = now;
      lines_ = 0;
      left_out_ = 0;
      last_.clear();
    }
    const std::string_view text(message.payload.data(), message.payload.size());
    if (lines_ >= kMostLines || (text == last_ && message.level >= spdlog::level::warn)) {
      ++left_out_;
      return;
    }
    ++lines_;
    last_ = text;
    if (to_journal_) {
      std::fprintf(stderr, "<%d>%.*s\n", priority(message.level), static_cast<int>(text.size()), text.data());
      return;
    }
    const auto level = spdlog::level::to_string_view(message.level);
    std::fprintf(stderr, "nauditd: %.*s: %.*s\n", static_cast<int>(level.size()), level.data(),
                 static_cast<int>(text.size()), text.data());
  }
  void flush_() override { std::fflush(stderr); }

  bool to_journal_;
  steady_clock::time_point window_{};
  int lines_ = 0;
  int left_out_ = 0;
  std::string last_;
};

}  // namespace

void set_up_log(const std::string& level) {
  // systemd sets it when stderr is connected to the journal. Read before any thread exists.
  const bool to_journal = std::getenv("JOURNAL_STREAM") != nullptr;  // NOLINT(concurrency-mt-unsafe)
  auto logger = std::make_shared<spdlog::logger>("nauditd", std::make_shared<LimitedStderr>(to_journal));
  logger->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace naudit::daemon
