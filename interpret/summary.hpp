// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "interpret/decoded_event.hpp"

namespace naudit::interpret {

enum class ObjectKind : std::uint8_t { kNone, kFile, kSocket, kProcess, kAccount, kService };
std::string_view object_kind_text(ObjectKind kind) noexcept;

// Who did what to what, how, and with which result: the top of the native event. The verbs are those of auparse's
// normaliser where it has one (reference: auparse/normalize*), so that reports of both read alike.
//
// Fields point into the DecodedEvent; a null pointer is "not said". What only a program claimed (msg='…') is used where
// the kernel does not know it (an account name, a service), never in place of what the kernel says.
struct Summary {
  std::string_view action;  // "opened-file", "executed", "authenticated" …; never empty
  std::optional<bool> success;
  const Field* auid = nullptr;
  const Field* uid = nullptr;
  const Field* pid = nullptr;
  const Field* how = nullptr;  // exe, or comm
  ObjectKind object_kind = ObjectKind::kNone;
  const Field* object = nullptr;
  const DecodedRecord* object_record = nullptr;
  const Field* second = nullptr;  // rename: what it was called before
};

Summary summarise(const DecodedEvent& event);

// The object in words: an absolute path, "10.0.0.1:443", a pid, a name. Appends to `out`.
void append_object(const DecodedEvent& event, const Summary& summary, std::string& out);
// "10.0.0.1:443", "[::1]:22", "/run/dbus/system_bus_socket", "@abstract", or the family's name.
void append_address(const DecodedEvent& event, const Field& saddr, std::string& out);
// A decoded path, made absolute with the event's CWD record where it has one.
void append_path(const DecodedEvent& event, const Field& path, std::string& out);

}  // namespace naudit::interpret
