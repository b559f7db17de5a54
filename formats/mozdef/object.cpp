// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/mozdef/object.hpp"

#include "tables/record_types.hpp"

namespace naudit::formats {

namespace field = tables::field;
namespace type = tables::type;
using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::Field;

const DecodedRecord* mozdef_object(const DecodedEvent& event) noexcept {
  const DecodedRecord* last = nullptr;
  const bool is_exec = event.find(type::kExecve) != nullptr;
  for (const DecodedRecord& record : event.records()) {
    if (record.type != type::kPath) continue;
    // An exec's further paths are its interpreters.
    if (last != nullptr && is_exec) break;
    const Field* const kind = event.find(record, field::kNametype);
    const bool is_parent = kind != nullptr && kind->value == "PARENT";
    const Field* const before = last == nullptr ? nullptr : event.find(*last, field::kNametype);
    const bool had_parent = last == nullptr || (before != nullptr && before->value == "PARENT");
    if (!is_parent || had_parent) last = &record;
  }
  return last;
}

}  // namespace naudit::formats
