// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/kernel/wire.hpp"

#include <linux/audit.h>

#include <algorithm>
#include <cstring>

#include "rules/rule/fields.hpp"

namespace naudit::rules {
namespace {

constexpr std::size_t kHeader = sizeof(audit_rule_data);
static_assert(kHeader == 1040);
static_assert(AUDIT_MAX_FIELDS == kMaxFields && AUDIT_BITMASK_SIZE == SyscallMask::kWords);

}  // namespace

std::vector<std::byte> encode(const Rule& rule) {
  audit_rule_data data{};
  data.flags = static_cast<std::uint32_t>(rule.list) | (rule.prepend ? AUDIT_FILTER_PREPEND : 0U);
  data.action = static_cast<std::uint32_t>(rule.action);
  data.field_count = static_cast<std::uint32_t>(std::min(rule.fields.size(), kMaxFields));
  std::copy(rule.syscalls.words.begin(), rule.syscalls.words.end(), data.mask);
  std::string strings;
  for (std::size_t i = 0; i < data.field_count; ++i) {
    const Field& field = rule.fields[i];
    data.fields[i] = static_cast<std::uint32_t>(field.id);
    data.fieldflags[i] = static_cast<std::uint32_t>(field.op);
    data.values[i] = has_text(field.id) ? static_cast<std::uint32_t>(field.text.size()) : field.value;
    if (has_text(field.id)) strings += field.text;
  }
  data.buflen = static_cast<std::uint32_t>(strings.size());

  std::vector<std::byte> bytes((kHeader + strings.size() + 3) / 4 * 4);
  std::memcpy(bytes.data(), &data, kHeader);
  std::memcpy(bytes.data() + kHeader, strings.data(), strings.size());
  return bytes;
}

tl::expected<Rule, std::string> decode(std::span<const std::byte> bytes) {
  if (bytes.size() < kHeader) {
    return tl::unexpected("a rule of " + std::to_string(bytes.size()) + " bytes; the least is " +
                          std::to_string(kHeader));
  }
  audit_rule_data data{};
  std::memcpy(&data, bytes.data(), kHeader);
  if (data.field_count > kMaxFields) {
    return tl::unexpected("a rule of " + std::to_string(data.field_count) + " fields; the most is " +
                          std::to_string(kMaxFields));
  }
  std::span<const std::byte> strings = bytes.subspan(kHeader);
  if (data.buflen > strings.size()) {
    return tl::unexpected("a rule that claims " + std::to_string(data.buflen) + " bytes of strings and has " +
                          std::to_string(strings.size()));
  }
  strings = strings.first(data.buflen);

  Rule rule;
  rule.list = static_cast<List>(data.flags & ~static_cast<std::uint32_t>(AUDIT_FILTER_PREPEND));
  rule.prepend = (data.flags & AUDIT_FILTER_PREPEND) != 0;
  rule.action = static_cast<Action>(data.action);
  std::copy(std::begin(data.mask), std::end(data.mask), rule.syscalls.words.begin());
  rule.fields.reserve(data.field_count);
  for (std::size_t i = 0; i < data.field_count; ++i) {
    Field field;
    field.id = static_cast<FieldId>(data.fields[i]);
    field.op = static_cast<Operator>(data.fieldflags[i]);
    if (has_text(field.id)) {
      const std::size_t length = data.values[i];
      if (length > strings.size()) {
        return tl::unexpected("the string of field " + std::to_string(i) + " has " + std::to_string(length) +
                              " bytes; only " + std::to_string(strings.size()) + " are left");
      }
      field.text.assign(reinterpret_cast<const char*>(strings.data()), length);
      strings = strings.subspan(length);
    } else {
      field.value = data.values[i];
    }
    rule.fields.push_back(std::move(field));
  }
  return rule;
}

}  // namespace naudit::rules
