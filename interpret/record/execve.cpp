// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/record/execve.hpp"

#include <charconv>

#include "tables/record_types.hpp"

namespace naudit::interpret {
namespace {

enum class Part : std::uint8_t { kNone, kWhole, kPiece, kLength };

bool is_usual_number(std::string_view digits) noexcept {
  return digits.size() == 1 || !digits.starts_with('0');
}

// "a12" -> 12 whole, "a12[3]" -> 12 piece, "a12_len" -> 12 length.
Part parse_name(std::string_view name, std::uint32_t& index) noexcept {
  if (name.size() < 2 || name[0] != 'a') return Part::kNone;
  const char* const end = name.data() + name.size();
  const auto [at, error] = std::from_chars(name.data() + 1, end, index);
  if (error != std::errc{}) return Part::kNone;
  const std::string_view rest(at, static_cast<std::size_t>(end - at));
  if (rest.empty()) return Part::kWhole;
  if (rest == "_len") return Part::kLength;
  return rest.starts_with('[') && rest.ends_with(']') ? Part::kPiece : Part::kNone;
}

}  // namespace

void Execve::read(const DecodedEvent& event) {
  bytes_.clear();
  ends_.clear();
  argc_ = 0;
  has_argc_ = false;
  simple_ = true;
  std::size_t records = 0;
  for (const DecodedRecord& record : event.records()) {
    if (record.type != tables::type::kExecve) continue;
    if (++records > 1) simple_ = false;
    for (const Field& field : event.fields(record)) add(field);
  }
  if (!has_argc_ || argc_ != ends_.size()) simple_ = false;
}

void Execve::add(const Field& field) {
  if (field.id == tables::field::kArgc) {
    if (has_argc_ || !ends_.empty() || !parse_decimal(field.value, argc_) || !is_usual_number(field.value) ||
        field.spelling != Spelling::kBare) {
      simple_ = false;
    }
    has_argc_ = true;
    return;
  }
  std::uint32_t index = 0;
  const Part part = parse_name(field.name, index);
  if (part != Part::kWhole || !is_usual_number(field.name.substr(1))) simple_ = false;
  if (part == Part::kNone || part == Part::kLength) return;
  // Arguments come in order; a hole (a record was lost) is closed up, and argc tells that some are missing.
  const bool is_next_piece = part == Part::kPiece && !ends_.empty() && index + 1 == ends_.size();
  if (!is_next_piece && index != ends_.size()) simple_ = false;
  bytes_ += decoded(field, scratch_);
  if (is_next_piece)
    ends_.back() = bytes_.size();
  else
    ends_.push_back(bytes_.size());
}

}  // namespace naudit::interpret
