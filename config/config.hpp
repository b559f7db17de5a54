// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

// nauditd.yaml as plain values. Every default of the product stands here, and only here; the shipped file
// (config/nauditd.yaml) states the same ones in its comments and a test keeps the two equal.
// Owner: whoever loaded it; immutable afterwards, so any thread may read it. Sizes are bytes.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

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
  Milliseconds pause{1};  // the longest that records may pile up in the socket under load
  friend bool operator==(const Events&, const Events&) = default;
};

enum class Outcome : std::uint8_t { kSuccess, kFailure };

// `filter:` of a sink. Empty lists let everything pass; an event passes when each given list matches.
struct Filter {
  std::vector<std::string> keys;
  std::vector<std::string> types;     // record type names, or numbers
  std::vector<std::string> syscalls;  // names, or numbers
  std::vector<std::string> uids;      // names or numbers; compared with uid and auid
  std::optional<Outcome> outcome;
  friend bool operator==(const Filter&, const Filter&) = default;
};

enum class WhenFull : std::uint8_t { kDropOldest, kDropNewest, kBlock };

// `queue:` of a sink: bounded in bytes, and in events if wanted; in memory.
struct Queue {
  std::uint64_t size = 8 * kMiB;
  WhenFull when_full = WhenFull::kDropOldest;
  std::uint32_t events = 0;  // 0: as many as there is room for
  friend bool operator==(const Queue&, const Queue&) = default;
};

// `rotate:` of a file sink. size 0 = only on request. keep = number of rotated files beside the current one.
struct Rotate {
  std::uint64_t size = 64 * kMiB;
  std::uint32_t keep = 10;
  friend bool operator==(const Rotate&, const Rotate&) = default;
};

// `sync:` of a file sink: none | batch | a duration ("1s").
enum class SyncKind : std::uint8_t { kNone, kInterval, kBatch };
struct Sync {
  SyncKind kind = SyncKind::kInterval;
  Milliseconds interval{1000};
  friend bool operator==(const Sync&, const Sync&) = default;
};

// `tls:` of a network sink. A url that starts with https:// enables it; a tcp sink needs `tls: true` or a map.
struct Tls {
  bool enabled = false;
  bool verify = true;
  std::string ca;           // file; empty = the system's
  std::string certificate;  // file; client certificate (PEM)
  std::string key;          // file; its key
  std::string server_name;  // name to verify and to send as SNI; empty = the host of the address
  friend bool operator==(const Tls&, const Tls&) = default;
};

// `batch:` of an https sink: a request is sent at whichever comes first.
struct HttpBatch {
  std::uint64_t bytes = 1 * kMiB;
  std::uint32_t events = 1000;
  Milliseconds time{1000};
  friend bool operator==(const HttpBatch&, const HttpBatch&) = default;
};
enum class HttpBody : std::uint8_t { kNdjson, kEvent };  // many events a request, or one

// `mozdef:` of a sink with that format.
struct Mozdef {
  std::string process_name = "audisp-json";  // which MozDef's alerts look for
  bool paths = true;                         // the array of all PATH records; else `details` has only strings
  bool strict = false;                       // also what MozDef itself would add: source and utctimestamp
  std::string prefix, suffix;                // around each event's object
  friend bool operator==(const Mozdef&, const Mozdef&) = default;
};

struct Retry {
  Milliseconds first{500};
  Milliseconds most{60'000};
  friend bool operator==(const Retry&, const Retry&) = default;
};

enum class SinkType : std::uint8_t { kFile, kTcp, kHttps };

// One entry of `sinks:`. Only the members of its type have a meaning; the loader refuses the others.
struct Sink {
  std::string name;
  SinkType type = SinkType::kFile;
  std::string format = "json";
  Mozdef mozdef;
  Filter filter;
  Queue queue;
  // file
  std::string path;
  std::uint32_t mode = 0600;
  Rotate rotate;
  Sync sync;
  // tcp: "host:port" or "[v6]:port"
  std::string address;
  // https: http:// is accepted for loopback only, and without `tls:`
  std::string url;
  std::string token_file;             // bearer token, re-read at each reload and at each 401
  HttpBody body = HttpBody::kNdjson;  // with the format mozdef kEvent is the default
  HttpBatch batch;
  // tcp and https
  Tls tls;
  Retry retry;
  Milliseconds timeout{10'000};  // connecting, and one request
  friend bool operator==(const Sink&, const Sink&) = default;
};

// `daemon:`
struct Daemon {
  std::string control_socket = "/run/naudit/control.sock";
  std::string state_directory = "/var/lib/naudit";
  std::string log_level = "info";  // trace | debug | info | warning | error
  std::int32_t nice = -4;
  std::optional<std::int32_t> oom_score_adjust = -1000;
  friend bool operator==(const Daemon&, const Daemon&) = default;
};

// One file with decoded events: what an empty configuration gives.
std::vector<Sink> default_sinks();

struct Config {
  Node node;
  Kernel kernel;
  Rules rules;
  Events events;
  std::vector<Sink> sinks = default_sinks();
  Daemon daemon;
  friend bool operator==(const Config&, const Config&) = default;
};

}  // namespace naudit::config
