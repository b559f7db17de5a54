// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "interpret/summary/call_actions.hpp"
#include "interpret/summary/object_part.hpp"

namespace naudit::interpret {

// The table of what system calls act on: take_object_of_call() follows it, docs/summary.md is made from it, and a test
// walks each call. Constant data, any thread.

// Where a part of a call's object comes from.
enum class From : std::uint8_t {
  kKind,            // no part: the object's kind
  kFile,            // the PATH record of what was acted on
  kFileIfAny,       // the same; nothing if the event has no PATH record
  kFirstFile,       // the first PATH record
  kMountPoint,      // the last PATH NORMAL of a call with two directories, else the first
  kMountSource,     // the other one
  kDeletedName,     // PATH DELETE, the lowest
  kLinkedName,      // PATH NORMAL
  kLinkText,        // PATH UNKNOWN
  kSecondFile,      // the second PATH NORMAL
  kExe,             // the program, after success and without PATH records
  kCreated,         // PATH CREATE
  kOpenFlags,       // O_* in an argument
  kOpenHowFlags,    // O_* in OPENAT2
  kForWriting,      // nothing: it is so
  kModeBits,        // permissions in an argument
  kUserOrGroup,     // an id in an argument; -1 is none
  kNodeType,        // no part: the kind, by S_IF* in an argument
  kSockaddr,        // SOCKADDR
  kProcesses,       // OBJ_PID, all of them
  kPidElse,         // a pid above 0 in an argument, where there is no OBJ_PID
  kCaller,          // the process that made the call
  kCallerIfZero,    // the same, where there is no OBJ_PID and the argument is 0
  kSignalNumber,    // a signal in an argument; 0 is none
  kChild,           // a pid as the call's result
  kEffectiveId,     // an id in an argument, else in a0; -1 is none
  kModuleName,      // KERN_MODULE
  kWhateverIsTold,  // SOCKADDR, else OBJ_PID, else PATH, else AVC_PATH
  kLast,
};

struct FromInfo {
  std::string_view words{};  // for the document; %a is the argument, %p the part
};
const FromInfo& from_info(From from) noexcept;

// Which argument a step looks at.
inline constexpr std::int8_t kNoArgument = -1, kOfDetail = -2, kBehindDetail = -3, kBeforeDetail = -4;

struct CallStep {
  From from = From::kLast;
  Part part = Part::kLast;
  std::int8_t argument = kNoArgument;  // from a0; or one of the above: the row's `detail`, the one behind or before it
  ObjectKind kind = ObjectKind::kNone;
};
// The argument's number in a row; below 0: none.
int argument_of(const CallStep& step, const CallAction& action) noexcept;

struct CallPlan {
  std::string_view name{};            // "open"
  std::span<const CallStep> steps{};  // in the order of the object's members
};
const CallPlan& call_plan(Act act) noexcept;

}  // namespace naudit::interpret
