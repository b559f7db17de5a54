// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "netlink/status.hpp"
#include "rules/rule/rule.hpp"

namespace naudit::ctl {

// What is known, or why it is not. Nothing is known by itself, so that a fact that nobody gathered is never taken for a
// good one.
template <typename T>
class Known {
 public:
  Known() = default;
  Known(T value) : value_(std::move(value)) {}  // NOLINT(google-explicit-constructor): facts.rules = list
  static Known unknown(std::string why) {
    Known known;
    known.why_ = std::move(why);
    return known;
  }

  void set_unknown(std::string why) { *this = unknown(std::move(why)); }

  explicit operator bool() const noexcept { return value_.has_value(); }
  const T& operator*() const noexcept { return *value_; }
  const T* operator->() const noexcept { return &*value_; }
  // Why it is not known: a phrase behind "not looked at: ".
  [[nodiscard]] const std::string& why() const noexcept { return why_; }

 private:
  std::optional<T> value_;
  std::string why_ = "nobody has asked";
};

// A process: "pid 812 (auditd)".
struct Process {
  pid_t pid = 0;
  std::string name;  // empty: not known
  [[nodiscard]] std::string text() const;
};

// What the kernel was booted with (Documentation/admin-guide/kernel-parameters.txt).
struct BootWords {
  std::optional<bool> audit;                   // audit=; nothing: it was not said
  std::optional<std::uint64_t> backlog_limit;  // audit_backlog_limit=
};

// A socket of NETLINK_AUDIT that takes the multicast copies of the records (AUDIT_NLGRP_READLOG).
struct Listener {
  std::uint64_t inode = 0;
  std::vector<Process> holders;  // empty: not known
};

// How systemd-journald-audit.socket is set, by its files.
enum class JournaldSocket : std::uint8_t { kAbsent, kMasked, kOff, kOn };

struct Surroundings {
  bool initial_pid_namespace = true, initial_user_namespace = true;
  std::string container;  // what kind, by its marks; empty: none seen
};

// Of nauditd's status (docs/control-socket.md), what checks ask for.
struct SinkFact {
  std::string name, type, state, last_error;
  std::uint64_t dropped = 0;
};
struct DaemonFact {
  pid_t pid = 0;
  std::string mode, registration, config;
  std::uint64_t overruns = 0, gap_events = 0;
  std::vector<SinkFact> sinks;  // without those of tail and top
  bool has_rules = false;       // it loads rules
  std::uint64_t rules_wanted = 0, rules_missing = 0;
  bool rules_locked = false;
  std::string rules_error;
};
enum class Reach : std::uint8_t { kAnswers, kAbsent, kNoRight, kSilent };

// Of nauditd's rule_stats: the events of the last minute.
struct KeyFact {
  std::string key;
  double share = 0;  // 0 to 1
  double rate = 0;   // events a second
};

// A file system on which we write: of a sink's files, a spool, the state.
struct Room {
  std::string what;                           // "the log of sink 'log'"
  std::string folder;                         // the one, or the nearest one above it that is there
  std::uint64_t total = 0, free = 0;          // bytes, free for who is not privileged
  std::uint64_t inodes = 0, free_inodes = 0;  // 0 inodes: the file system does not count them
  std::uint64_t keep_free = 0;                // bytes that the configuration wants to stay free
  std::uint64_t most = 0;                     // bytes that the files may grow to by the configuration; 0: not said
  std::uint64_t used = 0;                     // bytes that they have by now
};

// Something of a path that is not as it should be.
struct PathFault {
  std::string what;    // "the log of sink 'log'"
  std::string fault;   // "'/srv/log' can be written by everybody"
  std::string remedy;  // a command
};

struct Clock {
  std::optional<bool> synchronised;  // as the kernel was told (adjtimex); nothing: it does not say
  std::optional<std::chrono::seconds>
      rtc_ahead;  // of the system's time; nothing: there is no RTC, or it has local time
  // How far the latest event is stamped ahead of now; nothing: no event, or nobody to ask.
  std::optional<std::chrono::milliseconds> events_ahead;
};

// All that doctor looks at. Gathered by gather() (gather.hpp); the checks are pure functions of it. A value; any
// thread.
struct Facts {
  bool is_root = false;
  Known<netlink::KernelStatus> kernel_before, kernel;  // and the same a moment later
  std::chrono::milliseconds between{0};
  Known<Process> holder;  // of the registration; pid 0: nobody
  Known<std::vector<rules::Rule>> rules;
  Known<BootWords> boot;
  Known<std::vector<Listener>> listeners;
  Known<JournaldSocket> journald;
  Known<Surroundings> surroundings;
  Known<std::uint32_t> login_id;  // of whoever runs doctor
  Known<std::uint64_t> rmem_max;  // net.core.rmem_max

  Reach reach = Reach::kAbsent;
  std::string socket;        // where nauditd was asked
  std::string unit_failure;  // how nauditd.service has failed, "exit-code, status 6"; empty: it has not, or not known
  Known<DaemonFact> daemon_before, daemon;
  Known<std::vector<KeyFact>> keys;
  Known<std::uint64_t> receive_buffer;  // bytes of nauditd's event socket, as the kernel has it

  std::string config_path;
  Known<config::Config> config;
  std::vector<std::string> config_problems;  // it is there, and wrong
  Known<std::vector<Room>> rooms;
  Known<std::vector<PathFault>> path_faults;
  Known<Clock> clock;
};

}  // namespace naudit::ctl
