// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/confine/seccomp.hpp"

#include <seccomp.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <system_error>
#include <vector>

#include "daemon/confine/calls.hpp"

namespace naudit::daemon {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kHasSanitizer = true;
#else
constexpr bool kHasSanitizer = false;
#endif
// Linux 7.0 has some 470, with the same numbers on all architectures since 424.
constexpr int kMostCalls = 550;

struct Release {
  void operator()(void* filter) const noexcept { seccomp_release(filter); }
};

// Keeps the first failure: what comes behind it would only repeat it.
class Builder {
 public:
  explicit Builder(std::uint32_t otherwise) : otherwise_(otherwise), filter_(seccomp_init(otherwise)) {
    if (!filter_) {
      fail("seccomp_init", EINVAL);
      return;
    }
    // The numbers of another architecture (x32, i386) are none of ours.
    check("the architecture", seccomp_attr_set(filter_.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS));
    // A binary tree instead of a list; what is always allowed the kernel answers from a bitmap anyway (Linux 5.11).
    check("the order", seccomp_attr_set(filter_.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2));
  }

  // An architecture that has no such call needs no rule for it.
  void add(std::uint32_t action, const char* call, const std::vector<ArgumentCheck>& checks = {}) {
    const int number = seccomp_syscall_resolve_name(call);
    if (number >= 0) add(action, number, call, checks);
  }
  // Every number that libseccomp knows no call for.
  void add_unknown(std::uint32_t action) {
    for (int number = 0; number < kMostCalls; ++number) {
      const std::unique_ptr<char, decltype(&std::free)> name(seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number),
                                                             &std::free);
      if (!name) add(action, number, "an unknown call", {});
    }
  }

  std::optional<std::string> load() {
    if (!problem_) check("seccomp does not take hold", seccomp_load(filter_.get()));
    return problem_;
  }

 private:
  void add(std::uint32_t action, int number, const char* call, const std::vector<ArgumentCheck>& checks) {
    // libseccomp takes no rule that says what holds anyway.
    if (problem_ || action == otherwise_) return;
    std::vector<scmp_arg_cmp> compared;
    for (const ArgumentCheck& one : checks)
      compared.push_back(
          {.arg = one.argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = one.mask, .datum_b = one.value & one.mask});
    check(call, seccomp_rule_add_array(filter_.get(), action, number, static_cast<unsigned>(compared.size()),
                                       compared.data()));
  }
  void check(const char* what, int result) {
    if (result < 0) fail(what, -result);
  }
  void fail(const char* what, int error) {
    if (!problem_) problem_ = std::string(what) + ": " + std::generic_category().message(error);
  }

  const std::uint32_t otherwise_;
  std::unique_ptr<void, Release> filter_;
  std::optional<std::string> problem_;
};

// What never is one of ours. `killed`: what becomes of it.
void add_killed(Builder& filter, std::uint32_t killed, bool starts_programs) {
  for (const CallGroup& group : call_groups()) {
    if (group.verdict != Verdict::kKilled || (starts_programs && group.name == kStartingPrograms)) continue;
    for (const char* const call : group.calls)
      // The leak check looks into its own process as a debugger does.
      if (!kHasSanitizer || std::string_view(call) != "ptrace") filter.add(killed, call);
  }
}

std::optional<std::string> filter_daemon() {
  Builder filter(kHasSanitizer ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EPERM));
  add_killed(filter, SCMP_ACT_KILL_PROCESS, /*starts_programs=*/false);
  if constexpr (!kHasSanitizer) {
    for (const CallGroup& group : call_groups())
      if (group.verdict != Verdict::kKilled)
        for (const char* const call : group.calls)
          filter.add(group.verdict == Verdict::kAllowed ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(ENOSYS), call);
    for (const ArgumentRule& rule : argument_rules(static_cast<std::uint64_t>(::getpid())))
      filter.add(SCMP_ACT_ALLOW, rule.call, rule.checks);
    filter.add_unknown(SCMP_ACT_ERRNO(ENOSYS));
  }
  return filter.load();
}

std::optional<std::string> filter_programs() {
  Builder filter(SCMP_ACT_ALLOW);
  add_killed(filter, SCMP_ACT_ERRNO(EPERM), /*starts_programs=*/true);
  return filter.load();
}

}  // namespace

std::optional<std::string> filter_calls(Callers callers) {
  return callers == Callers::kDaemon ? filter_daemon() : filter_programs();
}

}  // namespace naudit::daemon
