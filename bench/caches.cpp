// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "bench/caches.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "correlate/correlator.hpp"
#include "formats/registry.hpp"
#include "interpret/names/names.hpp"
#include "interpret/record/decoded_event.hpp"
#include "interpret/record/tokens.hpp"
#include "output/batch_pool.hpp"
#include "tables/record_types.hpp"

namespace naudit::bench {
namespace {

namespace type = tables::type;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kEvents = 1000;  // of a stream, again and again
constexpr std::size_t kRepeat = 5;

struct Stream {
  std::string_view name;
  std::uint32_t processes;  // which take turns
  bool other_files;         // or arguments, in each event
};
// The last is the one with which no cache helps: none has that many places.
constexpr std::array kStreams = {Stream{"one process, always the same", 1, false},
                                 Stream{"one process, other files or arguments", 1, true},
                                 Stream{"60 processes in turn, other files or arguments", 60, true},
                                 Stream{"1,000 processes in turn", kEvents, true}};

// The events of a stream, as a 6.x kernel writes them. Processes differ in all that may differ between processes.
class Maker {
 public:
  Maker(const Stream& stream, bool is_exec) : stream_(stream), is_exec_(is_exec) {}

  correlate::EventBatch make() {
    for (std::uint32_t i = 0; i < kEvents; ++i) {
      head_ = fmt::format("audit(1700000000.123:{}): ", 1'000'000'000 + i);
      process_ = i % stream_.processes;
      file_ = stream_.other_files ? i : 0;
      add_event();
    }
    return std::move(batch_);
  }

 private:
  void add_event() {
    const std::string program = fmt::format("worker{}", process_);
    const std::string pointer = fmt::format("{:x}", 0x7ffd'3c1a'2b40 + 64ULL * file_ + 4096ULL * process_);
    const std::string ids = fmt::format(
        "ppid={0} pid={1} auid={2} uid={2} gid={2} euid={2} suid={2} fsuid={2} egid={2} sgid={2} fsgid={2} tty=pts{3} "
        "ses={4} comm=\"{5}\" exe=\"/usr/local/bin/{5}\" subj=unconfined key=\"watched\"",
        100'000 + process_, 200'000 + process_, 1000 + process_, process_ % 50, 10 + process_, program);
    const std::string name = fmt::format("/srv/data-{}/file-{}", process_, file_);
    if (is_exec_) {
      add(type::kSyscall,
          fmt::format("arch=c000003e syscall=59 success=yes exit=0 a0={0} a1={0} a2={0} a3=8 items=2 {1}", pointer,
                      ids));
      add(type::kExecve, fmt::format(R"(argc=3 a0="{}" a1="--of" a2="{}")", program, name));
    } else {
      add(type::kSyscall,
          fmt::format("arch=c000003e syscall=257 success=no exit=-2 a0=ffffff9c a1={} a2=0 a3=0 items=1 {}", pointer,
                      ids));
    }
    add(type::kCwd, fmt::format("cwd=\"/var/lib/{}\"", program));
    if (is_exec_) {
      add_file(0, fmt::format("/usr/local/bin/{}", program), 50'000 + process_);
      add_file(1, "/lib64/ld-linux-x86-64.so.2", 4711);
    } else {
      add(type::kPath,
          fmt::format("item=0 name=\"{}\" nametype=UNKNOWN cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0", name));
    }
    add(type::kProctitle, fmt::format("proctitle=\"{}\"", program));
    add(type::kEoe, "");
  }

  void add_file(int item, std::string_view name, std::uint32_t inode) {
    add(type::kPath,
        fmt::format(
            "item={} name=\"{}\" inode={} dev=fe:01 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 "
            "cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0",
            item, name, inode));
  }

  void add(std::uint16_t record_type, std::string_view body) {
    const std::string text = head_ + std::string(body);
    correlator_.add({.type = record_type, .text = text, .node = {}, .name = {}}, Clock::now(), batch_);
  }

  const Stream& stream_;
  bool is_exec_;
  std::string head_;
  std::uint32_t process_ = 0, file_ = 0;
  correlate::EventPool pool_{0};
  correlate::Correlator correlator_{{}, pool_};
  correlate::EventBatch batch_;
};

// Nanoseconds a step, the median of some runs.
template <typename Step>
double cost(std::uint32_t steps, Step step) {
  std::array<double, kRepeat> each{};
  for (double& one : each) {
    const auto start = Clock::now();
    for (std::uint32_t i = 0; i < steps; ++i) step(i);
    one = std::chrono::duration<double, std::nano>(Clock::now() - start).count() / steps;
  }
  std::nth_element(each.begin(), each.begin() + kRepeat / 2, each.end());
  return each[kRepeat / 2];
}

// The scanner by itself, which keeps nothing.
double scan(const correlate::EventBatch& some, std::uint32_t events) {
  std::vector<interpret::Field> fields;
  return cost(events, [&](std::uint32_t i) {
    const correlate::Event& event = *some[i % some.size()];
    fields.clear();
    for (const correlate::RecordSpan& span : event.records()) {
      interpret::Tokens tokens;
      interpret::tokenise(event.body(span), event.source, fields, tokens);
    }
  });
}

void print_stream(const Stream& stream, bool is_exec, std::uint32_t events) {
  const correlate::EventBatch some = Maker(stream, is_exec).make();
  interpret::DecodedEvent decoded;
  const double decode = cost(events, [&](std::uint32_t i) { decoded.decode(*some[i % some.size()]); });
  interpret::Names names;
  formats::EncoderContext context{names, {}};
  const auto encoder = formats::make_encoder("json", context);
  std::string bytes;
  const double both = cost(events, [&](std::uint32_t i) {
    decoded.decode(*some[i % some.size()]);
    bytes.clear();
    encoder->encode(decoded, bytes);
  });
  fmt::print("| {} | {} | {:.0f} | {:.0f} | {:.0f} |\n", is_exec ? "exec" : "openat", stream.name, scan(some, events),
             decode, both - decode);
}

// A batch as the encode thread fills it, and lets go once it is written. `take`: gives an empty one.
template <typename Take>
double fill(std::uint32_t events, Take take) {
  constexpr std::size_t kBatchBytes = std::size_t{256} << 10U;
  const std::string line(1200, 'x');  // about an openat as JSON
  std::shared_ptr<output::Batch> batch = take();
  return cost(events, [&](std::uint32_t) {
    if (batch->bytes.size() + line.size() > kBatchBytes) {
      batch = nullptr;
      batch = take();
    }
    batch->bytes += line;
    batch->ends.push_back(static_cast<std::uint32_t>(batch->bytes.size()));
  });
}

}  // namespace

void print_caches(std::uint32_t events) {
  fmt::print(
      "| event | how much is as before | scanner alone, ns | decode, ns | encode JSON, ns |\n|---|---|---|---|---|\n");
  for (const bool is_exec : {false, true})
    for (const Stream& stream : kStreams) print_stream(stream, is_exec, events);

  output::BatchPool pool;
  const double pooled = fill(events, [&] { return pool.take(); });
  const double fresh = fill(events, [] { return std::make_shared<output::Batch>(); });
  fmt::print("\n| putting an event of 1,200 bytes into a batch | ns |\n|---|---|\n");
  fmt::print("| buffers used again | {:.0f} |\n| a new one from the allocator each time | {:.0f} |\n", pooled, fresh);
}

}  // namespace naudit::bench
