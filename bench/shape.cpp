// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
//
// What shaping costs an event: filters as lists and as expressions, redaction of events without and with a secret, rate
// limits and aggregation. Also
// counts what they take from the heap, which is nothing where no event is made. Prints Markdown. Usage: bench-shape
// [EVENTS]

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "correlate/event.hpp"
#include "interpret/record/decoded_event.hpp"
#include "output/filter.hpp"
#include "output/shape/aggregate.hpp"
#include "output/shape/rate_limit.hpp"
#include "output/shape/redactor.hpp"
#include "tables/record_types.hpp"

namespace {

std::uint64_t allocations = 0;  // one thread

}  // namespace

// NOLINTBEGIN(misc-new-delete-overloads): all of them end in these two
void* operator new(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
// NOLINTEND(misc-new-delete-overloads)

namespace naudit::bench {
namespace {

namespace type = tables::type;

// An exec, as a 6.x kernel writes it.
struct Exec {
  explicit Exec(const std::string& argument) {
    const auto add = [this](std::uint16_t of, const std::string& body) {
      const std::string head = "audit(1700000000.123:1000000000): ";
      event.append(of, head + body, static_cast<std::uint32_t>(head.size()));
    };
    add(type::kSyscall,
        "arch=c000003e syscall=59 success=yes exit=0 a0=55d0c0 a1=55d0c8 a2=55d0d0 a3=8 items=2 ppid=4242 pid=4243 "
        "auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 comm=\"tar\" "
        "exe=\"/usr/bin/tar\" subj=unconfined key=\"exec\"");
    add(type::kExecve, "argc=4 a0=\"tar\" a1=\"-xzf\" a2=\"/srv/releases/current.tar.gz\" a3=\"" + argument + '"');
    add(type::kCwd, "cwd=\"/root\"");
    add(type::kPath,
        "item=0 name=\"/usr/bin/tar\" inode=1 dev=08:01 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL");
    add(type::kPath,
        "item=1 name=\"/lib64/ld-linux-x86-64.so.2\" inode=2 dev=08:01 mode=0100755 ouid=0 ogid=0 nametype=NORMAL");
    add(type::kProctitle, "proctitle=746172002D787A66002F7372762F72656C65617365732F63757272656E742E7461722E677A");
    event.has_syscall = true;
    decoded.decode(event);
  }
  correlate::Event event;
  interpret::DecodedEvent decoded;
};

template <typename Work>
void measure(const std::string& name, std::uint32_t events, Work work) {
  std::uint64_t done = 0;
  for (int i = 0; i < 100; ++i) done += work() ? 1U : 0U;  // what a thread needs once
  const std::uint64_t before = allocations;
  const auto start = std::chrono::steady_clock::now();
  for (std::uint32_t i = 0; i < events; ++i) done += work() ? 1U : 0U;
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
  fmt::print("| {} | {:.0f} | {:.2f} | {} |\n", name, took.count() / events,
             static_cast<double>(allocations - before) / events, done > 0 ? "yes" : "no");
}

void filter(const std::string& name, const config::Filter& wanted, std::uint32_t events) {
  const Exec exec("--strip-components=1");
  const output::Filter asked(wanted, "");
  measure(name, events, [&] { return asked.passes(exec.decoded); });
}

config::Filter expression(const std::string& text) {
  config::Filter filter;
  filter.expression = text;
  return filter;
}

void all(std::uint32_t events) {
  fmt::print("| an exec of six records | ns | allocations | passes |\n|---|---|---|---|\n");
  filter("no filter", {}, events);
  config::Filter lists;
  lists.keys = {"priv", "exec"};
  filter("keys: [priv, exec]", lists, events);
  lists.types = {"SYSCALL"};
  lists.uids = {"0"};
  lists.outcome = config::Outcome::kSuccess;
  filter("and types, uids, outcome", lists, events);
  lists.exes = {"/usr/bin/"};
  lists.paths = {"ld-linux*"};
  filter("and exes, paths", lists, events);
  for (const char* const text :
       {"key in (priv, exec)", "key in (exec, priv) and not user == 34 and exe startswith /usr/",
        "syscall == openat or syscall == open", "exe matches '^/usr/(s?bin)/t[a-z]r$'",
        "command matches '(nc|ncat|socat) .*-e'", "path.nametype == DELETE or path.name endswith .log"})
    filter('`' + std::string(text) + '`', expression(text), events);
  output::shape::Redactor redactor({true, true, {}});
  const Exec plain("--strip-components=1"), secret("--password=sesame");
  measure("redaction, nothing to hide", events, [&] { return redactor.redact(plain.decoded) != nullptr; });
  // A thousandth of a second from one event to the next.
  const auto limit = [&](const std::string& name, std::vector<config::Trait> by, std::uint32_t wanted) {
    output::shape::RateLimit asked({.enabled = true, .events = wanted, .by = std::move(by)}, "bench");
    std::vector<std::string> texts;
    correlate::TimePoint now{};
    measure(name, events, [&] {
      now += std::chrono::milliseconds(1);
      if (asked.due() <= now) asked.tell(now, texts);
      texts.clear();
      return asked.allows(plain.decoded, now);
    });
  };
  limit("rate limit by key, never met", {config::Trait::kKey}, 1'000'000);
  limit("rate limit by key, one in ten passes", {config::Trait::kKey}, 100);
  limit("rate limit by exe, user, syscall, one in ten passes",
        {config::Trait::kExe, config::Trait::kUser, config::Trait::kSyscall}, 100);
  output::shape::Aggregate aggregate({.enabled = true}, "bench");
  std::vector<std::string> texts;
  correlate::TimePoint now{};
  measure("aggregation by all, ten thousand become one", events, [&] {
    now += std::chrono::milliseconds(1);
    if (aggregate.due() <= now) aggregate.tell(now, texts);
    texts.clear();
    return aggregate.passes(plain.decoded, now);
  });
  measure("redaction, one secret", events / 10, [&] { return redactor.redact(secret.decoded) != nullptr; });
}

}  // namespace
}  // namespace naudit::bench

int main(int argc, char** argv) {
  naudit::bench::all(argc > 1 ? static_cast<std::uint32_t>(std::strtoul(argv[1], nullptr, 10)) : 1'000'000);
  return 0;
}
