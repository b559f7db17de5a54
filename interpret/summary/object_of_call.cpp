// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/object_of_call.hpp"

#include <charconv>

#include "interpret/summary/paths.hpp"
#include "tables/constants.hpp"
#include "tables/record_types.hpp"

namespace naudit::interpret {
namespace {

namespace type = tables::type;
namespace field = tables::field;

void add_number(Summary& summary, Part part, std::uint64_t number) {
  summary.add({.part = part, .number = number});
}

// Ids and signals are 32 bits wide, whatever the register holds.
std::uint32_t low_word(std::uint64_t value) {
  return static_cast<std::uint32_t>(value);
}

void take_self(const Scene& scene, Summary& summary) {
  summary.object_kind = ObjectKind::kProcess;
  if (summary.comm != nullptr && scene.call != nullptr) summary.add({.part = Part::kName, .field = summary.comm});
  if (summary.pid != nullptr) summary.add({.part = Part::kPid, .field = summary.pid});
}

void take_process(const Scene& scene, const CallAction& action, Summary& summary) {
  if (take_processes(scene, summary)) return;
  summary.object_kind = ObjectKind::kProcess;
  const auto pid = scene.argument(action.detail);
  if (!pid) return;
  const auto number = static_cast<std::int32_t>(low_word(*pid));
  if (number > 0)
    add_number(summary, Part::kPid, static_cast<std::uint64_t>(number));
  else if (number == 0 && action.act == Act::kProcess)
    take_self(scene, summary);
}

void take_signal(const Scene& scene, const CallAction& action, Summary& summary) {
  take_processes(scene, summary);
  summary.object_kind = ObjectKind::kProcess;
  if (scene.processes > 1) summary.action = "killed-list-of-pids";
  if (scene.process == nullptr) {
    // The call failed, or nothing was to be told; a negative pid is a group.
    const auto pid = scene.argument(action.detail == 2 ? 1 : 0);
    const std::int32_t number = pid ? static_cast<std::int32_t>(low_word(*pid)) : 0;
    if (number > 0) add_number(summary, Part::kPid, static_cast<std::uint64_t>(number));
  }
  const auto signal = scene.argument(action.detail);
  if (!signal) return;
  if (low_word(*signal) == 0) {
    summary.action = "checked-existence-of";
    return;
  }
  const std::string_view name = tables::constant_name(tables::Constants::kSignal, low_word(*signal));
  if (!name.empty())
    summary.add({.part = Part::kSignal, .text = name});
  else
    add_number(summary, Part::kSignal, low_word(*signal));
}

// Of real, effective and saved id, the first that the call sets: -1 leaves one as it is.
void take_identity(const Scene& scene, const CallAction& action, Summary& summary) {
  take_self(scene, summary);
  for (int index = 0; index < 3; ++index) {
    const auto id = scene.argument(index);
    if (!id) return;
    if (low_word(*id) == ~std::uint32_t{0}) continue;
    add_number(summary, action.detail == 0 ? Part::kNewId : Part::kNewGroupId, low_word(*id));
    return;
  }
}

void take_access(std::uint64_t flags, Summary& summary) {
  constexpr std::uint64_t kAccessMode = 3;
  constexpr std::uint64_t kOnlyPath = 010000000;
  if ((flags & kOnlyPath) != 0) return;
  switch (flags & kAccessMode) {
    case 0:
      summary.add({.part = Part::kAccess, .text = "read"});
      break;
    case 1:
      summary.add({.part = Part::kAccess, .text = "write"});
      break;
    default:
      summary.add({.part = Part::kAccess, .text = "read-write"});
      break;
  }
}

void take_address(const Scene& scene, Summary& summary) {
  if (scene.sockaddr == nullptr) return;
  summary.object_kind = ObjectKind::kSocket;
  if (const Field* const address = scene.event.find(*scene.sockaddr, field::kSaddr))
    summary.add({.part = Part::kAddress, .field = address});
}

void take_module(const Scene& scene, const CallAction& action, Summary& summary) {
  const Field* const name = scene.module == nullptr ? nullptr : scene.event.find(*scene.module, field::kName);
  if (name != nullptr) summary.add({.part = Part::kName, .field = name});
  if (scene.path != nullptr) take_file(scene, action, summary);
  summary.object_kind = ObjectKind::kKernelModule;
}

void take_node(const Scene& scene, const CallAction& action, Summary& summary) {
  take_file(scene, action, summary);
  const auto mode = scene.argument(action.detail);
  if (!mode) return;
  const auto [kind, verb] = [&]() -> std::pair<ObjectKind, std::string_view> {
    switch (*mode & 0170000U) {
      case 0010000:
        return {ObjectKind::kFifo, "made-fifo"};
      case 0020000:
        return {ObjectKind::kCharacterDevice, "made-character-device"};
      case 0060000:
        return {ObjectKind::kBlockDevice, "made-block-device"};
      case 0140000:
        return {ObjectKind::kSocket, "made-socket"};
      default:
        return {ObjectKind::kFile, "made-file"};
    }
  }();
  summary.object_kind = kind;
  summary.action = verb;
}

void take_fork(Summary& summary) {
  summary.object_kind = ObjectKind::kProcess;
  std::uint32_t child = 0;
  if (summary.exit != nullptr && parse_decimal(summary.exit->value, child) && child > 0)
    summary.add({.part = Part::kPid, .field = summary.exit});
}

// Nothing but the records to go by.
void take_whatever(const Scene& scene, const CallAction& action, Summary& summary) {
  take_address(scene, summary);
  if (summary.object_kind == ObjectKind::kNone && take_processes(scene, summary)) return;
  if (summary.object_kind == ObjectKind::kNone && scene.path != nullptr) take_file(scene, action, summary);
}

}  // namespace

bool take_processes(const Scene& scene, Summary& summary) noexcept {
  if (scene.process == nullptr) return false;
  summary.object_kind = ObjectKind::kProcess;
  if (const Field* const pid = scene.event.find(*scene.process, field::kOpid))
    summary.add({.part = Part::kPid, .field = pid});
  const Field* const name = scene.event.find(*scene.process, field::kOcomm);
  if (name != nullptr && !name->value.empty()) summary.add({.part = Part::kName, .field = name});
  if (scene.processes > 1) summary.add({.part = Part::kPids});
  return true;
}

void take_object_of_call(const Scene& scene, const CallAction& action, Summary& summary) noexcept {
  switch (action.act) {
    case Act::kOpen:
      take_file(scene, action, summary);
      if (const auto flags = scene.argument(action.detail)) take_access(*flags, summary);
      break;
    case Act::kOpenHow: {
      take_file(scene, action, summary);
      const Field* const flags = scene.open_how == nullptr ? nullptr : scene.event.find(*scene.open_how, field::kOflag);
      std::uint64_t value = 0;
      if (flags == nullptr) break;
      // The kernel writes 0 and then octal digits.
      const auto [end, error] =
          std::from_chars(flags->value.data(), flags->value.data() + flags->value.size(), value, 8);
      if (error == std::errc{}) take_access(value, summary);
      break;
    }
    case Act::kCreate:
      take_file(scene, action, summary);
      summary.add({.part = Part::kAccess, .text = "write"});
      break;
    case Act::kExec:
      take_file(scene, action, summary);
      // Without a PATH record: after an exec that went well, exe is the file.
      if (summary.parts_used == 0 && summary.success == true && summary.how != nullptr && summary.how != summary.comm)
        summary.add({.part = Part::kPath, .field = summary.how});
      break;
    case Act::kFile:
    case Act::kRename:
    case Act::kLink:
    case Act::kSymlink:
    case Act::kMount:
    case Act::kRoot:
      take_file(scene, action, summary);
      break;
    case Act::kMode:
      take_file(scene, action, summary);
      if (const auto mode = scene.argument(action.detail)) add_number(summary, Part::kMode, *mode & 07777U);
      break;
    case Act::kOwner:
      take_file(scene, action, summary);
      for (const auto& [part, index] : {std::pair{Part::kOwner, 0}, std::pair{Part::kOwnerGroup, 1}}) {
        const auto id = scene.argument(action.detail + index);
        if (id && low_word(*id) != ~std::uint32_t{0}) add_number(summary, part, low_word(*id));
      }
      break;
    case Act::kNode:
      take_node(scene, action, summary);
      break;
    case Act::kSocket:
    case Act::kNewSocket:
    case Act::kSocketcall:
      summary.object_kind = ObjectKind::kSocket;
      take_address(scene, summary);
      break;
    case Act::kSignal:
      take_signal(scene, action, summary);
      break;
    case Act::kTrace:
      summary.action = trace_action(scene.argument(0).value_or(~std::uint64_t{0}), summary.action);
      take_process(scene, action, summary);
      break;
    case Act::kProcess:
      take_process(scene, action, summary);
      break;
    case Act::kFork:
      take_fork(summary);
      break;
    case Act::kSelf:
      take_self(scene, summary);
      break;
    case Act::kIdentity:
      take_identity(scene, action, summary);
      break;
    case Act::kMemory:
      take_self(scene, summary);
      summary.object_kind = ObjectKind::kMemory;
      break;
    case Act::kModule:
      take_module(scene, action, summary);
      break;
    case Act::kBpf:
      summary.action = bpf_action(scene.argument(0).value_or(~std::uint64_t{0}), summary.action);
      summary.object_kind = ObjectKind::kBpf;
      if (scene.path != nullptr) take_file(scene, action, summary);
      break;
    case Act::kSystem:
      summary.object_kind = ObjectKind::kSystem;
      break;
    case Act::kSecurity:
      summary.object_kind = ObjectKind::kSecurityModules;
      break;
    case Act::kOther:
      take_whatever(scene, action, summary);
      break;
  }
}

}  // namespace naudit::interpret
