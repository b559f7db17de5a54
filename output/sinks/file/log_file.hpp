// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/uio.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "output/in_hand.hpp"
#include "output/loss.hpp"
#include "output/sinks/file/problem.hpp"
#include "output/sinks/file/space.hpp"

namespace naudit::output {

struct RotatedFile;
class RotatedFiles;

// What a FileWorker writes events to: a log with its rotated forerunners (FileWriter), or audit trails that each have a
// name of their own (TrailWriter). Only the system calls and their order; when to call, and what to do about a problem,
// is the worker's. One thread; nothing throws or waits longer than the file system does.
class LogFile {
 public:
  // Something survived that is worth telling.
  struct Note {
    std::string text;
    bool is_flaw = false;  // the file is not as it ought to be, and stays so
  };

  LogFile() = default;
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;
  virtual ~LogFile() = default;

  virtual FileProblem open() = 0;
  [[nodiscard]] virtual bool is_open() const noexcept = 0;
  // Bytes of events in the present file, those that were there at open() included.
  [[nodiscard]] virtual std::uint64_t size() const noexcept = 0;
  // When its last byte was written, as it was opened.
  [[nodiscard]] virtual std::chrono::sys_seconds modified() const noexcept = 0;
  // Appends; `written` may be less than asked for, with or without a problem.
  virtual FileProblem write(std::span<const iovec> pieces, std::size_t& written) = 0;
  // The whole events of a portion are written, and stay.
  virtual void committed(const InHand::Portion& /*portion*/) {}
  virtual FileProblem sync() = 0;
  // Another descriptor of the file, for a FileSyncer; negative if there is none to be had.
  [[nodiscard]] virtual int duplicate() const noexcept = 0;
  // What a failed sync of such a descriptor was.
  [[nodiscard]] virtual FileProblem unsynced(int code) const = 0;
  // Shortens what size() counts, to take back an unfinished event. Does nothing if somebody else has written to it.
  virtual bool cut(std::uint64_t size) = 0;
  // The path leads to another file than ours, or to none: somebody moved or removed it.
  [[nodiscard]] virtual bool moved() const = 0;
  // False: the present file is too young to have a successor, whatever its size is.
  [[nodiscard]] virtual bool may_rotate() { return true; }
  // Ends the present file and begins a new one. If it cannot be ended writing goes on in it.
  virtual FileProblem rotate() = 0;
  // Behind the last event of the sink's life.
  virtual FileProblem finish() { return {}; }
  virtual FileProblem look_at_space(Space& space) const = 0;
  // Removes the oldest file but the present one; `removed` has no path if there was none.
  virtual FileProblem drop_oldest(RotatedFile& removed) = 0;
  // Removes what is more than may be kept. `trust_clock`: for its age, too.
  virtual FileProblem prune(bool trust_clock) = 0;
  // Events that nobody will get any more, of files that were removed since the last call.
  [[nodiscard]] virtual Losses take_losses() { return {}; }
  // Those that may be compressed; null: none ever is.
  [[nodiscard]] virtual RotatedFiles* rotated() noexcept { return nullptr; }
  [[nodiscard]] virtual uid_t owner() const noexcept = 0;
  // Clears it.
  virtual Note take_note() = 0;
  virtual void close() noexcept = 0;
};

}  // namespace naudit::output
