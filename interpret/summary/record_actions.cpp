// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/record_actions.hpp"

#include <array>
#include <iterator>

#include "tables/record_types.hpp"

namespace naudit::interpret {
namespace {

struct Row {
  std::uint16_t type;
  RecordAction action;
};

namespace types = tables::type;
using enum EventKind;
using Object = ObjectKind;

constexpr std::uint16_t kDaemonReconfig = 1204;  // AUDIT_DAEMON_RECONFIG of libaudit, for which it has no name

// Sorted by type. Types that are not here have the kind of their range.
constexpr Row kRows[] = {
    {types::kUser, {"sent-message", kUserSpace, Object::kNone, Shape::kOperation}},
    {types::kLogin, {"changed-login-id-to", kUserLogin, Object::kUserSession, Shape::kLogin}},
    {types::kUserAuth, {"authenticated", kUserLogin, Object::kUserSession, Shape::kSession}},
    {types::kUserAcct, {"was-authorized", kUserLogin, Object::kUserSession, Shape::kSession}},
    {types::kUserMgmt, {"modified-user-account", kUserAccount, Object::kAccount, Shape::kAccount}},
    {types::kCredAcq, {"acquired-credentials", kUserLogin, Object::kUserSession, Shape::kSession}},
    {types::kCredDisp, {"disposed-credentials", kUserLogin, Object::kUserSession, Shape::kSession}},
    {types::kUserStart, {"started-session", kUserLogin, Object::kUserSession, Shape::kSession}},
    {types::kUserEnd, {"ended-session", kUserLogin, Object::kUserSession, Shape::kSession}},
    {types::kUserAvc, {"accessed-mac-policy-controlled-object", kMacDecision, Object::kUnknown, Shape::kManager}},
    {types::kUserChauthtok, {"changed-password", kUserLogin, Object::kUserSession, Shape::kSession}},
    {types::kUserErr, {"caused-account-error", kUserLogin, Object::kUserSession, Shape::kSession}},
    {types::kCredRefr, {"refreshed-credentials", kUserLogin, Object::kUserSession, Shape::kSession}},
    {types::kUsysConfig, {"changed-configuration", kConfiguration, Object::kSystem, Shape::kOperation}},
    {types::kUserLogin, {"logged-in", kUserLogin, Object::kUserSession, Shape::kSession}},
    {types::kUserLogout, {"logged-out", kUserLogin, Object::kUserSession, Shape::kSession}},
    {types::kAddUser, {"added-user-account", kUserAccount, Object::kAccount, Shape::kAccount}},
    {types::kDelUser, {"deleted-user-account", kUserAccount, Object::kAccount, Shape::kAccount}},
    {types::kAddGroup, {"added-group-account-to", kUserAccount, Object::kAccount, Shape::kGroup}},
    {types::kDelGroup, {"deleted-group-account-from", kUserAccount, Object::kAccount, Shape::kGroup}},
    {types::kDacCheck, {"checked-access", kDacDecision, Object::kUnknown, Shape::kOperation}},
    {types::kChgrpId, {"changed-group", kGroupChange, Object::kAccount, Shape::kGroup}},
    {types::kTest, {"sent-test", kUserSpace, Object::kNone, Shape::kOperation}},
    {types::kTrustedApp, {"sent-trusted-message", kUserSpace, Object::kNone, Shape::kOperation}},
    {types::kUserSelinuxErr, {"access-error", kMacDecision, Object::kUnknown, Shape::kManager}},
    {types::kUserCmd, {"ran-command", kUserSpace, Object::kProcess, Shape::kCommand}},
    {types::kUserTty, {"typed", kTty, Object::kKeystrokes, Shape::kKeystrokes}},
    {types::kChuserId, {"changed-user-id", kUserSpace, Object::kAccount, Shape::kAccount}},
    {types::kGrpAuth, {"authenticated-to-group", kGroupChange, Object::kAccount, Shape::kSession}},
    {types::kSystemBoot, {"booted-system", kSystemServices, Object::kSystem, Shape::kNone}},
    {types::kSystemShutdown, {"shutdown-system", kSystemServices, Object::kSystem, Shape::kNone}},
    {types::kSystemRunlevel, {"changed-to-runlevel", kSystemServices, Object::kSystem, Shape::kLevel}},
    {types::kServiceStart, {"started-service", kSystemServices, Object::kService, Shape::kService}},
    {types::kServiceStop, {"stopped-service", kSystemServices, Object::kService, Shape::kService}},
    {types::kGrpMgmt, {"modified-group-account", kUserAccount, Object::kAccount, Shape::kGroup}},
    {types::kGrpChauthtok, {"changed-group-password", kUserAccount, Object::kAccount, Shape::kGroup}},
    {types::kMacCheck, {"checked-mac-permission", kMacDecision, Object::kUnknown, Shape::kOperation}},
    {types::kAcctLock, {"locked-account", kUserAccount, Object::kAccount, Shape::kAccount}},
    {types::kAcctUnlock, {"unlocked-account", kUserAccount, Object::kAccount, Shape::kAccount}},
    {types::kUserDevice, {"changed-device", kConfiguration, Object::kDevice, Shape::kDevice}},
    {types::kSoftwareUpdate, {"installed-software", kConfiguration, Object::kSoftware, Shape::kSoftware}},
    {types::kDaemonStart, {"started-audit", kAuditDaemon, Object::kService, Shape::kDaemon}},
    {types::kDaemonEnd, {"shutdown-audit", kAuditDaemon, Object::kService, Shape::kDaemon}},
    {types::kDaemonAbort, {"aborted-auditd-startup", kAuditDaemon, Object::kService, Shape::kDaemon}},
    {types::kDaemonConfig, {"changed-auditd-configuration", kAuditDaemon, Object::kService, Shape::kDaemon}},
    {kDaemonReconfig, {"reconfigured-auditd", kAuditDaemon, Object::kService, Shape::kDaemon}},
    {types::kDaemonRotate, {"rotated-audit-logs", kAuditDaemon, Object::kService, Shape::kDaemon}},
    {types::kDaemonResume, {"resumed-audit-logging", kAuditDaemon, Object::kService, Shape::kDaemon}},
    {types::kDaemonAccept, {"remote-audit-connected", kAuditDaemon, Object::kService, Shape::kDaemon}},
    {types::kDaemonClose, {"remote-audit-disconnected", kAuditDaemon, Object::kService, Shape::kDaemon}},
    {types::kDaemonErr, {"audit-error", kAuditDaemon, Object::kService, Shape::kDaemon}},
    {types::kConfigChange, {"changed-audit-configuration", kConfiguration, Object::kAuditConfig, Shape::kConfig}},
    {types::kTty, {"typed", kTty, Object::kKeystrokes, Shape::kKeystrokes}},
    {types::kNetfilterPkt, {"saw-packet", kAuditRule, Object::kSocket, Shape::kPacket}},
    {types::kNetfilterCfg, {"loaded-firewall-rule-to", kConfiguration, Object::kFirewall, Shape::kFirewall}},
    {types::kSeccomp, {"called-seccomp-controlled-syscall", kDacDecision, Object::kProcess, Shape::kSeccomp}},
    {types::kFeatureChange, {"changed-audit-feature", kConfiguration, Object::kAuditConfig, Shape::kFeature}},
    {types::kReplace, {"tried-to-replace-audit-daemon", kAuditDaemon, Object::kService, Shape::kDaemon}},
    {types::kKernModule, {"loaded-kernel-module", kAuditRule, Object::kKernelModule, Shape::kModule}},
    {types::kFanotify, {"accessed-policy-controlled-file", kAvDecision, Object::kFile, Shape::kFile}},
    {types::kTimeInjoffset, {"changed-system-time", kConfiguration, Object::kSystem, Shape::kTime}},
    {types::kTimeAdjntpval, {"changed-system-time", kConfiguration, Object::kSystem, Shape::kFeature}},
    {types::kBpf, {"used-bpf", kBpfProgram, Object::kBpf, Shape::kBpf}},
    {types::kEventListener, {"listened-to-audit-events", kAuditDaemon, Object::kSocket, Shape::kListener}},
    {types::kDmCtrl, {"controlled-device-mapper", kConfiguration, Object::kDevice, Shape::kDevice}},
    {types::kDmEvent, {"reported-device-mapper-event", kIntegrity, Object::kDevice, Shape::kDevice}},
    {types::kAvc, {"accessed-mac-policy-controlled-object", kMacDecision, Object::kUnknown, Shape::kMac}},
    {types::kSelinuxErr, {"caused-mac-policy-error", kMacDecision, Object::kUnknown, Shape::kMac}},
    {types::kMacPolicyLoad, {"loaded-selinux-policy", kMac, Object::kSecurityPolicy, Shape::kPolicy}},
    {types::kMacStatus, {"changed-selinux-enforcement-to", kMac, Object::kSecurityPolicy, Shape::kSetting}},
    {types::kMacConfigChange, {"changed-selinux-boolean", kMac, Object::kSecurityPolicy, Shape::kSetting}},
    {types::kMacUnlblAllow, {"changed-mac-unlabeled-traffic", kMac, Object::kSecurityPolicy, Shape::kNetlabel}},
    {types::kMacCipsov4Add, {"added-cipso-definition", kMac, Object::kSecurityPolicy, Shape::kNetlabel}},
    {types::kMacCipsov4Del, {"deleted-cipso-definition", kMac, Object::kSecurityPolicy, Shape::kNetlabel}},
    {types::kMacMapAdd, {"added-mac-network-domain-mapping-to", kMac, Object::kSecurityPolicy, Shape::kNetlabel}},
    {types::kMacMapDel, {"deleted-mac-network-domain-mapping-from", kMac, Object::kSecurityPolicy, Shape::kNetlabel}},
    {types::kMacIpsecAddsa, {"added-ipsec-association", kMac, Object::kSecurityPolicy, Shape::kPacket}},
    {types::kMacIpsecDelsa, {"deleted-ipsec-association", kMac, Object::kSecurityPolicy, Shape::kPacket}},
    {types::kMacIpsecAddspd, {"added-ipsec-policy", kMac, Object::kSecurityPolicy, Shape::kPacket}},
    {types::kMacIpsecDelspd, {"deleted-ipsec-policy", kMac, Object::kSecurityPolicy, Shape::kPacket}},
    {types::kMacIpsecEvent, {"saw-ipsec-event", kMac, Object::kSecurityPolicy, Shape::kPacket}},
    {types::kMacUnlblStcadd, {"added-mac-unlabeled-default", kMac, Object::kSecurityPolicy, Shape::kNetlabel}},
    {types::kMacUnlblStcdel, {"deleted-mac-unlabeled-default", kMac, Object::kSecurityPolicy, Shape::kNetlabel}},
    {types::kMacCalipsoAdd, {"added-calipso-definition", kMac, Object::kSecurityPolicy, Shape::kNetlabel}},
    {types::kMacCalipsoDel, {"deleted-calipso-definition", kMac, Object::kSecurityPolicy, Shape::kNetlabel}},
    {types::kIpeAccess, {"accessed-integrity-controlled-object", kMacDecision, Object::kFile, Shape::kIpe}},
    {types::kIpeConfigChange, {"changed-integrity-policy", kMac, Object::kIntegrityPolicy, Shape::kPolicy}},
    {types::kIpePolicyLoad, {"loaded-integrity-policy", kMac, Object::kIntegrityPolicy, Shape::kPolicy}},
    {types::kLandlockAccess, {"accessed-landlock-controlled-object", kMacDecision, Object::kUnknown, Shape::kLandlock}},
    {types::kLandlockDomain, {"changed-landlock-domain", kMac, Object::kSecurityPolicy, Shape::kDomain}},
    {types::kApparmor, {"reported-apparmor-event", kMac, Object::kUnknown, Shape::kMac}},
    {types::kApparmorAudit,
     {"accessed-mac-policy-controlled-object", kMacDecision, Object::kUnknown, Shape::kApparmor}},
    {types::kApparmorAllowed,
     {"accessed-mac-policy-controlled-object", kMacDecision, Object::kUnknown, Shape::kApparmor}},
    {types::kApparmorDenied,
     {"accessed-mac-policy-controlled-object", kMacDecision, Object::kUnknown, Shape::kApparmor}},
    {types::kApparmorHint, {"reported-apparmor-hint", kMac, Object::kUnknown, Shape::kApparmor}},
    {types::kApparmorStatus, {"changed-apparmor-status", kMac, Object::kSecurityPolicy, Shape::kApparmorStatus}},
    {types::kApparmorError, {"caused-mac-policy-error", kMacDecision, Object::kUnknown, Shape::kApparmor}},
    {types::kApparmorKill, {"killed-by-mac-policy", kMacDecision, Object::kUnknown, Shape::kApparmor}},
    {types::kAnomPromiscuous, {"changed-promiscuous-mode-on-device", kAnomaly, Object::kDevice, Shape::kPromiscuous}},
    {types::kAnomAbend, {"crashed-program", kAnomaly, Object::kProcess, Shape::kCrash}},
    {types::kAnomLink, {"used-suspicious-link", kAnomaly, Object::kFile, Shape::kFile}},
    {types::kAnomCreat, {"created-suspicious-file", kAnomaly, Object::kFile, Shape::kFile}},
    {types::kIntegrityData, {"checked-integrity-of", kIntegrity, Object::kFile, Shape::kIntegrity}},
    {types::kIntegrityMetadata, {"checked-metadata-integrity-of", kIntegrity, Object::kFile, Shape::kIntegrity}},
    {types::kIntegrityStatus, {"changed-integrity-status", kIntegrity, Object::kIntegrityPolicy, Shape::kIntegrity}},
    {types::kIntegrityHash, {"checked-hash-type-of", kIntegrity, Object::kFile, Shape::kIntegrity}},
    {types::kIntegrityPcr, {"invalidated-pcr", kIntegrity, Object::kFile, Shape::kIntegrity}},
    {types::kIntegrityRule, {"matched-integrity-rule", kIntegrity, Object::kFile, Shape::kIntegrity}},
    {types::kIntegrityEvmXattr, {"changed-evm-attributes", kIntegrity, Object::kIntegrityPolicy, Shape::kIntegrity}},
    {types::kIntegrityPolicyRule,
     {"loaded-integrity-policy-rule", kIntegrity, Object::kIntegrityPolicy, Shape::kPolicyRule}},
    {types::kKernel, {"initialized-audit-subsystem", kSystemServices, Object::kSystem, Shape::kNone}},
    {types::kAnomLoginFailures, {"failed-log-in-too-many-times-to", kAnomaly, Object::kUserSession, Shape::kSession}},
    {types::kAnomLoginTime,
     {"attempted-log-in-during-unusual-hour-to", kAnomaly, Object::kUserSession, Shape::kSession}},
    {types::kAnomLoginSessions, {"opened-too-many-sessions-to", kAnomaly, Object::kUserSession, Shape::kSession}},
    {types::kAnomLoginAcct,
     {"attempted-log-in-with-unusual-account-to", kAnomaly, Object::kUserSession, Shape::kSession}},
    {types::kAnomLoginLocation,
     {"attempted-log-in-from-unusual-place-to", kAnomaly, Object::kUserSession, Shape::kSession}},
    {types::kAnomMaxDac, {"exceeded-dac-failures", kAnomaly, Object::kAccount, Shape::kAccount}},
    {types::kAnomMaxMac, {"exceeded-mac-failures", kAnomaly, Object::kAccount, Shape::kAccount}},
    {types::kAnomAmtuFail, {"failed-hardware-test", kAnomaly, Object::kSystem, Shape::kOperation}},
    {types::kAnomRbacFail, {"failed-role-test", kAnomaly, Object::kSystem, Shape::kOperation}},
    {types::kAnomRbacIntegrityFail,
     {"tested-file-system-integrity-of", kIntegrity, Object::kFileSystem, Shape::kFileCheck}},
    {types::kAnomCryptoFail, {"failed-crypto-test", kAnomaly, Object::kSystem, Shape::kOperation}},
    {types::kAnomAccessFs, {"accessed-forbidden-file", kAnomaly, Object::kFile, Shape::kIntegrity}},
    {types::kAnomExec, {"attempted-execution-of-forbidden-program", kAnomaly, Object::kProcess, Shape::kCommand}},
    {types::kAnomMkExec, {"made-executable", kAnomaly, Object::kFile, Shape::kIntegrity}},
    {types::kAnomAddAcct, {"added-suspicious-account", kAnomaly, Object::kAccount, Shape::kAccount}},
    {types::kAnomDelAcct, {"deleted-suspicious-account", kAnomaly, Object::kAccount, Shape::kAccount}},
    {types::kAnomModAcct, {"modified-suspicious-account", kAnomaly, Object::kAccount, Shape::kAccount}},
    {types::kAnomRootTrans, {"became-root", kAnomaly, Object::kUserSession, Shape::kSession}},
    {types::kAnomLoginService,
     {"attempted-log-in-to-service-account", kAnomaly, Object::kUserSession, Shape::kSession}},
    {types::kAnomLoginRoot, {"attempted-log-in-to-root-account", kAnomaly, Object::kUserSession, Shape::kSession}},
    {types::kAnomOriginFailures,
     {"failed-log-in-too-many-times-from", kAnomaly, Object::kUserSession, Shape::kSession}},
    {types::kAnomSession, {"used-suspicious-session", kAnomaly, Object::kUserSession, Shape::kSession}},
    {types::kRespAnomaly, {"responded-to-anomaly", kAnomalyResponse, Object::kNone, Shape::kOperation}},
    {types::kRespAlert, {"sent-alert", kAnomalyResponse, Object::kNone, Shape::kOperation}},
    {types::kRespKillProc, {"killed-process", kAnomalyResponse, Object::kProcess, Shape::kCommand}},
    {types::kRespTermAccess, {"ended-session", kAnomalyResponse, Object::kUserSession, Shape::kSession}},
    {types::kRespAcctRemote, {"locked-account-for-remote-access", kAnomalyResponse, Object::kAccount, Shape::kAccount}},
    {types::kRespAcctLockTimed, {"locked-account-for-a-time", kAnomalyResponse, Object::kAccount, Shape::kAccount}},
    {types::kRespAcctUnlockTimed,
     {"unlocked-account-after-a-time", kAnomalyResponse, Object::kAccount, Shape::kAccount}},
    {types::kRespAcctLock, {"locked-account", kAnomalyResponse, Object::kAccount, Shape::kAccount}},
    {types::kRespTermLock, {"locked-terminal", kAnomalyResponse, Object::kUserSession, Shape::kSession}},
    {types::kRespSebool, {"changed-selinux-boolean", kAnomalyResponse, Object::kSecurityPolicy, Shape::kSetting}},
    {types::kRespExec, {"executed", kAnomalyResponse, Object::kProcess, Shape::kCommand}},
    {types::kRespSingle, {"changed-system-to-single-user-mode", kAnomalyResponse, Object::kSystem, Shape::kOperation}},
    {types::kRespHalt, {"halted-system", kAnomalyResponse, Object::kSystem, Shape::kOperation}},
    {types::kRespOriginBlock, {"blocked-address", kAnomalyResponse, Object::kFirewall, Shape::kOrigin}},
    {types::kRespOriginBlockTimed, {"blocked-address-for-a-time", kAnomalyResponse, Object::kFirewall, Shape::kOrigin}},
    {types::kRespOriginUnblockTimed,
     {"unblocked-address-after-a-time", kAnomalyResponse, Object::kFirewall, Shape::kOrigin}},
    {types::kUserRoleChange, {"changed-role-to", kMac, Object::kUserSession, Shape::kRole}},
    {types::kRoleAssign, {"assigned-user-role-to", kMac, Object::kAccount, Shape::kRole}},
    {types::kRoleRemove, {"removed-user-role-from", kMac, Object::kAccount, Shape::kRole}},
    {types::kLabelOverride, {"overrode-label-of", kMac, Object::kSecurityPolicy, Shape::kPrint}},
    {types::kLabelLevelChange, {"modified-level-of", kMac, Object::kPrinter, Shape::kDevice}},
    {types::kUserLabeledExport, {"exported-labeled-object", kMac, Object::kUnknown, Shape::kPrint}},
    {types::kUserUnlabeledExport, {"exported-unlabeled-object", kMac, Object::kUnknown, Shape::kPrint}},
    {types::kDevAlloc, {"allocated-device", kMac, Object::kDevice, Shape::kDevice}},
    {types::kDevDealloc, {"deallocated-device", kMac, Object::kDevice, Shape::kDevice}},
    {types::kFsRelabel, {"relabeled-filesystem", kMac, Object::kFileSystem, Shape::kOperation}},
    {types::kUserMacPolicyLoad, {"received-policy-load-notice", kMac, Object::kSecurityPolicy, Shape::kNotice}},
    {types::kRoleModify, {"modified-role", kMac, Object::kSecurityPolicy, Shape::kRole}},
    {types::kUserMacConfigChange, {"changed-mac-configuration", kMac, Object::kSecurityPolicy, Shape::kSetting}},
    {types::kUserMacStatus, {"received-enforcement-notice", kMac, Object::kSecurityPolicy, Shape::kNotice}},
    {types::kCryptoTestUser, {"tested-cryptography", kCrypto, Object::kSystem, Shape::kCrypto}},
    {types::kCryptoParamChangeUser, {"changed-crypto-parameters", kCrypto, Object::kSystem, Shape::kCrypto}},
    {types::kCryptoLogin, {"crypto-officer-logged-in", kCrypto, Object::kUserSession, Shape::kSession}},
    {types::kCryptoLogout, {"crypto-officer-logged-out", kCrypto, Object::kUserSession, Shape::kSession}},
    {types::kCryptoKeyUser, {"negotiated-crypto-key", kCrypto, Object::kUserSession, Shape::kCrypto}},
    {types::kCryptoFailureUser, {"failed-cryptography", kCrypto, Object::kUserSession, Shape::kCrypto}},
    {types::kCryptoReplayUser, {"detected-crypto-replay", kCrypto, Object::kUserSession, Shape::kCrypto}},
    {types::kCryptoSession, {"started-crypto-session", kCrypto, Object::kUserSession, Shape::kCrypto}},
    {types::kCryptoIkeSa, {"negotiated-ike-association", kCrypto, Object::kUserSession, Shape::kCrypto}},
    {types::kCryptoIpsecSa, {"negotiated-ipsec-association", kCrypto, Object::kUserSession, Shape::kCrypto}},
    {types::kVirtControl, {"issued-vm-control", kVirt, Object::kVirtualMachine, Shape::kMachine}},
    {types::kVirtResource, {"assigned-vm-resource", kVirt, Object::kVirtualMachine, Shape::kMachine}},
    {types::kVirtMachineId, {"assigned-vm-id", kVirt, Object::kVirtualMachine, Shape::kMachine}},
    {types::kVirtIntegrityCheck, {"checked-integrity-of", kVirt, Object::kVirtualMachine, Shape::kMachine}},
    {types::kVirtCreate, {"created-vm-image", kVirt, Object::kVirtualMachine, Shape::kMachine}},
    {types::kVirtDestroy, {"deleted-vm-image", kVirt, Object::kVirtualMachine, Shape::kMachine}},
    {types::kVirtMigrateIn, {"migrated-vm-from", kVirt, Object::kVirtualMachine, Shape::kMachine}},
    {types::kVirtMigrateOut, {"migrated-vm-to", kVirt, Object::kVirtualMachine, Shape::kMachine}},
};
static_assert(std::size(kRows) < 255);

constexpr std::uint16_t kMostTypes = 2560;

constexpr std::array<std::uint8_t, kMostTypes> row_of_each_type() {
  std::array<std::uint8_t, kMostTypes> rows{};
  for (std::size_t i = 0; i < std::size(kRows); ++i) {
    if (i > 0 && kRows[i].type <= kRows[i - 1].type) throw "not sorted by type";
    rows[kRows[i].type] = static_cast<std::uint8_t>(i + 1);
  }
  return rows;
}
constexpr auto kRowOfType = row_of_each_type();

// "unknown_1499", for each number of libaudit's ranges.
constexpr std::uint16_t kFirstType = 1000, kTypesEnd = 3000;
constexpr std::string_view kPrefix = "unknown_";
constexpr std::size_t kDigits = 4;
constexpr auto kNameless = [] {
  std::array<std::array<char, kPrefix.size() + kDigits>, kTypesEnd - kFirstType> names{};
  for (std::size_t type = kFirstType; type < kTypesEnd; ++type) {
    std::size_t at = 0;
    for (const char one : kPrefix) names[type - kFirstType][at++] = one;
    for (std::size_t unit = 1000; unit > 0; unit /= 10)
      names[type - kFirstType][at++] = static_cast<char>('0' + type / unit % 10);
  }
  return names;
}();

EventKind kind_of(tables::RecordCategory category) noexcept {
  using Category = tables::RecordCategory;
  switch (category) {
    case Category::kOther:
      break;
    case Category::kUserSpace:
      return kUserSpace;
    case Category::kDaemon:
      return kAuditDaemon;
    case Category::kEvent:
      return kAuditRule;
    case Category::kMacDecision:
      return kMacDecision;
    case Category::kMac:
    case Category::kApparmor:
      return kMac;
    case Category::kCrypto:
      return kCrypto;
    case Category::kAnomaly:
      return kAnomaly;
    case Category::kResponse:
      return kAnomalyResponse;
    case Category::kIntegrity:
      return kIntegrity;
    case Category::kVirt:
      return kVirt;
  }
  return kUnknown;
}

// In the order of EventKind.
constexpr std::string_view kKinds[] = {"unknown",       "user-space",   "system-services",
                                       "configuration", "TTY",          "user-account",
                                       "user-login",    "audit-daemon", "mac-decision",
                                       "anomaly",       "integrity",    "anomaly-response",
                                       "mac",           "crypto",       "virt",
                                       "audit-rule",    "dac-decision", "group-change",
                                       "av-decision",   "bpf-program"};
static_assert(std::size(kKinds) == static_cast<std::size_t>(kBpfProgram) + 1);

}  // namespace

std::string_view event_kind_text(EventKind kind) noexcept {
  return kKinds[static_cast<std::size_t>(kind)];
}

RecordAction record_action(std::uint16_t type) noexcept {
  if (type < kMostTypes && kRowOfType[type] != 0) return kRows[kRowOfType[type] - std::size_t{1}].action;
  std::string_view name = tables::record_type_key(type);
  if (name.empty() && type >= kFirstType && type < kTypesEnd) {
    const auto& nameless = kNameless[std::size_t{type} - kFirstType];
    name = {nameless.data(), nameless.size()};
  }
  return {.verb = name, .kind = kind_of(tables::record_traits(type).category)};
}

bool has_verb(std::uint16_t type) noexcept {
  return type < kMostTypes && kRowOfType[type] != 0;
}

}  // namespace naudit::interpret
