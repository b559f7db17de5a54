// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/formats/json_meaning.hpp"

#include <bit>
#include <optional>

#include "interpret/mode.hpp"
#include "interpret/sockaddr.hpp"
#include "tables/errnos.hpp"
#include "tables/record_types.hpp"
#include "tables/syscalls.hpp"

namespace naudit::output {
namespace {

namespace type = tables::type;
using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::Field;
using tables::FieldClass;

}  // namespace

// Only fields that we know have a meaning, so there is a key for each.
void JsonMeaning::put_name(const Field& field, std::string_view value) {
  if (value.empty()) return;
  json_.put(known_.name_key(field.id));
  json_.string(value);
}

void JsonMeaning::put_id_name(const DecodedEvent& event, const Field& field, NameOf name_of, std::size_t room) {
  std::uint32_t id = 0;
  if (!interpret::parse_decimal(field.value, id)) return;
  const std::string_view name = (names_.*name_of)(id, event.source().last);
  json_.reserve(room + 6 * name.size());
  put_name(field, name);
}

void JsonMeaning::put_sockaddr(const DecodedEvent& event, const Field& field, std::size_t room) {
  interpret::SockaddrRoom buffers;
  const auto arch = event.arch();
  const auto order = arch ? interpret::byte_order(*arch) : std::endian::native;
  const auto address = interpret::decode_sockaddr(field.value, buffers, order);
  if (!address) return;
  json_.reserve(room + 2048);
  const auto text = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    json_.put(name);
    json_.string(value);
  };
  const auto number = [&](std::string_view name, const std::optional<std::uint32_t>& value) {
    if (!value) return;
    json_.put(name);
    json_.number(*value);
  };
  text(R"(,"saddr_family":)", address->family_name);
  text(R"(,"saddr_address":)", address->address);
  text(R"(,"saddr_path":)", address->path);
  if (address->abstract) json_.put(R"(,"saddr_abstract":true)");
  number(R"(,"saddr_port":)", address->port);
  number(R"(,"saddr_interface":)", address->interface);
  number(R"(,"saddr_protocol":)", address->protocol);
  number(R"(,"saddr_pid":)", address->pid);
  number(R"(,"saddr_groups":)", address->groups);
  number(R"(,"saddr_cid":)", address->cid);
}

void JsonMeaning::put(const DecodedEvent& event, const DecodedRecord& record, const Field& field, FieldClass kind,
                      std::size_t room) {
  switch (kind) {
    case FieldClass::kUid:
      put_id_name(event, field, &interpret::Names::user, room);
      break;
    case FieldClass::kGid:
      put_id_name(event, field, &interpret::Names::group, room);
      break;
    case FieldClass::kArch: {
      std::uint64_t word = 0;
      if (interpret::parse_hex(field.value, word))
        put_name(field, tables::arch_name(static_cast<tables::ArchWord>(word)));
      break;
    }
    case FieldClass::kSyscall: {
      std::uint32_t number = 0;
      if (!interpret::parse_decimal(field.value, number)) break;
      if (record.type == type::kUringop) {
        put_name(field, tables::uring_op_name(number));
      } else if (const auto arch = event.arch()) {
        put_name(field, tables::syscall_name(*arch, number));
      }
      break;
    }
    case FieldClass::kExit:
    case FieldClass::kErrno: {
      std::uint32_t number = 0;
      const bool negative = field.value.starts_with('-');
      if (negative && interpret::parse_decimal(field.value.substr(1), number))
        put_name(field, tables::errno_name(static_cast<int>(number)));
      break;
    }
    case FieldClass::kSession:
      if (field.value == "4294967295" || field.value == "-1") put_name(field, "unset");
      break;
    case FieldClass::kMode:
      scratch_.clear();
      if (!interpret::append_mode(scratch_, field.value)) break;
      json_.put(",\"");
      json_.put(field.name);
      json_.put("_text\":");
      json_.string(scratch_);
      break;
    case FieldClass::kSockaddr:
      put_sockaddr(event, field, room);
      break;
    default:
      break;
  }
}

}  // namespace naudit::output
