// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "output/sinks/file/options.hpp"

namespace naudit::output {

// What came out of a file: for telling whether two are the same.
struct Digest {
  std::uint64_t size = 0;
  std::uint32_t crc = 0;

  void add(std::string_view bytes) noexcept;
  friend bool operator==(const Digest&, const Digest&) = default;
};

// Compresses one file as gzip or zstd do. No I/O. One thread.
class Packer {
 public:
  // Takes what comes out; false: it cannot, and packing ends.
  using Out = std::function<bool(std::string_view)>;

  virtual ~Packer() = default;
  // The next bytes; `is_end`: the last ones. False if `out` or the library has refused.
  virtual bool pack(std::string_view bytes, bool is_end, const Out& out) = 0;

  static std::unique_ptr<Packer> make(Packing packing);
};

// Undoes that. One thread.
class Unpacker {
 public:
  virtual ~Unpacker() = default;
  // False: damaged, or there is not enough memory. What is undone is added to the digest.
  virtual bool unpack(std::string_view bytes, Digest& digest) = 0;
  // All of it has come.
  [[nodiscard]] virtual bool is_whole() const noexcept = 0;

  static std::unique_ptr<Unpacker> make(Packing packing);
};

}  // namespace naudit::output
