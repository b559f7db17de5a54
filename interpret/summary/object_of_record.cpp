// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/object_of_record.hpp"

#include "interpret/summary/call_actions.hpp"
#include "interpret/summary/object_of_call.hpp"
#include "interpret/summary/object_of_mac.hpp"
#include "interpret/summary/record_fields.hpp"
#include "tables/constants.hpp"
#include "tables/record_types.hpp"
#include "tables/syscalls.hpp"

namespace naudit::interpret {
namespace {

namespace field = tables::field;

void take_account(const RecordFields& fields, bool is_group) {
  fields.add(Part::kName, is_group ? field::kGrp : field::kAcct);
  if (is_group) {
    // useradd tells the account that it puts into the group; groupadd has no account.
    if (!fields.add(Part::kGroupId, field::kId)) fields.add(Part::kGroupId, field::kNewGid);
    if (fields.summary().find(Part::kName) == nullptr) fields.add(Part::kName, field::kAcct);
  } else {
    fields.add(Part::kId, field::kId);
    fields.add(Part::kGroup, field::kGrp);
  }
  fields.add(Part::kOperation, field::kOp);
}

// Whose login id it was stands beside whose it is; older kernels write "old auid=… new auid=… old ses=… new ses=…". A
// call's record has the new one only.
void take_login(const Scene& scene, const RecordFields& fields) {
  Summary& summary = fields.summary();
  const Field* auid = nullptr;
  for (const Field& one : scene.event.fields(fields.record())) {
    if (one.id == field::kOldAuid || one.id == field::kOldAuidUnderscore) summary.auid = &one;
    if (one.id == field::kAuid || one.name == "new auid") auid = &one;
    if (one.id == field::kSes || one.name == "new ses") summary.session = &one;
  }
  if (auid != nullptr) summary.add({.part = Part::kId, .field = auid});
}

void take_daemon(const RecordFields& fields) {
  fields.add(Part::kOperation, field::kOp);
  fields.add(Part::kVersion, field::kVer);
  fields.add(Part::kAddress, field::kAddr);
  fields.add(Part::kReason, field::kCause);
  fields.add(Part::kOld, field::kOld);
  fields.add(Part::kNew, field::kNew);
}

void take_machine(const RecordFields& fields) {
  fields.add(Part::kName, field::kVm);
  fields.add(Part::kOperation, field::kOp);
  fields.add(Part::kResource, field::kResrc);
  fields.add(Part::kReason, field::kReason);
  fields.add(Part::kOld, {field::kOldDisk, field::kOldNet, field::kOldMem, field::kOldVcpu, field::kOldFs,
                          field::kOldRng, field::kOldChardev});
  fields.add(Part::kNew, {field::kNewDisk, field::kNewNet, field::kNewMem, field::kNewVcpu, field::kNewFs,
                          field::kNewRng, field::kNewChardev});
}

void take_crypto(const RecordFields& fields) {
  fields.add(Part::kFingerprint, field::kFp);
  fields.add(Part::kAddress, field::kAddr);
  fields.add(Part::kPort, field::kRport);
  fields.add(Part::kOperation, field::kOp);
  fields.add(Part::kCipher, field::kCipher);
}

// The kernel's operations: "replace" and "register" of xtables, "nft_register_rule" and so on of nftables.
void take_firewall(const RecordFields& fields) {
  fields.add(Part::kTable, field::kTable);
  fields.add(Part::kFamily, field::kFamily);
  fields.add(Part::kEntries, field::kEntries);
  fields.add(Part::kOperation, field::kOp);
  const std::string_view op = fields.value(field::kOp);
  if (op.find("unregister") != std::string_view::npos || op.find("destroy") != std::string_view::npos)
    fields.set_verb("removed-firewall-rule-from");
  else if (op.find("reset") != std::string_view::npos)
    fields.set_verb("reset-firewall-counters-of");
}

void take_packet(const RecordFields& fields) {
  fields.add(Part::kAddress, {field::kDaddr, field::kDst, field::kAddr});
  fields.add(Part::kPort, {field::kDport, field::kDestip});
  fields.add(Part::kSourceAddress, {field::kSaddr, field::kSrc});
}

void take_config(const RecordFields& fields) {
  const std::string_view op = fields.value(field::kOp);
  if (op.starts_with("add")) fields.set_verb("added-audit-rule");
  if (op.starts_with("remove")) fields.set_verb("deleted-audit-rule");
  // A setting: its name is the name of the field.
  for (const tables::FieldId id :
       {field::kAuditEnabled, field::kAuditPid, field::kAuditBacklogLimit, field::kAuditBacklogWaitTime,
        field::kAuditFailure, field::kAuditRateLimit, field::kAuditLost}) {
    bool claimed = false;
    const Field* const setting = fields.find(id, claimed);
    if (setting == nullptr) continue;
    fields.summary().add({.part = Part::kName, .claimed = claimed, .text = setting->name});
    fields.add(Part::kOld, field::kOld);
    fields.summary().add({.part = Part::kNew, .claimed = claimed, .field = setting});
    fields.add(Part::kOperation, field::kOp);
    return;
  }
  fields.add(Part::kPath, {field::kPath, field::kDir});
  fields.add(Part::kKeys, field::kKey);
  fields.add(Part::kList, field::kList);
  fields.add(Part::kOperation, field::kOp);
}

void take_seccomp(const Scene& scene, const RecordFields& fields) {
  std::uint64_t arch = 0;
  std::uint32_t number = 0;
  if (parse_hex(fields.value(field::kArch), arch) && parse_decimal(fields.value(field::kSyscall), number)) {
    const std::string_view name = tables::syscall_name(static_cast<tables::ArchWord>(arch), number);
    if (!name.empty()) fields.summary().add({.part = Part::kSyscall, .text = name});
  }
  std::string_view code = fields.value(field::kCode);
  if (code.starts_with("0x")) code.remove_prefix(2);
  std::uint64_t action = 0;
  if (parse_hex(code, action)) {
    const std::string_view name = tables::seccomp_action_name(static_cast<std::uint32_t>(action));
    if (!name.empty()) fields.summary().add({.part = Part::kDecision, .text = name});
    constexpr std::uint64_t kActions = 0xFFFF0000, kLog = 0x7FFC0000, kAllow = 0x7FFF0000, kTrace = 0x7FF00000;
    const std::uint64_t what = action & kActions;
    if (scene.call == nullptr && what != kTrace) fields.summary().success = what == kLog || what == kAllow;
  }
}

void take_crash(const RecordFields& fields) {
  fields.add(Part::kPath, field::kExe);
  fields.add(Part::kPid, field::kPid);
  fields.add(Part::kName, field::kComm);
  std::uint32_t number = 0;
  if (parse_decimal(fields.value(field::kSig), number)) {
    const std::string_view name = tables::constant_name(tables::Constants::kSignal, number);
    if (!name.empty()) fields.summary().add({.part = Part::kSignal, .text = name});
  }
  fields.add(Part::kReason, field::kReason);
}

void take_promiscuous(const RecordFields& fields) {
  fields.add(Part::kName, field::kDev);
  const std::string_view now = fields.value(field::kProm);
  if (now == "256") fields.set_verb("entered-promiscuous-mode-on-device");
  if (now == "0") fields.set_verb("left-promiscuous-mode-on-device");
}

void take_setting(const RecordFields& fields) {
  fields.add(Part::kName, field::kBool);
  fields.add(Part::kOld, {field::kOldEnforcing, field::kOldEnabled, field::kOldVal, field::kOldValUnderscore});
  fields.add(Part::kNew, {field::kEnforcing, field::kEnabled, field::kNewVal, field::kVal});
}

void take_integrity(const RecordFields& fields) {
  fields.add(Part::kPath, {field::kFile, field::kName});
  fields.add(Part::kReason, field::kCause);
  fields.add(Part::kOperation, field::kOp);
  fields.add(Part::kDevice, field::kDev);
  fields.add(Part::kInode, field::kIno);
}

void take_domain(const RecordFields& fields) {
  fields.add(Part::kName, field::kDomain);
  if (fields.is(field::kStatus, "allocated")) fields.set_verb("created-landlock-domain");
  if (fields.is(field::kStatus, "deallocated")) fields.set_verb("freed-landlock-domain");
}

void take_bpf(const RecordFields& fields) {
  bool claimed = false;
  if (const Field* const id = fields.find(field::kProgId, claimed))
    fields.summary().add({.part = Part::kName, .field = id});
  fields.add(Part::kOperation, field::kOp);
  if (fields.is(field::kOp, "LOAD")) fields.set_verb("loaded-bpf-program");
  if (fields.is(field::kOp, "UNLOAD")) fields.set_verb("unloaded-bpf-program");
}

void take_device(const RecordFields& fields) {
  fields.add(Part::kName, {field::kDevice, field::kDev, field::kPrinter});
  fields.add(Part::kOperation, field::kOp);
  fields.add(Part::kResource, field::kModule);
}

void take_listener(const RecordFields& fields) {
  if (fields.is(field::kOp, "connect")) fields.set_verb("started-listening-to-audit-events");
  if (fields.is(field::kOp, "disconnect")) fields.set_verb("stopped-listening-to-audit-events");
  fields.add(Part::kOperation, field::kOp);
}

void take_role(const RecordFields& fields) {
  fields.add(Part::kName, field::kAcct);
  fields.add(Part::kId, field::kId);
  fields.add(Part::kOld, {field::kOldRole, field::kDefaultContext, field::kOldSeuser});
  fields.add(Part::kNew, {field::kNewRole, field::kSelectedContext, field::kNewSeuser});
}

// What fanotify's listener, or the check of links, looked at.
void take_file_of_event(const Scene& scene, const RecordFields& fields) {
  const ObjectKind kind = fields.summary().object_kind;
  take_file(scene, {.act = Act::kFile}, fields.summary());
  if (fields.summary().object_kind == ObjectKind::kNone) fields.set_kind(kind);
  fields.add(Part::kOperation, field::kOp);
  const std::string_view answer = fields.value(field::kResp);
  if (answer == "1") fields.summary().add({.part = Part::kDecision, .text = "allowed"});
  if (answer == "2") fields.summary().add({.part = Part::kDecision, .text = "denied"});
  if (scene.call == nullptr && !answer.empty()) fields.summary().success = answer == "1";
}

}  // namespace

void take_object_of_record(const Scene& scene, Shape shape, Summary& summary) noexcept {
  const RecordFields fields(scene.event, *scene.headline, summary);
  switch (shape) {
    case Shape::kNone:
      break;
    case Shape::kAccount:
    case Shape::kSession:
      take_account(fields, false);
      break;
    case Shape::kGroup:
      take_account(fields, true);
      break;
    case Shape::kLogin:
      take_login(scene, fields);
      break;
    case Shape::kCommand:
      fields.add(Part::kCommand, field::kCmd);
      fields.add(Part::kCwd, field::kCwd);
      break;
    case Shape::kKeystrokes:
      fields.add(Part::kData, field::kData);
      break;
    case Shape::kService:
      // Older versions of systemd have the unit in comm=.
      if (!fields.add(Part::kName, field::kUnit)) fields.add(Part::kName, field::kComm);
      break;
    case Shape::kLevel:
      fields.add(Part::kOld, field::kOldLevel);
      fields.add(Part::kNew, field::kNewLevel);
      break;
    case Shape::kOperation:
      fields.add(Part::kOperation, field::kOp);
      break;
    case Shape::kSoftware:
      fields.add(Part::kName, field::kSw);
      fields.add(Part::kOperation, field::kOp);
      break;
    case Shape::kMachine:
      take_machine(fields);
      break;
    case Shape::kCrypto:
      take_crypto(fields);
      break;
    case Shape::kFirewall:
      take_firewall(fields);
      break;
    case Shape::kPacket:
      take_packet(fields);
      break;
    case Shape::kConfig:
      take_config(fields);
      break;
    case Shape::kFeature:
      fields.add(Part::kName, {field::kFeature, field::kOp});
      fields.add(Part::kOld, field::kOld);
      fields.add(Part::kNew, field::kNew);
      break;
    case Shape::kSeccomp:
      take_seccomp(scene, fields);
      break;
    case Shape::kCrash:
      take_crash(fields);
      break;
    case Shape::kPromiscuous:
      take_promiscuous(fields);
      break;
    case Shape::kSetting:
      take_setting(fields);
      break;
    case Shape::kPolicy:
      fields.add(Part::kName, {field::kPolicyName, field::kNewActivePolName});
      fields.add(Part::kVersion, field::kPolicyVersion);
      break;
    case Shape::kIntegrity:
      take_integrity(fields);
      break;
    case Shape::kMac:
      take_mac_decision(scene, fields);
      break;
    case Shape::kDomain:
      take_domain(fields);
      break;
    case Shape::kBpf:
      take_bpf(fields);
      break;
    case Shape::kDevice:
      take_device(fields);
      break;
    case Shape::kListener:
      take_listener(fields);
      break;
    case Shape::kDaemon:
      take_daemon(fields);
      break;
    case Shape::kRole:
      take_role(fields);
      break;
    case Shape::kFile:
      take_file_of_event(scene, fields);
      break;
    case Shape::kModule:
      fields.add(Part::kName, field::kName);
      break;
  }
}

}  // namespace naudit::interpret
