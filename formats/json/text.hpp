// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace naudit::formats {

// JSON text that grows at its end, for the encoders' hot path: the caller reserves once for a record and then appends
// without a check for each byte. (RapidJSON's Writer checks its stack and its stream for each character and takes no
// prepared keys: the ratio in docs/performance.md is why this one exists. Everything that reads JSON, or writes it off
// the hot path, uses RapidJSON.)
//
// Members are written with a comma behind each; close() takes the last one back. Owner: one encoder; not thread-safe.
class JsonText {
 public:
  JsonText() { grow(std::size_t{16} * 1024); }

  void clear() noexcept { size_ = 0; }
  [[nodiscard]] std::string_view view() const noexcept { return {buffer_.get(), size_}; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  // Room for this many more bytes; must precede what is appended. A string of n bytes takes at most 6 n + 3.
  void reserve(std::size_t more) {
    if (capacity_ - size_ < more) grow(size_ + more);
  }

  void put(char c) noexcept { buffer_[size_++] = c; }
  void put(std::string_view text) noexcept {
    copy(buffer_.get() + size_, text.data(), text.size());
    size_ += text.size();
  }
  void number(std::uint64_t value) noexcept;
  // "text", with JSON's escapes. Bytes that are not UTF-8 become U+10FE00 + byte (docs/event-format.md); so do the
  // bytes of those characters themselves, which makes it reversible. Invisible characters (base/utf8.hpp) are escaped,
  // so that a line can be looked at on a terminal: the value stays the same.
  void string(std::string_view text) noexcept;
  // The same for text that needs no escapes for sure.
  void clean_string(std::string_view text) noexcept {
    put('"');
    put(text);
    put('"');
  }
  // "name": — a key that may need escapes.
  void key(std::string_view name) noexcept {
    string(name);
    put(':');
  }
  // Takes back what was written since view() had this size.
  void cut(std::size_t size) noexcept { size_ = size; }
  // Takes the last byte back.
  void unput() noexcept { --size_; }
  // Ends an object or array whose members were each followed by a comma.
  void close(char bracket) noexcept {
    if (size_ > 0 && buffer_[size_ - 1] == ',') --size_;
    put(bracket);
    put(',');
  }

 private:
  // Most pieces are shorter than a call of memcpy is worth: two loads that may overlap do for them.
  static void copy(char* to, const char* from, std::size_t size) noexcept {
    if (size > 16) {
      std::memcpy(to, from, size);
    } else if (size >= 8) {
      copy_ends<std::uint64_t>(to, from, size);
    } else if (size >= 4) {
      copy_ends<std::uint32_t>(to, from, size);
    } else if (size > 0) {
      to[0] = from[0];
      to[size / 2] = from[size / 2];
      to[size - 1] = from[size - 1];
    }
  }
  template <typename Word>
  static void copy_ends(char* to, const char* from, std::size_t size) noexcept {
    Word first;
    Word last;
    std::memcpy(&first, from, sizeof first);
    std::memcpy(&last, from + size - sizeof last, sizeof last);
    std::memcpy(to, &first, sizeof first);
    std::memcpy(to + size - sizeof last, &last, sizeof last);
  }
  void grow(std::size_t least);
  void escape(std::string_view text) noexcept;
  void escape_unit(std::uint32_t unit) noexcept;
  void escape_character(char32_t character) noexcept;
  static std::size_t plain_words(const char* at, std::size_t left) noexcept;

  std::unique_ptr<char[]> buffer_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

// True if text holds only printable ASCII that JSON takes as it is. Eight bytes at a time.
bool is_plain_json(std::string_view text) noexcept;

// True if text holds a byte that the kernel does not put between quotes, so that it writes hexadecimal digits
// (kernel/audit.c, audit_string_contains_control). Eight bytes at a time.
bool needs_hex(std::string_view text) noexcept;

}  // namespace naudit::formats
