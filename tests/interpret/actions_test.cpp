// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/call_actions.hpp"
#include "interpret/summary/record_actions.hpp"
#include "tables/record_types.hpp"
#include "tables/syscalls.hpp"
#include "tests/support/catch.hpp"

namespace naudit::interpret {
namespace {

constexpr tables::ArchWord kArches[] = {tables::kArchX86_64, tables::kArchI386,    tables::kArchAarch64,
                                        tables::kArchArm,    tables::kArchArmeb,   tables::kArchPpc64le,
                                        tables::kArchPpc64,  tables::kArchPpc,     tables::kArchS390x,
                                        tables::kArchS390,   tables::kArchRiscv64, tables::kArchRiscv32};

TEST_CASE("a call has the same verb on every arch that has it") {
  struct Row {
    const char* call;
    const char* verb;
  };
  const Row rows[] = {
      {"execve", "executed"},
      {"openat", "opened-file"},
      {"openat2", "opened-file"},
      {"fchmodat2", "changed-file-permissions-of"},
      {"statx", "checked-metadata-of"},
      {"ptrace", "traced-process"},
      {"process_vm_readv", "read-memory-of"},
      {"process_vm_writev", "wrote-memory-of"},
      {"bpf", "used-bpf"},
      {"setns", "entered-namespace"},
      {"unshare", "created-namespace"},
      {"pivot_root", "changed-root"},
      {"kexec_load", "loaded-kernel"},
      {"kexec_file_load", "loaded-kernel"},
      {"memfd_create", "created-memory-file"},
      {"open_by_handle_at", "opened-file"},
      {"pidfd_open", "opened-process"},
      {"pidfd_send_signal", "killed-pid"},
      {"pidfd_getfd", "took-descriptor-from"},
      {"clone", "created-process"},
      {"clone3", "created-process"},
      {"io_uring_setup", "set-up-io-uring"},
      {"landlock_restrict_self", "entered-landlock-domain"},
      {"lsm_set_self_attr", "adjusted-security-policy-of"},
      {"finit_module", "loaded-kernel-module"},
      {"umount2", "unmounted"},
  };
  for (const Row& row : rows) {
    int arches = 0;
    for (const tables::ArchWord arch : kArches) {
      const auto number = tables::syscall_number(arch, row.call);
      if (!number) continue;
      ++arches;
      INFO(row.call << " on " << tables::arch_name(arch));
      CHECK(syscall_action(arch, *number) == row.verb);
    }
    INFO(row.call);
    CHECK(arches >= 3);
  }
}

TEST_CASE("a call without a verb is called by its name, and one that is not known is told as such") {
  CHECK(syscall_action(tables::kArchX86_64, 39) == "getpid");
  CHECK(call_action(tables::kArchX86_64, 39) == nullptr);
  CHECK(syscall_action(tables::kArchX86_64, 1023) == kUnknownAction);
  CHECK(syscall_action(tables::kArchX86_64, 0xFFFFFFFF) == kUnknownAction);
  CHECK(syscall_action(1, 1) == kUnknownAction);
  CHECK(uring_action(0xFFFFFFFF) == nullptr);
  CHECK(uring_action(18)->verb == "opened-file");
  CHECK(socketcall_action(0) == nullptr);
  CHECK(socketcall_action(3)->verb == "connected-to");
  CHECK(socketcall_action(21) == nullptr);
}

TEST_CASE("each type with a name that can stand alone has a verb, or its own name, and a kind") {
  for (std::uint32_t number = 0; number < 0x10000; ++number) {
    const auto type = static_cast<std::uint16_t>(number);
    const RecordAction action = record_action(type);
    INFO(type);
    const bool has_name = !tables::record_type_name(type).empty();
    CHECK(action.verb.empty() == (!has_name && (type < 1000 || type >= 3000)));
    const bool is_event = (type >= 1100 && type < 1300) || (type >= 2100 && type < 2600);
    if (is_event && has_name) CHECK(action.verb.find('-') + action.verb.find('_') != 0);
    if (is_event && has_name) CHECK(action.kind != EventKind::kUnknown);
    if (is_event && has_name && type != 1199) CHECK(action.verb != tables::record_type_key(type));
  }
  CHECK(record_action(1112).kind == EventKind::kUserLogin);
  CHECK(record_action(2199).kind == EventKind::kAnomaly);
  CHECK(record_action(1499).verb == "unknown_1499");
  CHECK(record_action(65535).verb.empty());
  CHECK(event_kind_text(EventKind::kTty) == "TTY");
}

}  // namespace
}  // namespace naudit::interpret
