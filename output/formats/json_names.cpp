// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/formats/json_names.hpp"

#include <algorithm>

#include "tables/record_types.hpp"

namespace naudit::output {
namespace {

namespace field = tables::field;

// Words that the security modules quote (security/lsm_audit.c, security/apparmor) and other records do not.
constexpr auto kQuotedInAvc = [] {
  std::array<bool, tables::kFieldCount> quoted{};
  for (const tables::FieldId id :
       {field::kBus, field::kClass, field::kDenied, field::kDev, field::kFamily, field::kFstype, field::kInterface,
        field::kLabel, field::kMember, field::kNamespace, field::kPeer, field::kPeerProfile, field::kRequested,
        field::kSockType, field::kTarget}) {
    quoted[id] = true;
  }
  return quoted;
}();

}  // namespace

JsonNames::JsonNames() {
  for (tables::FieldId id = 1; id < tables::kFieldCount; ++id) {
    const std::string name(tables::field_info(id).name);
    keys_[id] = '"' + name + "\":";
    name_keys_[id] = ",\"" + name + "_name\":";
  }
}

const JsonNames& json_names() {
  static const JsonNames kNames;
  return kNames;
}

tables::FieldClass field_class(std::uint16_t record_type, tables::FieldId id) noexcept {
  using tables::FieldClass;
  const FieldClass kind = tables::field_info(id).kind;
  // a0… of EXECVE, and of programs' own records
  if (kind == FieldClass::kArgument && record_type != tables::type::kSyscall) return FieldClass::kEncoded;
  if (record_type == tables::type::kAvc && kQuotedInAvc[id]) return FieldClass::kEncoded;
  return kind;
}

bool is_meaning_suffix(std::string_view suffix) noexcept {
  return std::ranges::find(kMeaningSuffixes, suffix) != kMeaningSuffixes.end();
}

}  // namespace naudit::output
