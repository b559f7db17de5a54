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

struct PathRecord {
  const Field* name = nullptr;
  const Field* inode = nullptr;
  const Field* device = nullptr;
  const Field* mode = nullptr;
  std::uint32_t item = 0;
};

// The PATH records by what they stand for, in the order of their numbers: the records of an event may come in any
// order. The kernel writes parents first; of a rename that replaces a file both names are deleted before the new one is
// created, the old name first (fs/namei.c: may_delete, vfs_rename).
struct PathRecords {
  PathRecord first, normal, second_normal, created, deleted, unknown, parent;

  explicit PathRecords(const DecodedEvent& event) noexcept {
    for (const DecodedRecord& record : event.records())
      if (record.type == type::kPath) add(event, record);
  }

  [[nodiscard]] const PathRecord& acted_on() const noexcept {
    if (created.name != nullptr) return created;
    if (deleted.name != nullptr) return deleted;
    if (normal.name != nullptr) return normal;
    // Of a call that failed the directory is better than nothing.
    return unknown.name != nullptr ? unknown : parent;
  }

 private:
  static void keep_lowest(PathRecord& place, const PathRecord& path) noexcept {
    if (place.name == nullptr || path.item < place.item) place = path;
  }
  static void keep_highest(PathRecord& place, const PathRecord& path) noexcept {
    if (place.name == nullptr || path.item >= place.item) place = path;
  }

  void add(const DecodedEvent& event, const DecodedRecord& record) noexcept {
    PathRecord path;
    path.item = next_;
    std::string_view kind;
    for (const Field& one : event.fields(record)) {
      switch (one.id) {
        case field::kItem:
          read_item(one.value, path);
          break;
        case field::kName:
          path.name = &one;
          break;
        case field::kInode:
          path.inode = &one;
          break;
        case field::kDev:
          path.device = &one;
          break;
        case field::kMode:
          path.mode = &one;
          break;
        case field::kNametype:
        case field::kObjtype:
          kind = one.value;
          break;
        default:
          break;
      }
    }
    next_ = path.item + 1;
    if (path.name == nullptr) return;
    keep_lowest(first, path);
    if (kind == "CREATE")
      keep_highest(created, path);
    else if (kind == "DELETE")
      keep_lowest(deleted, path);
    else if (kind == "PARENT")
      keep_highest(parent, path);
    else if (kind == "UNKNOWN")
      keep_lowest(unknown, path);
    else
      add_normal(path);
  }
  // Nearly always one digit.
  void read_item(std::string_view value, PathRecord& path) const noexcept {
    if (value.size() == 1 && value[0] >= '0' && value[0] <= '9')
      path.item = static_cast<std::uint32_t>(value[0] - '0');
    else if (!parse_decimal(value, path.item))
      path.item = next_;
  }
  void add_normal(const PathRecord& path) noexcept {
    if (normal.name == nullptr) {
      normal = path;
    } else if (path.item < normal.item) {
      second_normal = normal;
      normal = path;
    } else {
      keep_lowest(second_normal, path);
    }
  }

  std::uint32_t next_ = 0;  // of a record without a number
};

ObjectKind kind_of(const PathRecord& path) noexcept {
  std::uint32_t mode = 0;
  if (path.mode == nullptr) return ObjectKind::kFile;
  const std::string_view text = path.mode->value;
  std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  switch (mode & 0170000U) {
    case 0010000:
      return ObjectKind::kFifo;
    case 0020000:
      return ObjectKind::kCharacterDevice;
    case 0040000:
      return ObjectKind::kDirectory;
    case 0060000:
      return ObjectKind::kBlockDevice;
    case 0120000:
      return ObjectKind::kSymlink;
    case 0140000:
      return ObjectKind::kSocket;
    default:
      return ObjectKind::kFile;
  }
}

bool is_null(const Field& name) noexcept {
  return name.spelling == Spelling::kBare && name.value == "(null)";
}

// `dirfd` is the index of the argument that holds the directory.
void add_path(const Scene& scene, Summary& summary, Part part, const PathRecord& path, int dirfd) noexcept {
  if (path.name == nullptr) return;
  if (is_null(*path.name)) {
    if (part != Part::kPath) return;
    if (path.inode != nullptr) summary.add({.part = Part::kInode, .field = path.inode});
    if (path.device != nullptr) summary.add({.part = Part::kDevice, .field = path.device});
    return;
  }
  ObjectPart one{.part = part, .field = path.name};
  if (is_absolute(*path.name)) {
    summary.add(one);
    return;
  }
  constexpr std::uint32_t kCurrentDirectory = 0xFFFFFF9C;  // AT_FDCWD, -100
  std::optional<std::uint64_t> base;
  if (dirfd >= 0 && !scene.is_uring) base = scene.argument(dirfd);
  const bool elsewhere =
      (dirfd >= 0 && scene.is_uring) || (base && static_cast<std::uint32_t>(*base) != kCurrentDirectory);
  one.as_is = elsewhere;
  summary.add(one);
  if (!elsewhere && scene.event.find(type::kCwd) != nullptr) return;
  const bool is_other = part != Part::kPath;
  summary.add({.part = is_other ? Part::kOldRelative : Part::kRelative});
  if (elsewhere && base)
    summary.add(
        {.part = is_other ? Part::kOldDirectoryFd : Part::kDirectoryFd, .number = static_cast<std::uint32_t>(*base)});
}

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
  // The rest of a decision of kernels before 2.6.27, whose own record is missing.
  if (summary.object_kind != ObjectKind::kNone || scene.avc_path == nullptr) return;
  const Field* const path = scene.event.find(*scene.avc_path, field::kPath);
  if (path == nullptr) return;
  summary.object_kind = ObjectKind::kUnknown;
  summary.add({.part = Part::kPath, .as_is = true, .field = path});
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

void take_file(const Scene& scene, const CallAction& action, Summary& summary) noexcept {
  const PathRecords paths(scene.event);
  const PathRecord* path = &paths.acted_on();
  const bool two_names = action.act == Act::kRename || action.act == Act::kLink;
  // The first is the file, those behind it are its interpreters; without the first nothing is known of the file.
  constexpr PathRecord kUnknown;
  if (action.act == Act::kExec) path = paths.first.item == 0 ? &paths.first : &kUnknown;
  if (action.act == Act::kMount && action.second_dirfd >= 0 && paths.second_normal.name != nullptr)
    path = &paths.second_normal;

  if (path->name == nullptr) {
    if (action.act != Act::kOther) summary.object_kind = ObjectKind::kFile;
    return;
  }
  summary.object_kind = kind_of(*path);
  add_path(scene, summary, Part::kPath, *path, action.second_dirfd >= 0 ? action.second_dirfd : action.dirfd);

  if (two_names) {
    const PathRecord& old = action.act == Act::kRename ? paths.deleted : paths.normal;
    if (old.name != path->name) add_path(scene, summary, Part::kOldPath, old, action.dirfd);
  } else if (action.act == Act::kSymlink && paths.unknown.name != nullptr && paths.unknown.name != path->name) {
    summary.add({.part = Part::kTarget, .field = paths.unknown.name});
  } else if (action.act == Act::kMount) {
    const PathRecord& source = path == &paths.second_normal ? paths.normal : paths.second_normal;
    add_path(scene, summary, Part::kSource, source, action.dirfd);
  } else if (action.act == Act::kRoot && paths.second_normal.name != nullptr) {
    summary.add({.part = Part::kTarget, .field = paths.second_normal.name});
  } else if (action.act == Act::kExec) {
    if (summary.success == true) summary.executed = path->name;
  }
  const bool opens = action.act == Act::kOpen || action.act == Act::kOpenHow || action.act == Act::kCreate;
  if (opens && path == &paths.created) summary.add({.part = Part::kCreated});
}

void take_file_of_inode(const Scene& scene, std::string_view inode, Summary& summary) noexcept {
  for (const DecodedRecord& record : scene.event.records()) {
    if (record.type != type::kPath) continue;
    PathRecord path;
    for (const Field& one : scene.event.fields(record)) {
      if (one.id == field::kName) path.name = &one;
      if (one.id == field::kInode) path.inode = &one;
      if (one.id == field::kMode) path.mode = &one;
    }
    if (path.name == nullptr || path.inode == nullptr || path.inode->value != inode || is_null(*path.name)) continue;
    summary.object_kind = kind_of(path);
    add_path(scene, summary, Part::kPath, path, -1);
    return;
  }
}

bool is_file_called(const Scene& scene, const Field& name) noexcept {
  const PathRecords paths(scene.event);
  const Field* const path = paths.acted_on().name;
  if (path == nullptr || path->spelling != name.spelling || !path->value.ends_with(name.value)) return false;
  const std::size_t before = path->value.size() - name.value.size();
  return before == 0 || path->value[before - 1] == '/' ||
         (path->spelling == Spelling::kBare && path->value.substr(0, before).ends_with("2F"));
}

}  // namespace naudit::interpret
