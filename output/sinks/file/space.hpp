// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>

#include "output/sinks/file/options.hpp"

namespace naudit::output {

// Of a file system: what others than root may still write, and what there is; bytes.
struct Space {
  std::uint64_t free = 0;
  std::uint64_t total = 0;
};

// How many bytes are to stay free. Pure.
std::uint64_t bytes_of(const KeepFree& keep_free, const Space& space) noexcept;
// "3MiB of 60MiB are free, and keep_free is 5%"
std::string low_text(const KeepFree& keep_free, const Space& space);

// Whether there is too little space: from less than `keep_free` on, until there is a twentieth more than that, so that
// it does not come and go with each file. Pure. One thread.
class SpaceWatch {
 public:
  explicit SpaceWatch(KeepFree keep_free) : keep_free_(keep_free) {}

  [[nodiscard]] bool is_on() const noexcept { return keep_free_.bytes > 0 || keep_free_.percent > 0; }
  [[nodiscard]] bool is_low() const noexcept { return is_low_; }
  // Returns how many bytes have to come free until it is no longer too little; 0: it is not.
  std::uint64_t look(const Space& space) noexcept;

 private:
  const KeepFree keep_free_;
  bool is_low_ = false;
};

}  // namespace naudit::output
