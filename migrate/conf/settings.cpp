// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/conf/settings.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace naudit::migrate {
namespace {

bool is_below(std::string_view key, std::string_view above) {
  return key.size() > above.size() && key.starts_with(above) && (key[above.size()] == '.' || key[above.size()] == '[');
}

}  // namespace

const std::string& Settings::Setting::first() const {
  static const std::string kNone;
  return values.empty() ? kNone : values.front();
}

std::string Settings::Setting::said() const {
  constexpr std::size_t kMost = 60;
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : ", ") + value;
  text = text.substr(0, text.find('\n'));
  if (text.size() > kMost) text = text.substr(0, kMost) + "…";
  return base::valid_utf8(text.empty() ? key : key + " = " + text);
}

void Settings::sort() {
  std::ranges::stable_sort(all_, [](const Setting& left, const Setting& right) {
    return std::pair(left.place.line, left.place.column) < std::pair(right.place.line, right.place.column);
  });
}

const Settings::Setting* Settings::take(std::string_view key) {
  Setting* found = nullptr;
  for (Setting& setting : all_) {
    if (setting.key != key) continue;
    setting.taken = true;
    found = &setting;
  }
  return found;
}

std::string Settings::text(std::string_view key, std::string_view otherwise) {
  const Setting* const found = take(key);
  return found == nullptr || found->values.empty() ? std::string(otherwise) : found->values.front();
}

bool Settings::is_on(std::string_view key, bool otherwise) {
  const std::string word = base::lower(text(key, otherwise ? "true" : "false"));
  return word == "true" || word == "yes" || word == "on";
}

std::vector<std::string> Settings::list(std::string_view key) {
  const Setting* const found = take(key);
  return found == nullptr ? std::vector<std::string>() : found->values;
}

std::vector<const Settings::Setting*> Settings::below(std::string_view key) {
  std::vector<const Setting*> found;
  for (Setting& setting : all_) {
    if (!is_below(setting.key, key)) continue;
    setting.taken = true;
    found.push_back(&setting);
  }
  return found;
}

std::vector<std::string> Settings::items(std::string_view key) const {
  std::vector<std::string> found;
  for (const Setting& setting : all_) {
    if (!is_below(setting.key, key) || setting.key[key.size()] != '[') continue;
    std::string item = setting.key.substr(0, setting.key.find(']', key.size()) + 1);
    if (std::ranges::find(found, item) == found.end()) found.push_back(std::move(item));
  }
  return found;
}

std::vector<const Settings::Setting*> Settings::rest() const {
  std::vector<const Setting*> found;
  for (const Setting& setting : all_)
    if (!setting.taken) found.push_back(&setting);
  return found;
}

}  // namespace naudit::migrate
