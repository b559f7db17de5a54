// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/collector/identity.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace naudit::daemon {
namespace {

constexpr std::size_t kLongestName = 255;

bool same(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return base::lower(x) == base::lower(y); });
}

std::string_view first_part(std::string_view name) {
  return name.substr(0, name.find('.'));
}

// As a node in nauditd.yaml: it goes into records, between blanks.
bool is_node(std::string_view name) {
  return name.size() <= kLongestName &&
         std::ranges::all_of(name, [](char c) { return c > ' ' && c < '\x7f' && c != '"' && c != '\''; });
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::any_of(names, [name](const std::string& one) { return same(one, name); });
}

}  // namespace

Identity::Identity(std::string address, std::vector<std::string> certificate, const config::Source& source,
                   const std::vector<std::string>& own)
    : address_(std::move(address)), names_(std::move(certificate)), own_(own) {
  text_ = names_.empty() ? address_ : names_.front() + " (" + address_ + ")";
  is_relay_ = is_allowed(names_, source.relays);
  std::erase_if(names_, [](const std::string& name) { return !is_node(name); });
}

std::optional<std::string_view> Identity::node(std::string_view node) const {
  const auto unless_ours = [this](std::string_view name) -> std::optional<std::string_view> {
    if (contains(own_, name)) return std::nullopt;
    return name;
  };
  if (node.empty()) return unless_ours(names_.empty() ? std::string_view(address_) : names_.front());
  for (const std::string& name : names_)
    if (same(name, node) || same(first_part(name), node)) return unless_ours(name);
  const bool is_bound = !names_.empty() && !is_relay_;
  if (is_bound || !is_node(node)) return std::nullopt;
  return unless_ours(node);
}

bool is_allowed(const std::vector<std::string>& certificate, const std::vector<std::string>& allowed) {
  return std::ranges::any_of(certificate, [&allowed](const std::string& name) {
    return std::ranges::any_of(allowed, [&name](std::string_view one) {
      if (!one.starts_with("*.")) return same(one, name);
      one.remove_prefix(1);
      return name.size() > one.size() && same(std::string_view(name).substr(name.size() - one.size()), one);
    });
  });
}

}  // namespace naudit::daemon
