// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace naudit::daemon {

// An answer that is waited for, but not for ever. `then` is called once: with the value that the returned function is
// given, or with nothing when `patience` has passed first; a value that comes later is dropped. All of it on the loop's
// thread.
template <typename Value, typename Then>
std::function<void(Value)> within(boost::asio::io_context& loop, std::chrono::milliseconds patience, Then then) {
  struct Wait {
    Wait(boost::asio::io_context& owner, Then called) : timer(owner), then(std::move(called)) {}
    void end(std::optional<Value> value) {
      if (!std::exchange(has_ended, true)) then(std::move(value));
    }
    boost::asio::steady_timer timer;
    Then then;
    bool has_ended = false;
  };
  const auto wait = std::make_shared<Wait>(loop, std::move(then));
  wait->timer.expires_after(patience);
  wait->timer.async_wait([wait](const boost::system::error_code& error) {
    if (!error) wait->end(std::nullopt);
  });
  return [wait](Value value) {
    wait->timer.cancel();
    wait->end(std::move(value));
  };
}

}  // namespace naudit::daemon
