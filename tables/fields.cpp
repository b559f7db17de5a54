// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tables/fields.hpp"

#include <array>

#include "tables/perfect_hash.hpp"

namespace naudit::tables {
namespace {

using enum FieldClass;

#define NAUDIT_FIELD(constant, name, kind) FieldInfo{name, kind},
constexpr std::array<FieldInfo, kFieldCount> kFields{{
    FieldInfo{},
#include "tables/field_list.inc"
}};
#undef NAUDIT_FIELD

#define NAUDIT_FIELD(constant, name, kind) name,
constexpr std::array<std::string_view, kFieldCount> kNames{{
    {},
#include "tables/field_list.inc"
}};
#undef NAUDIT_FIELD

constexpr PerfectHash<kFieldCount, 16384> kHash(kNames);

}  // namespace

FieldId find_field(std::string_view name) noexcept {
  return kHash.find(name);
}

const FieldInfo& field_info(FieldId id) noexcept {
  return kFields[id < kFieldCount ? id : 0];
}

}  // namespace naudit::tables
