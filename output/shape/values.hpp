// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <boost/intrusive/slist.hpp>

#include "correlate/event.hpp"

namespace naudit::output::shape {

// States of values that events have, at most kMost at a time, each with the time at which it is looked at next. These
// times come in the order in which they were given, so that whose time has come is found without a search.
//
// A value longer than kMostBytes has no place: what is compared is kept whole, since an event made to look like
// another one by its beginning, or by a hash, would hide behind it. One thread. Allocates for a value that is new.
template <typename State>
class Values {
 public:
  static constexpr std::size_t kMost = 1024;
  static constexpr std::size_t kMostBytes = 2048;

  struct Value : boost::intrusive::slist_base_hook<> {
    State state = {};
    correlate::TimePoint due{};
    const std::string* name = nullptr;
  };

  Values() = default;
  Values(const Values&) = delete;
  Values& operator=(const Values&) = delete;

  // Null if it is not there.
  [[nodiscard]] Value* find(std::string_view name) {
    const auto found = values_.find(name);
    return found == values_.end() ? nullptr : &found->second;
  }
  // One that is not there; null if it has no place. `due`: not before that of any other.
  Value* add(std::string_view name, correlate::TimePoint due) {
    if (name.size() > kMostBytes || values_.size() >= kMost) return nullptr;
    const auto added = values_.try_emplace(std::string(name)).first;
    Value& value = added->second;
    value.name = &added->first;
    value.due = due;
    queue_.push_back(value);
    return &value;
  }

  // That whose time comes first; null if there is none.
  [[nodiscard]] Value* first() noexcept { return queue_.empty() ? nullptr : &queue_.front(); }
  // It is looked at again at `due`, which is not before the time of any other.
  void put_off_first(correlate::TimePoint due) noexcept {
    Value& value = queue_.front();
    queue_.pop_front();
    value.due = due;
    queue_.push_back(value);
  }
  void remove_first() {
    const Value& value = queue_.front();
    queue_.pop_front();
    values_.erase(values_.find(*value.name));
  }
  template <typename Visit>
  void each(Visit visit) {
    for (Value& value : queue_) visit(value);
  }
  [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };

  std::unordered_map<std::string, Value, Hash, std::equal_to<>> values_;
  boost::intrusive::slist<Value, boost::intrusive::cache_last<true>, boost::intrusive::constant_time_size<false>>
      queue_;  // the oldest time first
};

}  // namespace naudit::output::shape
