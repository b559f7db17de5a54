// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "formats/encoder.hpp"
#include "formats/line/sentence.hpp"
#include "interpret/names/process_names.hpp"
#include "interpret/record/decoded_event.hpp"
#include "interpret/summary/summary.hpp"

namespace naudit::formats {

// One thing that a flat line of keys and values says of an event.
enum class Fact : std::uint8_t {
  kId,      // "1700000000.123:77"
  kMillis,  // since 1970; not of a record that cannot be read
  kNode,
  kClass,     // "SYSCALL:openat", "USER_LOGIN": what the event is counted by
  kCategory,  // "file/change": of the Elastic Common Schema
  kAction,    // "opened-file"
  kOutcome,   // "success", "failure", "unknown"
  kReason,    // "EACCES"
  kLoginUser,
  kLoginUserId,  // auid; of nobody's: neither
  kLoginNumber,  // auid as it stands, 4294967295 as well
  kUser,
  kUserId,         // uid
  kEffectiveUser,  // euid, where it is another one
  kGroupId,
  kAccount,  // that a program names
  kActedUser,
  kActedUserId,  // that account where it logs in or is changed, else the user
  kSource4,
  kSource6,
  kSourceHost,
  kSourcePort,
  kDestination4,
  kDestination6,
  kDestinationPort,
  kProtocol,
  kDirection,  // "0" in, "1" out
  kProgram,
  kProgramPid,
  kParent,
  kParentPid,  // the name: only of the running kernel's records
  kOther,
  kOtherPid,  // to whom a signal goes, else the parent
  kFileName,
  kPath,
  kOldPath,
  kMode,
  kInode,
  kFileKind,
  kCommand,
  kKeys,
  kTerminal,
  kContainer,
  kCwd,
  kSession,
  kExit,
  kSentence,    // all of it, for a person
  kIncomplete,  // why the event is not whole
  kLast
};

// The facts of one event; an empty text is "not said". Bytes as they came: whoever writes them escapes them.
struct EventFacts {
  [[nodiscard]] const std::string& operator[](Fact fact) const noexcept {
    return texts[static_cast<std::size_t>(fact)];
  }
  [[nodiscard]] std::string& operator[](Fact fact) noexcept { return texts[static_cast<std::size_t>(fact)]; }

  std::array<std::string, static_cast<std::size_t>(Fact::kLast)> texts;
  std::uint8_t severity = 1;  // OCSF's: 1 informational to 5 critical
  interpret::EventKind kind = interpret::EventKind::kUnknown;
  bool is_login = false, is_logout = false;
};

// Reads them. Owner: an encoder, on its thread; what it returns is valid until the next call. Allocates nothing once
// its texts have grown.
class FactReader {
 public:
  explicit FactReader(EncoderContext& context) : context_(context), sentence_(context.names) {}
  const EventFacts& read(const interpret::DecodedEvent& event);

 private:
  using Field = interpret::Field;
  using Record = interpret::DecodedRecord;

  void put_class(const Record* headline);
  void put_who(const interpret::Summary& summary);
  void put_user(Fact number, Fact name, const Field* field);
  void put_account(const interpret::Summary& summary, const Record* headline);
  void put_processes(const interpret::Summary& summary);
  void put_file(const interpret::Summary& summary);
  void put_network(const interpret::Summary& summary, const Record* headline);
  void put_address(Fact ip4, Fact ip6, std::string_view text);
  void put_command(const interpret::Summary& summary);
  void put_container();
  void judge(const interpret::Summary& summary, const Record* headline);
  void put(Fact fact, std::string_view text) { facts_[fact].assign(text); }
  void put_text(Fact fact, const Field* field);

  EncoderContext& context_;
  Sentence sentence_;
  std::optional<interpret::ProcessNames> processes_;  // only made for the running kernel's records
  const interpret::DecodedEvent* event_ = nullptr;
  EventFacts facts_;
  std::string_view call_;  // the name of the system call
  std::string scratch_;
};

}  // namespace naudit::formats
