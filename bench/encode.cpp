// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
//
// What an event costs without kernel and disk: correlate, decode, encode; what the cliffs of other programs (events
// without an end, many open events, users without a name) cost here; what RapidJSON's Writer needs for the same JSON;
// and what is gained by keeping things from one event to the next. Prints Markdown. Usage: bench-encode [EVENTS]

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "bench/caches.hpp"
#include "bench/writers.hpp"
#include "correlate/correlator.hpp"
#include "formats/registry.hpp"
#include "interpret/names/names.hpp"
#include "interpret/record/decoded_event.hpp"
#include "tables/record_types.hpp"

namespace naudit::bench {
namespace {

namespace type = tables::type;
using Clock = std::chrono::steady_clock;

// A failing openat, as a 6.x kernel writes it. The serials have ten digits throughout, so that they can be counted up
// in place.
class Template {
 public:
  static constexpr std::size_t kRecords = 5;  // the last one is EOE

  explicit Template(std::uint32_t uid) {
    const std::string head = "audit(1700000000.123:1000000000): ";
    add(type::kSyscall,
        fmt::format("{0}arch=c000003e syscall=257 success=no exit=-2 a0=ffffff9c a1=7ffd3c1a2b40 a2=0 a3=0 items=1 "
                    "ppid=4242 pid=4243 auid=4294967295 uid={1} gid={1} euid={1} suid={1} fsuid={1} egid={1} sgid={1} "
                    "fsgid={1} tty=(none) ses=4294967295 comm=\"worker\" exe=\"/usr/local/bin/worker\" "
                    "subj=unconfined key=\"missing-files\"",
                    head, uid));
    add(type::kCwd, head + "cwd=\"/var/lib/worker\"");
    add(type::kPath, head +
                         "item=0 name=\"/nonexistent/file-17\" nametype=UNKNOWN cap_fp=0 cap_fi=0 cap_fe=0 "
                         "cap_fver=0 cap_frootid=0");
    add(type::kProctitle, head + "proctitle=2F7573722F6C6F63616C2F62696E2F776F726B6572002D2D666F726567726F756E64");
    add(type::kEoe, head);
  }
  [[nodiscard]] correlate::Input record(std::size_t index, std::uint32_t serial) {
    constexpr std::size_t kSerialAt = std::string_view("audit(1700000000.123:").size();
    std::string& text = texts_[index];
    for (std::size_t digit = kSerialAt + 10; digit-- > kSerialAt; serial /= 10)
      text[digit] = static_cast<char>('0' + serial % 10);
    return {.type = types_[index], .text = text, .node = {}, .name = {}};
  }

 private:
  void add(std::uint16_t record_type, std::string text) {
    types_[used_] = record_type;
    texts_[used_++] = std::move(text);
  }
  std::array<std::uint16_t, kRecords> types_{};
  std::array<std::string, kRecords> texts_;
  std::size_t used_ = 0;
};

constexpr std::uint32_t kFirstSerial = 1'000'000'000;
constexpr std::uint32_t kRoot = 0;
constexpr std::uint32_t kNobodyKnows = 3'141'592;

// Events as the daemon takes them: correlated, decoded, encoded, thrown away.
struct Pipeline {
  explicit Pipeline(std::string_view format) : encoder(formats::make_encoder(format, context)) {}

  void take_out() {
    for (auto& event : batch) {
      decoded.decode(*event);
      encoder->encode(decoded, bytes);
      if (bytes.size() > (std::size_t{1} << 18U)) bytes.clear();
      pool.give(std::move(event));
      ++out;
    }
    batch.clear();
  }

  interpret::Names names;
  formats::EncoderContext context{names, {}};
  correlate::EventPool pool{1024};
  correlate::Correlator correlator{{}, pool};
  correlate::EventBatch batch;
  interpret::DecodedEvent decoded;
  std::unique_ptr<formats::Encoder> encoder;
  std::string bytes;
  std::uint64_t out = 0;
};

double nanoseconds(Clock::time_point since, std::uint64_t events) {
  return std::chrono::duration<double, std::nano>(Clock::now() - since).count() / static_cast<double>(events);
}

double resident_mib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::strtod(line.c_str() + 6, nullptr) / 1024;
  return 0;
}

struct Cost {
  double each = 0;      // nanoseconds
  double resident = 0;  // MiB
  double extra = 0;
};

// In a process of its own: the memory of one case must not count for the next.
Cost apart(const std::function<Cost()>& measure) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) std::abort();
  const pid_t child = fork();
  if (child == 0) {
    const Cost cost = measure();
    _exit(write(ends[1], &cost, sizeof cost) == sizeof cost ? 0 : 1);
  }
  close(ends[1]);
  Cost cost;
  const bool good = child > 0 && read(ends[0], &cost, sizeof cost) == sizeof cost;
  close(ends[0]);
  waitpid(child, nullptr, 0);
  if (!good) {
    std::fprintf(stderr, "bench-encode: a measurement died\n");
    std::exit(1);
  }
  return cost;
}

Cost correlate_only(std::uint32_t events) {
  correlate::EventPool pool(1024);
  correlate::Correlator correlator({}, pool);
  correlate::EventBatch batch;
  Template records(kRoot);
  const auto start = Clock::now();
  for (std::uint32_t i = 0; i < events; ++i) {
    for (std::size_t r = 0; r < Template::kRecords; ++r)
      correlator.add(records.record(r, kFirstSerial + i), start, batch);
    for (auto& event : batch) pool.give(std::move(event));
    batch.clear();
  }
  return {.each = nanoseconds(start, events), .resident = resident_mib()};
}

correlate::EventBatch some_events() {
  correlate::EventPool pool(0);
  correlate::Correlator correlator({}, pool);
  correlate::EventBatch batch;
  Template records(kRoot);
  for (std::uint32_t i = 0; i < 1000; ++i)
    for (std::size_t r = 0; r < Template::kRecords; ++r)
      correlator.add(records.record(r, kFirstSerial + i), Clock::now(), batch);
  return batch;
}

Cost decode_only(std::uint32_t events) {
  const correlate::EventBatch some = some_events();
  interpret::DecodedEvent decoded;
  const auto start = Clock::now();
  for (std::uint32_t i = 0; i < events; ++i) decoded.decode(*some[i % some.size()]);
  return {.each = nanoseconds(start, events), .resident = resident_mib()};
}

// Decoding included; `extra`: bytes of one event.
Cost encode(std::string_view format, std::uint32_t events) {
  const correlate::EventBatch some = some_events();
  Pipeline pipeline(format);
  const auto start = Clock::now();
  for (std::uint32_t i = 0; i < events; ++i) {
    pipeline.decoded.decode(*some[i % some.size()]);
    pipeline.bytes.clear();
    pipeline.encoder->encode(pipeline.decoded, pipeline.bytes);
  }
  return {.each = nanoseconds(start, events),
          .resident = resident_mib(),
          .extra = static_cast<double>(pipeline.bytes.size())};
}

// The pipeline in the steady state with `open` events open all the time, each of which gets its EOE that many events
// later, or never. Time goes on by 10 us an event, so that none becomes too old. `extra`: the most that were open.
Cost whole(std::uint32_t events, std::uint32_t uid, std::uint32_t open, bool ends) {
  Pipeline pipeline("json");
  Template records(uid);
  auto now = Clock::now();
  std::uint64_t most = 0;
  const auto step = [&](std::uint32_t i) {
    for (std::size_t r = 0; r + 1 < Template::kRecords; ++r)
      pipeline.correlator.add(records.record(r, kFirstSerial + i), now, pipeline.batch);
    if (ends && i >= open)
      pipeline.correlator.add(records.record(Template::kRecords - 1, kFirstSerial + i - open), now, pipeline.batch);
    now += std::chrono::microseconds(10);
    if (i % 64 == 0) pipeline.correlator.age(now, pipeline.batch);
    most = std::max(most, pipeline.correlator.counters().open.value());
    pipeline.take_out();
  };
  // Until as many are open as will be.
  const std::uint32_t warm = ends ? open : 25'000;
  for (std::uint32_t i = 0; i < warm; ++i) step(i);
  const auto start = Clock::now();
  const std::uint64_t before = pipeline.out;
  for (std::uint32_t i = warm; i < warm + events; ++i) step(i);
  const double each = nanoseconds(start, pipeline.out - before);
  return {.each = each, .resident = resident_mib(), .extra = static_cast<double>(most)};
}

std::string json_of_one_event() {
  const correlate::EventBatch some = some_events();
  Pipeline pipeline("json");
  pipeline.decoded.decode(*some[0]);
  pipeline.encoder->encode(pipeline.decoded, pipeline.bytes);
  return pipeline.bytes;
}

void print(const char* what, const Cost& cost, double against) {
  fmt::print("| {} | {:.0f} | {:.2f} | {:.1f} |\n", what, cost.each, cost.each / against, cost.resident);
}

void run(std::uint32_t events) {
  const Cost correlated = apart([&] { return correlate_only(events); });
  const Cost decoded = apart([&] { return decode_only(events); });
  fmt::print("| stage (openat, 5 records) | ns an event | bytes |\n|---|---|---|\n");
  fmt::print("| correlate | {:.0f} | |\n| decode | {:.0f} | |\n", correlated.each, decoded.each);
  for (const std::string_view format : formats::format_names()) {
    const Cost cost = apart([&] { return encode(format, events); });
    fmt::print("| encode {} | {:.0f} | {:.0f} |\n", format, cost.each - decoded.each, cost.extra);
  }
  fmt::print("\n");

  const Cost usual = apart([&] { return whole(events, kRoot, 0, true); });
  const Cost open = apart([&] { return whole(events, kRoot, 16'000, true); });
  const Cost endless = apart([&] { return whole(events, kRoot, 0, false); });
  const Cost unknown = apart([&] { return whole(events, kNobodyKnows, 0, true); });
  fmt::print("| all three, to json | ns an event | to the usual | resident MiB |\n|---|---|---|---|\n");
  print("usual", usual, usual.each);
  print(fmt::format("{:.0f} events open", open.extra).c_str(), open, usual.each);
  print(fmt::format("no event has an EOE ({:.0f} open)", endless.extra).c_str(), endless, usual.each);
  print("a user without a name", unknown, usual.each);

  const Writers writers = compare_writers(json_of_one_event(), events);
  fmt::print("\n| writing one event's JSON, values ready | ns an event |\n|---|---|\n");
  fmt::print("| RapidJSON's Writer | {:.0f} |\n| formats::JsonText | {:.0f} |\n", writers.rapidjson, writers.ours);
  fmt::print("| ratio | {:.1f} |\n\n", writers.rapidjson / writers.ours);

  print_caches(events / 4);  // each of its many measurements is made five times
}

}  // namespace
}  // namespace naudit::bench

int main(int argc, char** argv) {
  unsigned long events = 200'000;
  if (argc == 2) events = std::strtoul(argv[1], nullptr, 10);
  if (argc > 2 || events < 1000 || events > 100'000'000) {
    std::fprintf(stderr, "usage: bench-encode [EVENTS], at least 1000\n");
    return 2;
  }
  naudit::bench::run(static_cast<std::uint32_t>(events));
  return 0;
}
