// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "output/sinks/http/options.hpp"

namespace naudit::output {

// Makes the body of a request smaller, at the fastest level: it runs on the loop of all network sinks. The same bytes
// give the same bytes. Owner: one sink; one thread. Throws std::bad_alloc only.
class Compressor {
 public:
  explicit Compressor(HttpCompression kind);
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;
  ~Compressor();

  // HTTP's Content-Encoding (RFC 9110, section 8.4.1; RFC 8878); empty: as it is.
  [[nodiscard]] std::string_view encoding() const noexcept;
  [[nodiscard]] std::string compress(std::string text);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace naudit::output
