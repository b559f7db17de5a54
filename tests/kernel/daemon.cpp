// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/kernel/daemon.hpp"

#include <linux/audit.h>

#include <algorithm>

#include "tests/kernel/support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::test {
namespace {

using netlink::EventSocket;
using namespace std::chrono_literals;

EventSocket open_socket(EventSocket::Mode mode, std::size_t receive_buffer) {
  auto socket = EventSocket::open(mode, receive_buffer);
  REQUIRE(socket);
  return std::move(*socket);
}

}  // namespace

std::string stamp(std::string_view text) {
  return std::string(text.substr(0, text.find(')')));
}

void Daemon::Seen::add(const netlink::Record& record) {
  static const std::string uid = " uid=" + std::to_string(kTestUid) + " ";
  records.push_back({record.type, std::string(record.text)});
  if (record.type == AUDIT_SYSCALL && record.text.find(uid) != std::string_view::npos)
    begun.insert(stamp(record.text));
  else if (record.type == AUDIT_EOE)
    whole += begun.erase(stamp(record.text));
}

std::size_t Daemon::Seen::count(std::uint16_t type, std::string_view part) const {
  return static_cast<std::size_t>(std::count_if(records.begin(), records.end(), [&](const Item& record) {
    return record.type == type && record.text.find(part) != std::string::npos;
  }));
}

Daemon::Daemon(EventSocket::Mode mode, std::size_t receive_buffer, bool reading)
    : socket_(open_socket(mode, receive_buffer)),
      receiver_(socket_.fd(), socket_.senders(),
                {[this](std::span<const netlink::Record> records, netlink::Receiver::Clock::time_point) {
                   note([&] {
                     for (const netlink::Record& record : records) seen_.add(record);
                   });
                 },
                 [this](std::error_code error) { note([&] { seen_.answer = error; }); },
                 [this](pid_t pid) { note([&] { seen_.probes.push_back(pid); }); }, [](std::error_code) {}}),
      reading_(reading),
      thread_([this] { run(); }) {}

Daemon::~Daemon() {
  ended_ = true;
  wakeup_.wake();
  if (thread_.joinable()) thread_.join();
}

void Daemon::run() {
  while (!ended_) {
    if (!reading_) {
      wakeup_.sleep(1h);
    } else if (!receiver_.receive()) {
      const auto pause = receiver_.pause();
      wakeup_.sleep(pause > 0ns ? pause : 1h, pause > 0ns ? -1 : socket_.fd());
    }
  }
}

void Daemon::note(const std::function<void()>& change) {
  {
    const std::lock_guard lock(mutex_);
    change();
  }
  changed_.notify_all();
}

std::error_code Daemon::register_pid() {
  note([this] { seen_.answer.reset(); });
  if (const std::error_code error = socket_.request_registration()) return error;
  if (!wait_until([](const Seen& seen) { return seen.answer.has_value(); }))
    return std::make_error_code(std::errc::timed_out);
  const std::lock_guard lock(mutex_);
  return seen_.answer.value_or(std::make_error_code(std::errc::timed_out));
}

void Daemon::resume_reading() {
  reading_ = true;
  wakeup_.wake();
}

bool Daemon::wait_until(const std::function<bool(const Seen&)>& condition) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, 20s, [&] { return condition(seen_); });
}

bool Daemon::stop() {
  ended_ = true;
  wakeup_.wake();
  thread_.join();
  return receiver_.drain_rest(netlink::Receiver::Clock::now() + 10s);
}

}  // namespace naudit::test
