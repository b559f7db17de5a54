// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/object_of_call.hpp"

#include <charconv>
#include <optional>

#include "interpret/summary/paths.hpp"
#include "interpret/summary/plan/call_plan.hpp"
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

  // Returns what the name stands for. Behind that the kernel writes nothing but capabilities.
  std::string_view read(const DecodedEvent& event, const DecodedRecord& record, PathRecord& path) const noexcept {
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
          if (path.name != nullptr) return kind;
          break;
        default:
          break;
      }
    }
    return kind;
  }

  void add(const DecodedEvent& event, const DecodedRecord& record) noexcept {
    PathRecord path;
    path.item = next_;
    const std::string_view kind = read(event, record, path);
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
  // "name=" is a record that was cut.
  return name.spelling == Spelling::kBare && (name.value.empty() || name.value == "(null)");
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

// Ids and signals are 32 bits wide, whatever the register holds.
std::uint32_t low_word(std::uint64_t value) {
  return static_cast<std::uint32_t>(value);
}

std::string_view access_of(std::uint64_t flags) {
  constexpr std::uint64_t kAccessMode = 3;
  constexpr std::uint64_t kOnlyPath = 010000000;
  if ((flags & kOnlyPath) != 0) return {};
  return (flags & kAccessMode) == 0 ? "read" : (flags & kAccessMode) == 1 ? "write" : "read-write";
}

ObjectKind kind_of_node(std::uint64_t mode) {
  switch (mode & 0170000U) {
    case 0010000:
      return ObjectKind::kFifo;
    case 0020000:
      return ObjectKind::kCharacterDevice;
    case 0060000:
      return ObjectKind::kBlockDevice;
    case 0140000:
      return ObjectKind::kSocket;
    default:
      return ObjectKind::kFile;
  }
}

// Takes an object's parts, step by step. The PATH records are looked through once, where a step asks for a file.
class Taker {
 public:
  Taker(const Scene& scene, const CallAction& action, Summary& summary) noexcept
      : scene_(scene), action_(action), summary_(summary) {}

  void take(const CallStep& step) noexcept {
    switch (step.from) {
      case From::kKind:
        summary_.object_kind = step.kind;
        break;
      case From::kFile:
        take_path(paths().acted_on());
        break;
      case From::kFileIfAny:
        if (scene_.path != nullptr) take_path(paths().acted_on());
        break;
      case From::kFirstFile:
        take_first_file();
        break;
      case From::kMountPoint:
        take_path(is_second_mount_point() ? paths().second_normal : paths().acted_on());
        break;
      case From::kMountSource:
        if (file_ != nullptr)
          add_path(scene_, summary_, Part::kSource, is_second_mount_point() ? paths().normal : paths().second_normal,
                   action_.dirfd);
        break;
      case From::kDeletedName:
        take_old_name(paths().deleted);
        break;
      case From::kLinkedName:
        take_old_name(paths().normal);
        break;
      case From::kLinkText:
        if (file_ != nullptr && paths().unknown.name != nullptr && paths().unknown.name != file_)
          summary_.add({.part = Part::kTarget, .field = paths().unknown.name});
        break;
      case From::kSecondFile:
        if (file_ != nullptr && paths().second_normal.name != nullptr)
          summary_.add({.part = Part::kTarget, .field = paths().second_normal.name});
        break;
      case From::kExe:
        if (summary_.parts_used == 0 && summary_.success == true && summary_.how != nullptr &&
            summary_.how != summary_.comm)
          summary_.add({.part = Part::kPath, .field = summary_.how});
        break;
      case From::kCreated:
        if (file_ != nullptr && file_ == paths().created.name) summary_.add({.part = Part::kCreated});
        break;
      case From::kForWriting:
        summary_.add({.part = Part::kAccess, .text = "write"});
        break;
      case From::kOpenHowFlags:
        take_open_how();
        break;
      case From::kSockaddr:
        take_sockaddr();
        break;
      case From::kProcesses:
        take_processes(scene_, summary_);
        break;
      case From::kCaller:
        take_caller();
        break;
      case From::kChild:
        take_child();
        break;
      case From::kModuleName:
        take_module_name();
        break;
      case From::kWhateverIsTold:
        take_whatever();
        break;
      default:
        take_argument(step, scene_.argument(argument_of(step, action_)));
        break;
    }
  }

 private:
  const PathRecords& paths() noexcept {
    if (!paths_) paths_.emplace(scene_.event);
    return *paths_;
  }

  void take_path(const PathRecord& path) noexcept {
    if (path.name == nullptr) {
      if (action_.act != Act::kOther) summary_.object_kind = ObjectKind::kFile;
      return;
    }
    file_ = path.name;
    summary_.object_kind = kind_of(path);
    add_path(scene_, summary_, Part::kPath, path, action_.second_dirfd >= 0 ? action_.second_dirfd : action_.dirfd);
  }

  // Those behind it are its interpreters; without it nothing is known of the file.
  void take_first_file() noexcept {
    constexpr PathRecord kUnknown;
    take_path(paths().first.item == 0 ? paths().first : kUnknown);
    if (file_ != nullptr && summary_.success == true) summary_.executed = file_;
  }

  bool is_second_mount_point() noexcept { return action_.second_dirfd >= 0 && paths().second_normal.name != nullptr; }

  void take_old_name(const PathRecord& path) noexcept {
    if (file_ != nullptr && path.name != file_) add_path(scene_, summary_, Part::kOldPath, path, action_.dirfd);
  }

  // The kernel writes 0 and then octal digits.
  void take_open_how() noexcept {
    const Field* const flags =
        scene_.open_how == nullptr ? nullptr : scene_.event.find(*scene_.open_how, field::kOflag);
    std::uint64_t value = 0;
    if (flags == nullptr) return;
    const auto [end, error] = std::from_chars(flags->value.data(), flags->value.data() + flags->value.size(), value, 8);
    if (error == std::errc{}) add_text(Part::kAccess, access_of(value));
  }

  void take_sockaddr() noexcept {
    if (scene_.sockaddr == nullptr) return;
    summary_.object_kind = ObjectKind::kSocket;
    if (const Field* const address = scene_.event.find(*scene_.sockaddr, field::kSaddr))
      summary_.add({.part = Part::kAddress, .field = address});
  }

  void take_caller() noexcept {
    if (summary_.comm != nullptr && scene_.call != nullptr) summary_.add({.part = Part::kName, .field = summary_.comm});
    if (summary_.pid != nullptr) summary_.add({.part = Part::kPid, .field = summary_.pid});
  }

  void take_child() noexcept {
    std::uint32_t child = 0;
    if (summary_.exit != nullptr && parse_decimal(summary_.exit->value, child) && child > 0)
      summary_.add({.part = Part::kPid, .field = summary_.exit});
  }

  void take_module_name() noexcept {
    const Field* const name = scene_.module == nullptr ? nullptr : scene_.event.find(*scene_.module, field::kName);
    if (name != nullptr) summary_.add({.part = Part::kName, .field = name});
  }

  // Nothing but the records to go by.
  void take_whatever() noexcept {
    take_sockaddr();
    if (summary_.object_kind == ObjectKind::kNone && take_processes(scene_, summary_)) return;
    if (summary_.object_kind == ObjectKind::kNone && scene_.path != nullptr) take_path(paths().acted_on());
    // The rest of a decision of kernels before 2.6.27, whose own record is missing.
    if (summary_.object_kind != ObjectKind::kNone || scene_.avc_path == nullptr) return;
    const Field* const path = scene_.event.find(*scene_.avc_path, field::kPath);
    if (path == nullptr) return;
    summary_.object_kind = ObjectKind::kUnknown;
    summary_.add({.part = Part::kPath, .as_is = true, .field = path});
  }

  void take_argument(const CallStep& step, std::optional<std::uint64_t> value) noexcept {
    if (!value) return;
    const std::uint32_t word = low_word(*value);
    switch (step.from) {
      case From::kOpenFlags:
        add_text(step.part, access_of(*value));
        break;
      case From::kModeBits:
        add_number(step.part, *value & 07777U);
        break;
      case From::kUserOrGroup:
        if (word != kNobody) add_number(step.part, word);
        break;
      case From::kEffectiveId:
        if (word != kNobody) return add_number(step.part, word);
        if (const auto real = scene_.argument(0); real && low_word(*real) != kNobody)
          add_number(step.part, low_word(*real));
        break;
      case From::kNodeType:
        summary_.object_kind = kind_of_node(*value);
        break;
      case From::kPidElse:
        // The call failed, or nothing was to be told; a negative pid is a group.
        if (scene_.process == nullptr && static_cast<std::int32_t>(word) > 0) add_number(step.part, word);
        break;
      case From::kCallerIfZero:
        if (scene_.process == nullptr && word == 0) take_caller();
        break;
      case From::kSignalNumber: {
        if (word == 0) return;
        const std::string_view name = tables::constant_name(tables::Constants::kSignal, word);
        if (!name.empty())
          add_text(step.part, name);
        else
          add_number(step.part, word);
        break;
      }
      default:
        break;
    }
  }

  void add_number(Part part, std::uint64_t number) noexcept { summary_.add({.part = part, .number = number}); }
  void add_text(Part part, std::string_view text) noexcept {
    if (!text.empty()) summary_.add({.part = part, .text = text});
  }

  static constexpr std::uint32_t kNobody = ~std::uint32_t{0};

  const Scene& scene_;
  const CallAction& action_;
  Summary& summary_;
  std::optional<PathRecords> paths_;
  const Field* file_ = nullptr;  // the name of what was acted on
};

// What a request, a command or a flag in an argument says beyond the call.
std::string_view verb_of(const Scene& scene, const CallAction& action) noexcept {
  const auto value = scene.argument(action.request);
  if (!value) return action.verb;
  for (const Request& one : action.requests)
    if ((*value & one.mask) == one.value) return one.verb;
  return action.verb;
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
  if (action.request >= 0) summary.action = verb_of(scene, action);
  Taker taker(scene, action, summary);
  for (const CallStep& step : call_plan(action.act).steps) taker.take(step);
  if (scene.processes > 1 && summary.action == "killed-pid") summary.action = "killed-list-of-pids";
}

void take_file(const Scene& scene, const CallAction& action, Summary& summary) noexcept {
  Taker(scene, action, summary).take({.from = From::kFile});
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
