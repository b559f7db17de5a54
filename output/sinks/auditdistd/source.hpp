// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "output/sinks/auditdistd/ledger.hpp"
#include "output/sinks/auditdistd/options.hpp"
#include "output/sinks/auditdistd/protocol.hpp"
#include "output/sinks/file/file_system.hpp"
#include "output/sinks/trail/trails.hpp"

namespace naudit::output {

// What a receiver is to be sent next, of the trails in a folder: from where it says that it is, one trail after the
// other, each of them opened, appended to, closed. It remembers nothing over a break; the receiver does.
//
// One thread, which waits for the disk.
class TrailSource {
 public:
  struct Piece {
    DistCommand command = DistCommand::kOpen;
    TrailName trail;           // to open, or its last name
    std::string data;          // to append
    std::uint64_t offset = 0;  // in the trail, behind it
  };

  // `rotate`: asks the writer for another trail. All outlive it.
  TrailSource(FileSystem& system, const AuditdistdOptions& options, TrailLedger& ledger, std::function<void()> rotate);
  TrailSource(const TrailSource&) = delete;
  TrailSource& operator=(const TrailSource&) = delete;
  ~TrailSource();

  // A connection begins.
  FileProblem resume(const DistResume& receiver);
  // A connection has ended.
  void reset();
  // False: there is nothing to send now. A trail that is closed has to be taken (closed()) before the next.
  FileProblem next(Piece& piece, bool& is_there);
  // The receiver has the whole trail that was sent, and it goes out of the folder. A problem is survived.
  FileProblem closed();
  // The receiver has so much of the trail that is sent.
  void acknowledged(std::uint64_t offset);
  // All that has been written is with the receiver, as far as is known.
  [[nodiscard]] bool is_done() const;
  // Bytes of trails that are not acknowledged, of those that were there at the last look into the folder.
  [[nodiscard]] std::uint64_t waiting() const;

 private:
  struct Current {
    std::string begin;
    TrailName receivers;       // the name that the receiver has it under
    std::uint64_t offset = 0;  // the next byte to send
    bool is_opened = false;    // at the receiver
    bool is_closed = false;
    std::uint64_t acknowledged = 0;
  };

  FileProblem look();
  FileProblem pass_by();
  FileProblem put_behind(const TrailFile& trail, std::string& last);
  FileProblem begin(const TrailFile& trail, TrailName receivers, std::uint64_t offset);
  FileProblem take_out(const TrailFile& trail);
  FileProblem open(const std::string& begin);
  FileProblem read(std::uint64_t available, Piece& piece, bool& is_there);
  FileProblem find_next(bool& is_there);
  void close() noexcept;
  [[nodiscard]] const TrailFile* find(const std::string& begin) const;

  FileSystem& system_;
  const AuditdistdOptions& options_;
  TrailLedger& ledger_;
  const std::function<void()> rotate_;
  const uid_t owner_;
  std::vector<TrailFile> trails_;
  std::uint64_t seen_ends_ = 0;
  bool has_passed_ = false;      // pass_by() was asked since the connection began
  std::string done_;             // stamp of the newest trail that the receiver has; empty: none
  std::set<std::string> stuck_;  // stamps of those that are delivered and could not be taken out
  std::string asked_;            // stamp of a trail that was to be ended
  std::optional<Current> current_;
  int fd_ = -1;  // of the current one
};

}  // namespace naudit::output
