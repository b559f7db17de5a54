// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/support/relp_server.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace naudit::tests {

RelpServer::RelpServer(Options options)
    : options_(std::move(options)),
      server_(options_.tls, 0, [this](LoopbackServer::Stream& stream) { serve(stream); }) {}

RelpServer::~RelpServer() {
  server_.stop();
}

// Nothing: the connection has ended, or without `wait` there is no whole frame.
std::optional<RelpServer::Frame> RelpServer::read_frame(LoopbackServer::Stream& stream, std::string& input, bool wait) {
  for (;;) {
    const std::size_t first = input.find(' '), second = input.find(' ', first + 1);
    const std::size_t end = input.find_first_of(" \n", second + 1);
    if (first != std::string::npos && second != std::string::npos && end != std::string::npos) {
      Frame frame{std::stoul(input.substr(0, first)), input.substr(first + 1, second - first - 1), {}};
      const std::size_t length = std::stoul(input.substr(second + 1, end - second - 1));
      const std::size_t begin = length == 0 ? end : end + 1;
      if (length > 0 && input[end] != ' ') throw std::runtime_error("no blank before the data");
      if (input.size() > begin + length) {
        if (input[begin + length] != '\n') throw std::runtime_error("no newline behind the data");
        frame.data = input.substr(begin, length);
        input.erase(0, begin + length + 1);
        return frame;
      }
    }
    if (!wait) return std::nullopt;
    std::array<char, 65536> buffer{};
    const std::size_t size = stream.read(buffer.data(), buffer.size());
    if (size == 0) return std::nullopt;
    input.append(buffer.data(), size);
  }
}

void RelpServer::serve(LoopbackServer::Stream& stream) {
  const auto answer = [&](unsigned long number, const std::string& text) {
    stream.write(std::to_string(number) + " rsp " + std::to_string(text.size()) + ' ' + text + '\n');
  };
  bool is_first = false;
  {
    const std::lock_guard lock(mutex_);
    is_first = connections_++ == 0;
  }
  try {
    std::string input;
    const auto open = read_frame(stream, input, true);
    if (!open) return;
    if (open->number != 1 || open->command != "open" || !open->data.starts_with("relp_version=0\nrelp_software=") ||
        !open->data.ends_with("\ncommands=syslog"))
      throw std::runtime_error("open is none: " + open->data);
    if (options_.silent) {
      while (read_frame(stream, input, true)) continue;
      return;
    }
    answer(1, options_.open_answer);
    unsigned long last = 1;
    std::size_t answered = 0;
    std::vector<unsigned long> waiting;
    while (const auto frame = read_frame(stream, input, true)) {
      if (frame->number != ++last) throw std::runtime_error("a number is not the next one");
      if (frame->command == "close") {
        stream.write(std::to_string(frame->number) + " rsp 0\n0 serverclose 0\n");
        return;
      }
      if (frame->command != "syslog") throw std::runtime_error("an unknown command: " + frame->command);
      waiting.push_back(frame->number);
      {
        const std::lock_guard lock(mutex_);
        messages_.push_back(frame->data);
        most_waiting_ = std::max(most_waiting_, waiting.size());
        changed_.notify_all();
      }
      if (waiting.size() < options_.answers_from) continue;
      for (const unsigned long number : waiting) {
        if (is_first && options_.breaks_after > 0 && answered == options_.breaks_after) return;
        answer(number, options_.answer);
        ++answered;
      }
      waiting.clear();
    }
  } catch (const std::exception& error) {
    const std::lock_guard lock(mutex_);
    wrong_ = error.what();
    changed_.notify_all();
  }
}

bool RelpServer::wait_for_messages(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds{30},
                           [&] { return messages_.size() >= count || !wrong_.empty(); });
}

std::vector<std::string> RelpServer::messages() const {
  const std::lock_guard lock(mutex_);
  return messages_;
}

std::string RelpServer::wrong() const {
  const std::lock_guard lock(mutex_);
  return wrong_;
}

std::size_t RelpServer::most_waiting() const {
  const std::lock_guard lock(mutex_);
  return most_waiting_;
}

}  // namespace naudit::tests
