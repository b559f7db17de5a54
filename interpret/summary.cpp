// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary.hpp"

#include "interpret/actions.hpp"
#include "interpret/sockaddr.hpp"
#include "tables/record_types.hpp"

#include <bit>

namespace naudit::interpret {
namespace {

namespace type = tables::type;
namespace field = tables::field;

struct Objects {
  const DecodedEvent& event;
  Summary& summary;

  void set(ObjectKind kind, const DecodedRecord& record, const Field* value) const {
    if (value == nullptr) return;
    summary.object_kind = kind;
    summary.object = value;
    summary.object_record = &record;
  }

  // The last PATH that is not a parent directory is what was acted on; of a rename, the one that was created.
  void from_paths() const {
    const DecodedRecord* chosen = nullptr;
    const Field* removed = nullptr;
    for (const DecodedRecord& record : event.records()) {
      if (record.type != type::kPath) continue;
      const Field* const kind = event.find(record, field::kNametype);
      const std::string_view what = kind == nullptr ? std::string_view{} : kind->value;
      if (what == "PARENT" && chosen != nullptr) continue;
      if (what == "DELETE") removed = event.find(record, field::kName);
      // The first NORMAL one: an exec's further paths are its interpreters.
      if (chosen == nullptr || what == "CREATE" || (what == "DELETE" && !was(chosen, "CREATE")) ||
          was(chosen, "PARENT")) {
        chosen = &record;
      }
    }
    if (chosen == nullptr) return;
    set(ObjectKind::kFile, *chosen, event.find(*chosen, field::kName));
    if (removed != nullptr && removed != summary.object) summary.second = removed;
  }

  [[nodiscard]] bool was(const DecodedRecord* record, std::string_view what) const {
    const Field* const kind = event.find(*record, field::kNametype);
    return kind != nullptr && kind->value == what;
  }

  void find() const {
    if (const DecodedRecord* const address = event.find(type::kSockaddr))
      set(ObjectKind::kSocket, *address, event.find(*address, field::kSaddr));
    if (summary.object == nullptr) {
      if (const DecodedRecord* const process = event.find(type::kObjPid))
        set(ObjectKind::kProcess, *process, event.find(*process, field::kOpid));
    }
    if (summary.object == nullptr) from_paths();
    if (summary.object != nullptr || event.records().empty()) return;
    const DecodedRecord& record = event.records().front();
    if (!record.tokens.has_claim) return;
    set(ObjectKind::kService, record, event.find_claim(record, field::kUnit));
    if (summary.object == nullptr) set(ObjectKind::kAccount, record, event.find_claim(record, field::kAcct));
  }
};

}  // namespace

std::string_view object_kind_text(ObjectKind kind) noexcept {
  switch (kind) {
    case ObjectKind::kNone:
      return {};
    case ObjectKind::kFile:
      return "file";
    case ObjectKind::kSocket:
      return "socket";
    case ObjectKind::kProcess:
      return "process";
    case ObjectKind::kAccount:
      return "account";
    case ObjectKind::kService:
      return "service";
  }
  return {};
}

Summary summarise(const DecodedEvent& event) {
  Summary summary;
  summary.success = event.success();
  const DecodedRecord* main = event.find(type::kSyscall);
  if (main == nullptr && !event.records().empty()) main = &event.records().front();
  if (main == nullptr) {
    summary.action = kUnknownAction;
    return summary;
  }
  const auto arch = event.arch();
  const auto number = event.syscall();
  summary.action = arch && number ? syscall_action(*arch, *number) : record_action(main->type);
  for (const Field& one : event.fields(*main)) {
    if (one.id == field::kAuid) summary.auid = &one;
    if (one.id == field::kUid) summary.uid = &one;
    if (one.id == field::kPid) summary.pid = &one;
    if (one.id == field::kExe || (one.id == field::kComm && summary.how == nullptr)) summary.how = &one;
  }
  if (summary.how == nullptr) summary.how = event.find_claim(*main, field::kExe);
  Objects{event, summary}.find();
  return summary;
}

void append_path(const DecodedEvent& event, const Field& path, std::string& out) {
  std::string scratch;
  const std::string_view name = decoded(path, scratch);
  if (!name.starts_with('/')) {
    const DecodedRecord* const record = event.find(type::kCwd);
    const Field* const cwd = record == nullptr ? nullptr : event.find(*record, field::kCwd);
    if (cwd != nullptr) {
      std::string place;
      out += decoded(*cwd, place);
      if (!out.ends_with('/')) out += '/';
    }
  }
  out += name;
}

void append_address(const DecodedEvent& event, const Field& saddr, std::string& out) {
  SockaddrRoom room;
  const auto arch = event.arch();
  const auto order = arch ? byte_order(*arch) : std::endian::native;
  const auto address = decode_sockaddr(saddr.value, room, order);
  if (!address) {
    out += saddr.value;
    return;
  }
  if (!address->path.empty()) {
    if (address->abstract) out += '@';
    out += address->path;
    return;
  }
  const bool brackets = address->port && address->address.find(':') != std::string_view::npos;
  if (brackets) out += '[';
  out += address->address.empty() ? address->family_name : address->address;
  if (brackets) out += ']';
  if (address->port) {
    out += ':';
    out += std::to_string(*address->port);
  }
}

void append_object(const DecodedEvent& event, const Summary& summary, std::string& out) {
  if (summary.object == nullptr) return;
  std::string scratch;
  switch (summary.object_kind) {
    case ObjectKind::kFile:
      append_path(event, *summary.object, out);
      break;
    case ObjectKind::kSocket:
      append_address(event, *summary.object, out);
      break;
    default:
      // A pid or the name of a unit may look like hexadecimal digits.
      out += tables::field_info(summary.object->id).kind == tables::FieldClass::kEncoded
                 ? decoded(*summary.object, scratch)
                 : summary.object->value;
      break;
  }
}

}  // namespace naudit::interpret
