// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "interpret/names/names.hpp"

namespace naudit::ctl {

// This machine's names of users and groups for all encoding threads, each asked for once, so that they all say the same
// from the first event to the last; that an id has no name is kept as well.
//
// Owner: Conversion. Any thread: the resolvers of the encoding threads call it.
class LocalNames {
 public:
  explicit LocalNames(interpret::Resolver::Lookup lookup = interpret::system_name) : lookup_(std::move(lookup)) {}

  std::optional<std::string> find(interpret::NameId id);

 private:
  interpret::Resolver::Lookup lookup_;
  std::mutex mutex_;
  std::unordered_map<std::uint64_t, std::optional<std::string>> known_;
};

}  // namespace naudit::ctl
