// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

// nauditd.yaml as plain values. Every default of the product is the initializer of a member here, or in the options of
// a kind of sink or of a format, and only there; the shipped file (config/nauditd.yaml) states the same ones and a test
// keeps the two equal.
// Owner: whoever loaded it; immutable afterwards, so any thread may read it. Sizes are bytes.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/any_options.hpp"

namespace naudit::config {

inline constexpr std::uint64_t kKiB = 1024;
inline constexpr std::uint64_t kMiB = 1024 * kKiB;

using Milliseconds = std::chrono::milliseconds;

// Where the name of this machine in each event comes from (`node:`).
enum class NodeKind : std::uint8_t { kNone, kHostname, kFqdn, kText };

struct Node {
  NodeKind kind = NodeKind::kHostname;
  std::string text;  // only for kText
  friend bool operator==(const Node&, const Node&) = default;
};

enum class KernelMode : std::uint8_t {
  kOwn,      // register as the audit daemon; an error if another process is registered
  kObserve,  // listen to the read-only multicast group only
  kAuto,     // own, and observe when somebody else is registered
  kNone,     // nothing of this kernel: only `sources:`
};
enum class OnStop : std::uint8_t { kKeep, kDisable };
enum class FailureMode : std::uint8_t { kSilent, kPrintk };  // never panic: nauditd does not set 2

// `kernel:`; an empty option (`keep` in the file) leaves the kernel's value alone.
struct Kernel {
  KernelMode mode = KernelMode::kOwn;
  std::optional<bool> enabled = true;
  std::optional<std::uint32_t> backlog_limit = 8192;
  std::optional<Milliseconds> backlog_wait_time = Milliseconds{0};
  std::optional<std::uint32_t> rate_limit;
  std::optional<FailureMode> failure;
  bool loginuid_immutable = false;
  std::uint64_t receive_buffer = 64 * kMiB;
  OnStop on_stop = OnStop::kKeep;
  friend bool operator==(const Kernel&, const Kernel&) = default;
};

enum class Drift : std::uint8_t { kHeal, kReport, kIgnore };

// `rules:`
struct Rules {
  std::vector<std::string> files = {"/etc/naudit/rules.d"};
  bool exclusive = false;
  bool lenient = false;
  Drift drift = Drift::kHeal;
  friend bool operator==(const Rules&, const Rules&) = default;
};

// `events:`
struct Events {
  Milliseconds quiet{250};     // an event without a SYSCALL record is whole after this long without a new record
  Milliseconds timeout{2000};  // whatever is still open then goes out, flagged
  std::uint32_t max_open = 16384;
  std::uint64_t max_open_bytes = 16 * kMiB;
  Milliseconds pause{1};               // the longest that records may pile up in the socket under load
  std::uint32_t max_out_of_order = 0;  // so many serials behind a missing one it will not come; 0: after `timeout`
  bool log_out_of_order = false;
  friend bool operator==(const Events&, const Events&) = default;
};

enum class Outcome : std::uint8_t { kSuccess, kFailure };

// `filter:` of a sink. Empty lists let everything pass; an event passes when each given list matches, and the
// expression.
struct Filter {
  std::vector<std::string> keys;
  std::vector<std::string> types;     // record type names, or numbers
  std::vector<std::string> syscalls;  // names, or numbers
  std::vector<std::string> uids;      // names or numbers; compared with uid and auid
  std::vector<std::string> exes;      // paths, patterns, folders, names of files
  std::vector<std::string> paths;     // the same
  std::vector<std::string> sessions;  // numbers
  std::vector<std::string> hosts;     // nodes; addresses and hosts that a program tells
  std::optional<Outcome> outcome;
  // Not configured: the numbers of the users that it names on this machine, where it knows them (output::with_numbers).
  std::map<std::string, std::uint32_t> numbers = {};
  std::string expression = {};  // a text in place of the lists (output/shape/expression.hpp)
  friend bool operator==(const Filter&, const Filter&) = default;
};

// `redact:` of a sink: what is hidden in command lines.
struct Redact {
  bool enabled = false;
  bool builtin = true;                // the patterns of output/shape/secrets.cpp
  std::vector<std::string> patterns;  // and these (RE2): their groups are hidden, or all that they match
  friend bool operator==(const Redact&, const Redact&) = default;
};

// What of an event is compared with what others have of it: a row each in output/shape/traits.cpp.
enum class Trait : std::uint8_t {
  kKey,
  kType,
  kSyscall,
  kUser,
  kUid,
  kExe,
  kSession,
  kOutcome,
  kHost,
  kPath,
  kAddress,
  kCommand
};

// `rate_limit:` of a sink: so many events with the same of all these traits.
struct RateLimit {
  bool enabled = false;
  std::uint32_t events = 1000;
  Milliseconds per{1000};
  std::uint32_t burst = 0;  // at once; 0: as many as `events`
  std::vector<Trait> by = {Trait::kKey};
  friend bool operator==(const RateLimit&, const RateLimit&) = default;
};

// `aggregate:` of a sink: events with the same of all these traits become one, and a number.
struct Aggregate {
  bool enabled = false;
  Milliseconds window{10000};
  std::vector<Trait> by = {Trait::kKey,     Trait::kSyscall, Trait::kUser,    Trait::kUid,    Trait::kExe,
                           Trait::kOutcome, Trait::kPath,    Trait::kAddress, Trait::kCommand};
  friend bool operator==(const Aggregate&, const Aggregate&) = default;
};

enum class WhenFull : std::uint8_t { kDropOldest, kDropNewest, kBlock };

// `queue:` of a sink: bounded in bytes, and in events if wanted; in memory.
struct Queue {
  std::uint64_t size = 32 * kMiB;
  WhenFull when_full = WhenFull::kDropOldest;
  std::uint32_t events = 0;  // 0: as many as there is room for
  friend bool operator==(const Queue&, const Queue&) = default;
};

// `sync:` none | batch | a duration ("1s"): when what was written is forced to the disk.
enum class SyncKind : std::uint8_t { kNone, kInterval, kBatch };
struct Sync {
  SyncKind kind = SyncKind::kInterval;
  Milliseconds interval{1000};
  friend bool operator==(const Sync&, const Sync&) = default;
};

// `spool:` of a sink: what is not yet confirmed is on the disk. Off unless asked for (`spool: true`, a map).
struct Spool {
  bool enabled = false;
  std::uint64_t size = 1024 * kMiB;
  Milliseconds age = std::chrono::hours(7 * 24);  // 0: whatever the age
  std::uint32_t keep_free = 5;                    // percent of the file system
  Sync sync;
  WhenFull when_full = WhenFull::kDropOldest;
  bool compress = true;
  friend bool operator==(const Spool&, const Spool&) = default;
};

// One entry of `sinks:`. What only its type or its format has is in `options` and `format_options`, which are read,
// checked and printed by their tables (kinds.hpp).
struct Sink {
  std::string name;
  std::string type;  // the name of a kind
  std::string format = "json";
  AnyOptions options;
  AnyOptions format_options;  // none if the format has none
  Filter filter;
  Queue queue;
  Spool spool = {};
  Redact redact = {};
  RateLimit rate_limit = {};
  Aggregate aggregate = {};
  friend bool operator==(const Sink&, const Sink&) = default;

  // Whether it is not given all events that there are.
  [[nodiscard]] bool leaves_out() const { return filter != Filter{} || rate_limit.enabled || aggregate.enabled; }
};

// What a client of a source speaks.
enum class SourceType : std::uint8_t { kAuditd, kStream };

// `tls:` of a source. Off unless asked for (a map).
struct SourceTls {
  bool enabled = false;
  std::string certificate;                // file (PEM): ours
  std::string key;                        // file
  std::string ca;                         // file: who signs the clients' certificates
  std::string crl;                        // file; revocation lists
  std::vector<std::string> names;         // of the clients' certificates; empty = any that the CA has signed
  std::vector<std::string> fingerprints;  // SHA-256, of the clients' certificates; empty = any
  friend bool operator==(const SourceTls&, const SourceTls&) = default;
};

// One entry of `sources:`: where other machines deliver their events.
struct Source {
  std::string name;
  SourceType type = SourceType::kAuditd;
  std::string listen;  // "0.0.0.0:60"
  bool plain = false;  // without TLS at another than a loopback address
  SourceTls tls;
  std::vector<std::string> relays;  // names of certificates that may speak for any machine
  std::uint32_t max_connections = 2048;
  std::uint32_t max_per_address = 64;
  std::uint64_t max_line = kMiB;           // bytes of one message
  std::uint64_t buffer = 2 * kMiB;         // bytes of one client's events that are not yet accepted
  std::uint64_t total_buffer = 64 * kMiB;  // the same of all clients
  Milliseconds timeout{30'000};            // for the handshake, and for the rest of a message that has begun
  Milliseconds idle{0};                    // 0: a client may say nothing for ever
  friend bool operator==(const Source&, const Source&) = default;
};

// `plugins:`: auditd's plugins, each active file of these folders a sink.
struct Plugins {
  std::vector<std::string> directories;  // empty: none are read
  bool names = true;                     // auditd's log_format = ENRICHED
  bool node = false;                     // its name_format, other than none
  std::uint32_t max_restarts = 10;
  friend bool operator==(const Plugins&, const Plugins&) = default;
};

// `daemon:`
struct Daemon {
  std::string control_socket = "/run/naudit/control.sock";
  std::string state_directory = "/var/lib/naudit";
  std::string log_level = "info";  // trace | debug | info | warning | error
  std::int32_t nice = -4;
  std::optional<std::int32_t> oom_score_adjust = -900;
  friend bool operator==(const Daemon&, const Daemon&) = default;
};

// `metrics:`
struct Metrics {
  std::string address;  // an IP address; empty: nobody listens
  std::uint16_t port = 0;
  bool is_loopback = true;  // of the address
  bool remote = false;      // another one than a loopback address may be listened at
  friend bool operator==(const Metrics&, const Metrics&) = default;
};

struct Config {
  Node node;
  Kernel kernel;
  Rules rules;
  Events events;
  std::vector<Source> sources;
  std::vector<Sink> sinks;  // the loader fills in the default (Kinds::default_sinks)
  Plugins plugins;
  Daemon daemon;
  Metrics metrics;
  friend bool operator==(const Config&, const Config&) = default;
};

}  // namespace naudit::config
