// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/object_of_record.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "interpret/summary/object_of_call.hpp"
#include "interpret/summary/object_of_mac.hpp"
#include "interpret/summary/record_fields.hpp"
#include "tables/constants.hpp"
#include "tables/record_types.hpp"
#include "tables/syscalls.hpp"

namespace naudit::interpret {
namespace {

namespace field = tables::field;
namespace type = tables::type;

// Beside an account's name it may be the number of whoever asked.
void take_account_by_uid(const RecordFields& fields) {
  if (fields.summary().find(Part::kName) != nullptr || fields.summary().find(Part::kId) != nullptr) return;
  fields.add(Part::kId, std::array{field::kUid}, true);
}

// Whose login id it was is the subject's business.
void take_login_id(const Scene& scene, const RecordFields& fields) {
  const Field* auid = nullptr;
  for (const Field& one : scene.event.fields(fields.record()))
    if (one.id == field::kAuid || one.name == "new auid") auid = &one;
  if (auid != nullptr) fields.summary().add({.part = Part::kId, .field = auid});
}

// The kernel's operations (kernel/auditsc.c, audit_nfcfgs; before Linux 5.10 those of tables had no "xt_"). A kernel
// that writes none loads rules, or makes the table that they are in.
struct RecordOp {
  std::string_view op;
  std::string_view verb;
};
constexpr RecordOp kFirewallOps[] = {
    {"xt_register", "added-firewall-table"},
    {"register", "added-firewall-table"},
    {"xt_unregister", "removed-firewall-table"},
    {"unregister", "removed-firewall-table"},
    {"nft_register_table", "added-firewall-table"},
    {"nft_unregister_table", "removed-firewall-table"},
    {"nft_register_chain", "added-firewall-chain-to"},
    {"nft_unregister_chain", "removed-firewall-chain-from"},
    {"nft_unregister_rule", "removed-firewall-rule-from"},
    {"nft_register_set", "added-firewall-set-to"},
    {"nft_unregister_set", "removed-firewall-set-from"},
    {"nft_register_setelem", "added-firewall-set-elements-to"},
    {"nft_unregister_setelem", "removed-firewall-set-elements-from"},
    {"nft_register_obj", "added-firewall-object-to"},
    {"nft_unregister_obj", "removed-firewall-object-from"},
    {"nft_reset_obj", "reset-firewall-counters-of"},
    {"nft_register_flowtable", "added-firewall-flowtable-to"},
    {"nft_unregister_flowtable", "removed-firewall-flowtable-from"},
    {"nft_register_gen", "committed-firewall-changes"},
    {"nft_reset_rule", "reset-firewall-counters-of"},
    {"nft_reset_setelem", "reset-firewall-counters-of"},
};

// net/xfrm/xfrm_policy.c and xfrm_state.c: SAD are associations, SPD policies; SA-* is a packet that did not fit.
constexpr RecordOp kIpsecOps[] = {
    {"SAD-add", "added-ipsec-association"},
    {"SAD-delete", "deleted-ipsec-association"},
    {"SPD-add", "added-ipsec-policy"},
    {"SPD-delete", "deleted-ipsec-policy"},
};

void take_verb_of_op(const RecordFields& fields, std::span<const RecordOp> ops) {
  const std::string_view op = fields.value(field::kOp);
  for (const RecordOp& one : ops)
    if (one.op == op) return fields.set_verb(one.verb);
}

void take_firewall_op(const RecordFields& fields) {
  const std::string_view op = fields.value(field::kOp);
  if (op.find("destroy") != std::string_view::npos) fields.set_verb("removed-firewall-rule-from");
  take_verb_of_op(fields, kFirewallOps);
}

void take_ipsec_op(const RecordFields& fields) {
  if (fields.record().type == type::kMacIpsecEvent) take_verb_of_op(fields, kIpsecOps);
}

// A number by its name where it has one.
void add_named(const RecordFields& fields, Part part, tables::FieldId id, tables::Constants names) {
  bool claimed = false;
  const Field* const field = fields.find(id, claimed);
  if (field == nullptr) return;
  std::uint32_t number = 0;
  std::string_view name;
  if (parse_decimal(field->value, number)) name = tables::constant_name(names, number);
  if (!name.empty())
    fields.summary().add({.part = part, .claimed = claimed, .text = name});
  else
    fields.summary().add({.part = part, .claimed = claimed, .record_type = fields.record().type, .field = field});
}

// What the kernel does to its own configuration (kernel/audit.c, audit_watch.c, audit_tree.c, audit_fsnotify.c).
constexpr RecordOp kConfigOps[] = {
    {"add_rule", "added-audit-rule"},
    {"add", "added-audit-rule"},
    {"add rule", "added-audit-rule"},
    {"remove_rule", "deleted-audit-rule"},
    {"remove", "deleted-audit-rule"},
    {"remove rule", "deleted-audit-rule"},
    {"autoremove_rule", "dropped-audit-rule"},  // the watched file went away
    {"updated_rules", "updated-audit-rule"},    // it came back under another inode
    {"updated rules", "updated-audit-rule"},
    {"trim", "trimmed-audit-trees"},
    {"make_equiv", "made-audit-trees-equivalent"},
    {"tty_set", "changed-tty-auditing"},
    {"lost_reset", "reset-lost-audit-records"},
};

// A setting: its name is the name of the field.
bool take_setting(const RecordFields& fields) {
  for (const tables::FieldId id :
       {field::kAuditEnabled, field::kAuditPid, field::kAuditBacklogLimit, field::kAuditBacklogWaitTime,
        field::kAuditFailure, field::kAuditRateLimit, field::kAuditLost, field::kLost, field::kBacklogWaitTimeActual}) {
    bool claimed = false;
    const Field* const setting = fields.find(id, claimed);
    if (setting == nullptr) continue;
    fields.summary().add({.part = Part::kName, .claimed = claimed, .text = setting->name});
    if (id == field::kAuditEnabled || id == field::kAuditFailure) {
      const auto names =
          id == field::kAuditEnabled ? tables::Constants::kAuditEnabled : tables::Constants::kAuditFailure;
      add_named(fields, Part::kOld, field::kOld, names);
      add_named(fields, Part::kNew, id, names);
    } else {
      fields.add(Part::kOld, {field::kOld});
      fields.summary().add({.part = Part::kNew, .claimed = claimed, .field = setting});
    }
    fields.add(Part::kOperation, {field::kOp});
    return true;
  }
  return false;
}

void take_config_op(const RecordFields& fields) {
  const std::string_view op = fields.value(field::kOp);
  take_verb_of_op(fields, kConfigOps);
  const bool is_rule = op.find("rule") != std::string_view::npos;
  if (!is_rule && take_setting(fields)) return;
  if (op == "make_equiv") {
    fields.add(Part::kOldPath, {field::kOld});
    fields.add(Part::kPath, {field::kNew});
  } else {
    fields.add(Part::kOld, {field::kOldEnabled});
    fields.add(Part::kNew, {field::kNewEnabled});
  }
  fields.add(Part::kPath, {field::kPath, field::kDir});
  fields.add(Part::kKeys, {field::kKey});
  fields.add(Part::kList, {field::kList});
  fields.add(Part::kOperation, {field::kOp});
  // "op=add_rule audit_enabled=2 res=0": nothing is taken any more.
  if (is_rule) add_named(fields, Part::kReason, field::kAuditEnabled, tables::Constants::kAuditEnabled);
}

void take_seccomp_call(const RecordFields& fields) {
  std::uint64_t arch = 0;
  std::uint32_t number = 0;
  if (!parse_hex(fields.value(field::kArch), arch) || !parse_decimal(fields.value(field::kSyscall), number)) return;
  const std::string_view name = tables::syscall_name(static_cast<tables::ArchWord>(arch), number);
  if (!name.empty()) fields.summary().add({.part = Part::kSyscall, .text = name});
}

void take_seccomp_code(const Scene& scene, const RecordFields& fields) {
  std::string_view code = fields.value(field::kCode);
  if (code.starts_with("0x")) code.remove_prefix(2);
  std::uint64_t action = 0;
  if (!parse_hex(code, action)) return;
  const std::string_view name = tables::seccomp_action_name(static_cast<std::uint32_t>(action));
  if (!name.empty()) fields.summary().add({.part = Part::kDecision, .text = name});
  constexpr std::uint64_t kActions = 0xFFFF0000, kKillProcess = 0x80000000, kKillThread = 0, kTrap = 0x00030000,
                          kErrno = 0x00050000;
  const std::uint64_t what = action & kActions;
  const bool is_refusal = what == kKillProcess || what == kKillThread || what == kTrap || what == kErrno;
  if (scene.call == nullptr && is_refusal) fields.summary().success = false;
}

void take_crash_signal(const RecordFields& fields) {
  std::uint32_t number = 0;
  if (!parse_decimal(fields.value(field::kSig), number)) return;
  const std::string_view name = tables::constant_name(tables::Constants::kSignal, number);
  if (!name.empty()) fields.summary().add({.part = Part::kSignal, .text = name});
}

void take_promiscuous(const RecordFields& fields) {
  const std::string_view now = fields.value(field::kProm);
  if (now == "256") fields.set_verb("entered-promiscuous-mode-on-device");
  if (now == "0") fields.set_verb("left-promiscuous-mode-on-device");
}

// SELinux was the only module that wrote these records before they had lsm=.
void take_mac_status(const RecordFields& fields) {
  const std::uint16_t record = fields.record().type;
  const std::string_view module = fields.value(field::kLsm);
  const bool is_selinux = module.empty() || module == "selinux";
  if (!is_selinux) {
    if (record == type::kMacStatus)
      fields.set_verb(module == "ipe" ? "changed-ipe-enforcement-to" : "changed-mac-enforcement-to");
    if (record == type::kMacPolicyLoad) fields.set_verb(module == "ipe" ? "loaded-ipe-policy" : "loaded-mac-policy");
    if (record == type::kMacConfigChange) fields.set_verb("changed-mac-configuration");
  }
  if (record != type::kMacStatus) return;
  const std::string_view was = fields.value(field::kOldEnabled);
  const std::string_view is = fields.value(field::kEnabled);
  if (was == is || fields.value(field::kEnforcing) != fields.value(field::kOldEnforcing)) return;
  // Switched on or off as a whole.
  if (is_selinux && (is == "0" || is == "1")) fields.set_verb(is == "0" ? "disabled-selinux" : "enabled-selinux");
  for (ObjectPart& part : fields.summary().parts) {
    if (&part == fields.summary().parts.data() + fields.summary().parts_used) break;
    bool claimed = false;
    if (part.part == Part::kOld) part.field = fields.find(field::kOldEnabled, claimed);
    if (part.part == Part::kNew) part.field = fields.find(field::kEnabled, claimed);
  }
}

// "action=measure func=FILE_CHECK uid>1000 res=1": all but the result, as it stands. A condition need not be a field.
// Before IPE was a part of the kernel, it told its decisions under this type ("IPE=ctx ( op: [execute] … )  [ action =
// allow ]  [ boot_verified = true ]").
void take_policy_rule(const Scene& scene, const RecordFields& fields) {
  const std::span<const Field> all = scene.event.fields(fields.record());
  if (all.empty()) return;
  const DecodedRecord& record = fields.record();
  const std::string_view text = record.text;
  const Field& first = all.front();
  const char* const begin = (record.holds(first.name) ? first.name : first.value).data();
  const char* end = text.data() + text.size();
  for (const Field& one : all)
    if (one.id == field::kRes && record.holds(one.name)) end = std::min(end, one.name.data());
  const std::string_view names = record.tokens.enriched;
  if (!names.empty()) end = std::min(end, names.data() - 1);
  while (end > begin && (end[-1] == ' ' || end[-1] == '\n')) --end;
  if (end > begin) fields.summary().add({.part = Part::kRule, .text = {begin, static_cast<std::size_t>(end - begin)}});
  if (all.front().name == "IPE") fields.set_verb("checked-integrity-policy-rule");
}

void take_domain_status(const RecordFields& fields) {
  if (fields.is(field::kStatus, "allocated")) fields.set_verb("created-landlock-domain");
  if (fields.is(field::kStatus, "deallocated")) fields.set_verb("freed-landlock-domain");
}

void take_bpf_op(const RecordFields& fields) {
  if (fields.is(field::kOp, "LOAD")) fields.set_verb("loaded-bpf-program");
  if (fields.is(field::kOp, "UNLOAD")) fields.set_verb("unloaded-bpf-program");
}

void take_listener_op(const RecordFields& fields) {
  if (fields.is(field::kOp, "connect")) fields.set_verb("started-listening-to-audit-events");
  if (fields.is(field::kOp, "disconnect")) fields.set_verb("stopped-listening-to-audit-events");
}

// What nauditd tells of itself (daemon/, output/notices.cpp) where its record's type says something else. auditd writes
// none of these.
struct DaemonOp {
  std::uint16_t type;
  std::string_view op;
  std::string_view verb;
};
constexpr DaemonOp kDaemonOps[] = {
    {type::kDaemonAccept, "tail", "began-to-read-audit-events"},
    {type::kDaemonConfig, "registered", "registered-as-audit-daemon"},
    {type::kDaemonConfig, "load-rules", "loaded-audit-rules"},
    {type::kDaemonConfig, "rules-of-others", "noticed-changed-audit-rules"},
    {type::kDaemonConfig, "settings-changed", "noticed-changed-audit-settings"},
    {type::kDaemonConfig, "settings-restored", "noticed-restored-audit-settings"},
    {type::kDaemonConfig, "auditing-on", "noticed-auditing-on"},
    {type::kDaemonConfig, "eoe-back", "noticed-ends-of-events"},
    {type::kDaemonConfig, "stall-over", "noticed-end-of-stall"},
    {type::kDaemonErr, "gap-late", "received-late-audit-events"},
};

void take_daemon_op(const RecordFields& fields) {
  const std::string_view op = fields.value(field::kOp);
  for (const DaemonOp& one : kDaemonOps)
    if (one.type == fields.record().type && one.op == op) fields.set_verb(one.verb);
}

// What fanotify's listener, or the check of links, looked at.
void take_file_of_event(const Scene& scene, const RecordFields& fields) {
  const ObjectKind kind = fields.summary().object_kind;
  take_file(scene, {.act = Act::kFile}, fields.summary());
  if (fields.summary().object_kind == ObjectKind::kNone) fields.set_kind(kind);
}

void take_fanotify_answer(const Scene& scene, const RecordFields& fields) {
  const std::string_view answer = fields.value(field::kResp);
  if (answer == "1") fields.summary().add({.part = Part::kDecision, .text = "allowed"});
  if (answer == "2") {
    fields.summary().add({.part = Part::kDecision, .text = "denied"});
    fields.set_verb("was-denied");
  }
  if (scene.call == nullptr && (answer == "1" || answer == "2")) fields.summary().success = answer == "1";
}

void take_link_action(const RecordFields& fields) {
  if (fields.record().type == type::kAnomLink || fields.record().type == type::kAnomCreat)
    fields.add(Part::kDecision, {field::kAction});
}

void apply(Rule rule, const Scene& scene, const RecordFields& fields) {
  switch (rule) {
    case Rule::kAccountByUid:
      return take_account_by_uid(fields);
    case Rule::kLoginId:
      return take_login_id(scene, fields);
    case Rule::kFirewallOp:
      return take_firewall_op(fields);
    case Rule::kIpsecOp:
      return take_ipsec_op(fields);
    case Rule::kConfigOp:
      return take_config_op(fields);
    case Rule::kSeccompCall:
      return take_seccomp_call(fields);
    case Rule::kSeccompCode:
      return take_seccomp_code(scene, fields);
    case Rule::kCrashSignal:
      return take_crash_signal(fields);
    case Rule::kPromiscuous:
      return take_promiscuous(fields);
    case Rule::kMacStatus:
      return take_mac_status(fields);
    case Rule::kPolicyRule:
      return take_policy_rule(scene, fields);
    case Rule::kDomainStatus:
      return take_domain_status(fields);
    case Rule::kBpfOp:
      return take_bpf_op(fields);
    case Rule::kListenerOp:
      return take_listener_op(fields);
    case Rule::kDaemonOp:
      return take_daemon_op(fields);
    case Rule::kFileOfCall:
      return take_file_of_event(scene, fields);
    case Rule::kFanotifyAnswer:
      return take_fanotify_answer(scene, fields);
    case Rule::kLinkAction:
      return take_link_action(fields);
    default:
      apply_mac_rule(rule, scene, fields);
  }
}

}  // namespace

void take_object_of_record(const Scene& scene, const Plan& plan, Summary& summary) noexcept {
  const RecordFields fields(scene.event, *scene.headline, summary);
  for (const Step& step : plan.steps)
    if (step.rule != Rule::kNone)
      apply(step.rule, scene, fields);
    else if (summary.find(step.part) == nullptr)
      fields.add(step.part, step.from(), step.where == Where::kClaim);
}

}  // namespace naudit::interpret
