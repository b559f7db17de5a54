// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "interpret/record/decoded_event.hpp"

namespace naudit::interpret {

// The records of an event, sorted by what they are for, in one pass: what the normaliser looks at. Null: not there.
// Pointers into the DecodedEvent.
struct Scene {
  explicit Scene(const DecodedEvent& event) noexcept;

  const DecodedEvent& event;
  const DecodedRecord* call = nullptr;      // SYSCALL, or URINGOP
  const DecodedRecord* headline = nullptr;  // the first record that is not part of the call's own
  const DecodedRecord* path = nullptr;      // the first
  const DecodedRecord* sockaddr = nullptr;
  const DecodedRecord* process = nullptr;  // OBJ_PID, the first
  const DecodedRecord* execve = nullptr;
  const DecodedRecord* proctitle = nullptr;
  const DecodedRecord* module = nullptr;
  const DecodedRecord* socketcall = nullptr;
  const DecodedRecord* open_how = nullptr;
  const DecodedRecord* avc_path = nullptr;
  std::uint32_t processes = 0;
  bool is_uring = false;

  // a0 to a3 of the call.
  std::array<const Field*, 4> arguments{};
  [[nodiscard]] std::optional<std::uint64_t> argument(int index) const noexcept;

  // The record that says who: the call's, else the headline.
  [[nodiscard]] const DecodedRecord* main() const noexcept { return call != nullptr ? call : headline; }
};

}  // namespace naudit::interpret
