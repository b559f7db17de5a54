// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// The small things that are done to words of a configuration or a message. All pure; any thread; letters are ASCII's.
namespace naudit::base {

// Without the blanks (C's isspace) around it.
std::string_view trimmed(std::string_view text) noexcept;
char lower(char letter) noexcept;
std::string lower(std::string_view text);
// Whether two words differ in the case of their letters at most.
bool same_word(std::string_view left, std::string_view right) noexcept;
// "1 rule", "3 rules": only for words that take an s.
std::string count_text(std::size_t count, std::string_view noun);

// The text in single quotes, fit for a message: cut after some 80 bytes, and written as append_shown() does.
std::string in_quotes(std::string_view text);

// How many single-letter edits (insert, delete, replace, swap of neighbours) lead from one word to the other, letter
// case aside.
std::size_t edit_distance(std::string_view left, std::string_view right);

// The text with U+FFFD for each byte that is not UTF-8: what messages and names need before they go into JSON.
std::string valid_utf8(std::string_view text);

}  // namespace naudit::base
