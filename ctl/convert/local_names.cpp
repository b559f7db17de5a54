// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/convert/local_names.hpp"

namespace naudit::ctl {
namespace {

constexpr std::size_t kMost = std::size_t{1} << 17U;  // 8 MiB of them

}  // namespace

std::optional<std::string> LocalNames::find(interpret::NameId id) {
  const std::uint64_t key = std::uint64_t{static_cast<std::uint8_t>(id.kind)} << 32U | id.number;
  const std::lock_guard lock(mutex_);
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  if (known_.size() >= kMost) known_.clear();
  return known_.emplace(key, lookup_(id)).first->second;
}

}  // namespace naudit::ctl
