// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/style.hpp"
#include "rules/advice/lint.hpp"

namespace naudit::rules {

using ReportLayout = base::Layout;

// Errors, notes and advice for a person: an error or a note as "place: error: message", of advice the place, what is
// wrong, the way out and the other places each on lines of their own. What cannot be seen is escaped (base/utf8.hpp).
// Pure.
std::string errors_text(std::span<const base::Problem> errors, const ReportLayout& layout);
std::string notes_text(std::span<const base::Problem> notes, const ReportLayout& layout);
std::string advice_text(std::span<const Advice> advice, const ReportLayout& layout);

// The text broken at blanks, the lines behind the first with so many blanks in front; `at` is the column in which the
// first one begins. A word that is longer than the width stays whole. Columns are counted as UTF-8 characters. Pure.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width, std::size_t at);

}  // namespace naudit::rules
