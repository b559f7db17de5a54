// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace naudit::tables {

// The names of record types, as auditd prints them ("SYSCALL"); linux/audit.h and the user-space ranges of libaudit.
// Constant data, any thread.

// Empty if the number has no name.
std::string_view record_type_name(std::uint16_t type) noexcept;
// "syscall": the lower-case form that is a key of the native event. Empty if the number has no name.
std::string_view record_type_key(std::uint16_t type) noexcept;
// The number of "SYSCALL" (any case), of "UNKNOWN[1425]" and of "1425".
std::optional<std::uint16_t> record_type(std::string_view name) noexcept;
// The name, or "UNKNOWN[n]".
std::string record_type_text(std::uint16_t type);

// The types that code names; the rest is only data.
namespace type {
inline constexpr std::uint16_t kUserFirst = 1100, kUserLast = 1199, kUser = 1005, kLogin = 1006, kUserAvc = 1107,
                               kAddUser = 1114, kAddGroup = 1116, kDelGroup = 1117, kTrustedApp = 1121, kUserTty = 1124,
                               kGroupMgmt = 1132, kGroupChauthtok = 1133, kDaemonStart = 1200, kDaemonEnd = 1201,
                               kDaemonAbort = 1202, kDaemonConfig = 1203, kDaemonRotate = 1205, kDaemonErr = 1209,
                               kSyscall = 1300, kPath = 1302, kIpc = 1303, kSocketcall = 1304, kConfigChange = 1305,
                               kSockaddr = 1306, kCwd = 1307, kExecve = 1309, kMqOpen = 1312, kObjPid = 1318,
                               kTty = 1319, kEoe = 1320, kNetfilterPkt = 1324, kSeccomp = 1326, kProctitle = 1327,
                               kReplace = 1329, kKernModule = 1330, kTimeAdjntpval = 1333, kUringop = 1336,
                               kOpenat2 = 1337, kAvc = 1400, kIpeAccess = 1420, kLandlockAccess = 1423,
                               kApparmorFirst = 1500, kApparmorLast = 1599, kAnomPromiscuous = 1700, kKernel = 2000,
                               kUserSecondFirst = 2100, kUserSecondLast = 2999;
}  // namespace type

}  // namespace naudit::tables
