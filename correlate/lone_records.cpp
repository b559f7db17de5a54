// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "correlate/lone_records.hpp"

#include <array>

#include "tables/record_types.hpp"

namespace naudit::correlate {
namespace {

namespace type = tables::type;

struct Row {
  std::uint16_t type;
  std::string_view text;  // a word of the record, with a blank before it if it is not the first; empty: any record
  Lone lone;
};

constexpr Row kRows[] = {
    // net/netfilter/xt_AUDIT.c: a packet, without a context.
    {type::kNetfilterPkt, "", Lone::kAlways},
    // security/landlock/audit.c, landlock_log_drop_domain: from a work queue.
    {type::kLandlockDomain, "status=deallocated", Lone::kAlways},
    // kernel/bpf/syscall.c, bpf_audit_prog: a program that ends lets go of it without a call; close(2) is one.
    {type::kBpf, "op=UNLOAD", Lone::kUsually},
    // net/netfilter/x_tables.c and nf_tables_api.c: the end of a network namespace is cleaned up by a kernel thread.
    {type::kNetfilterCfg, "op=unregister", Lone::kUsually},
    {type::kNetfilterCfg, "op=nft_unregister", Lone::kUsually},
    // kernel/audit.c, audit_log_multicast: as for BPF.
    {type::kEventListener, "op=disconnect", Lone::kUsually},
    // kernel/audit_tree.c and audit_watch.c: the file that a rule watches has gone.
    {type::kConfigChange, "op=remove_rule", Lone::kUsually},
    {type::kConfigChange, "op=updated_rules", Lone::kUsually},
    // drivers/md/dm-audit.c: a block that failed, seen by a kernel thread.
    {type::kDmEvent, "", Lone::kUsually},
    // kernel/auditsc.c, audit_core_dumps: a signal is delivered behind the call. audit_seccomp: before it is audited.
    {type::kAnomAbend, "", Lone::kUsually},
    {type::kSeccomp, "", Lone::kUsually},
};

// By the type's last digits in binary: false for a type that no row has.
constexpr auto kTypes = [] {
  std::array<bool, 256> types{};
  for (const Row& row : kRows) types[row.type % types.size()] = true;
  return types;
}();

bool has_word(std::string_view body, std::string_view word) noexcept {
  for (std::size_t at = body.find(word); at != std::string_view::npos; at = body.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || body[at - 1] == ' ') && (end == body.size() || body[end] == ' ')) return true;
  }
  return false;
}

}  // namespace

Lone lone_record(std::uint16_t type, std::string_view body) noexcept {
  // Most records are none of these, and this is asked of each.
  if (!kTypes[type % kTypes.size()]) return Lone::kNo;
  for (const Row& row : kRows)
    if (row.type == type && (row.text.empty() || has_word(body, row.text))) return row.lone;
  return Lone::kNo;
}

}  // namespace naudit::correlate
