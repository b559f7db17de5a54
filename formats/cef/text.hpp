// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace naudit::formats {

// Texts of records inside a line of CEF or LEEF: always valid UTF-8 on one line, whatever they hold.
//
// A byte that is not UTF-8, and each byte of a control character or of a line separator, becomes U+10FE00 plus the
// byte, as in our JSON (docs/event-format.md); so do the bytes of those characters themselves, which makes it
// reversible. All pure; time linear in the text.

inline constexpr std::size_t kNoLimit = ~std::size_t{0};

// A field of the header: `\` and `|` have a backslash before them.
void append_cef_header(std::string_view text, std::string& out);

// A value of the extension: `\` and `=` have a backslash before them, line feed and carriage return are \n and \r. A
// blank or tab at either end, which readers take away, is written as such a byte. At most `limit` bytes, as the reader
// has them after he has undone the backslashes, are written, by whole characters; true if that cut it.
bool append_cef_value(std::string_view text, std::size_t limit, std::string& out);

// Words and their values inside one value: "pid\=7 name\=a". In `value` blanks and tabs are written as bytes, because
// the next one ends it; the last one (append_last) needs that at its ends only.
class CefPairs {
 public:
  CefPairs(std::size_t limit, std::string& out) : out_(out), left_(limit) {}
  void append(std::string_view word, std::string_view value) { add(word, value, false); }
  void append_last(std::string_view word, std::string_view value) { add(word, value, true); }
  [[nodiscard]] bool is_empty() const noexcept { return is_empty_; }
  [[nodiscard]] bool is_cut() const noexcept { return is_cut_; }

 private:
  void add(std::string_view word, std::string_view value, bool is_last);

  std::string& out_;
  std::size_t left_;
  bool is_empty_ = true, is_cut_ = false;
};

// A field or value of LEEF, which has no escapes: `delimiter` and line breaks become blanks.
void append_leef_text(std::string_view text, char delimiter, std::string& out);

}  // namespace naudit::formats
