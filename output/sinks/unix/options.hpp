// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/kinds.hpp"

namespace naudit::output {

enum class UnixSocket : std::uint8_t { kStream, kSeqpacket };
enum class WithoutReader : std::uint8_t { kKeep, kDrop };

// What a sink of `type: unix` may choose.
struct UnixOptions {
  std::string path;
  UnixSocket socket = UnixSocket::kStream;
  mode_t mode = 0600;
  std::string group;  // empty: nauditd's own
  std::uint32_t readers = 16;
  std::uint64_t reader_buffer = 4 * config::kMiB;
  WithoutReader without_reader = WithoutReader::kKeep;
  friend bool operator==(const UnixOptions&, const UnixOptions&) = default;
};

config::OptionTable unix_options();
std::vector<std::string> unix_warnings(const config::Sink& sink, bool look_at_disk);

// The group of the options; -1: none is asked for. Throws base::Error: there is no such group. Asks the machine's users
// and groups, so it may wait.
gid_t unix_group(const config::Sink& sink);

}  // namespace naudit::output
