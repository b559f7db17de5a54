// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string_view>

#include "interpret/record/tokens.hpp"

namespace naudit::interpret {

// What was acted on: auparse's kinds, and a few that it has no word for.
enum class ObjectKind : std::uint8_t {
  kNone,
  kUnknown,
  kFile,
  kDirectory,
  kCharacterDevice,
  kBlockDevice,
  kFifo,
  kSymlink,
  kSocket,
  kFileSystem,
  kProcess,
  kFirewall,
  kService,
  kAccount,
  kGroup,
  kUserSession,
  kVirtualMachine,
  kPrinter,
  kSystem,
  kAuditConfig,
  kSecurityPolicy,
  kMemory,
  kKeystrokes,
  kDevice,
  kSoftware,
  kIntegrityPolicy,
  kSecurityModules,
  kKernelModule,
  kBpf,
  kKey,
  kMessage,
  kDescriptor,
};
std::string_view object_kind_text(ObjectKind kind) noexcept;  // "user-session"; empty for kNone

// One member of the object. The first part of an object is what it is called by; each part stands at most once.
enum class Part : std::uint8_t {
  kPath,         // absolute, unless kRelative says otherwise
  kOldPath,      // rename, link: the other name
  kTarget,       // symlink: what it points to, as written
  kSource,       // mount: what is mounted
  kRelative,     // a flag: the path is relative to a directory that the records do not name
  kDirectoryFd,  // to this descriptor
  kAddress,
  kPort,
  kSourceAddress,  // of a packet
  kPid,
  kPids,  // of several processes, all
  kName,
  kId,          // of a user
  kGroupId,     // of a group
  kNewId,       // of the user that the process has become
  kNewGroupId,  // of the group
  kGroup,
  kCommand,
  kCwd,
  kOperation,
  kAccess,   // "read", "write", "read-write"
  kCreated,  // a flag
  kMode,
  kOwner,
  kOwnerGroup,
  kSignal,
  kSyscall,
  kInode,
  kDevice,
  kTable,
  kFamily,
  kEntries,
  kKeys,  // of a rule
  kList,
  kOld,
  kNew,
  kDecision,
  kPermissions,
  kClass,
  kLabel,
  kProfile,
  kReason,
  kResource,
  kVersion,
  kData,
  kCipher,
  kFingerprint,
  kMessage,
  kSourcePort,
  kNetif,
  kProtocol,
  kInterface,   // of D-Bus
  kMember,      // of that interface: a method or a signal
  kObjectPath,  // of D-Bus: no file
  kModule,      // the security module
  kRule,        // of a policy
  kSeconds,
  kNanoseconds,
  kPermissive,      // a flag: the decision was only recorded
  kOldRelative,     // a flag, as kRelative: of the other name
  kOldDirectoryFd,  // to this descriptor
  kRequester,       // whom the program that tells it acted for: a user
  kRequesterPid,    // its process
  kAdded,           // of a check of files: how many
  kRemoved,
  kChanged,
  kLast,
};

// How a part's value is written.
enum class PartForm : std::uint8_t {
  kText,
  kPath,
  kNumber,
  kSigned,
  kUser,
  kGroup,
  kAddress,
  kList,
  kKeys,
  kPids,
  kFlag,
  kKeystrokes
};

struct PartInfo {
  std::string_view name{};  // of the member in the native event
  PartForm form = PartForm::kText;
  std::string_view words{};  // what leads to it in a sentence; empty: a sentence does not mention it
};
const PartInfo& part_info(Part part) noexcept;

struct ObjectPart {
  Part part = Part::kName;
  bool claimed = false;
  bool as_is = false;             // a path that must not be made absolute: it is not relative to the CWD record's
  std::uint16_t record_type = 0;  // of the record that `field` stands in; 0: its name alone says how it is written
  const Field* field = nullptr;   // where it stands; null: it is `text`, or `number`
  std::string_view text{};
  std::uint64_t number = 0;
};

}  // namespace naudit::interpret
