// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace naudit::rules {

// The kernel's filter lists (AUDIT_FILTER_* of linux/audit.h). A rule that the kernel lists may carry another number.
enum class List : std::uint32_t { kUser = 0, kTask = 1, kExit = 4, kExclude = 5, kFilesystem = 6, kIoUring = 7 };

enum class Action : std::uint32_t { kNever = 0, kPossible = 1, kAlways = 2 };

enum class Operator : std::uint32_t {
  kMask = 0x08000000,  // &
  kLess = 0x10000000,
  kGreater = 0x20000000,
  kNotEqual = 0x30000000,
  kEqual = 0x40000000,
  kTest = 0x48000000,  // &=
  kLessEqual = 0x50000000,
  kGreaterEqual = 0x60000000,
};

// The fields of linux/audit.h, described in rule/fields.hpp; a rule that the kernel lists may carry another number.
enum class FieldId : std::uint32_t {
  kPid = 0,
  kUid = 1,
  kEuid = 2,
  kSuid = 3,
  kFsuid = 4,
  kGid = 5,
  kEgid = 6,
  kSgid = 7,
  kFsgid = 8,
  kAuid = 9,
  kPers = 10,
  kArch = 11,
  kMsgtype = 12,
  kSubjUser = 13,
  kSubjRole = 14,
  kSubjType = 15,
  kSubjSen = 16,
  kSubjClr = 17,
  kPpid = 18,
  kObjUser = 19,
  kObjRole = 20,
  kObjType = 21,
  kObjLevLow = 22,
  kObjLevHigh = 23,
  kLoginuidSet = 24,
  kSessionid = 25,
  kFstype = 26,
  kDevmajor = 100,
  kDevminor = 101,
  kInode = 102,
  kExit = 103,
  kSuccess = 104,
  kPath = 105,
  kPerm = 106,
  kDir = 107,
  kFiletype = 108,
  kObjUid = 109,
  kObjGid = 110,
  kFieldCompare = 111,
  kExe = 112,
  kSaddrFam = 113,
  kArg0 = 200,
  kArg1 = 201,
  kArg2 = 202,
  kArg3 = 203,
  kKey = 210,
};

inline constexpr std::size_t kMaxFields = 64;      // of the kernel; auditctl stops at 63
inline constexpr std::size_t kMaxKeyLength = 256;  // all keys of a rule with their separators
inline constexpr char kKeySeparator = '\x01';
inline constexpr std::uint32_t kUnset = 0xFFFFFFFF;

// AUDIT_PERM_* of linux/audit.h.
inline constexpr std::uint32_t kPermExecute = 1, kPermWrite = 2, kPermRead = 4, kPermAttributes = 8, kPermAll = 15;

struct Field {
  FieldId id = FieldId::kPid;
  Operator op = Operator::kEqual;
  std::uint32_t value = 0;  // 0 for a field with text
  std::string text;
  friend bool operator==(const Field&, const Field&) = default;
};

// One bit a system call (or io_uring operation) number below 2048.
class SyscallMask {
 public:
  static constexpr std::size_t kWords = 64;
  static constexpr std::uint32_t kBits = 2048;

  static SyscallMask all() noexcept;
  void set(std::uint32_t number) noexcept;
  [[nodiscard]] bool test(std::uint32_t number) const noexcept;
  [[nodiscard]] bool empty() const noexcept;
  // The kernel keeps its class bits in the last 16, and clears them: a full mask comes back with those at zero.
  [[nodiscard]] bool is_all() const noexcept;
  [[nodiscard]] std::vector<std::uint32_t> numbers() const;
  SyscallMask& operator|=(const SyscallMask& other) noexcept;

  std::array<std::uint32_t, kWords> words{};
  friend bool operator==(const SyscallMask&, const SyscallMask&) = default;
};

// One kernel rule as a value; the order of the fields is part of it. Copy it freely.
struct Rule {
  List list = List::kExit;
  Action action = Action::kAlways;
  bool prepend = false;
  SyscallMask syscalls;
  std::vector<Field> fields;

  [[nodiscard]] const Field* find(FieldId id) const noexcept;
  [[nodiscard]] std::optional<std::uint32_t> arch() const noexcept;
  [[nodiscard]] std::vector<std::string> keys() const;
  friend bool operator==(const Rule&, const Rule&) = default;
};

// What the kernel compares when it looks for a duplicate or for the rule to delete (kernel/auditfilter.c,
// audit_compare_rule): all but where the rule was to be inserted. Equal identities are equal rules.
std::string identity(const Rule& rule);

// A rule that somebody wants, and where and why.
struct WantedRule {
  Rule rule;
  // What older auditctls send for the same text, where it is another mask (a rule with `perm` and arch): before 4.0
  // that of the named system calls or of all, before 4.2 that of the calls it knew.
  std::vector<SyscallMask> older_masks;
  base::Place place;
  std::string description;
  std::vector<std::string> tags;
  bool every_call_is_meant = false;  // its author has said `arch: any`: it is looked at in every system call by choice
};

// The rule as older auditctls would have sent it.
std::vector<Rule> older_forms(const WantedRule& wanted);

}  // namespace naudit::rules
