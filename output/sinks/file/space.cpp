// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/file/space.hpp"

#include "base/units.hpp"

namespace naudit::output {
namespace {

// To the next MiB, so that people can read it.
std::string about(std::uint64_t bytes) {
  return bytes < config::kMiB ? base::size_text(bytes) : base::size_text(bytes - bytes % config::kMiB);
}

}  // namespace

std::uint64_t bytes_of(const KeepFree& keep_free, const Space& space) noexcept {
  if (keep_free.percent == 0) return keep_free.bytes;
  return space.total / 100 * keep_free.percent;
}

std::string low_text(const KeepFree& keep_free, const Space& space) {
  return about(space.free) + " of " + about(space.total) + " are free, and keep_free is " + text_of(keep_free);
}

std::uint64_t SpaceWatch::look(const Space& space) noexcept {
  const std::uint64_t wanted = bytes_of(keep_free_, space);
  const std::uint64_t enough = is_low_ ? wanted + wanted / 20 : wanted;
  is_low_ = space.free < enough;
  return is_low_ ? wanted + wanted / 20 - space.free : 0;
}

}  // namespace naudit::output
