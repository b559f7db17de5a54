// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/record_actions.hpp"

#include <array>
#include <iterator>

#include "interpret/summary/call_actions.hpp"
#include "tables/record_types.hpp"

namespace naudit::interpret {
namespace {

struct Row {
  std::uint16_t type;
  RecordAction action;
};

using enum EventKind;
using Object = ObjectKind;

// Sorted by type. Types that are not here have the kind of their range.
constexpr Row kRows[] = {
    {1005, {"sent-message", kUserSpace, Object::kNone, Shape::kOperation}},
    {1006, {"changed-login-id-to", kUserLogin, Object::kUserSession, Shape::kLogin}},
    {1100, {"authenticated", kUserLogin, Object::kUserSession, Shape::kSession}},
    {1101, {"was-authorized", kUserLogin, Object::kUserSession, Shape::kSession}},
    {1102, {"modified-user-account", kUserAccount, Object::kAccount, Shape::kAccount}},
    {1103, {"acquired-credentials", kUserLogin, Object::kUserSession, Shape::kSession}},
    {1104, {"disposed-credentials", kUserLogin, Object::kUserSession, Shape::kSession}},
    {1105, {"started-session", kUserLogin, Object::kUserSession, Shape::kSession}},
    {1106, {"ended-session", kUserLogin, Object::kUserSession, Shape::kSession}},
    {1107, {"accessed-mac-policy-controlled-object", kMacDecision, Object::kUnknown, Shape::kMac}},
    {1108, {"changed-password", kUserLogin, Object::kUserSession, Shape::kSession}},
    {1109, {"caused-account-error", kUserLogin, Object::kUserSession, Shape::kSession}},
    {1110, {"refreshed-credentials", kUserLogin, Object::kUserSession, Shape::kSession}},
    {1111, {"changed-configuration", kConfiguration, Object::kSystem, Shape::kOperation}},
    {1112, {"logged-in", kUserLogin, Object::kUserSession, Shape::kSession}},
    {1113, {"logged-out", kUserLogin, Object::kUserSession, Shape::kSession}},
    {1114, {"added-user-account", kUserAccount, Object::kAccount, Shape::kAccount}},
    {1115, {"deleted-user-account", kUserAccount, Object::kAccount, Shape::kAccount}},
    {1116, {"added-group-account-to", kUserAccount, Object::kAccount, Shape::kGroup}},
    {1117, {"deleted-group-account-from", kUserAccount, Object::kAccount, Shape::kGroup}},
    {1118, {"checked-access", kDacDecision, Object::kUnknown, Shape::kOperation}},
    {1119, {"changed-group", kGroupChange, Object::kAccount, Shape::kGroup}},
    {1120, {"sent-test", kUserSpace, Object::kNone, Shape::kOperation}},
    {1121, {"sent-trusted-message", kUserSpace, Object::kNone, Shape::kOperation}},
    {1122, {"access-error", kMacDecision, Object::kUnknown, Shape::kMac}},
    {1123, {"ran-command", kUserSpace, Object::kProcess, Shape::kCommand}},
    {1124, {"typed", kTty, Object::kKeystrokes, Shape::kKeystrokes}},
    {1125, {"changed-user-id", kUserSpace, Object::kAccount, Shape::kAccount}},
    {1126, {"authenticated-to-group", kGroupChange, Object::kAccount, Shape::kSession}},
    {1127, {"booted-system", kSystemServices, Object::kSystem, Shape::kNone}},
    {1128, {"shutdown-system", kSystemServices, Object::kSystem, Shape::kNone}},
    {1129, {"changed-to-runlevel", kSystemServices, Object::kSystem, Shape::kLevel}},
    {1130, {"started-service", kSystemServices, Object::kService, Shape::kService}},
    {1131, {"stopped-service", kSystemServices, Object::kService, Shape::kService}},
    {1132, {"modified-group-account", kUserAccount, Object::kAccount, Shape::kGroup}},
    {1133, {"changed-group-password", kUserAccount, Object::kAccount, Shape::kGroup}},
    {1134, {"checked-mac-permission", kMacDecision, Object::kUnknown, Shape::kOperation}},
    {1135, {"locked-account", kUserAccount, Object::kAccount, Shape::kAccount}},
    {1136, {"unlocked-account", kUserAccount, Object::kAccount, Shape::kAccount}},
    {1137, {"changed-device", kConfiguration, Object::kDevice, Shape::kDevice}},
    {1138, {"installed-software", kConfiguration, Object::kSoftware, Shape::kSoftware}},
    {1200, {"started-audit", kAuditDaemon, Object::kService, Shape::kDaemon}},
    {1201, {"shutdown-audit", kAuditDaemon, Object::kService, Shape::kDaemon}},
    {1202, {"aborted-auditd-startup", kAuditDaemon, Object::kService, Shape::kDaemon}},
    {1203, {"changed-auditd-configuration", kAuditDaemon, Object::kService, Shape::kDaemon}},
    {1204, {"reconfigured-auditd", kAuditDaemon, Object::kService, Shape::kDaemon}},
    {1205, {"rotated-audit-logs", kAuditDaemon, Object::kService, Shape::kDaemon}},
    {1206, {"resumed-audit-logging", kAuditDaemon, Object::kService, Shape::kDaemon}},
    {1207, {"remote-audit-connected", kAuditDaemon, Object::kService, Shape::kDaemon}},
    {1208, {"remote-audit-disconnected", kAuditDaemon, Object::kService, Shape::kDaemon}},
    {1209, {"audit-error", kAuditDaemon, Object::kService, Shape::kDaemon}},
    {1305, {"changed-audit-configuration", kConfiguration, Object::kAuditConfig, Shape::kConfig}},
    {1319, {"typed", kTty, Object::kKeystrokes, Shape::kKeystrokes}},
    {1324, {"saw-packet", kAuditRule, Object::kSocket, Shape::kPacket}},
    {1325, {"loaded-firewall-rule-to", kConfiguration, Object::kFirewall, Shape::kFirewall}},
    {1326, {"called-seccomp-controlled-syscall", kDacDecision, Object::kProcess, Shape::kSeccomp}},
    {1328, {"changed-audit-feature", kConfiguration, Object::kAuditConfig, Shape::kFeature}},
    {1329, {"tried-to-replace-audit-daemon", kAuditDaemon, Object::kService, Shape::kDaemon}},
    {1330, {"loaded-kernel-module", kAuditRule, Object::kKernelModule, Shape::kModule}},
    {1331, {"accessed-policy-controlled-file", kAvDecision, Object::kFile, Shape::kFile}},
    {1332, {"changed-system-time", kConfiguration, Object::kSystem, Shape::kOperation}},
    {1333, {"changed-system-time", kConfiguration, Object::kSystem, Shape::kFeature}},
    {1334, {"used-bpf", kBpfProgram, Object::kBpf, Shape::kBpf}},
    {1335, {"listened-to-audit-events", kAuditDaemon, Object::kSocket, Shape::kListener}},
    {1338, {"controlled-device-mapper", kConfiguration, Object::kDevice, Shape::kDevice}},
    {1339, {"reported-device-mapper-event", kIntegrity, Object::kDevice, Shape::kDevice}},
    {1400, {"accessed-mac-policy-controlled-object", kMacDecision, Object::kUnknown, Shape::kMac}},
    {1401, {"caused-mac-policy-error", kMacDecision, Object::kUnknown, Shape::kMac}},
    {1403, {"loaded-selinux-policy", kMac, Object::kSecurityPolicy, Shape::kPolicy}},
    {1404, {"changed-selinux-enforcement-to", kMac, Object::kSecurityPolicy, Shape::kSetting}},
    {1405, {"changed-selinux-boolean", kMac, Object::kSecurityPolicy, Shape::kSetting}},
    {1406, {"changed-mac-unlabeled-traffic", kMac, Object::kSecurityPolicy, Shape::kOperation}},
    {1407, {"added-cipso-definition", kMac, Object::kSecurityPolicy, Shape::kOperation}},
    {1408, {"deleted-cipso-definition", kMac, Object::kSecurityPolicy, Shape::kOperation}},
    {1409, {"added-mac-network-domain-mapping-to", kMac, Object::kSecurityPolicy, Shape::kOperation}},
    {1410, {"deleted-mac-network-domain-mapping-from", kMac, Object::kSecurityPolicy, Shape::kOperation}},
    {1411, {"added-ipsec-association", kMac, Object::kSecurityPolicy, Shape::kPacket}},
    {1412, {"deleted-ipsec-association", kMac, Object::kSecurityPolicy, Shape::kPacket}},
    {1413, {"added-ipsec-policy", kMac, Object::kSecurityPolicy, Shape::kPacket}},
    {1414, {"deleted-ipsec-policy", kMac, Object::kSecurityPolicy, Shape::kPacket}},
    {1415, {"saw-ipsec-event", kMac, Object::kSecurityPolicy, Shape::kPacket}},
    {1416, {"added-mac-unlabeled-default", kMac, Object::kSecurityPolicy, Shape::kPacket}},
    {1417, {"deleted-mac-unlabeled-default", kMac, Object::kSecurityPolicy, Shape::kPacket}},
    {1418, {"added-calipso-definition", kMac, Object::kSecurityPolicy, Shape::kOperation}},
    {1419, {"deleted-calipso-definition", kMac, Object::kSecurityPolicy, Shape::kOperation}},
    {1420, {"accessed-integrity-controlled-object", kMacDecision, Object::kFile, Shape::kMac}},
    {1421, {"changed-integrity-policy", kMac, Object::kIntegrityPolicy, Shape::kPolicy}},
    {1422, {"loaded-integrity-policy", kMac, Object::kIntegrityPolicy, Shape::kPolicy}},
    {1423, {"accessed-landlock-controlled-object", kMacDecision, Object::kUnknown, Shape::kMac}},
    {1424, {"changed-landlock-domain", kMac, Object::kSecurityPolicy, Shape::kDomain}},
    {1500, {"reported-apparmor-event", kMac, Object::kUnknown, Shape::kMac}},
    {1501, {"accessed-mac-policy-controlled-object", kMacDecision, Object::kUnknown, Shape::kMac}},
    {1502, {"accessed-mac-policy-controlled-object", kMacDecision, Object::kUnknown, Shape::kMac}},
    {1503, {"accessed-mac-policy-controlled-object", kMacDecision, Object::kUnknown, Shape::kMac}},
    {1504, {"reported-apparmor-hint", kMac, Object::kUnknown, Shape::kMac}},
    {1505, {"changed-apparmor-status", kMac, Object::kSecurityPolicy, Shape::kMac}},
    {1506, {"caused-mac-policy-error", kMacDecision, Object::kUnknown, Shape::kMac}},
    {1507, {"killed-by-mac-policy", kMacDecision, Object::kUnknown, Shape::kMac}},
    {1700, {"changed-promiscuous-mode-on-device", kAnomaly, Object::kDevice, Shape::kPromiscuous}},
    {1701, {"crashed-program", kAnomaly, Object::kProcess, Shape::kCrash}},
    {1702, {"used-suspicious-link", kAnomaly, Object::kFile, Shape::kFile}},
    {1703, {"created-suspicious-file", kAnomaly, Object::kFile, Shape::kFile}},
    {1800, {"checked-integrity-of", kIntegrity, Object::kFile, Shape::kIntegrity}},
    {1801, {"checked-metadata-integrity-of", kIntegrity, Object::kFile, Shape::kIntegrity}},
    {1802, {"changed-integrity-status", kIntegrity, Object::kIntegrityPolicy, Shape::kIntegrity}},
    {1803, {"checked-hash-type-of", kIntegrity, Object::kFile, Shape::kIntegrity}},
    {1804, {"invalidated-pcr", kIntegrity, Object::kFile, Shape::kIntegrity}},
    {1805, {"matched-integrity-rule", kIntegrity, Object::kFile, Shape::kIntegrity}},
    {1806, {"changed-evm-attributes", kIntegrity, Object::kIntegrityPolicy, Shape::kIntegrity}},
    {1807, {"loaded-integrity-policy-rule", kIntegrity, Object::kIntegrityPolicy, Shape::kIntegrity}},
    {2000, {"initialized-audit-subsystem", kSystemServices, Object::kSystem, Shape::kNone}},
    {2100, {"failed-log-in-too-many-times-to", kAnomaly, Object::kUserSession, Shape::kSession}},
    {2101, {"attempted-log-in-during-unusual-hour-to", kAnomaly, Object::kUserSession, Shape::kSession}},
    {2102, {"opened-too-many-sessions-to", kAnomaly, Object::kUserSession, Shape::kSession}},
    {2103, {"attempted-log-in-with-unusual-account-to", kAnomaly, Object::kUserSession, Shape::kSession}},
    {2104, {"attempted-log-in-from-unusual-place-to", kAnomaly, Object::kUserSession, Shape::kSession}},
    {2105, {"exceeded-dac-failures", kAnomaly, Object::kAccount, Shape::kAccount}},
    {2106, {"exceeded-mac-failures", kAnomaly, Object::kAccount, Shape::kAccount}},
    {2107, {"failed-hardware-test", kAnomaly, Object::kSystem, Shape::kOperation}},
    {2108, {"failed-role-test", kAnomaly, Object::kSystem, Shape::kOperation}},
    {2109, {"tested-file-system-integrity-of", kIntegrity, Object::kFileSystem, Shape::kOperation}},
    {2110, {"failed-crypto-test", kAnomaly, Object::kSystem, Shape::kOperation}},
    {2111, {"accessed-forbidden-file", kAnomaly, Object::kFile, Shape::kIntegrity}},
    {2112, {"attempted-execution-of-forbidden-program", kAnomaly, Object::kProcess, Shape::kCommand}},
    {2113, {"made-executable", kAnomaly, Object::kFile, Shape::kIntegrity}},
    {2114, {"added-suspicious-account", kAnomaly, Object::kAccount, Shape::kAccount}},
    {2115, {"deleted-suspicious-account", kAnomaly, Object::kAccount, Shape::kAccount}},
    {2116, {"modified-suspicious-account", kAnomaly, Object::kAccount, Shape::kAccount}},
    {2117, {"became-root", kAnomaly, Object::kUserSession, Shape::kSession}},
    {2118, {"attempted-log-in-to-service-account", kAnomaly, Object::kUserSession, Shape::kSession}},
    {2119, {"attempted-log-in-to-root-account", kAnomaly, Object::kUserSession, Shape::kSession}},
    {2120, {"failed-log-in-too-many-times-from", kAnomaly, Object::kUserSession, Shape::kSession}},
    {2121, {"used-suspicious-session", kAnomaly, Object::kUserSession, Shape::kSession}},
    {2200, {"responded-to-anomaly", kAnomalyResponse, Object::kNone, Shape::kOperation}},
    {2201, {"sent-alert", kAnomalyResponse, Object::kNone, Shape::kOperation}},
    {2202, {"killed-process", kAnomalyResponse, Object::kProcess, Shape::kCommand}},
    {2203, {"ended-session", kAnomalyResponse, Object::kUserSession, Shape::kSession}},
    {2204, {"locked-account-for-remote-access", kAnomalyResponse, Object::kAccount, Shape::kAccount}},
    {2205, {"locked-account-for-a-time", kAnomalyResponse, Object::kAccount, Shape::kAccount}},
    {2206, {"unlocked-account-after-a-time", kAnomalyResponse, Object::kAccount, Shape::kAccount}},
    {2207, {"locked-account", kAnomalyResponse, Object::kAccount, Shape::kAccount}},
    {2208, {"locked-terminal", kAnomalyResponse, Object::kUserSession, Shape::kSession}},
    {2209, {"changed-selinux-boolean", kAnomalyResponse, Object::kSecurityPolicy, Shape::kSetting}},
    {2210, {"executed", kAnomalyResponse, Object::kProcess, Shape::kCommand}},
    {2211, {"changed-system-to-single-user-mode", kAnomalyResponse, Object::kSystem, Shape::kOperation}},
    {2212, {"halted-system", kAnomalyResponse, Object::kSystem, Shape::kOperation}},
    {2213, {"blocked-address", kAnomalyResponse, Object::kFirewall, Shape::kOperation}},
    {2214, {"blocked-address-for-a-time", kAnomalyResponse, Object::kFirewall, Shape::kOperation}},
    {2215, {"unblocked-address-after-a-time", kAnomalyResponse, Object::kFirewall, Shape::kOperation}},
    {2300, {"changed-role-to", kMac, Object::kUserSession, Shape::kRole}},
    {2301, {"assigned-user-role-to", kMac, Object::kAccount, Shape::kRole}},
    {2302, {"removed-user-role-from", kMac, Object::kAccount, Shape::kRole}},
    {2303, {"overrode-label-of", kMac, Object::kSecurityPolicy, Shape::kOperation}},
    {2304, {"modified-level-of", kMac, Object::kPrinter, Shape::kDevice}},
    {2305, {"exported-labeled-object", kMac, Object::kUnknown, Shape::kOperation}},
    {2306, {"exported-unlabeled-object", kMac, Object::kUnknown, Shape::kOperation}},
    {2307, {"allocated-device", kMac, Object::kDevice, Shape::kDevice}},
    {2308, {"deallocated-device", kMac, Object::kDevice, Shape::kDevice}},
    {2309, {"relabeled-filesystem", kMac, Object::kFileSystem, Shape::kOperation}},
    {2310, {"loaded-mac-policy", kMac, Object::kSecurityPolicy, Shape::kPolicy}},
    {2311, {"modified-role", kMac, Object::kSecurityPolicy, Shape::kRole}},
    {2312, {"changed-mac-configuration", kMac, Object::kSecurityPolicy, Shape::kSetting}},
    {2313, {"changed-selinux-enforcement-to", kMac, Object::kSecurityPolicy, Shape::kSetting}},
    {2400, {"tested-cryptography", kCrypto, Object::kSystem, Shape::kCrypto}},
    {2401, {"changed-crypto-parameters", kCrypto, Object::kSystem, Shape::kCrypto}},
    {2402, {"crypto-officer-logged-in", kCrypto, Object::kUserSession, Shape::kSession}},
    {2403, {"crypto-officer-logged-out", kCrypto, Object::kUserSession, Shape::kSession}},
    {2404, {"negotiated-crypto-key", kCrypto, Object::kUserSession, Shape::kCrypto}},
    {2405, {"failed-cryptography", kCrypto, Object::kUserSession, Shape::kCrypto}},
    {2406, {"detected-crypto-replay", kCrypto, Object::kUserSession, Shape::kCrypto}},
    {2407, {"started-crypto-session", kCrypto, Object::kUserSession, Shape::kCrypto}},
    {2408, {"negotiated-ike-association", kCrypto, Object::kUserSession, Shape::kCrypto}},
    {2409, {"negotiated-ipsec-association", kCrypto, Object::kUserSession, Shape::kCrypto}},
    {2500, {"issued-vm-control", kVirt, Object::kVirtualMachine, Shape::kMachine}},
    {2501, {"assigned-vm-resource", kVirt, Object::kVirtualMachine, Shape::kMachine}},
    {2502, {"assigned-vm-id", kVirt, Object::kVirtualMachine, Shape::kMachine}},
    {2503, {"checked-integrity-of", kVirt, Object::kVirtualMachine, Shape::kMachine}},
    {2504, {"created-vm-image", kVirt, Object::kVirtualMachine, Shape::kMachine}},
    {2505, {"deleted-vm-image", kVirt, Object::kVirtualMachine, Shape::kMachine}},
    {2506, {"migrated-vm-from", kVirt, Object::kVirtualMachine, Shape::kMachine}},
    {2507, {"migrated-vm-to", kVirt, Object::kVirtualMachine, Shape::kMachine}},
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

// linux/audit.h gives each purpose a range of types.
EventKind kind_of_range(std::uint16_t type) noexcept {
  if (type >= 1100 && type < 1200) return kUserSpace;
  if (type >= 1200 && type < 1300) return kAuditDaemon;
  if (type >= 1300 && type < 1400) return kAuditRule;
  if (type >= 1400 && type <= 1402) return kMacDecision;
  if (type >= 1403 && type < 1600) return kMac;
  if (type >= 1600 && type < 1700) return kCrypto;
  if (type >= 1700 && type < 1800) return kAnomaly;
  if (type >= 1800 && type < 1900) return kIntegrity;
  if (type >= 2100 && type < 2200) return kAnomaly;
  if (type >= 2200 && type < 2300) return kAnomalyResponse;
  if (type >= 2300 && type < 2400) return kMac;
  if (type >= 2400 && type < 2500) return kCrypto;
  if (type >= 2500 && type < 2600) return kVirt;
  return type >= 2600 && type < 3000 ? kUserSpace : kUnknown;
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
  const std::string_view name = tables::record_type_key(type);
  return {.verb = name.empty() ? kUnknownAction : name, .kind = kind_of_range(type)};
}

bool is_auxiliary(std::uint16_t type) noexcept {
  namespace types = tables::type;
  switch (type) {
    case types::kSyscall:
    case types::kPath:
    case types::kIpc:
    case types::kSocketcall:
    case types::kSockaddr:
    case types::kCwd:
    case types::kExecve:
    case types::kObjPid:
    case types::kEoe:
    case types::kProctitle:
    case types::kKernModule:
    case types::kUringop:
      return true;
    default:
      // IPC_SET_PERM, MQ_*, KERNEL_OTHER, FD_PAIR; BPRM_FCAPS, CAPSET, MMAP; OPENAT2; AVC_PATH, MAC_*_CONTEXTS.
      return (type >= 1311 && type <= 1317) || (type >= 1321 && type <= 1323) || type == 1337 || type == 1402 ||
             type == 1425 || type == 1426;
  }
}

}  // namespace naudit::interpret
