// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/json/meaning.hpp"

#include <algorithm>
#include <bit>
#include <optional>

#include "interpret/meaning/sockaddr.hpp"

namespace naudit::formats {

using interpret::Field;
using interpret::Form;
using tables::FieldClass;

void JsonMeaning::put(const Field& field, FieldClass kind, std::size_t room) {
  switch (kind) {
    case FieldClass::kPlain:
    case FieldClass::kHex:
    case FieldClass::kSuccess:
    case FieldClass::kAddress:
    case FieldClass::kLabel:
      return;
    case FieldClass::kSockaddr:
      return put_sockaddr(field, room);
    default:
      break;
  }
  text_.clear();
  const Form form = meaning_.append(field, kind, text_);
  if (form == Form::kNone) return;
  // A list's shortest names have three letters, so that quotes and commas at most double it.
  json_.reserve(room + 6 * text_.size() + 64);
  switch (form) {
    case Form::kName:
      json_.put(known_.name_key(field.id));
      json_.string(text_);
      break;
    case Form::kText:
      put_key(field.name, "_text\":");
      json_.string(text_);
      break;
    case Form::kList:
      put_list(field, kind);
      break;
    case Form::kNone:
      break;
  }
}

// Only fields that we know have a meaning, and their names need no escapes.
void JsonMeaning::put_key(std::string_view name, std::string_view suffix) {
  json_.put(",\"");
  json_.put(name);
  json_.put(suffix);
}

void JsonMeaning::put_list(const Field& field, FieldClass kind) {
  const bool is_set = kind == FieldClass::kCapabilities;
  const char between = is_set || kind == FieldClass::kPermission ? ',' : '|';
  put_key(field.name, "_list\":[");
  std::string_view rest = text_;
  if (is_set && rest == "none") rest = {};
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(between), rest.size());
    json_.string(rest.substr(0, end));
    json_.put(',');
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  json_.close(']');
  json_.unput();
}

void JsonMeaning::put_sockaddr(const Field& field, std::size_t room) {
  interpret::SockaddrRoom buffers;
  const auto arch = meaning_.arch();
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
  number(R"(,"saddr_node":)", address->node);
  number(R"(,"saddr_queue":)", address->queue);
  number(R"(,"saddr_vpi":)", address->vpi);
  number(R"(,"saddr_vci":)", address->vci);
}

}  // namespace naudit::formats
