// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "interpret/record/decoded_event.hpp"
#include "interpret/summary/object_part.hpp"
#include "interpret/summary/record_actions.hpp"

namespace naudit::interpret {

// What an account is, by its number alone (auparse/normalize.c draws the same lines).
enum class SubjectKind : std::uint8_t { kNone, kSystem, kPrivileged, kService, kUser, kUnset, kUnknown, kAuditDaemon };
std::string_view subject_kind_text(SubjectKind kind) noexcept;  // "privileged-acct"; empty for kNone

// Parts of the summary that rest on what a program wrote into msg='…' or can write at will.
namespace claim {
enum : std::uint16_t {
  kOutcome = 1U,
  kHow = 2U,
  kComm = 4U,
  kTerminal = 8U,
  kAddress = 16U,
  kHost = 32U,
  kAuid = 64U,
  kUid = 128U,
  kPid = 256U,
  kLabel = 512U,
  kCommand = 1024U,
  kDecider = 2048U,  // the program that decided, not the process
};
}  // namespace claim

// What the object's `operation` adds to `action`.
enum class OperationTold : std::uint8_t {
  kOther,    // nobody has asked: no text of a program
  kInVerb,   // nothing
  kDetail,   // how, or where
  kUnknown,  // what was done, which only it says
};

// Who did what to what, how, and with which result: the top of the native event, for each encoder and filter.
//
// Fields point into the DecodedEvent; a null pointer is "not said". What only a program claimed stands here where the
// kernel does not know it (an account name, a service), never in place of what the kernel says, and `claimed` and
// ObjectPart::claimed tell it apart.
//
// A decision that an object manager (D-Bus, systemd, X) told is about somebody else than the manager, which sent the
// record. The subject is then whom it decided about, as far as it says so, and the manager stands in decided_by.
struct Summary {
  std::string_view action;      // "opened-file", "executed", "authenticated" …; never empty
  bool action_is_name = false;  // there is no verb: it is the name of the call or record
  EventKind kind = EventKind::kUnknown;
  std::optional<bool> success;

  SubjectKind subject_kind = SubjectKind::kNone;
  const Field* auid = nullptr;
  const Field* uid = nullptr;
  const Field* session = nullptr;
  const Field* ppid = nullptr;
  const Field* pid = nullptr;
  const Field* comm = nullptr;
  const Field* fsuid = nullptr;     // where nothing else says who: the user for the checks of file systems
  const Field* label = nullptr;     // what a security module calls the subject: SELinux's scontext, AppArmor's profile
  const Field* command = nullptr;   // the command line, as an object manager has seen it
  const Field* terminal = nullptr;  // tty, or the terminal that a program named
  const Field* address = nullptr;   // where a program says that its user comes from
  const Field* host = nullptr;      // the same by name
  const Field* exit = nullptr;      // of the call

  const Field* how = nullptr;       // exe, or comm
  bool runs_script = false;         // `how` is an interpreter: append_script() may know what it runs
  const Field* executed = nullptr;  // of an exec that went well: the file it was called with

  struct Decider {
    const Field* auid = nullptr;
    const Field* uid = nullptr;
    const Field* session = nullptr;
    const Field* pid = nullptr;
    const Field* label = nullptr;
    const Field* exe = nullptr;
  };
  bool has_decider = false;
  Decider decided_by;

  ObjectKind object_kind = ObjectKind::kNone;
  OperationTold operation = OperationTold::kOther;
  std::uint16_t claimed = 0;  // claim::k…
  std::uint8_t parts_used = 0;
  std::array<ObjectPart, 16> parts;

  [[nodiscard]] std::span<const ObjectPart> object() const noexcept { return {parts.data(), parts_used}; }
  [[nodiscard]] const ObjectPart* find(Part part) const noexcept {
    for (const ObjectPart& one : object())
      if (one.part == part) return &one;
    return nullptr;
  }
  // What does not fit any more is left out; `records` still has it.
  void add(const ObjectPart& part) noexcept {
    if (parts_used < parts.size()) parts[parts_used++] = part;
  }
};

// Pure, no allocation.
Summary summarise(const DecodedEvent& event) noexcept;

}  // namespace naudit::interpret
