// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/convert/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

namespace naudit::ctl {
namespace {

constexpr std::chrono::milliseconds kFirst{500};  // what is over sooner needs no progress
constexpr std::chrono::milliseconds kEach{200};
constexpr double kMega = 1e6;
constexpr std::size_t kBar = 24;

std::size_t terminal_width() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string time_text(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::max(0.0, seconds));
  return whole < 3600 ? fmt::format("{}:{:02}", whole / 60, whole % 60)
                      : fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace

std::string progress_text(std::uint64_t done, std::uint64_t size, std::chrono::duration<double> elapsed,
                          std::size_t width) {
  const double megas = static_cast<double>(done) / kMega;
  const double rate = elapsed.count() > 0 ? megas / elapsed.count() : 0;
  std::string text;
  if (size == 0) {
    text = fmt::format("{:.1f} MB  {:.0f} MB/s  {}", megas, rate, time_text(elapsed.count()));
  } else {
    const double part = std::min(1.0, static_cast<double>(done) / static_cast<double>(size));
    text = fmt::format("{:3.0f} %  {:.1f} of {:.1f} MB  {:.0f} MB/s", 100 * part, megas,
                       static_cast<double>(size) / kMega, rate);
    if (done > 0) text += fmt::format("  {} left", time_text(elapsed.count() * (1 - part) / part));
    if (text.size() + kBar + 3 < width) {
      const auto full = static_cast<std::size_t>(part * static_cast<double>(kBar));
      text = '[' + std::string(full, '#') + std::string(kBar - full, '.') + "] " + text;
    }
  }
  text.resize(std::min(text.size(), width));
  return text;
}

Progress::Progress(std::uint64_t size)
    : size_(size), is_terminal_(isatty(STDERR_FILENO) == 1), start_(Clock::now()), next_(start_ + kFirst) {}

void Progress::show(std::uint64_t done) {
  if (!is_terminal_) return;
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + kEach;
  is_shown_ = true;
  const std::string line = "\r" + progress_text(done, size_, now - start_, terminal_width() - 1) + "\x1b[K";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void Progress::clear() {
  if (!is_shown_) return;
  is_shown_ = false;
  std::fputs("\r\x1b[K", stderr);
}

}  // namespace naudit::ctl
