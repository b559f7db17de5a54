// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/support/line_server.hpp"

#include <array>
#include <chrono>

namespace naudit::tests {

LineServer::LineServer(const Options& options)
    : reads_(options.reads),
      server_(options.tls, options.port, [this](LoopbackServer::Stream& stream) { serve(stream); }) {}

LineServer::~LineServer() {
  stop();
}

void LineServer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  server_.stop();
}

void LineServer::resume() {
  const std::lock_guard lock(mutex_);
  reads_ = true;
  changed_.notify_all();
}

void LineServer::serve(LoopbackServer::Stream& stream) {
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return reads_ || stopping_; });
    if (!reads_) return;
  }
  std::string rest;
  std::array<char, 65536> buffer{};
  while (const std::size_t size = stream.read(buffer.data(), buffer.size())) {
    rest.append(buffer.data(), size);
    const std::lock_guard lock(mutex_);
    std::size_t begin = 0;
    for (std::size_t end = rest.find('\n'); end != std::string::npos; end = rest.find('\n', begin)) {
      lines_.push_back(rest.substr(begin, end - begin));
      begin = end + 1;
    }
    rest.erase(0, begin);
    changed_.notify_all();
  }
}

bool LineServer::wait_for_lines(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds{30}, [&] { return lines_.size() >= count; });
}

std::vector<std::string> LineServer::lines() const {
  const std::lock_guard lock(mutex_);
  return lines_;
}

}  // namespace naudit::tests
