// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/shape/tokens.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace naudit::output::shape {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kEndsWord = " \t\r\n=!<>(),\"'&|";
constexpr std::string_view kSymbols[] = {"==", "!=", "<=", ">=", "<", ">", "(", ")", ","};

// What other languages have.
struct Foreign {
  std::string_view spelled, ours;
};
constexpr Foreign kForeign[] = {{"&&", "and"}, {"||", "or"}, {"=~", "matches"}, {"=", "=="},
                                {"!", "not"},  {"&", "and"}, {"|", "or"}};

}  // namespace

tl::expected<Token, Mistake> next_token(std::string_view source, std::size_t& at) {
  at = std::min(source.find_first_not_of(kBlanks, at), source.size());
  const std::string_view rest = source.substr(at);
  const std::size_t begin = at;
  if (rest.empty()) return Token{.kind = TokenKind::kEnd, .text = {}, .at = begin};
  if (rest[0] == '"' || rest[0] == '\'') {
    const std::size_t end = rest.find(rest[0], 1);
    if (end == std::string_view::npos)
      return tl::make_unexpected(Mistake{begin, std::string("the quote ") + rest[0] + " that opens here has no end"});
    at += end + 1;
    return Token{.kind = TokenKind::kText, .text = rest.substr(1, end - 1), .at = begin};
  }
  for (const std::string_view symbol : kSymbols) {
    if (!rest.starts_with(symbol)) continue;
    at += symbol.size();
    return Token{.kind = TokenKind::kSymbol, .text = symbol, .at = begin};
  }
  for (const Foreign& foreign : kForeign)
    if (rest.starts_with(foreign.spelled))
      return tl::make_unexpected(Mistake{
          begin, "there is no " + base::in_quotes(foreign.spelled) + " here; write " + base::in_quotes(foreign.ours)});
  const std::string_view word = rest.substr(0, rest.find_first_of(kEndsWord));
  at += word.size();
  return Token{.kind = TokenKind::kWord, .text = word, .at = begin};
}

}  // namespace naudit::output::shape
