// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/programs/command_line.hpp"

#include <algorithm>

#include "interpret/summary/paths.hpp"
#include "tables/record_types.hpp"

namespace naudit::interpret {
namespace {

constexpr std::string_view kMore = " …";

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
  if (event.find(tables::type::kExecve) == nullptr) return false;
  const std::size_t begin = out.size();
  const Execve& execve = event.execve();
  for (std::size_t i = 0; i < execve.size(); ++i) {
    if (execve.is_missing(i)) {
      out += i == 0 ? kMore.substr(1) : kMore;
      continue;
    }
    if (i > 0) out += ' ';
    out += execve[i];
    if (execve.is_cut(i)) out += kMore.substr(1);
    if (is_cut(begin, out)) return true;
  }
  if (execve.lacks_end()) out += execve.size() == 0 ? kMore.substr(1) : kMore;
  return true;
}

bool append_arguments(const DecodedEvent& event, std::string& out) {
  if (event.find(tables::type::kExecve) == nullptr) return false;
  const Execve& execve = event.execve();
  constexpr std::string_view kMissing = kMore.substr(1);
  for (std::size_t i = 0; i < execve.size(); ++i) {
    if (i > 0) out += ' ';
    out += execve.is_missing(i) ? kMissing : execve[i];
    if (execve.is_cut(i)) out += kMissing;
  }
  return true;
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
