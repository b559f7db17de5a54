// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "config/kinds.hpp"
#include "formats/format.hpp"

namespace naudit::formats {

// Every format, in the order in which documents name them.
std::span<const Format> all_formats() noexcept;
// Null if there is no such format.
const Format* find_format(std::string_view name) noexcept;
// False, too, if there is no such format.
bool is_binary_format(std::string_view name) noexcept;
// Null if there is no such format.
std::unique_ptr<Encoder> make_encoder(std::string_view format, EncoderContext& context,
                                      const EncoderOptions& options = {});
// "json", "raw", …: for the configuration's check and its messages.
const std::vector<std::string_view>& format_names();
// Those that can be read as lines, for people's streams.
const std::vector<std::string_view>& text_format_names();
// The formats as the configuration sees them.
std::vector<config::FormatKind> format_kinds();

}  // namespace naudit::formats
