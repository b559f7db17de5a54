// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace naudit::output::shape {

// What is wrong with an expression, and from which byte of it on.
struct Mistake {
  std::size_t at = 0;
  std::string message;  // with what to do about it
};

enum class TokenKind : std::uint8_t {
  kWord,    // a name, a number, a word of the language
  kText,    // in quotes, without them
  kSymbol,  // == != < <= > >= ( ) ,
  kEnd,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string_view text;
  std::size_t at = 0;  // where it begins, its quote included

  [[nodiscard]] bool is(TokenKind wanted, std::string_view spelled) const noexcept {
    return kind == wanted && text == spelled;
  }
};

// The token that begins at or behind `at` in `source`, which becomes where it ends. A text goes from a quote, either
// kind, to the next of that kind; nothing in it is escaped. Pure.
tl::expected<Token, Mistake> next_token(std::string_view source, std::size_t& at);

}  // namespace naudit::output::shape
