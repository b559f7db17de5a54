// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <charconv>

#include "interpret/summary/object_of_call.hpp"
#include "interpret/summary/paths.hpp"
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
};

// The PATH records by what they stand for. The kernel writes parents first; of a rename that replaces a file both names
// are deleted before the new one is created, the old name first (fs/namei.c: may_delete, vfs_rename).
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
  void add(const DecodedEvent& event, const DecodedRecord& record) noexcept {
    PathRecord path;
    std::string_view kind;
    for (const Field& one : event.fields(record)) {
      if (one.id == field::kName) path.name = &one;
      if (one.id == field::kInode) path.inode = &one;
      if (one.id == field::kDev) path.device = &one;
      if (one.id == field::kMode) path.mode = &one;
      if (one.id == field::kNametype || one.id == field::kObjtype) kind = one.value;
    }
    if (path.name == nullptr) return;
    if (first.name == nullptr) first = path;
    if (kind == "CREATE") {
      created = path;
    } else if (kind == "DELETE") {
      if (deleted.name == nullptr) deleted = path;
    } else if (kind == "PARENT") {
      parent = path;
    } else if (kind == "UNKNOWN") {
      if (unknown.name == nullptr) unknown = path;
    } else if (normal.name == nullptr) {
      normal = path;
    } else if (second_normal.name == nullptr) {
      second_normal = path;
    }
  }
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
  if (summary.find(Part::kRelative) == nullptr) summary.add({.part = Part::kRelative});
  if (elsewhere && base && summary.find(Part::kDirectoryFd) == nullptr)
    summary.add({.part = Part::kDirectoryFd, .number = static_cast<std::uint32_t>(*base)});
}

}  // namespace

void take_file(const Scene& scene, const CallAction& action, Summary& summary) noexcept {
  const PathRecords paths(scene.event);
  const PathRecord* path = &paths.acted_on();
  const bool two_names = action.act == Act::kRename || action.act == Act::kLink;
  if (action.act == Act::kExec && paths.first.name != nullptr) path = &paths.first;
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

}  // namespace naudit::interpret
