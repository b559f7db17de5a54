// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>

#include "library/naudit.h"
#include "tests/support/catch.hpp"

namespace {

// Of the thread that tests; the library's own threads are left alone.
thread_local bool is_counting = false;
thread_local std::size_t left = 0;
thread_local bool has_failed = false;
// Blocks that are not given back yet, by whichever thread.
std::atomic<long> blocks{0};

void* take(std::size_t size) {
  if (is_counting) {
    if (left == 0) {
      has_failed = true;
      throw std::bad_alloc{};
    }
    --left;
  }
  void* const memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc{};
  blocks.fetch_add(1, std::memory_order_relaxed);
  return memory;
}

void give(void* memory) noexcept {
  if (memory != nullptr) blocks.fetch_sub(1, std::memory_order_relaxed);
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) {
  return take(size);
}
void* operator new[](std::size_t size) {
  return take(size);
}
// The sanitizer's own would not ask the one above.
void* operator new(std::size_t size, const std::nothrow_t& /*nothrow*/) noexcept {
  try {
    return take(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void* operator new[](std::size_t size, const std::nothrow_t& nothrow) noexcept {
  return operator new(size, nothrow);
}
void operator delete(void* memory) noexcept {
  give(memory);
}
void operator delete[](void* memory) noexcept {
  give(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
  give(memory);
}
void operator delete[](void* memory, std::size_t /*size*/) noexcept {
  give(memory);
}

namespace {

constexpr std::string_view kLog =
    "node=web1 type=SYSCALL msg=audit(1700000000.123:45): arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 "
    "a3=4 "
    "items=1 ppid=1 pid=2 auid=1000 uid=0 gid=0 ses=3 comm=\"cat\" exe=\"/usr/bin/cat\" key=\"identity\"\n"
    "node=web1 type=EXECVE msg=audit(1700000000.123:45): argc=2 a0=\"cat\" a1=2F6574632F736861646F772032\n"
    "node=web1 type=PATH msg=audit(1700000000.123:45): item=0 name=\"/etc/shadow\" inode=1 mode=0100640 "
    "nametype=NORMAL\n"
    "node=web1 type=PROCTITLE msg=audit(1700000000.123:45): proctitle=636174002F6574632F736861646F77\n"
    "type=USER_ACCT msg=audit(1700000001.000:46): pid=9 uid=0 msg='op=PAM:accounting acct=\"jo\" res=success'\n"
    "type=AVC msg=audit(1700000002.000:47): avc:  denied  { read } for  pid=1 comm=\"x\"\n";

// Calls the library with as many allocations as are left. (What checks it takes memory, too.)
template <typename Call>
auto limited(Call call) {
  is_counting = true;
  auto result = call();
  is_counting = false;
  return result;
}

// Everything that takes memory; true if all of it was done.
bool use_all() {
  bool all_done = true;
  const auto is_done = [&](auto call) {
    const naudit_result result = limited(call);
    CHECK((result == NAUDIT_OK || result == NAUDIT_ERROR_MEMORY));
    if (result != NAUDIT_OK) all_done = false;
    return result == NAUDIT_OK;
  };
  naudit_reader* reader = nullptr;
  if (!is_done([&] { return naudit_reader_new(&reader); })) {
    CHECK(reader == nullptr);
    return false;
  }
  is_done([&] { return naudit_reader_set(reader, "node", "a machine with a name that is long enough"); });
  is_done([&] { return naudit_reader_set(reader, "names", "none"); });
  is_done([&] { return naudit_reader_feed(reader, kLog.data(), kLog.size()); });
  is_done([&] { return naudit_reader_flush(reader); });
  std::size_t events = 0;
  naudit_event* event = nullptr;
  while (is_done([&] { return naudit_reader_next(reader, &event); }) && event != nullptr) {
    ++events;
    naudit_text text;
    const bool has_text = is_done([&] { return naudit_event_text(event, &text); });
    CHECK(has_text == (text.data != nullptr));
    is_done([&] { return naudit_event_object(event, &text); });
    for (std::size_t i = 0; i < naudit_event_record_count(event); ++i) {
      const naudit_record* const record = naudit_event_record(event, i);
      for (std::size_t j = 0; j < naudit_record_field_count(record); ++j) {
        is_done([&] { return naudit_field_value(naudit_record_field(record, j), &text); });
        is_done([&] { return naudit_field_interpreted(naudit_record_field(record, j), &text); });
      }
    }
    naudit_event_free(event);
  }
  naudit_reader_free(reader);
  CHECK((!all_done || events == 3));
  return all_done;
}

}  // namespace

TEST_CASE("memory that is out at any moment is told, and nothing leaks") {
  const auto try_with = [](std::size_t allowed) {
    left = allowed;
    has_failed = false;
    return use_all();
  };
  REQUIRE(try_with(100'000));  // and what is made once is there
  std::size_t failures = 0;
  bool all_done = false;
  for (std::size_t allowed = 0; !all_done; ++allowed) {
    REQUIRE(allowed < 5000);
    INFO("after " << allowed << " allocations");
    const long before = blocks.load();
    all_done = try_with(allowed);
    CHECK(blocks.load() == before);
    if (has_failed) ++failures;
  }
  CHECK(failures > 50);
}

TEST_CASE("memory that is out while an event is written is told in every format") {
  std::size_t failures = 0;
  for (std::size_t i = 0; naudit_format_name(i).data != nullptr; ++i) {
    const naudit_text name = naudit_format_name(i);
    const std::string format(name.data, name.size);
    INFO(format);
    bool is_done = false;
    for (std::size_t allowed = 0; !is_done; ++allowed) {
      REQUIRE(allowed < 1000);
      naudit_reader* reader = nullptr;
      naudit_event* event = nullptr;
      REQUIRE(naudit_reader_new(&reader) == NAUDIT_OK);
      REQUIRE(naudit_reader_set(reader, "format", format.c_str()) == NAUDIT_OK);
      REQUIRE(naudit_reader_set(reader, "names", "none") == NAUDIT_OK);
      REQUIRE(naudit_reader_feed(reader, kLog.data(), kLog.size()) == NAUDIT_OK);
      REQUIRE(naudit_reader_next(reader, &event) == NAUDIT_OK);
      REQUIRE(event != nullptr);
      left = allowed;
      naudit_text text;
      const naudit_result result = limited([&] { return naudit_event_text(event, &text); });
      is_done = result == NAUDIT_OK;
      if (!is_done) {
        ++failures;
        CHECK(result == NAUDIT_ERROR_MEMORY);
        CHECK(text.data == nullptr);
        // With memory it is all there, as if nothing had been.
        CHECK(naudit_event_text(event, &text) == NAUDIT_OK);
      }
      CHECK(text.data != nullptr);
      naudit_event_free(event);
      naudit_reader_free(reader);
    }
  }
  CHECK(failures > 10);
}
