// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/line/told.hpp"

#include <algorithm>
#include <string_view>

namespace naudit::formats {

using interpret::Field;
using interpret::ObjectKind;
using interpret::ObjectPart;
using interpret::Part;
using interpret::Summary;

namespace {

// Can an object be called by this part?
constexpr bool is_name(Part part) {
  switch (part) {
    case Part::kPath:
    case Part::kAddress:
    case Part::kPort:
    case Part::kPid:
    case Part::kPids:
    case Part::kName:
    case Part::kId:
    case Part::kGroupId:
    case Part::kNewId:
    case Part::kNewGroupId:
    case Part::kCommand:
    case Part::kSyscall:
    case Part::kInode:
    case Part::kDevice:
    case Part::kTable:
    case Part::kKeys:
    case Part::kList:
    case Part::kVersion:
    case Part::kData:
    case Part::kFingerprint:
    case Part::kMessage:
    case Part::kObjectPath:
    case Part::kRule:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool is_unset(const Field& id) {
  return id.value == "4294967295" || id.value == "-1" || id.value == "?";
}

bool is_self(const Summary& summary) {
  const ObjectPart* const pid = summary.find(Part::kPid);
  return summary.kind == interpret::EventKind::kAuditRule && pid != nullptr && pid->field != nullptr &&
         pid->field == summary.pid &&
         (summary.object_kind == ObjectKind::kProcess || summary.object_kind == ObjectKind::kMemory) &&
         summary.find(Part::kPath) == nullptr;
}

bool acts_for_others(const Summary& summary) {
  using enum interpret::EventKind;
  const bool is_asked = summary.kind == kUserLogin || summary.kind == kCrypto || summary.kind == kAnomaly ||
                        summary.kind == kAnomalyResponse || summary.kind == kConfiguration || summary.kind == kVirt ||
                        summary.kind == kSystemServices || summary.kind == kMac;
  return is_asked && (summary.claimed & interpret::claim::kHow) != 0 &&
         (summary.auid == nullptr || is_unset(*summary.auid));
}

// Where a user came from, as far as the program says: its address. A name alone is that of this machine, which libaudit
// tells where there is nobody to come from, unless it is an address itself.
const Field* origin(const Summary& summary) {
  if (summary.address != nullptr || summary.host == nullptr) return summary.address;
  const std::string_view host = summary.host->value;
  const bool has_letters = host.find_first_not_of("0123456789.") != std::string_view::npos;
  const bool is_v6 = host.find(':') != std::string_view::npos &&
                     host.find_first_not_of("0123456789abcdefABCDEF:.%") == std::string_view::npos;
  return is_v6 || (!has_letters && std::ranges::count(host, '.') == 3) ? summary.host : nullptr;
}

// The address of a key or of an encrypted session is where its user is.
bool names_object(const Summary& summary) {
  if (summary.parts_used == 0) return false;
  const Part first = summary.parts[0].part;
  if (summary.kind == interpret::EventKind::kCrypto && (first == Part::kAddress || first == Part::kPort)) return false;
  return is_name(first);
}

// Of most records the operation only repeats the verb.
bool tells_operation(const Summary& summary) {
  using interpret::OperationTold;
  if (summary.operation != OperationTold::kOther) return summary.operation != OperationTold::kInVerb;
  using enum interpret::EventKind;
  return summary.action == "saw-ipsec-event" || summary.kind == kVirt || summary.kind == kIntegrity ||
         summary.object_kind == ObjectKind::kDevice || summary.object_kind == ObjectKind::kSystem ||
         summary.object_kind == ObjectKind::kSoftware;
}

}  // namespace naudit::formats
