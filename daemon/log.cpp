// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/log.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include "base/thread.hpp"

namespace naudit::daemon {
namespace {

using std::chrono::steady_clock;

// At most so many lines in so long a time; what is left out is counted and told with the next line that is written.
constexpr int kMostLines = 50;
constexpr std::chrono::seconds kWindow{10};
constexpr std::chrono::seconds kLastWords{1};  // for what still waits at the end

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

// Who writes now. The mutex is held for the time of a put(), never of a write by the thread.
std::mutex writer_mutex;
LogThread* writer = nullptr;
bool is_dead = false;  // a thread was left behind: whoever writes now hangs, too

void write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written > 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd wait{.fd = descriptor, .events = POLLOUT, .revents = 0};
      ::poll(&wait, 1, -1);
    } else if (errno != EINTR) {
      return;  // where we could say so is what is broken
    }
  }
}

void write_line(std::string line) {
  const std::lock_guard lock(writer_mutex);
  if (writer != nullptr)
    writer->put(std::move(line));
  else if (!is_dead)
    write_all(STDERR_FILENO, line);
}

class LimitedStderr final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit LimitedStderr(bool to_journal) : to_journal_(to_journal) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const auto now = steady_clock::now();
    if (now - window_ >= kWindow) {
      if (left_out_ > 0) write_line(fmt::format("nauditd: {} more messages were left out\n", left_out_));
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
    const auto level = spdlog::level::to_string_view(message.level);
    write_line(to_journal_ ? fmt::format("<{}>{}\n", priority(message.level), text)
                           : fmt::format("nauditd: {}: {}\n", std::string_view(level.data(), level.size()), text));
  }
  void flush_() override {}

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

// The thread has its own hold of it, so that one that is left behind does not outlive it.
struct LogThread::Shared {
  Shared(int to, std::size_t most) : descriptor(to), most_lines(most) {}

  const int descriptor;
  const std::size_t most_lines;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::string> lines;
  std::uint64_t left_out = 0;
  bool is_ending = false;
  bool has_ended = false;

  void run() {
    std::unique_lock lock(mutex);
    while (true) {
      changed.wait(lock, [this] { return !lines.empty() || is_ending; });
      if (lines.empty() && left_out == 0) break;
      std::string text;
      if (!lines.empty()) {
        text = std::move(lines.front());
        lines.pop_front();
      }
      if (lines.empty() && left_out > 0)
        text += fmt::format("nauditd: {} messages were left out, nobody took them\n", std::exchange(left_out, 0));
      lock.unlock();
      write_all(descriptor, text);
      lock.lock();
    }
    has_ended = true;
    changed.notify_all();
  }
};

LogThread::LogThread(int descriptor, std::size_t most_lines)
    : shared_(std::make_shared<Shared>(descriptor, most_lines)),
      thread_(base::start_thread("naudit-log", [shared = shared_] { shared->run(); })) {
  const std::lock_guard lock(writer_mutex);
  writer = this;
}

LogThread::~LogThread() {
  {
    const std::lock_guard lock(writer_mutex);
    writer = nullptr;
  }
  std::unique_lock lock(shared_->mutex);
  shared_->is_ending = true;
  shared_->changed.notify_all();
  const bool has_ended = shared_->changed.wait_for(lock, kLastWords, [this] { return shared_->has_ended; });
  lock.unlock();
  if (has_ended) {
    thread_.join();
    return;
  }
  thread_.detach();
  const std::lock_guard writer_lock(writer_mutex);
  is_dead = true;
}

void LogThread::put(std::string line) {
  {
    const std::lock_guard lock(shared_->mutex);
    if (shared_->lines.size() < shared_->most_lines)
      shared_->lines.push_back(std::move(line));
    else
      ++shared_->left_out;
  }
  shared_->changed.notify_all();
}

}  // namespace naudit::daemon
