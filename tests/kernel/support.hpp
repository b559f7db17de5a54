// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "netlink/request.hpp"
#include "netlink/request_socket.hpp"

// For tests on the live kernel. A program that links the target kernel_support is guarded (guard.cpp): it leaves the
// kernel as it found it, and where it cannot run it ends with kSkipped, or fails if CI or NAUDIT_REQUIRE_KERNEL is set.
namespace naudit::test {

constexpr int kSkipped = 77;

// Nobody's uid: rules of tests match it and nothing else.
constexpr std::uint32_t kTestUid = 54321;
constexpr std::string_view kTestKey = "naudit-test";

// The kernel delivers a failing openat as SYSCALL, CWD, PATH, PROCTITLE and EOE.
constexpr std::size_t kRecordsPerEvent = 5;

// A request socket; fails the test if there is none.
netlink::RequestSocket open_requests();

// -a always,exit -S openat -F arch=(ours) -F success=0 -F uid=54321 -F key=naudit-test, made by hand.
netlink::Bytes openat_rule();

// Auditing is on and loss-free (8192 records, and programs wait), and failing openat calls of kTestUid are audited, as
// long as this lives.
class Audited {
 public:
  Audited();
  Audited(const Audited&) = delete;
  Audited& operator=(const Audited&) = delete;
  ~Audited();

 private:
  netlink::RequestSocket control_;
  netlink::KernelStatus before_;
  netlink::Bytes rule_ = openat_rule();
};

// A process of kTestUid that opens missing files as fast as it can: /nonexistent/0, /nonexistent/1, … Killed, if it is
// still running, at the end of its life.
class Generator {
 public:
  explicit Generator(std::uint64_t events);
  Generator(const Generator&) = delete;
  Generator& operator=(const Generator&) = delete;
  ~Generator();

  void wait();  // until all are made
  [[nodiscard]] pid_t pid() const noexcept { return process_; }

 private:
  pid_t process_;
};

constexpr std::uint64_t kForever = UINT64_MAX;

}  // namespace naudit::test
