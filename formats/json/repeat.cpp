// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/json/repeat.hpp"

#include "tables/record_types.hpp"

namespace naudit::formats {
namespace type = tables::type;

bool JsonRepeat::is_usable(std::size_t fields, const Names& names, Time now,
                           std::chrono::nanoseconds lifetime) const noexcept {
  return fields == entries_.size() && fields > 0 && now - made_ < lifetime && now >= made_ &&
         names.of_machine == of_machine_ && names.in_event == in_event_ && names.beside == beside_;
}

std::string_view JsonRepeat::json(std::size_t first, std::size_t last) const noexcept {
  const std::size_t begin = first == 0 ? 0 : entries_[first - 1].json;
  return std::string_view(json_).substr(begin, entries_[last - 1].json - begin);
}

void JsonRepeat::begin(const Names& names, Time now) {
  beside_ = names.beside;
  in_event_ = names.in_event;
  of_machine_ = names.of_machine;
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
  entry.id = field.id;
  entry.spelling = field.spelling;
  entry.is_first = is_first;
  entry.lossless = lossless;
}

void JsonRepeats::choose(std::string_view pid) noexcept {
  std::size_t hash = 0;
  for (const char digit : pid) hash = hash * 10 + static_cast<unsigned char>(digit);
  process_ = &processes_[hash % kProcesses];
}

JsonRepeat* JsonRepeats::of(std::uint16_t record, bool claim) {
  auto& last = process_->last;
  switch (record) {
    case type::kSyscall:
      return &last[0];
    case type::kPath:
      return &last[1];
    case type::kCwd:
      return &last[2];
    case type::kProctitle:
      return &last[3];
    default:
      // From user space: the last type of them, the kernel's part and the program's.
      if (record < type::kUserFirst || record > type::kUserLast) return nullptr;
      if (record != process_->user_type) {
        process_->user_type = record;
        last[4] = last[5] = {};
      }
      return claim ? &last[5] : &last[4];
  }
}

}  // namespace naudit::formats
