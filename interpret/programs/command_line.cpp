// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/programs/command_line.hpp"

#include <algorithm>
#include <charconv>

#include "interpret/summary/paths.hpp"
#include "tables/record_types.hpp"

namespace naudit::interpret {
namespace {

constexpr std::string_view kMore = " …";

// "a12" and "a12[3]" are 12, anything else ("a12_len", "argc") none.
bool argument_number(std::string_view name, std::uint32_t& number) noexcept {
  if (name.size() < 2 || name[0] != 'a') return false;
  const char* const end = name.data() + name.size();
  const auto [at, error] = std::from_chars(name.data() + 1, end, number);
  return error == std::errc{} && (at == end || *at == '[');
}

bool is_cut(std::size_t begin, std::string& out) {
  if (out.size() - begin <= kLongestCommand) return false;
  std::size_t end = begin + kLongestCommand;
  // Not within a character.
  while (end > begin && (static_cast<unsigned char>(out[end]) & 0xC0U) == 0x80U) --end;
  out.resize(end);
  out += kMore;
  return true;
}

}  // namespace

bool append_command_line(const DecodedEvent& event, std::string& out) {
  const std::size_t begin = out.size();
  std::uint32_t argc = 0, next = 0;
  bool is_there = false;
  for (const DecodedRecord& record : event.records()) {
    if (record.type != tables::type::kExecve) continue;
    is_there = true;
    for (const Field& one : event.fields(record)) {
      std::uint32_t number = 0;
      if (one.id == tables::field::kArgc && !parse_decimal(one.value, argc)) argc = 0;
      if (!argument_number(one.name, number)) continue;
      if (number >= next) {
        if (number > next) out += number == 0 ? kMore.substr(1) : kMore;
        if (number > 0) out += ' ';
        next = number + 1;
      }
      append_decoded(one, out);
      if (is_cut(begin, out)) return true;
    }
  }
  if (is_there && next < argc) out += next == 0 ? kMore.substr(1) : kMore;
  return is_there;
}

bool append_process_title(const DecodedEvent& event, std::string& out) {
  const DecodedRecord* const record = event.find(tables::type::kProctitle);
  const Field* const title = record == nullptr ? nullptr : event.find(*record, tables::field::kProctitle);
  if (title == nullptr || title->value.empty() || title->value == "(null)") return false;
  const std::size_t begin = out.size();
  append_decoded(*title, out);
  while (out.size() > begin && out.back() == '\0') out.pop_back();
  std::replace(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), '\0', ' ');
  return out.size() > begin;
}

}  // namespace naudit::interpret
