// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/rule/rule.hpp"

#include <algorithm>
#include <bit>

#include "rules/rule/fields.hpp"
#include "tables/key_list.hpp"

namespace naudit::rules {
namespace {

constexpr std::uint32_t kLastWordBits = 0x0000FFFF;  // the rest of word 63 are AUDIT_CLASS_* bits

void append(std::string& out, std::uint32_t word) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>((word >> shift) & 0xFFU);
}

}  // namespace

SyscallMask SyscallMask::all() noexcept {
  SyscallMask mask;
  mask.words.fill(0xFFFFFFFF);
  return mask;
}

void SyscallMask::set(std::uint32_t number) noexcept {
  if (number < kBits) words[number / 32] |= 1U << (number % 32);
}

bool SyscallMask::test(std::uint32_t number) const noexcept {
  return number < kBits && (words[number / 32] >> (number % 32) & 1U) != 0;
}

bool SyscallMask::empty() const noexcept {
  return std::all_of(words.begin(), words.end(), [](std::uint32_t word) { return word == 0; });
}

bool SyscallMask::is_all() const noexcept {
  return std::all_of(words.begin(), words.end() - 1, [](std::uint32_t word) { return word == 0xFFFFFFFF; });
}

std::vector<std::uint32_t> SyscallMask::numbers() const {
  std::vector<std::uint32_t> found;
  for (std::uint32_t i = 0; i < kWords; ++i)
    for (std::uint32_t word = words[i]; word != 0; word &= word - 1)
      found.push_back(i * 32 + static_cast<std::uint32_t>(std::countr_zero(word)));
  return found;
}

SyscallMask& SyscallMask::operator|=(const SyscallMask& other) noexcept {
  for (std::size_t i = 0; i < kWords; ++i) words[i] |= other.words[i];
  return *this;
}

const Field* Rule::find(FieldId id) const noexcept {
  const auto found = std::find_if(fields.begin(), fields.end(), [id](const Field& field) { return field.id == id; });
  return found == fields.end() ? nullptr : &*found;
}

std::optional<std::uint32_t> Rule::arch() const noexcept {
  const Field* field = find(FieldId::kArch);
  if (field == nullptr || field->op != Operator::kEqual) return std::nullopt;
  return field->value;
}

static_assert(kKeySeparator == tables::kKeySeparator);

std::vector<std::string> Rule::keys() const {
  std::vector<std::string> keys;
  for (const Field& field : fields) {
    if (field.id != FieldId::kKey) continue;
    tables::for_each_key(field.text, [&](std::string_view key) { keys.emplace_back(key); });
  }
  return keys;
}

std::string identity(const Rule& rule) {
  std::string out;
  out.reserve((SyscallMask::kWords + 4) * 4 + rule.fields.size() * 24);
  append(out, static_cast<std::uint32_t>(rule.list));
  append(out, static_cast<std::uint32_t>(rule.action));
  for (std::size_t i = 0; i + 1 < SyscallMask::kWords; ++i) append(out, rule.syscalls.words[i]);
  append(out, rule.syscalls.words.back() & kLastWordBits);
  for (const Field& field : rule.fields) {
    append(out, static_cast<std::uint32_t>(field.id));
    append(out, static_cast<std::uint32_t>(field.op));
    append(out, has_text(field.id) ? static_cast<std::uint32_t>(field.text.size()) : field.value);
    out += field.text;
  }
  return out;
}

std::vector<Rule> older_forms(const WantedRule& wanted) {
  std::vector<Rule> forms;
  for (const SyscallMask& mask : wanted.older_masks) forms.emplace_back(wanted.rule).syscalls = mask;
  return forms;
}

}  // namespace naudit::rules
