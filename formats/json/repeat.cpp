// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/json/repeat.hpp"

#include "interpret/record/token_repeat.hpp"

namespace naudit::formats {

using interpret::TokenRepeats;

void JsonOrigin::set(std::uint64_t base, std::uint64_t changed, const Names& names, Time now) {
  base_ = base;
  changed_ = changed;
  told_ = names.told;
  in_event_ = names.in_event;
  of_machine_ = names.of_machine;
  made_ = now;
}

bool JsonOrigin::is_usable(std::uint64_t base, const Names& names, Time now,
                           std::chrono::nanoseconds lifetime) const noexcept {
  return base != 0 && base == base_ && now - made_ < lifetime && now >= made_ && names.of_machine == of_machine_ &&
         names.in_event == in_event_ && names.told == told_;
}

std::string_view JsonRepeat::json(std::size_t first, std::size_t last) const noexcept {
  const std::size_t begin = first == 0 ? 0 : ends_[first - 1];
  return std::string_view(json_).substr(begin, ends_[last - 1] - begin);
}

void JsonRepeat::begin(std::uint64_t base, std::uint64_t changed, const JsonOrigin::Names& names,
                       JsonOrigin::Time now) {
  origin_.set(base, changed, names, now);
  kinds_ = {};
  ends_.clear();
  tail_json_.clear();
}

void JsonRepeat::add(Field kind, bool is_lossless, std::size_t json_end) {
  const std::uint64_t bit = std::uint64_t{1} << ends_.size();
  if (kind == Field::kFixed) kinds_.fixed |= bit;
  if (kind == Field::kOfCall) kinds_.of_call |= bit;
  if (kind == Field::kPlain) kinds_.plain |= bit;
  if (!is_lossless) kinds_.lossy |= bit;
  ends_.push_back(static_cast<std::uint32_t>(json_end));
}

JsonRepeat* JsonRepeats::of(const interpret::Tokens& tokens, bool claim) {
  if (tokens.base == 0) return nullptr;
  if (!claim) {
    if (records_.empty()) records_.resize(TokenRepeats::kPlaces);
    return &records_[tokens.place];
  }
  if (tokens.place < TokenRepeats::kFirstMessage) return nullptr;
  if (claims_.empty()) claims_.resize(TokenRepeats::kMessages);
  return &claims_[tokens.place - TokenRepeats::kFirstMessage];
}

}  // namespace naudit::formats
