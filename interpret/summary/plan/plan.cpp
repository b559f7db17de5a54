// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/plan/plan.hpp"

#include <iterator>

namespace naudit::interpret {
namespace {

namespace field = tables::field;

template <typename... Fields>
constexpr Step part(Part part, Fields... fields) {
  return {.part = part, .fields = {fields...}};
}
template <typename... Fields>
constexpr Step claim(Part part, Fields... fields) {
  return {.part = part, .where = Where::kClaim, .fields = {fields...}};
}
constexpr Step rule(Rule rule) {
  return {.rule = rule};
}

constexpr Step kAccountSteps[] = {part(Part::kName, field::kAcct), part(Part::kId, field::kId),
                                  rule(Rule::kAccountByUid), part(Part::kGroup, field::kGrp),
                                  part(Part::kOperation, field::kOp)};
// useradd tells the account that it puts into the group; groupadd has no account.
constexpr Step kGroupSteps[] = {part(Part::kName, field::kGrp), part(Part::kGroupId, field::kId, field::kNewGid),
                                part(Part::kName, field::kAcct), part(Part::kOperation, field::kOp)};
constexpr Step kLoginSteps[] = {rule(Rule::kLoginId)};
constexpr Step kCommandSteps[] = {part(Part::kCommand, field::kCmd), part(Part::kCwd, field::kCwd)};
constexpr Step kKeystrokesSteps[] = {part(Part::kData, field::kData)};
// Older versions of systemd have the unit in comm=.
constexpr Step kServiceSteps[] = {part(Part::kName, field::kUnit, field::kComm)};
constexpr Step kLevelSteps[] = {part(Part::kOld, field::kOldLevel), part(Part::kNew, field::kNewLevel)};
constexpr Step kOperationSteps[] = {part(Part::kOperation, field::kOp)};
constexpr Step kSoftwareSteps[] = {part(Part::kName, field::kSw), part(Part::kOperation, field::kOp)};
constexpr Step kMachineSteps[] = {part(Part::kName, field::kVm),
                                  part(Part::kOperation, field::kOp),
                                  part(Part::kResource, field::kResrc),
                                  part(Part::kReason, field::kReason),
                                  part(Part::kOld, field::kOldDisk, field::kOldNet, field::kOldMem, field::kOldVcpu,
                                       field::kOldFs, field::kOldRng, field::kOldChardev),
                                  part(Part::kNew, field::kNewDisk, field::kNewNet, field::kNewMem, field::kNewVcpu,
                                       field::kNewFs, field::kNewRng, field::kNewChardev)};
constexpr Step kCryptoSteps[] = {part(Part::kFingerprint, field::kFp), part(Part::kAddress, field::kAddr),
                                 part(Part::kPort, field::kRport), part(Part::kOperation, field::kOp),
                                 part(Part::kCipher, field::kCipher)};
constexpr Step kOriginSteps[] = {part(Part::kAddress, field::kDaddr), part(Part::kReason, field::kReason),
                                 part(Part::kOperation, field::kOp)};
constexpr Step kFileCheckSteps[] = {part(Part::kOperation, field::kOp), part(Part::kAdded, field::kAdded),
                                    part(Part::kRemoved, field::kRemoved), part(Part::kChanged, field::kChanged)};
// A print job, told by cupsd: whose it is stands inside msg='…'.
constexpr Step kPrintSteps[] = {part(Part::kName, field::kPrinter), claim(Part::kRequester, field::kAuid)};
constexpr Step kFirewallSteps[] = {part(Part::kTable, field::kTable), part(Part::kFamily, field::kFamily),
                                   part(Part::kEntries, field::kEntries), part(Part::kOperation, field::kOp),
                                   rule(Rule::kFirewallOp)};
constexpr Step kPacketSteps[] = {part(Part::kAddress, field::kDaddr, field::kDst, field::kAddr),
                                 part(Part::kPort, field::kDport, field::kDest),
                                 part(Part::kSourceAddress, field::kSaddr, field::kSrc),
                                 part(Part::kSourcePort, field::kSport),
                                 part(Part::kProtocol, field::kProto),
                                 part(Part::kNetif, field::kNetif),
                                 part(Part::kOperation, field::kOp),
                                 rule(Rule::kIpsecOp)};
constexpr Step kConfigSteps[] = {rule(Rule::kConfigOp)};
constexpr Step kFeatureSteps[] = {part(Part::kName, field::kFeature, field::kOp), part(Part::kOld, field::kOld),
                                  part(Part::kNew, field::kNew)};
constexpr Step kTimeSteps[] = {part(Part::kSeconds, field::kSec), part(Part::kNanoseconds, field::kNsec),
                               part(Part::kOperation, field::kOp)};
constexpr Step kSeccompSteps[] = {rule(Rule::kSeccompCall), rule(Rule::kSeccompCode)};
constexpr Step kCrashSteps[] = {part(Part::kPath, field::kExe), part(Part::kPid, field::kPid),
                                part(Part::kName, field::kComm), rule(Rule::kCrashSignal),
                                part(Part::kReason, field::kReason)};
constexpr Step kPromiscuousSteps[] = {part(Part::kName, field::kDev), rule(Rule::kPromiscuous)};
constexpr Step kSettingSteps[] = {
    part(Part::kName, field::kBool),
    part(Part::kOld, field::kOldEnforcing, field::kOldEnabled, field::kOldVal, field::kOldValUnderscore),
    part(Part::kNew, field::kEnforcing, field::kEnabled, field::kNewVal, field::kVal),
    part(Part::kModule, field::kLsm),
    part(Part::kPort, field::kLport),
    part(Part::kProtocol, field::kProto),
    part(Part::kLabel, field::kTcontext),
    rule(Rule::kMacStatus)};
constexpr Step kPolicySteps[] = {
    part(Part::kName, field::kPolicyName, field::kNewActivePolName), part(Part::kOld, field::kOldActivePolName),
    part(Part::kVersion, field::kPolicyVersion), part(Part::kModule, field::kLsm), rule(Rule::kMacStatus)};
constexpr Step kNoticeSteps[] = {part(Part::kModule, field::kLsm), part(Part::kOperation, field::kOp),
                                 rule(Rule::kManagerNotice)};
constexpr Step kNetlabelSteps[] = {part(Part::kName, field::kNlblDomain, field::kCipsoDoi, field::kCalipsoDoi),
                                   part(Part::kAddress, field::kDst, field::kDaddr),
                                   part(Part::kSourceAddress, field::kSrc),
                                   part(Part::kNetif, field::kNetif),
                                   part(Part::kLabel, field::kSecObj),
                                   part(Part::kOld, field::kOld),
                                   part(Part::kNew, field::kUnlblAccept),
                                   part(Part::kOperation, field::kOp, field::kCipsoType)};
constexpr Step kIntegritySteps[] = {part(Part::kPath, field::kFile, field::kName),
                                    part(Part::kName, field::kXattr),
                                    part(Part::kReason, field::kCause),
                                    part(Part::kOperation, field::kOp),
                                    part(Part::kDevice, field::kDev),
                                    part(Part::kInode, field::kIno)};
constexpr Step kPolicyRuleSteps[] = {rule(Rule::kPolicyRule)};
constexpr Step kMacSteps[] = {rule(Rule::kMacModule)};
constexpr Step kDomainSteps[] = {part(Part::kName, field::kDomain), rule(Rule::kDomainStatus)};
constexpr Step kBpfSteps[] = {part(Part::kName, field::kProgId), part(Part::kOperation, field::kOp),
                              rule(Rule::kBpfOp)};
constexpr Step kDeviceSteps[] = {part(Part::kName, field::kDevice, field::kDev, field::kPrinter),
                                 part(Part::kOperation, field::kOp), part(Part::kResource, field::kModule)};
constexpr Step kListenerSteps[] = {rule(Rule::kListenerOp), part(Part::kOperation, field::kOp)};
constexpr Step kDaemonSteps[] = {rule(Rule::kDaemonOp),
                                 part(Part::kOperation, field::kOp),
                                 part(Part::kVersion, field::kVer),
                                 part(Part::kAddress, field::kAddr),
                                 part(Part::kReason, field::kCause),
                                 part(Part::kOld, field::kOld),
                                 part(Part::kNew, field::kNew)};
constexpr Step kRoleSteps[] = {
    part(Part::kName, field::kAcct), part(Part::kId, field::kId),
    part(Part::kOld, field::kOldRole, field::kDefaultContext, field::kOldContext, field::kOldSeuser),
    part(Part::kNew, field::kNewRole, field::kSelectedContext, field::kNewContext, field::kNewSeuser)};
constexpr Step kFileSteps[] = {rule(Rule::kFileOfCall), part(Part::kOperation, field::kOp), rule(Rule::kFanotifyAnswer),
                               rule(Rule::kLinkAction)};
constexpr Step kModuleSteps[] = {part(Part::kName, field::kName)};

// What the kernel's modules write behind scontext= and their like (security/lsm_audit.c, dump_common_audit_data).
constexpr Step kSelinuxSteps[] = {rule(Rule::kClassKind),
                                  rule(Rule::kPlace),
                                  part(Part::kName, field::kOcomm, field::kKmod, field::kKeyDesc, field::kKeySerial,
                                       field::kIpcKey, field::kAnonclass, field::kPkey),
                                  rule(Rule::kUnnamedInode),
                                  part(Part::kPid, field::kOpid),
                                  rule(Rule::kPeer),
                                  rule(Rule::kAvcPermissions),
                                  part(Part::kClass, field::kTclass),
                                  part(Part::kLabel, field::kTcontext),
                                  part(Part::kOperation, field::kOp, field::kIoctlcmd),
                                  part(Part::kOld, field::kOldcontextWhole),
                                  part(Part::kNew, field::kNewcontextWhole, field::kInvalidContext),
                                  part(Part::kReason, field::kLockdownReason),
                                  rule(Rule::kAvcDecision)};
constexpr Step kSmackSteps[] = {rule(Rule::kSmackKind),
                                rule(Rule::kPlace),
                                part(Part::kName, field::kOcomm, field::kKeyDesc, field::kKeySerial, field::kIpcKey),
                                rule(Rule::kUnnamedInode),
                                part(Part::kPid, field::kOpid),
                                rule(Rule::kPeer),
                                part(Part::kPermissions, field::kRequested),
                                part(Part::kLabel, field::kObject),
                                part(Part::kModule, field::kLsm),
                                rule(Rule::kSmackDecision)};
constexpr Step kApparmorSteps[] = {rule(Rule::kApparmorObject),
                                   part(Part::kPermissions, field::kCapname, field::kDeniedMask, field::kRequestedMask,
                                        field::kDenied, field::kRequested, field::kMask),
                                   rule(Rule::kApparmorCapability),
                                   part(Part::kOperation, field::kOperation),
                                   part(Part::kProfile, field::kProfile),
                                   part(Part::kTarget, field::kTarget),
                                   part(Part::kSource, field::kSrcname),
                                   part(Part::kSignal, field::kSignal),
                                   part(Part::kReason, field::kInfo),
                                   part(Part::kClass, field::kClass),
                                   rule(Rule::kApparmorDecision)};
constexpr Step kApparmorStatusSteps[] = {part(Part::kName, field::kName), part(Part::kOperation, field::kOperation),
                                         rule(Rule::kApparmorStatus)};
constexpr Step kLandlockSteps[] = {
    rule(Rule::kLandlockKind),        rule(Rule::kPlace), part(Part::kPid, field::kOpid),
    part(Part::kName, field::kOcomm), rule(Rule::kPeer),  part(Part::kPermissions, field::kBlockers),
    rule(Rule::kLandlockDecision)};
constexpr Step kIpeSteps[] = {rule(Rule::kPlace), part(Part::kPermissions, field::kIpeOp),
                              part(Part::kReason, field::kRule), rule(Rule::kIpeDecision)};
// D-Bus, systemd, X, nscd and others that ask SELinux themselves.
constexpr Step kManagerSteps[] = {
    rule(Rule::kManagerKind),
    part(Part::kPath, field::kPath),
    claim(Part::kName, field::kDest, field::kService, field::kRestype, field::kName),
    claim(Part::kPid, field::kTpid),
    claim(Part::kInterface, field::kInterface),
    claim(Part::kMember, field::kMember),
    rule(Rule::kAvcPermissions),
    part(Part::kClass, field::kTclass),
    part(Part::kLabel, field::kTcontext),
    claim(Part::kOperation, field::kMsgtype, field::kFunction, field::kRequest, field::kOp),
    claim(Part::kNew, field::kInvalidContext),
    rule(Rule::kAvcDecision)};
// AppArmor as D-Bus and others ask it: path= is an object of the bus.
constexpr Step kManagerApparmorSteps[] = {rule(Rule::kManagerKind),
                                          part(Part::kName, field::kName),
                                          part(Part::kPid, field::kPeerPid),
                                          part(Part::kObjectPath, field::kPath),
                                          part(Part::kInterface, field::kInterface),
                                          part(Part::kMember, field::kMember),
                                          part(Part::kPermissions, field::kDeniedMask, field::kMask),
                                          part(Part::kLabel, field::kPeerLabel, field::kPeerProfile),
                                          part(Part::kOperation, field::kOperation),
                                          part(Part::kProfile, field::kProfile),
                                          part(Part::kReason, field::kInfo),
                                          rule(Rule::kApparmorDecision)};

// In the order of Shape.
constexpr Plan kPlans[] = {
    {"none", Who::kKernel},
    {"account", Who::kRecord, Outcome::kResult, kAccountSteps},
    {"group", Who::kRecord, Outcome::kResult, kGroupSteps},
    {"session", Who::kRecord, Outcome::kResult, kAccountSteps},
    {"login", Who::kLogin, Outcome::kResult, kLoginSteps},
    {"command", Who::kRecord, Outcome::kResult, kCommandSteps},
    {"keystrokes", Who::kRecord, Outcome::kResult, kKeystrokesSteps},
    {"service", Who::kRecord, Outcome::kResult, kServiceSteps},
    {"level", Who::kRecord, Outcome::kResult, kLevelSteps},
    {"operation", Who::kRecord, Outcome::kResult, kOperationSteps},
    {"software", Who::kRecord, Outcome::kResult, kSoftwareSteps},
    {"machine", Who::kRecord, Outcome::kResult, kMachineSteps},
    {"crypto", Who::kRecord, Outcome::kResult, kCryptoSteps},
    {"firewall", Who::kRecord, Outcome::kResult, kFirewallSteps},
    {"packet", Who::kKernel, Outcome::kResult, kPacketSteps},
    {"config", Who::kRecord, Outcome::kResult, kConfigSteps},
    {"feature", Who::kRecord, Outcome::kResult, kFeatureSteps},
    {"time", Who::kRecord, Outcome::kResult, kTimeSteps},
    {"seccomp", Who::kRecord, Outcome::kDecision, kSeccompSteps},
    {"crash", Who::kRecord, Outcome::kResult, kCrashSteps},
    {"promiscuous", Who::kRecord, Outcome::kResult, kPromiscuousSteps},
    {"setting", Who::kRecord, Outcome::kResult, kSettingSteps},
    {"policy", Who::kRecord, Outcome::kResult, kPolicySteps},
    {"notice", Who::kRecord, Outcome::kResult, kNoticeSteps},
    {"netlabel", Who::kRecord, Outcome::kResult, kNetlabelSteps},
    {"integrity", Who::kRecord, Outcome::kResult, kIntegritySteps},
    {"policy-rule", Who::kNobody, Outcome::kResult, kPolicyRuleSteps},
    {"mac", Who::kObserved, Outcome::kDecision, kMacSteps},
    {"selinux", Who::kObserved, Outcome::kDecision, kSelinuxSteps},
    {"smack", Who::kObserved, Outcome::kDecision, kSmackSteps},
    {"apparmor", Who::kObserved, Outcome::kDecision, kApparmorSteps},
    {"apparmor-status", Who::kObserved, Outcome::kResult, kApparmorStatusSteps},
    {"landlock", Who::kObserved, Outcome::kDecision, kLandlockSteps},
    {"ipe", Who::kObserved, Outcome::kDecision, kIpeSteps},
    {"manager", Who::kRefused, Outcome::kDecision, kManagerSteps},
    {"manager-apparmor", Who::kRefused, Outcome::kDecision, kManagerApparmorSteps},
    {"domain", Who::kKernel, Outcome::kResult, kDomainSteps},
    {"bpf", Who::kRecord, Outcome::kResult, kBpfSteps},
    {"device", Who::kKernel, Outcome::kResult, kDeviceSteps},
    {"listener", Who::kRecord, Outcome::kResult, kListenerSteps},
    {"daemon", Who::kRecord, Outcome::kResult, kDaemonSteps},
    {"role", Who::kRecord, Outcome::kResult, kRoleSteps},
    {"file", Who::kObserved, Outcome::kDecision, kFileSteps},
    {"module", Who::kRecord, Outcome::kResult, kModuleSteps},
    {"origin", Who::kRecord, Outcome::kResult, kOriginSteps},
    {"file-check", Who::kRecord, Outcome::kResult, kFileCheckSteps},
    {"print", Who::kRecord, Outcome::kResult, kPrintSteps},
};
static_assert(std::size(kPlans) == static_cast<std::size_t>(Shape::kPrint) + 1);

// In the order of Rule.
constexpr RuleInfo kRules[] = {
    {},
    {"account-by-uid",
     "Where a program names neither the account nor its number, `id` is the `uid` that it gives inside msg='…'."},
    {"login-id", "The object's `id` is the new login id: `auid`, or `new auid` of kernels before 3.14."},
    {"firewall-op",
     "The verb goes by `op`, which tells tables, chains, rules, sets, objects and flowtables apart; without one rules "
     "were loaded."},
    {"ipsec-op",
     "The verb of MAC_IPSEC_EVENT goes by `op`: SAD and SPD are associations and policies that were added or deleted; "
     "SA is a packet that did not fit its association."},
    {"config-op",
     "The verb goes by `op`. A setting is called as its field is (`audit_enabled`), with `old` and `new`; of a rule "
     "there are `path` or `dir`, `key` and `list`. An `audit_enabled` beside a rule's operation is the reason why the "
     "rule was refused."},
    {"seccomp-call", "`syscall` is the name of the number in `syscall`, by `arch`."},
    {"seccomp-code",
     "`decision` is the name of `code`. What was only logged or handed on has no outcome of its own; all else is a "
     "failure."},
    {"crash-signal", "`signal` is the name of the number in `sig`."},
    {"promiscuous", "The verb goes by `prom`: 256 entered, 0 left."},
    {"mac-status",
     "The module goes by `lsm`; without one it is SELinux. Where only `enabled` has changed, that is what was "
     "changed."},
    {"mac-module",
     "The row of the module that speaks: `apparmor=` AppArmor, `lsm=SMACK` Smack, else SELinux; inside msg='…' the row "
     "of object managers."},
    {"policy-rule",
     "`rule` is the whole rule as the record has it. None of its fields is a subject's. What begins with IPE is no "
     "rule "
     "but what one was asked for."},
    {"domain-status", "The verb goes by `status`: allocated created, deallocated freed."},
    {"bpf-op", "The verb goes by `op`: LOAD loaded, UNLOAD unloaded."},
    {"listener-op", "The verb goes by `op`; `name` is the group's name."},
    {"daemon-op", "What nauditd tells of itself under a type that says something else has the verb of its `op`."},
    {"file-of-call", "The file that the event's PATH records name."},
    {"fanotify-answer", "`decision` is `resp`: 1 allowed, 2 denied."},
    {"link-action", "`decision` is `action`, a word of the kernel's."},
    {"class-kind", "The object's kind goes by `tclass`."},
    {"place",
     "`path` of the record, else of an AVC_PATH record, else of the event's PATH record with the same `inode`, or with "
     "the same last name where the record has no `ino`; else `name`."},
    {"unnamed-inode", "Without a whole path: `device` of `dev` and `inode` of `ino`."},
    {"peer",
     "`address` and `port` are those of the other side (`faddr`, `daddr`; `fport`, `dest`), else our own (`laddr`, "
     "`saddr`; `lport`, `src`), which are `source_address` and `source_port` where both are told; `netif`."},
    {"avc-permissions", "`permissions` are what stands in braces behind denied or granted."},
    {"avc-decision",
     "`decision` is the word before the braces, or `seresult`. With `permissive=1` a refusal was only recorded: "
     "`would-deny`, `permissive`, and no outcome of its own. Without a decision the verb is reported-mac-event."},
    {"apparmor-object",
     "By the operation and what the record has: `path` of an absolute `name`, `name` of a `peer`, an address, or "
     "`name`."},
    {"apparmor-capability", "Of an older kernel's `capable`, `permissions` is `name`."},
    {"apparmor-decision",
     "By `apparmor`, or the record's type: DENIED and KILLED denied, AUDIT granted. ALLOWED is what the profile would "
     "have refused in enforce mode: `would-deny`, `permissive`, and no outcome of its own."},
    {"apparmor-status",
     "The verb goes by `operation`, or by `info` where the profile was left as it is. With an `error` it has failed."},
    {"landlock-kind", "The object's kind goes by `blockers`."},
    {"landlock-decision", "`decision` is denied: nothing else is recorded."},
    {"ipe-decision",
     "`decision` is the rule's action. With `enforcing=0` a refusal was only recorded: `would-deny`, `permissive`."},
    {"smack-kind", "A file, a process where `opid` stands, a socket where an address or a port stands."},
    {"smack-decision",
     "`decision` is `action`. What bring-up mode let pass, (US) and (UO) behind `requested`, is `would-deny`, "
     "`permissive`."},
    {"manager-kind", "The object's kind goes by `tclass`; of a message it is the process that it goes to."},
    {"manager-notice",
     "An object manager received a notice; it changed nothing itself. `new` is `enforcing`, `version` is `seqno`."},
};
static_assert(std::size(kRules) == static_cast<std::size_t>(Rule::kLast));

}  // namespace

const Plan& plan_of(Shape shape) noexcept {
  return kPlans[static_cast<std::size_t>(shape)];
}

const RuleInfo& rule_info(Rule rule) noexcept {
  return kRules[static_cast<std::size_t>(rule)];
}

}  // namespace naudit::interpret
