// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <utility>

namespace naudit::base {

// A file descriptor that is closed with its owner, on every way out. Movable; holds -1 for none, as what open() and its
// like give when they fail. What close() says is not heard: who writes and has to know calls close(release()) itself.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) reset(other.release());
    return *this;
  }
  ~Descriptor() { reset(); }

  [[nodiscard]] int get() const noexcept { return number_; }
  explicit operator bool() const noexcept { return number_ >= 0; }
  // From now on somebody else closes it.
  [[nodiscard]] int release() noexcept { return std::exchange(number_, -1); }
  // errno stays as it was, so that an error can be told after it.
  void reset(int number = -1) noexcept;

 private:
  int number_ = -1;
};

}  // namespace naudit::base
