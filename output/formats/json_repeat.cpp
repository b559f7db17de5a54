// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/formats/json_repeat.hpp"

#include <cstring>

namespace naudit::output {
namespace {

constexpr std::chrono::seconds kLifetime{1};

bool is_same(std::string_view a, const char* b, std::size_t size) noexcept {
  return a.size() == size && std::memcmp(a.data(), b, size) == 0;
}

}  // namespace

bool JsonRepeat::is_usable(std::size_t fields, std::string_view names, Time now) const noexcept {
  return fields == entries_.size() && fields > 0 && now - made_ < kLifetime && now >= made_ && names == names_;
}

bool JsonRepeat::has_name(std::size_t index, const interpret::Field& field) const noexcept {
  const Entry& entry = entries_[index];
  return is_same(field.name, text_.data() + entry.name, entry.value - entry.name);
}

bool JsonRepeat::has_value(std::size_t index, const interpret::Field& field) const noexcept {
  const Entry& entry = entries_[index];
  return field.spelling == entry.spelling && is_same(field.value, text_.data() + entry.value, entry.end - entry.value);
}

std::string_view JsonRepeat::json(std::size_t first, std::size_t last) const noexcept {
  const std::size_t begin = first == 0 ? 0 : entries_[first - 1].json;
  return std::string_view(json_).substr(begin, entries_[last - 1].json - begin);
}

void JsonRepeat::begin(std::string_view names, Time now) {
  names_ = names;
  text_.clear();
  entries_.clear();
  made_ = now;
}

void JsonRepeat::add(const interpret::Field& field, bool is_first, bool lossless, std::size_t json_end) {
  Entry& entry = entries_.emplace_back();
  entry.name = static_cast<std::uint32_t>(text_.size());
  text_ += field.name;
  entry.value = static_cast<std::uint32_t>(text_.size());
  text_ += field.value;
  entry.end = static_cast<std::uint32_t>(text_.size());
  entry.json = static_cast<std::uint32_t>(json_end);
  entry.spelling = field.spelling;
  entry.is_first = is_first;
  entry.lossless = lossless;
}

}  // namespace naudit::output
