// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace naudit::output {

// Events that had to go for one cause: how many, and the range of their ids.
struct Loss {
  std::string cause;
  std::uint64_t events = 0;
  std::string first_id, last_id;
  friend bool operator==(const Loss&, const Loss&) = default;
};

// Losses, added up by cause, in the order in which the causes came. The number of causes is bounded: what comes later
// goes under one of its own. Pure; one thread.
class Losses {
 public:
  static constexpr std::size_t kMostCauses = 8;
  static constexpr std::string_view kOthers = "other causes";

  // Events that are later than those that are here.
  void add(std::string_view cause, std::uint64_t events, std::string_view first_id, std::string_view last_id) {
    if (events == 0) return;
    Loss& loss = of(cause);
    if (loss.events == 0) loss.first_id = first_id;
    loss.events += events;
    loss.last_id = last_id;
  }
  void add(const Losses& later) {
    for (const Loss& loss : later.list_) add(loss.cause, loss.events, loss.first_id, loss.last_id);
  }
  // Events that are earlier.
  void add_earlier(const Losses& earlier) {
    Losses all = earlier;
    all.add(*this);
    list_.swap(all.list_);
  }

  [[nodiscard]] bool empty() const noexcept { return list_.empty(); }
  [[nodiscard]] std::uint64_t events() const noexcept {
    std::uint64_t sum = 0;
    for (const Loss& loss : list_) sum += loss.events;
    return sum;
  }
  [[nodiscard]] const std::vector<Loss>& list() const noexcept { return list_; }
  // The one that came first; there must be one.
  Loss pop_front() {
    Loss first = std::move(list_.front());
    list_.erase(list_.begin());
    return first;
  }
  void clear() noexcept { list_.clear(); }
  friend bool operator==(const Losses&, const Losses&) = default;

 private:
  Loss& of(std::string_view cause) {
    const auto known = [this](std::string_view name) { return std::ranges::find(list_, name, &Loss::cause); };
    auto loss = known(cause);
    if (loss == list_.end() && list_.size() + 1 >= kMostCauses) loss = known(cause = kOthers);
    if (loss != list_.end()) return *loss;
    list_.push_back({.cause = std::string(cause), .events = 0, .first_id = {}, .last_id = {}});
    return list_.back();
  }

  std::vector<Loss> list_;
};

}  // namespace naudit::output
