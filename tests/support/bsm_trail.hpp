// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

// A strict reader of OpenBSM's audit trails, by the published grammar of the tokens (audit.log(5) of FreeBSD, and what
// libbsm's reader does). Debian has no praudit and no auditreduce: this prints what the first prints with -l, and
// selects by the rules of the second.
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace naudit::tests {

struct BsmToken {
  std::uint8_t id = 0;
  std::vector<std::uint64_t> numbers;  // in the order of the token
  std::vector<std::string> texts;      // strings; addresses as four or sixteen bytes
};

struct BsmRead {
  std::uint16_t event = 0, modifier = 0;
  std::uint32_t seconds = 0, millis = 0;
  std::vector<BsmToken> tokens;  // between header and trailer
  std::string bytes;

  [[nodiscard]] std::vector<const BsmToken*> all(std::uint8_t id) const;
  [[nodiscard]] const BsmToken* find(std::uint8_t id) const;
  [[nodiscard]] std::vector<std::string> texts() const;  // of the text tokens
  [[nodiscard]] std::uint32_t sequence() const;
};

struct BsmTrail {
  std::vector<BsmRead> records;
  std::vector<std::string> files;  // paths of the file tokens
  std::string wrong;               // what is not as it has to be, and where; empty: nothing
};

// Reads all of it, or up to what is wrong.
BsmTrail read_bsm(std::string_view bytes);

// One line as `praudit -l` prints a record, numbers not looked up, the time in UTC.
std::string praudit_line(const BsmRead& record);

// What auditreduce's options choose; what is not set is not asked for.
struct BsmSelection {
  std::optional<std::uint32_t> auid, euid, egid, ruid, rgid, pid;  // -u -e -f -r -g -j
  std::optional<std::uint16_t> event;                              // -m
  std::set<std::uint16_t> events_of_class;                         // -c, by the events of the class
  std::optional<bool> success;                                     // + or - before the class
  std::optional<std::uint32_t> after, before;                      // -a -b
  std::string file;                                                // -o file=, the beginning of a path
  std::optional<std::uint32_t> message_queue, semaphores, memory;  // -o msgqid= semid= shmid=
  std::optional<std::uint32_t> object_pid;                         // -o pid=
  std::string zone;                                                // -z
};
bool selects(const BsmSelection& selection, const BsmRead& record);

namespace bsm_token {
inline constexpr std::uint8_t kFile = 0x11, kTrailer = 0x13, kHeader32 = 0x14, kIpc = 0x22, kPath = 0x23,
                              kSubject32 = 0x24, kProcess32 = 0x26, kReturn32 = 0x27, kText = 0x28, kArgument32 = 0x2D,
                              kSequence = 0x2F, kIpcPermissions = 0x32, kExecArguments = 0x3C, kAttributes32 = 0x3E,
                              kZone = 0x60, kArgument64 = 0x71, kSocketInet = 0x80, kSocketInet6 = 0x81,
                              kSocketUnix = 0x82;
}  // namespace bsm_token

}  // namespace naudit::tests
