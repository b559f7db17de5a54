// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace naudit::stored {

// One compressed stream being undone: gzip, zstd, xz or bzip2, several members behind each other included. No I/O.
// Owner: InputFile. Not thread-safe.
class Decompressor {
 public:
  enum class Failure : std::uint8_t {
    kNone,
    kDamaged,
    kMemory,  // more than 128 MiB, or than there is
  };
  struct Step {
    std::size_t taken = 0;  // of the input
    std::size_t given = 0;  // to the output
    Failure failure = Failure::kNone;
  };

  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;
  virtual ~Decompressor() = default;

  // Goes on until the input or the room is used up. What was given counts also when there is a failure.
  Step run(std::string_view input, std::span<char> room);
  // False while a member is open: an input that ends now was cut.
  [[nodiscard]] bool may_end() const noexcept { return !is_open_; }

 protected:
  // What one call of a library did.
  struct Advance {
    Step step;
    bool is_end = false;  // of a member
  };

  // `skips_padding`: NULs behind the last member are nothing, as its own program takes them.
  explicit Decompressor(bool skips_padding) : skips_padding_(skips_padding) {}

 private:
  // Takes, gives, or both; neither if there is too little input for that.
  virtual Advance advance(std::string_view input, std::span<char> room) = 0;
  // Another member follows.
  virtual void reopen() = 0;

  const bool skips_padding_;
  bool is_open_ = true;
};

// How many first bytes tell.
inline constexpr std::size_t kMagicSize = 6;

// By the first bytes, never by the name: null if they are not those of a compressed file.
std::unique_ptr<Decompressor> make_decompressor(std::string_view first_bytes);

}  // namespace naudit::stored
