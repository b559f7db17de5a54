// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/record/execve.hpp"

#include <algorithm>
#include <charconv>

#include "interpret/record/decoded_event.hpp"
#include "tables/record_types.hpp"

namespace naudit::interpret {

// "a12" -> 12 whole, "a12[3]" -> 12 piece 3, "a12_len" -> 12 length.
struct Execve::Name {
  enum class Part : std::uint8_t { kNone, kWhole, kPiece, kLength };
  Part part = Part::kNone;
  std::uint32_t number = 0;
  std::uint32_t piece = 0;
};

namespace {

// So many empty arguments in a row are left out by an old kernel; a number beyond that is damage.
constexpr std::uint32_t kMostEmpty = 64;

bool is_usual_number(std::string_view digits) noexcept {
  return digits.size() == 1 || !digits.starts_with('0');
}

// Takes decimal digits off the front; false if there are none, or if the number is too large.
bool take_number(std::string_view& text, std::uint32_t& out) noexcept {
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(at - text.data()));
  return out != ~std::uint32_t{0};
}

template <typename Name>
Name parse_name(std::string_view text) noexcept {
  using Part = typename Name::Part;
  Name name;
  if (!text.starts_with('a')) return name;
  text.remove_prefix(1);
  if (!take_number(text, name.number)) return name;
  if (text.empty()) {
    name.part = Part::kWhole;
  } else if (text == "_len") {
    name.part = Part::kLength;
  } else if (text.starts_with('[') && text.ends_with(']')) {
    text = text.substr(1, text.size() - 2);
    if (take_number(text, name.piece) && text.empty()) name.part = Part::kPiece;
  }
  return name;
}

std::string argument(std::uint32_t number) {
  return 'a' + std::to_string(number);
}
std::string piece(std::uint32_t number, std::uint32_t piece) {
  return argument(number) + '[' + std::to_string(piece) + ']';
}
std::string range(std::string first, const std::string& last) {
  return first == last ? first : std::move(first) + ".." + last;
}

void add_place(std::vector<std::string>& places, std::string place) {
  if (places.size() < Execve::kMostPlaces) places.push_back(std::move(place));
}

}  // namespace

void Execve::read(const DecodedEvent& event) {
  bytes_.clear();
  arguments_.clear();
  missing_.clear();
  unexpected_.clear();
  argc_ = next_ = 0;
  in_pieces_ = has_argc_ = false;
  announced_ = 0;
  simple_ = true;
  std::size_t records = 0;
  for (const DecodedRecord& record : event.records()) {
    if (record.type != tables::type::kExecve) continue;
    if (++records > 1) simple_ = false;
    bool begins_record = true;
    for (const Field& field : event.fields(record)) {
      add(field, begins_record);
      begins_record = false;
    }
  }
  if (records > 0) end();
  if (!has_argc_ || argc_ != arguments_.size()) simple_ = false;
}

void Execve::end() {
  end_pieces();
  if (!has_argc_)
    add_place(missing_, "argc");
  else if (argc_ > next_)
    add_place(missing_, range(argument(next_), argument(argc_ - 1)));
  else if (argc_ < next_)
    add_place(unexpected_, range(argument(argc_), argument(next_ - 1)));
}

void Execve::add(const Field& field, bool begins_record) {
  if (field.id == tables::field::kArgc) return add_argc(field);
  const Name name = parse_name<Name>(field.name);
  if (name.part != Name::Part::kWhole || !is_usual_number(field.name.substr(1))) simple_ = false;
  switch (name.part) {
    case Name::Part::kNone:
      return;
    case Name::Part::kWhole:
      return add_whole(field, name, begins_record);
    case Name::Part::kPiece:
      return add_piece(field, name, begins_record);
    case Name::Part::kLength:
      break;
  }
  end_pieces();
  std::uint32_t length = 0;
  if (advance_to(name.number, begins_record) && parse_decimal(field.value, length)) announced_ = length;
}

void Execve::add_argc(const Field& field) {
  std::uint32_t count = 0;
  const bool is_number = parse_decimal(field.value, count);
  if (has_argc_ || !arguments_.empty() || !is_number || !is_usual_number(field.value) ||
      field.spelling != Spelling::kBare) {
    simple_ = false;
  }
  if (!is_number) return;
  if (has_argc_ && count != argc_) return add_place(unexpected_, "argc");
  argc_ = count;
  has_argc_ = true;
}

void Execve::add_whole(const Field& field, const Name& name, bool begins_record) {
  end_pieces();
  if (!advance_to(name.number, begins_record)) {
    const auto same = std::ranges::lower_bound(arguments_, name.number, {}, &Argument::number);
    const bool is_there = same != arguments_.end() && same->number == name.number && !same->is_missing;
    if (!is_there || (*this)[static_cast<std::size_t>(same - arguments_.begin())] != decoded(field, scratch_))
      add_place(unexpected_, argument(name.number));
    return;
  }
  push(name.number, false);
  append(field);
}

void Execve::add_piece(const Field& field, const Name& name, bool begins_record) {
  if (!in_pieces_ || name.number + 1 != next_) {
    if (in_pieces_ || name.number != next_) end_pieces();
    if (!advance_to(name.number, begins_record)) return add_place(unexpected_, piece(name.number, name.piece));
    push(name.number, name.piece > 0);
    in_pieces_ = true;
    has_gap_ = false;
    piece_ = 0;
    piece_bytes_ = piece_digits_ = 0;
  }
  if (name.piece < piece_) return add_place(unexpected_, piece(name.number, name.piece));
  if (name.piece > piece_) {
    add_place(missing_, range(piece(name.number, piece_), piece(name.number, name.piece - 1)));
    has_gap_ = true;
    arguments_.back().is_cut = !arguments_.back().is_missing;
  }
  piece_ = name.piece + 1;
  if (has_gap_) return;
  const std::size_t before = bytes_.size();
  append(field);
  piece_bytes_ += bytes_.size() - before;
  piece_digits_ += field.value.size();
}

bool Execve::advance_to(std::uint32_t number, bool begins_record) {
  if (number < next_) {
    simple_ = false;
    return false;
  }
  if (number == next_) return true;
  simple_ = false;
  if (!begins_record && number - next_ <= kMostEmpty) {
    while (next_ < number) push(next_, false);
    return true;
  }
  add_place(missing_, range(argument(next_), argument(number - 1)));
  push(number - 1, true);
  return true;
}

void Execve::push(std::uint32_t number, bool is_missing) {
  arguments_.push_back({.number = number, .is_missing = is_missing, .end = bytes_.size()});
  next_ = number + 1;
}

void Execve::append(const Field& field) {
  bytes_ += decoded(field, scratch_);
  arguments_.back().end = bytes_.size();
}

// Old kernels announce digits where the pieces are hexadecimal, others bytes.
void Execve::end_pieces() {
  if (in_pieces_ && !has_gap_ && announced_ > piece_bytes_ && announced_ != piece_digits_) {
    add_place(missing_, piece(next_ - 1, piece_) + "..");
    arguments_.back().is_cut = true;
  } else if (!in_pieces_ && announced_ > 0) {
    add_place(missing_, piece(next_, 0) + "..");
    push(next_, true);
  }
  in_pieces_ = false;
  announced_ = 0;
}

}  // namespace naudit::interpret
