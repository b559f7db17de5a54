// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tables/arch.hpp"

namespace naudit::rules {

// What the author of a YAML rule most likely meant. Each gives a sentence's end that starts with "; ", or nothing.
// Pure.

std::string hint_word(std::string_view word, const std::vector<std::string_view>& known);
// The nearest name among those of the arches; or that several names want a list.
std::string hint_syscall(std::string_view name, const std::vector<tables::ArchWord>& arches);
std::string hint_uring_op(std::string_view name);

// read, write, execute, attributes.
std::optional<std::uint32_t> permission_by_word(std::string_view word) noexcept;
// What to write instead of "wa", "w", "attr" and the like.
std::string hint_permission(std::string_view word);

}  // namespace naudit::rules
