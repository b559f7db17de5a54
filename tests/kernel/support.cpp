// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/kernel/support.hpp"

#include <fcntl.h>
#include <linux/audit.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <cstring>

#include "tests/support/catch.hpp"

namespace naudit::test {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArch = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArch = AUDIT_ARCH_AARCH64;
#else
#error "which AUDIT_ARCH_* is this?"
#endif

// Runs in a forked child of a program with threads: system calls only.
[[noreturn]] void generate(std::uint64_t events) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::syscall(SYS_setresgid, kTestUid, kTestUid, kTestUid) != 0 ||
      ::syscall(SYS_setresuid, kTestUid, kTestUid, kTestUid) != 0) {
    ::_exit(1);
  }
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // cleared by the change of uid
  char path[64] = "/nonexistent/";
  char* const number = path + std::strlen(path);
  for (std::uint64_t i = 0; i < events; ++i) {
    *std::to_chars(number, path + sizeof path - 1, i).ptr = '\0';
    ::syscall(SYS_openat, AT_FDCWD, path, O_RDONLY);
  }
  ::_exit(0);
}

}  // namespace

netlink::RequestSocket open_requests() {
  auto requests = netlink::RequestSocket::open();
  REQUIRE(requests);
  return std::move(*requests);
}

netlink::Bytes openat_rule() {
  struct Field {
    std::uint32_t field;
    std::uint32_t value;
  };
  const Field fields[] = {{AUDIT_ARCH, kArch},
                          {AUDIT_SUCCESS, 0},
                          {AUDIT_UID, kTestUid},
                          {AUDIT_FILTERKEY, static_cast<std::uint32_t>(kTestKey.size())}};
  audit_rule_data rule{};
  rule.flags = AUDIT_FILTER_EXIT;
  rule.action = AUDIT_ALWAYS;
  rule.mask[SYS_openat / 32] = 1U << (SYS_openat % 32);
  for (const Field& field : fields) {
    rule.fields[rule.field_count] = field.field;
    rule.values[rule.field_count] = field.value;
    rule.fieldflags[rule.field_count++] = AUDIT_EQUAL;
  }
  rule.buflen = static_cast<std::uint32_t>(kTestKey.size());
  netlink::Bytes bytes(sizeof rule + kTestKey.size());
  std::memcpy(bytes.data(), &rule, sizeof rule);
  std::memcpy(bytes.data() + sizeof rule, kTestKey.data(), kTestKey.size());
  return bytes;
}

Audited::Audited() : control_(open_requests()), before_(control_.status().value()) {
  netlink::StatusChange change;
  change.backlog_limit = 8192;
  change.backlog_wait_time = 15000;
  change.enabled = 1;
  REQUIRE(control_.set(change));
  REQUIRE(control_.add_rule(rule_));
}

Audited::~Audited() {
  const bool deleted = control_.delete_rule(rule_).has_value();
  netlink::StatusChange change;
  change.backlog_limit = before_.backlog_limit;
  change.backlog_wait_time = before_.backlog_wait_time;
  change.enabled = before_.enabled;
  CHECK((control_.set(change) && deleted));
}

Generator::Generator(std::uint64_t events) : process_(::fork()) {
  if (process_ == 0) generate(events);
  REQUIRE(process_ > 0);
}

Generator::~Generator() {
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
}

void Generator::wait() {
  int status = -1;
  REQUIRE(::waitpid(process_, &status, 0) == process_);
  process_ = 0;
  REQUIRE(status == 0);
}

}  // namespace naudit::test
