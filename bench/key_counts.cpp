// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
//
// What counting events by rule key (`nauditctl rules stats`) costs the encode thread, beside taking the same events
// apart and writing them as JSON. CPU time. Prints Markdown. Usage: bench-key-counts [EVENTS]

#include "daemon/pipeline/key_counts.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "formats/registry.hpp"
#include "interpret/names/names.hpp"
#include "interpret/record/decoded_event.hpp"

namespace naudit::bench {
namespace {

constexpr std::uint16_t kSyscall = 1300, kCwd = 1307, kPath = 1302, kProctitle = 1327;

std::unique_ptr<correlate::Event> event_with(const std::string& key) {
  auto event = std::make_unique<correlate::Event>();
  event->id = {.seconds = 1'700'000'000, .millis = 123, .serial = 1};
  const std::string head = "audit(1700000000.123:1): ";
  const auto add = [&](std::uint16_t type, const std::string& text) {
    event->append(type, head + text, static_cast<std::uint32_t>(head.size()));
  };
  add(kSyscall,
      "arch=c000003e syscall=257 success=no exit=-2 a0=ffffff9c a1=7ffd3c1a2b40 a2=0 a3=0 items=1 ppid=4242 pid=4243 "
      "auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm=\"worker\" "
      "exe=\"/usr/local/bin/worker\" subj=unconfined key=" +
          key);
  add(kCwd, "cwd=\"/var/lib/worker\"");
  add(kPath,
      "item=0 name=\"/nonexistent/file-17\" nametype=UNKNOWN cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0");
  add(kProctitle, "proctitle=2F7573722F6C6F63616C2F62696E2F776F726B6572");
  return event;
}

double cpu_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

// The best of five rounds, in ns of CPU an event.
template <typename Work>
double best(std::size_t events, Work work) {
  double least = 1e18;
  for (int round = 0; round < 5; ++round) {
    const double before = cpu_ns();
    for (std::size_t i = 0; i < events; ++i) work(i);
    least = std::min(least, (cpu_ns() - before) / static_cast<double>(events));
  }
  return least;
}

void compare(const char* name, const std::vector<std::string>& keys, std::size_t events) {
  std::vector<std::unique_ptr<correlate::Event>> made;
  std::vector<interpret::DecodedEvent> decoded(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    made.push_back(event_with(keys[i]));
    decoded[i].decode(*made[i]);
  }
  interpret::Names names;
  formats::EncoderContext context{names, "node"};
  const auto encoder = formats::make_encoder("json", context);
  interpret::DecodedEvent in_hand;
  std::string out;
  const double encode = best(events, [&](std::size_t i) {
    if (out.size() > 200'000) out.clear();
    in_hand.decode(*made[i % made.size()]);
    encoder->encode(in_hand, out);
  });
  daemon::KeyCounts counts{std::chrono::steady_clock::now()};
  const double count = best(events, [&](std::size_t i) { counts.add(decoded[i % decoded.size()]); });
  fmt::print("| {} | {:.0f} | {:.1f} | {:.2f} % |\n", name, encode, count, count / encode * 100);
}

}  // namespace
}  // namespace naudit::bench

int main(int argc, char** argv) {
  using naudit::bench::compare;
  const std::size_t events = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 200'000;
  fmt::print("| keys | decode and encode, ns | count, ns | share |\n|---|---|---|---|\n");
  compare("one", {"\"missing-files\""}, events);
  std::vector<std::string> many;
  for (int i = 0; i < 40; ++i) many.push_back('"' + std::string("key-") + std::to_string(i) + '"');
  compare("forty, in turn", many, events);
  compare("three in one event", {"657865630154313035390161747461636B"}, events);
  compare("none", {"(null)"}, events);
}
