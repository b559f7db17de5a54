// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/conf/auditd_conf.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace naudit::migrate {
AuditdConf::AuditdConf(std::string_view text, std::string name) : name_(std::move(name)) {
  for (int number = 1; !text.empty(); ++number) {
    const std::string_view whole = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(whole.size() + 1, text.size()));
    const std::string_view line = base::trimmed(whole);
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t equals = line.find('=');
    const std::string_view key = base::trimmed(line.substr(0, equals));
    if (equals == std::string_view::npos || key.empty()) {
      problems_.push_back({{name_, number, 1}, "expected 'keyword = value', not " + base::in_quotes(line)});
      continue;
    }
    settings_.push_back({base::lower(key), std::string(base::trimmed(line.substr(equals + 1))), number});
  }
}

const AuditdConf::Setting* AuditdConf::find(std::string_view key) const noexcept {
  const auto found =
      std::find_if(settings_.rbegin(), settings_.rend(), [key](const Setting& setting) { return setting.key == key; });
  return found == settings_.rend() ? nullptr : &*found;
}

std::string AuditdConf::word(std::string_view key, std::string_view otherwise) const {
  const Setting* setting = find(key);
  return base::lower(setting == nullptr ? otherwise : std::string_view(setting->value));
}

std::string AuditdConf::text(std::string_view key) const {
  const Setting* setting = find(key);
  return setting == nullptr ? std::string() : setting->value;
}

}  // namespace naudit::migrate
