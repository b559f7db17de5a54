// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/bsm/field_names.hpp"

#include <algorithm>

#include "tables/record_types.hpp"

namespace naudit::formats {
namespace {

namespace type = tables::type;
using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::Field;

constexpr std::string_view kClaim = "msg.";

std::size_t main_record(const DecodedEvent& event) noexcept {
  const auto records = event.records();
  for (const std::uint16_t wanted : {type::kSyscall, type::kUringop})
    for (std::size_t i = 0; i < records.size(); ++i)
      if (records[i].type == wanted) return i;
  return 0;
}

}  // namespace

void BsmFieldNames::begin(const DecodedEvent& event) {
  event_ = &event;
  main_ = main_record(event);
  owner_.fill(kNobody);
  for (const std::uint16_t one : counted_) counts_[one] = 0;
  counted_.clear();
  numbers_.clear();
  std::uint32_t part = 1;
  const auto own = [&](std::span<const Field> fields) {
    for (const Field& field : fields) {
      std::uint32_t& owner = owner_[field.id];
      owner = owner == kNobody || owner == part ? part : kMany;
    }
    ++part;
  };
  for (const DecodedRecord& record : event.records()) {
    own(event.fields(record));
    own(event.claim(record));
    numbers_.push_back(record.type < kTypes ? counts_[record.type]++ : 0);
    if (numbers_.back() == 0 && record.type < kTypes) counted_.push_back(record.type);
  }
}

void BsmFieldNames::set_record(std::size_t index) {
  record_ = index;
  const DecodedRecord& record = event_->records()[index];
  type_ = record.type_name.empty() ? tables::record_type_name(record.type) : record.type_name;
  if (type_.empty()) type_ = unnamed_ = tables::record_type_text(record.type);
  kernel_prefix_.clear();
  is_first_ = numbers_[index] == 0 || record.type == 0;  // names that we do not know share that type
}

std::string_view BsmFieldNames::prefix(tables::FieldId field, bool claim) {
  const bool is_main = record_ == main_;
  const bool is_shared = field == 0 ? !is_main : owner_[field] == kMany;
  if (!is_shared || (is_main && !claim)) return {};
  if (is_main) return kClaim;
  if (kernel_prefix_.empty()) {
    const std::uint16_t type = event_->records()[record_].type;
    kernel_prefix_ = type_;
    if (type < kTypes && counts_[type] > 1) (kernel_prefix_ += '[') += std::to_string(numbers_[record_]) += ']';
    kernel_prefix_ += '.';
    claim_prefix_ = kernel_prefix_;
    claim_prefix_ += kClaim;
  }
  return claim ? claim_prefix_ : kernel_prefix_;
}

}  // namespace naudit::formats
