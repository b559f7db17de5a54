// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/programs/operations.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "tables/record_types.hpp"

namespace naudit::interpret {
namespace {

namespace type = tables::type;
using enum OperationSet;
using Object = ObjectKind;

constexpr bool kDetail = true;

// Sorted by set and text.
constexpr Operation kRows[] = {
    // shadow-utils: 4.13 with blanks (each text of Debian 12's programs was tried), 4.17 and Red Hat's with dashes;
    // libuser 0.64; passwd 0.80; the tests of the account lifecycle in audit-test.
    {kAccounts, "", {}},
    {kAccounts, "add SELinux user mapping", "added-selinux-user-mapping-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "add home dir", "added-home-directory-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "add home directory", "added-home-directory-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "add selinux user mapping", "added-selinux-user-mapping-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "add shadow password", "added-user-account", Object::kAccount, Roles::kAccount, kDetail},
    {kAccounts, "add user", "added-user-account", Object::kAccount, Roles::kAccount},
    {kAccounts, "add user to /etc/passwd", "added-user-account", Object::kAccount, Roles::kAccount, kDetail},
    {kAccounts, "add user to /etc/shadow", "added-user-account", Object::kAccount, Roles::kAccount, kDetail},
    {kAccounts, "add user to group", "added-user-to-group", Object::kAccount, Roles::kMember},
    {kAccounts, "add user to shadow group", "added-user-to-group", Object::kAccount, Roles::kMember, kDetail},
    {kAccounts, "add users to group", "set-members-of-group", Object::kGroup, Roles::kMembers},
    {kAccounts, "change SELinux user mapping", "changed-selinux-user-mapping-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "change admin name in shadow group", "changed-group-membership-of", Object::kAccount, Roles::kMember,
     kDetail},
    {kAccounts, "change age", "changed-password-aging-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "change all aging information", "changed-password-aging-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "change comment", "changed-comment-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "change expiration date", "changed-expiration-date-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "change group member", "changed-group-membership-of", Object::kAccount, Roles::kMember},
    {kAccounts, "change home dir", "changed-home-directory-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "change home directory", "changed-home-directory-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "change home directory owner", "changed-home-directory-owner-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "change inactive days", "changed-inactive-days-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "change last change date", "changed-password-aging-of", Object::kAccount, Roles::kAccount, kDetail},
    {kAccounts, "change mail file name", "changed-mail-file-of", Object::kAccount, Roles::kAccount, kDetail},
    {kAccounts, "change mail file owner", "changed-mail-file-of", Object::kAccount, Roles::kAccount, kDetail},
    {kAccounts, "change max age", "changed-password-aging-of", Object::kAccount, Roles::kAccount, kDetail},
    {kAccounts, "change member in shadow group", "changed-group-membership-of", Object::kAccount, Roles::kMember,
     kDetail},
    {kAccounts, "change min age", "changed-password-aging-of", Object::kAccount, Roles::kAccount, kDetail},
    {kAccounts, "change name", "changed-name-of-user", Object::kAccount, Roles::kAccount},
    {kAccounts, "change passwd", "changed-password", Object::kAccount, Roles::kAccount},
    {kAccounts, "change passwd expiration", "changed-password-aging-of", Object::kAccount, Roles::kAccount, kDetail},
    {kAccounts, "change passwd warning", "changed-password-aging-of", Object::kAccount, Roles::kAccount, kDetail},
    {kAccounts, "change password", "changed-password", Object::kAccount, Roles::kAccount},
    {kAccounts, "change primary group", "changed-primary-group-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "change selinux user mapping", "changed-selinux-user-mapping-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "change shell", "changed-shell-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "change uid", "changed-uid-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "change user shell", "changed-shell-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "clear lastlog", "cleared-last-login-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "delete group", "deleted-group-account-from", Object::kGroup, Roles::kGroup},
    {kAccounts, "delete home dir", "deleted-home-directory-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "delete home directory", "deleted-home-directory-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "delete mail file", "deleted-mail-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "delete password", "deleted-password-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "delete user", "deleted-user-account", Object::kAccount, Roles::kAccount},
    {kAccounts, "delete user entries", "deleted-user-account", Object::kAccount, Roles::kAccount},
    {kAccounts, "delete user from group", "removed-user-from-group", Object::kAccount, Roles::kMember},
    {kAccounts, "delete user from shadow group", "removed-user-from-group", Object::kAccount, Roles::kMember, kDetail},
    {kAccounts, "delete user logged in", "deleted-user-account", Object::kAccount, Roles::kAccount, kDetail},
    {kAccounts, "delete user not found", "deleted-user-account", Object::kAccount, Roles::kAccount, kDetail},
    {kAccounts, "display aging info", "displayed-password-aging-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "expire password", "expired-password-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "faillock reset", "reset-login-failures-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "lock %*", "locked-account-file-for", Object::kAccount, Roles::kAccount, kDetail},
    {kAccounts, "lock account", "locked-account", Object::kAccount, Roles::kAccount},
    {kAccounts, "lock password", "locked-password-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "modify User mapping", "changed-selinux-user-mapping-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "modify account", "modified-user-account", Object::kAccount, Roles::kAccount},
    {kAccounts, "modify user", "modified-user-account", Object::kAccount, Roles::kAccount},
    {kAccounts, "move home dir", "moved-home-directory-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "move home directory", "moved-home-directory-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "open %*", "opened-account-file-for", Object::kAccount, Roles::kAccount, kDetail},
    {kAccounts, "refresh lastlog", "refreshed-last-login-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "remove SELinux user mapping", "removed-selinux-user-mapping-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "remove group member", "removed-user-from-group", Object::kAccount, Roles::kMember},
    {kAccounts, "remove selinux user mapping", "removed-selinux-user-mapping-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "remove user from group", "removed-user-from-group", Object::kAccount, Roles::kMember},
    {kAccounts, "remove user from shadow group", "removed-user-from-group", Object::kAccount, Roles::kMember, kDetail},
    {kAccounts, "unlock %*", "unlocked-account-file-for", Object::kAccount, Roles::kAccount, kDetail},
    {kAccounts, "unlock account", "unlocked-account", Object::kAccount, Roles::kAccount},
    {kAccounts, "unlock password", "unlocked-password-of", Object::kAccount, Roles::kAccount},
    {kAccounts, "update member in group", "changed-group-membership-of", Object::kAccount, Roles::kMember},
    {kAccounts, "update passwd", "changed-password", Object::kAccount, Roles::kAccount},
    {kAccounts, "update password", "changed-password", Object::kAccount, Roles::kAccount},
    // The same programs on groups. gpasswd 4.13 and groupmod 4.13 write whole sentences, also into USER_ACCT and
    // USER_CHAUTHTOK: this set is asked second for records on accounts.
    {kGroups, "", {}, Object::kGroup, Roles::kGroup},
    {kGroups, "%w failed to add user %a to group %g %*", "added-user-to-group", Object::kAccount, Roles::kMember},
    {kGroups, "%w failed to change password of group %g %*", "changed-group-password", Object::kGroup,
     Roles::kGroupAlone},
    {kGroups, "%w failed to remove password of group %g %*", "deleted-group-password", Object::kGroup,
     Roles::kGroupAlone},
    {kGroups, "%w failed to remove user %a from group %g %*", "removed-user-from-group", Object::kAccount,
     Roles::kMember},
    {kGroups, "%w failed to restrict access to group %g %*", "restricted-access-to-group", Object::kGroup,
     Roles::kGroupAlone},
    {kGroups, "%w failed to set the administrators of group %g to %a %*", "set-administrators-of-group", Object::kGroup,
     Roles::kMembers},
    {kGroups, "%w failed to set the members of group %g to %a %*", "set-members-of-group", Object::kGroup,
     Roles::kMembers},
    {kGroups, "access to group %g restricted by %*", "restricted-access-to-group", Object::kGroup, Roles::kGroupAlone},
    {kGroups, "add group", "added-group-account-to", Object::kGroup, Roles::kGroup},
    {kGroups, "add group to /etc/group", "added-group-account-to", Object::kGroup, Roles::kGroup, kDetail},
    {kGroups, "add group to /etc/gshadow", "added-group-account-to", Object::kGroup, Roles::kGroup, kDetail},
    {kGroups, "add shadow group", "added-group-account-to", Object::kGroup, Roles::kGroup, kDetail},
    {kGroups, "add user to group", "added-user-to-group", Object::kAccount, Roles::kMember},
    {kGroups, "add user to shadow group", "added-user-to-group", Object::kAccount, Roles::kMember, kDetail},
    {kGroups, "add users to group", "set-members-of-group", Object::kGroup, Roles::kMembers},
    {kGroups, "administrators of group %g set by %w to %a %*", "set-administrators-of-group", Object::kGroup,
     Roles::kMembers},
    {kGroups, "authentication", {}, Object::kGroup, Roles::kNewGroup},
    {kGroups, "change", {}, Object::kGroup, Roles::kNewGroup},
    {kGroups, "change /etc/group; %*", "modified-group-account", Object::kGroup, Roles::kGroup, kDetail},
    {kGroups, "change /etc/gshadow; %*", "modified-group-account", Object::kGroup, Roles::kGroup, kDetail},
    {kGroups, "change /etc/passwd; %*", "modified-group-account", Object::kGroup, Roles::kGroup, kDetail},
    {kGroups, "change group", "modified-group-account", Object::kGroup, Roles::kGroup},
    {kGroups, "change group id", "changed-gid-of-group", Object::kGroup, Roles::kGroup},
    {kGroups, "change group lock", "changed-lock-of-group", Object::kGroup, Roles::kGroup},
    {kGroups, "change group members", "changed-members-of-group", Object::kGroup, Roles::kGroup},
    {kGroups, "change group passwd", {}, Object::kGroup, Roles::kGroup},
    {kGroups, "change password", "changed-group-password", Object::kGroup, Roles::kGroupAlone},
    {kGroups, "delete group", "deleted-group-account-from", Object::kGroup, Roles::kGroup},
    {kGroups, "delete group password", "deleted-group-password", Object::kGroup, Roles::kGroupAlone},
    {kGroups, "delete shadow group", "deleted-group-account-from", Object::kGroup, Roles::kGroup, kDetail},
    {kGroups, "delete user from group", "removed-user-from-group", Object::kAccount, Roles::kMember},
    {kGroups, "delete user from shadow group", "removed-user-from-group", Object::kAccount, Roles::kMember, kDetail},
    {kGroups, "lock %*", "locked-account-file-for", Object::kGroup, Roles::kGroup, kDetail},
    {kGroups, "members of group %g set by %w to %a %*", "set-members-of-group", Object::kGroup, Roles::kMembers},
    {kGroups, "modify group", "modified-group-account", Object::kGroup, Roles::kGroup},
    {kGroups, "open %*", "opened-account-file-for", Object::kGroup, Roles::kGroup, kDetail},
    {kGroups, "password of group %g changed by %*", "changed-group-password", Object::kGroup, Roles::kGroupAlone},
    {kGroups, "password of group %g removed by %*", "deleted-group-password", Object::kGroup, Roles::kGroupAlone},
    // groupadd 4.13 reports under ADD_GROUP that it took the group back.
    {kGroups, "remove group from /etc/group", "deleted-group-account-from", Object::kGroup, Roles::kGroup, kDetail},
    {kGroups, "remove group from /etc/gshadow", "deleted-group-account-from", Object::kGroup, Roles::kGroup, kDetail},
    {kGroups, "restrict group", "restricted-access-to-group", Object::kGroup, Roles::kGroupAlone},
    {kGroups, "set admins of group", "set-administrators-of-group", Object::kGroup, Roles::kMembers},
    {kGroups, "unlock %*", "unlocked-account-file-for", Object::kGroup, Roles::kGroup, kDetail},
    {kGroups, "user %a added by %w to group %g %*", "added-user-to-group", Object::kAccount, Roles::kMember},
    {kGroups, "user %a removed by %w from group %g %*", "removed-user-from-group", Object::kAccount, Roles::kMember},
    // libpam/pam_audit.c, modules/pam_unix/unix_chkpwd.c. bad_ident: PAM was shut down before it had checked anything.
    {kPam, "PAM:accounting", "was-authorized"},
    {kPam, "PAM:authentication", "authenticated"},
    {kPam, "PAM:bad_ident", "ended-before-authentication"},
    {kPam, "PAM:chauthtok", "changed-password"},
    {kPam, "PAM:session_close", "ended-session"},
    {kPam, "PAM:session_open", "started-session"},
    {kPam, "PAM:setcred", {}},
    {kPam, "PAM:unix_chkpwd", "checked-password-of"},
    // sshd (audit-linux.c, and Red Hat's patch), login, gdm: the record's type says what was done.
    {kLogin, "cron deny", "asked-for-cron"},  // Debian's cron: misc.c
    {kLogin, "gssapi with mic", {}, Object::kNone, Roles::kAsRecord, kDetail},
    {kLogin, "hostbased", {}, Object::kNone, Roles::kAsRecord, kDetail},
    {kLogin, "hostbased key", {}, Object::kNone, Roles::kAsRecord, kDetail},
    {kLogin, "key", {}, Object::kNone, Roles::kAsRecord, kDetail},
    {kLogin, "keyboard interactive", {}, Object::kNone, Roles::kAsRecord, kDetail},
    {kLogin, "login", {}},
    {kLogin, "none", {}, Object::kNone, Roles::kAsRecord, kDetail},
    {kLogin, "password", {}, Object::kNone, Roles::kAsRecord, kDetail},
    {kLogin, "pubkey", {}, Object::kNone, Roles::kAsRecord, kDetail},
    {kLogin, "pubkey auth", {}, Object::kNone, Roles::kAsRecord, kDetail},
    {kLogin, "success", {}},
    // Red Hat's patch for sshd; libreswan.
    {kKeys, "create", "created-crypto-key"},
    {kKeys, "delete", "destroyed-crypto-key"},
    {kKeys, "destroy", "destroyed-crypto-key"},
    {kKeys, "generate", "created-crypto-key"},
    {kKeys, "start", {}},
    {kSessions, "destroy", "ended-crypto-session"},
    {kSessions, "start", {}},
    {kSessions, "stop", "ended-crypto-session"},
    {kIke, "destroy", "ended-ike-association"},
    {kIke, "start", {}},
    {kIpsec, "destroy", "ended-ipsec-association"},
    {kIpsec, "start", {}},
    // libvirt 9.0 (src/conf/domain_audit.c); Docker of RHEL 7.
    {kMachines, "create", "created-virtual-machine"},
    {kMachines, "init", "initialized-virtual-machine"},
    {kMachines, "kill", "killed-virtual-machine"},
    {kMachines, "pause", "paused-virtual-machine"},
    {kMachines, "remove", "removed-virtual-machine"},
    {kMachines, "restart", "restarted-virtual-machine"},
    {kMachines, "resume", "resumed-virtual-machine"},
    {kMachines, "start", "started-virtual-machine"},
    {kMachines, "stop", "stopped-virtual-machine"},
    {kMachines, "suspend", "suspended-virtual-machine"},
    {kMachines, "unpause", "resumed-virtual-machine"},
    {kResources, "allow", "allowed-vm-resource"},
    {kResources, "attach", "attached-vm-resource"},
    {kResources, "deny", "denied-vm-resource"},
    {kResources, "detach", "detached-vm-resource"},
    {kResources, "open", "opened-vm-resource"},
    {kResources, "start", {}},
    {kResources, "update", "changed-vm-resource"},
    // NetworkManager 1.42 (nm-audit-manager.h), hwclock, useradd -D.
    {kSystem, "change system time", "changed-system-time"},
    {kSystem, "change useradd defaults", "changed-useradd-defaults"},
    {kSystem, "checkpoint adjust rollback timeout", "changed-network-checkpoint", Object::kSystem, Roles::kNetwork,
     kDetail},
    {kSystem, "checkpoint create", "created-network-checkpoint", Object::kSystem, Roles::kNetwork},
    {kSystem, "checkpoint destroy", "deleted-network-checkpoint", Object::kSystem, Roles::kNetwork},
    {kSystem, "checkpoint rollback", "rolled-back-network-to-checkpoint", Object::kSystem, Roles::kNetwork},
    {kSystem, "connection activate", "activated-network-connection", Object::kSystem, Roles::kNetwork},
    {kSystem, "connection add", "added-network-connection", Object::kSystem, Roles::kNetwork},
    {kSystem, "connection add activate", "added-and-activated-network-connection", Object::kSystem, Roles::kNetwork},
    {kSystem, "connection clear secrets", "cleared-secrets-of-network-connection", Object::kSystem, Roles::kNetwork},
    {kSystem, "connection deactivate", "deactivated-network-connection", Object::kSystem, Roles::kNetwork},
    {kSystem, "connection delete", "deleted-network-connection", Object::kSystem, Roles::kNetwork},
    {kSystem, "connection update", "changed-network-connection", Object::kSystem, Roles::kNetwork},
    {kSystem, "connections load", "loaded-network-connections", Object::kSystem, Roles::kNetwork},
    {kSystem, "connections reload", "reloaded-network-connections", Object::kSystem, Roles::kNetwork},
    {kSystem, "device autoconnect", "changed-network-device", Object::kDevice, Roles::kNetwork, kDetail},
    {kSystem, "device delete", "deleted-network-device", Object::kDevice, Roles::kNetwork},
    {kSystem, "device disconnect", "disconnected-network-device", Object::kDevice, Roles::kNetwork},
    {kSystem, "device managed", "changed-network-device", Object::kDevice, Roles::kNetwork, kDetail},
    {kSystem, "device reapply", "reapplied-network-device", Object::kDevice, Roles::kNetwork},
    {kSystem, "hostname save", "changed-host-name", Object::kSystem, Roles::kNetwork},
    {kSystem, "networking control", "switched-networking", Object::kSystem, Roles::kNetwork},
    {kSystem, "radio control", "switched-radio", Object::kSystem, Roles::kNetwork},
    {kSystem, "reload", "reloaded-network-configuration", Object::kSystem, Roles::kNetwork},
    {kSystem, "sleep control", "changed-sleep-of-network", Object::kSystem, Roles::kNetwork},
    {kSystem, "statistics", "changed-network-statistics", Object::kSystem, Roles::kNetwork},
    // rpm 4.18 (plugins/audit.c); dnf, pip.
    {kSoftware, "downgrade", "downgraded-software"},
    {kSoftware, "erase", "removed-software"},
    {kSoftware, "install", {}},
    {kSoftware, "reinstall", "reinstalled-software"},
    {kSoftware, "remove", "removed-software"},
    {kSoftware, "update", "updated-software"},
    {kSoftware, "upgrade", "updated-software"},
    // usbguard (src/Daemon/LinuxAuditBackend.cpp)
    {kDevices, "change authorization state for", "changed-authorization-of-device"},
    {kDevices, "discovered device", "discovered-device"},
    {kDevices, "inserted", "inserted-device"},
    {kDevices, "removed", "removed-device"},
    {kDevices, "removed device", "removed-device"},
    {kDevices, "updated", {}},
};

constexpr bool is_before(const Operation& a, const Operation& b) {
  return a.set != b.set ? a.set < b.set : a.text < b.text;
}
static_assert(std::ranges::is_sorted(kRows, is_before));

// Where the rows of a set begin.
constexpr auto kBegin = [] {
  std::array<std::uint16_t, static_cast<std::size_t>(kOther) + 2> begin{};
  for (std::size_t set = 0; set < begin.size(); ++set) {
    std::uint16_t row = 0;
    while (row < std::size(kRows) && static_cast<std::size_t>(kRows[row].set) < set) ++row;
    begin[set] = row;
  }
  return begin;
}();

struct Form {
  std::string_view written;
  std::string_view plain;
};

// Of the first word. "unlocking" and "locking" differ, "removed device" is a thing.
constexpr Form kForms[] = {
    {"adding", "add"},       {"changed", "change"},     {"changing", "change"},    {"clearing", "clear"},
    {"deleted", "delete"},   {"deleting", "delete"},    {"displaying", "display"}, {"expired", "expire"},
    {"locked", "lock"},      {"locking", "lock"},       {"modifying", "modify"},   {"moving", "move"},
    {"opening", "open"},     {"refreshing", "refresh"}, {"removing", "remove"},    {"unlocked", "unlock"},
    {"unlocking", "unlock"}, {"updating", "update"},
};

constexpr bool is_between(char c) noexcept {
  return c == ' ' || c == '-' || c == '_';
}

// The next word of a text, which it then begins behind.
constexpr std::string_view next_word(std::string_view& text, bool has_dashes) noexcept {
  std::size_t begin = 0;
  while (begin < text.size() && (has_dashes ? is_between(text[begin]) : text[begin] == ' ')) ++begin;
  std::size_t end = begin;
  while (end < text.size() && !(has_dashes ? is_between(text[end]) : text[end] == ' ')) ++end;
  const std::string_view word = text.substr(begin, end - begin);
  text.remove_prefix(end);
  return word;
}

constexpr std::string_view plain(std::string_view word) noexcept {
  for (const Form& form : kForms)
    if (form.written == word) return form.plain;
  return word;
}

// A text with blanks in it may name accounts with a dash.
bool fits(const Operation& row, std::string_view text, OperationWords& words) noexcept {
  words = {};
  const bool has_dashes = text.find(' ') == std::string_view::npos;
  std::string_view pattern = row.text;
  for (bool is_first = true;; is_first = false) {
    std::string_view wanted = next_word(pattern, false);
    if (wanted == "%*") return true;
    std::string_view word = next_word(text, has_dashes);
    if (wanted.empty() || word.empty()) return wanted.empty() && word.empty();
    if (wanted == "%w") continue;
    if (wanted == "%a" || wanted == "%g") {
      (wanted == "%a" ? words.account : words.group) = word;
      continue;
    }
    if (wanted != (is_first ? plain(word) : word)) return false;
  }
}

}  // namespace

std::span<const Operation> operations() noexcept {
  return kRows;
}

OperationSet operation_set(std::uint16_t record_type) noexcept {
  switch (record_type) {
    case type::kUserMgmt:
    case type::kUserChauthtok:
    case type::kUserAcct:
    case type::kAddUser:
    case type::kDelUser:
    case type::kAcctLock:
    case type::kAcctUnlock:
      return kAccounts;
    case type::kAddGroup:
    case type::kDelGroup:
    case type::kGrpMgmt:
    case type::kGrpChauthtok:
    case type::kGrpAuth:
    case type::kChgrpId:
      return kGroups;
    case type::kUserAuth:
    case type::kCredAcq:
    case type::kCredDisp:
    case type::kCredRefr:
    case type::kUserStart:
    case type::kUserEnd:
    case type::kUserErr:
    case type::kUserLogin:
    case type::kUserLogout:
      return kLogin;
    case type::kCryptoKeyUser:
      return kKeys;
    case type::kCryptoSession:
      return kSessions;
    case type::kCryptoIkeSa:
      return kIke;
    case type::kCryptoIpsecSa:
      return kIpsec;
    case type::kVirtControl:
      return kMachines;
    case type::kVirtResource:
      return kResources;
    case type::kUsysConfig:
      return kSystem;
    case type::kSoftwareUpdate:
      return kSoftware;
    case type::kUserDevice:
      return kDevices;
    case type::kRoleAssign:
    case type::kRoleRemove:
    case type::kRoleModify:
    case type::kUserMacConfigChange:
    case type::kAnomExec:
    case type::kChuserId:
      return kOther;
    default:
      return kNone;
  }
}

const Operation* find_operation(OperationSet set, std::string_view text, OperationWords& words) noexcept {
  if (text.starts_with("PAM:")) {
    set = kPam;
    text = text.substr(0, text.find(' '));
  }
  const Operation* const begin = kRows + kBegin[static_cast<std::size_t>(set)];
  const Operation* const end = kRows + kBegin[static_cast<std::size_t>(set) + 1];
  const Operation* best = nullptr;
  OperationWords told;
  for (const Operation* row = begin; row != end; ++row) {
    if (set == kPam ? row->text != text : !fits(*row, text, told)) continue;
    // A row without "%*" says it better.
    if (best != nullptr && row->text.ends_with("%*")) continue;
    best = row;
    words = told;
  }
  if (best == nullptr && set == kAccounts) return find_operation(kGroups, text, words);
  return best;
}

}  // namespace naudit::interpret
