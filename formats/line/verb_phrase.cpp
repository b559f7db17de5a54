// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/line/verb_phrase.hpp"

#include <algorithm>
#include <iterator>

#include "base/utf8.hpp"

namespace naudit::formats {
namespace {

struct Phrase {
  std::string_view action;
  std::string_view words;    // if an object follows
  std::string_view alone{};  // if none does; empty: the words, or the action without what leads to an object
};

// Sorted by action.
constexpr Phrase kPhrases[] = {
    {"accepted-connection-from", "accepted a connection from", "accepted a connection"},
    {"access-error", "got an access error for", "got an access error"},
    {"accessed-forbidden-file", "accessed the forbidden file", "accessed a forbidden file"},
    {"accessed-integrity-controlled-object", "accessed the integrity-controlled object",
     "accessed an integrity-controlled object"},
    {"accessed-landlock-controlled-object", "was stopped by Landlock at", "was stopped by Landlock"},
    {"accessed-mac-policy-controlled-object", "accessed the MAC-controlled object", "accessed a MAC-controlled object"},
    {"accessed-policy-controlled-file", "accessed the file", "accessed a file"},
    {"acquired-credentials", "acquired credentials of", "acquired credentials"},
    {"activated-network-connection", "activated the network connection", "activated a network connection"},
    {"added-and-activated-network-connection", "added and activated the network connection",
     "added and activated a network connection"},
    {"added-audit-rule", "added the audit rule", "added an audit rule"},
    {"added-firewall-chain-to", "added a firewall chain to", "added a firewall chain"},
    {"added-firewall-flowtable-to", "added a flowtable of the firewall to", "added a flowtable of the firewall"},
    {"added-firewall-object-to", "added a firewall object to", "added a firewall object"},
    {"added-firewall-set-elements-to", "added elements of a firewall set to", "added elements of a firewall set"},
    {"added-firewall-set-to", "added a set of the firewall to", "added a set of the firewall"},
    {"added-firewall-table", "added the firewall table", "added a firewall table"},
    {"added-group-account-to", "added group", "added a group"},
    {"added-home-directory-of", "made the home directory of", "made a home directory"},
    {"added-ipsec-association", "added an IPsec association"},
    {"added-ipsec-policy", "added an IPsec policy"},
    {"added-network-connection", "added the network connection", "added a network connection"},
    {"added-selinux-user-mapping-of", "added the SELinux user of", "added an SELinux user mapping"},
    {"added-user-account", "added user", "added a user"},
    {"added-user-to-group", "added", "added an account"},
    {"adjusted-cpu-affinity-of", "adjusted CPU affinity of", "adjusted CPU affinity of a process"},
    {"adjusted-priority-of", "adjusted priority of", "adjusted priority of a process"},
    {"adjusted-scheduling-policy-of", "adjusted scheduling of", "adjusted scheduling of a process"},
    {"allocated-space-of", "allocated space of", "allocated space of a file"},
    {"allowed-vm-resource", "allowed a resource for", "allowed a resource for a virtual machine"},
    {"asked-for-cron", "asked for cron as", "asked for cron"},
    {"assigned-user-role-to", "assigned a role to", "assigned a role"},
    {"assigned-vm-id", "assigned an identity to the virtual machine", "assigned an identity to a virtual machine"},
    {"assigned-vm-resource", "assigned a resource to", "assigned a resource to a virtual machine"},
    {"attached-to-process", "attached to", "attached to a process"},
    {"attached-vm-resource", "attached a resource to", "attached a resource to a virtual machine"},
    {"audit-error", "reported an error of auditing", "reported an error of auditing"},
    {"authenticated", "authenticated"},
    {"authenticated-to-group", "authenticated to group", "authenticated to a group"},
    {"blocked-address", "blocked the address", "blocked an address"},
    {"blocked-address-for-a-time", "blocked for a time the address", "blocked an address for a time"},
    {"booted-system", "reported the boot of the system"},
    {"bound-socket", "bound a socket to", "bound a socket"},
    {"called-seccomp-controlled-syscall", "made the seccomp-controlled call", "made a seccomp-controlled call"},
    {"caused-account-error", "caused an account error for", "reported an account error"},
    {"caused-mac-policy-error", "caused an error of the security policy at", "caused an error of the security policy"},
    {"changed-auditd-configuration", "changed the audit daemon's configuration"},
    {"changed-authorization-of-device", "changed authorization of device", "changed authorization of a device"},
    {"changed-clock", "changed a clock"},
    {"changed-comment-of", "changed comment of user", "changed comment of a user"},
    {"changed-device", "changed device", "changed a device"},
    {"changed-directory-to", "changed directory to", "changed directory"},
    {"changed-expiration-date-of", "changed expiration date of user", "changed expiration date of a user"},
    {"changed-file-attributes-of", "changed attributes of", "changed attributes of a file"},
    {"changed-file-ownership-of", "changed ownership of", "changed ownership of a file"},
    {"changed-file-permissions-of", "changed permissions of", "changed permissions of a file"},
    {"changed-file-size-of", "changed size of", "changed size of a file"},
    {"changed-gid-of-group", "changed number of group", "changed number of a group"},
    {"changed-group", "changed group to", "changed group"},
    {"changed-group-membership-of", "changed membership of", "changed membership of an account"},
    {"changed-group-password", "changed password of group", "changed password of a group"},
    {"changed-home-directory-of", "changed home directory of user", "changed home directory of a user"},
    {"changed-home-directory-owner-of", "changed owner of the home directory of user",
     "changed owner of a home directory"},
    {"changed-host-name", "changed the host name to", "changed the host name"},
    {"changed-inactive-days-of", "changed inactive days of user", "changed inactive days of a user"},
    {"changed-ipe-enforcement-to", "changed IPE enforcement"},
    {"changed-kernel-time-zone", "changed the kernel's time zone"},
    {"changed-lock-of-group", "changed lock of group", "changed lock of a group"},
    {"changed-login-id-to", "changed the login id to", "changed the login id"},
    {"changed-mac-enforcement-to", "changed enforcement of the security module"},
    {"changed-mail-file-of", "changed mail file of user", "changed mail file of a user"},
    {"changed-members-of-group", "changed members of group", "changed members of a group"},
    {"changed-mount-attributes-of", "changed mount attributes of", "changed attributes of a mount"},
    {"changed-mount-propagation-of", "changed mount propagation of", "changed mount propagation"},
    {"changed-name-of-user", "changed name of user", "changed name of a user"},
    {"changed-network-connection", "changed the network connection", "changed a network connection"},
    {"changed-network-device", "changed the network device", "changed a network device"},
    {"changed-password", "changed password of", "changed a password"},
    {"changed-password-aging-of", "changed password aging of user", "changed password aging of a user"},
    {"changed-primary-group-of", "changed primary group of user", "changed primary group of a user"},
    {"changed-promiscuous-mode-on-device", "changed promiscuous mode of device",
     "changed promiscuous mode of a device"},
    {"changed-role-to", "changed role"},
    {"changed-root", "changed root to", "changed root"},
    {"changed-selinux-enforcement-to", "changed SELinux enforcement"},
    {"changed-selinux-user-mapping-of", "changed the SELinux user of", "changed an SELinux user mapping"},
    {"changed-shell-of", "changed shell of user", "changed shell of a user"},
    {"changed-system-name", "changed the system's name"},
    {"changed-system-time", "changed the system's time"},
    {"changed-timestamp-of", "changed timestamps of", "changed timestamps of a file"},
    {"changed-to-runlevel", "reported a change of the runlevel"},
    {"changed-tty-auditing", "changed auditing of terminals"},
    {"changed-uid-of", "changed uid of user", "changed uid of a user"},
    {"changed-useradd-defaults", "changed the defaults of useradd"},
    {"changed-vm-resource", "changed a resource of", "changed a resource of a virtual machine"},
    {"checked-integrity-policy-rule",
     "was checked against the integrity policy:", "was checked against the integrity policy"},
    {"checked-metadata-of", "checked metadata of", "checked metadata of a file"},
    {"checked-password-of", "checked password of", "checked a password"},
    {"cleared-last-login-of", "cleared the last login of", "cleared a last login"},
    {"committed-firewall-changes", "committed changes of the firewall", "committed changes of the firewall"},
    {"connected-to", "connected to", "connected a socket"},
    {"crashed-program", "crashed", "crashed"},
    {"created-crypto-key", "created a key for", "created a key"},
    {"created-directory", "created directory", "created a directory"},
    {"created-memory-file", "created a file in memory"},
    {"created-mount", "made a mount that is not attached yet"},
    {"created-namespace", "created a namespace"},
    {"created-process", "started", "started a process"},
    {"created-socket", "created a socket"},
    {"created-thread", "started the thread", "started a thread"},
    {"crypto-officer-logged-in", "logged in the crypto officer", "logged in a crypto officer"},
    {"crypto-officer-logged-out", "logged out the crypto officer", "logged out a crypto officer"},
    {"deleted", "deleted", "deleted a file or directory"},
    {"deleted-audit-rule", "deleted the audit rule", "deleted an audit rule"},
    {"deleted-group-account-from", "deleted group", "deleted a group"},
    {"deleted-group-password", "deleted password of group", "deleted password of a group"},
    {"deleted-home-directory-of", "deleted home directory of", "deleted a home directory"},
    {"deleted-ipsec-association", "deleted an IPsec association"},
    {"deleted-ipsec-policy", "deleted an IPsec policy"},
    {"deleted-mail-of", "deleted mail of user", "deleted mail of a user"},
    {"deleted-password-of", "deleted password of", "deleted a password"},
    {"deleted-user-account", "deleted user", "deleted a user"},
    {"denied-vm-resource", "denied a resource to", "denied a resource to a virtual machine"},
    {"destroyed-crypto-key", "destroyed the key", "destroyed a key"},
    {"detached-vm-resource", "detached a resource from", "detached a resource from a virtual machine"},
    {"disabled-ctrl-alt-delete", "stopped Ctrl-Alt-Delete from rebooting the system"},
    {"disabled-process-accounting", "switched process accounting off"},
    {"disabled-quota", "switched quota off for", "switched quota off"},
    {"disabled-selinux", "switched SELinux off"},
    {"displayed-password-aging-of", "displayed password aging of user", "displayed password aging of a user"},
    {"disposed-credentials", "disposed of credentials of", "disposed of credentials"},
    {"dropped-audit-rule", "dropped the audit rule of", "dropped an audit rule"},
    {"enabled-ctrl-alt-delete", "let Ctrl-Alt-Delete reboot the system"},
    {"enabled-process-accounting", "switched process accounting on to", "switched process accounting on"},
    {"enabled-quota", "switched quota on for", "switched quota on"},
    {"enabled-selinux", "switched SELinux on"},
    {"ended-crypto-session", "ended the encrypted session", "ended an encrypted session"},
    {"ended-process", "ended", "ended a process"},
    {"ended-session", "ended session of", "ended a session"},
    {"entered-namespace", "entered a namespace"},
    {"exceeded-dac-failures", "exceeded the limit of access failures"},
    {"executed", "executed", "executed a program"},
    {"expired-password-of", "expired password of", "expired a password"},
    {"failed-cryptography", "had a failure of cryptography"},
    {"freed-space-of", "freed space of", "freed space of a file"},
    {"halted-system", "halted the system"},
    {"hibernated-system", "hibernated the system"},
    {"inserted-range-into", "inserted a range into", "inserted a range into a file"},
    {"installed-software", "installed", "installed software"},
    {"invalidated-pcr", "made invalid the measurement of", "made a measurement invalid"},
    {"killed-list-of-pids", "killed", "sent a signal"},
    {"killed-pid", "killed", "sent a signal"},
    {"killed-process", "killed", "killed a process"},
    {"linked", "linked", "made a link"},
    {"listened-for-connections", "listened for connections"},
    {"loaded-firewall-rule-to", "loaded firewall rules to", "loaded firewall rules"},
    {"loaded-ipe-policy", "loaded an IPE policy"},
    {"loaded-kernel-module", "loaded kernel module", "loaded a kernel module"},
    {"locked-account", "locked account", "locked an account"},
    {"locked-account-file-for", "locked an account file for", "locked an account file"},
    {"locked-account-for-a-time", "locked for a time the account", "locked an account for a time"},
    {"locked-account-for-remote-access", "locked for remote access the account", "locked an account for remote access"},
    {"locked-file", "locked", "locked a file"},
    {"locked-password-of", "locked password of", "locked a password"},
    {"made-device", "made device", "made a device file"},
    {"matched-integrity-rule", "matched an integrity rule with", "matched an integrity rule"},
    {"migrated-vm-from", "moved in the virtual machine", "moved in a virtual machine"},
    {"migrated-vm-to", "moved out the virtual machine", "moved out a virtual machine"},
    {"modified-group-account", "modified group", "modified a group"},
    {"modified-user-account", "modified user", "modified a user"},
    {"mounted", "mounted", "mounted a file system"},
    {"moved-home-directory-of", "moved home directory of user", "moved home directory of a user"},
    {"moved-mount", "moved the mount", "moved a mount"},
    {"negotiated-crypto-key", "negotiated the key", "negotiated a key"},
    {"opened-account-file-for", "opened an account file for", "opened an account file"},
    {"opened-file", "opened", "opened a file"},
    {"opened-filesystem", "opened the file system", "opened a file system"},
    {"opened-process", "opened process", "opened a process"},
    {"opened-vm-resource", "opened a resource for", "opened a resource for a virtual machine"},
    {"powered-off-system", "powered the system off"},
    {"queried-seccomp-support", "asked what seccomp can do"},
    {"ran-command", "ran", "ran a command"},
    {"read-or-adjusted-clock", "read or adjusted a clock"},
    {"read-or-adjusted-system-time", "read or adjusted the system's time"},
    {"read-personality-of", "read the personality of"},
    {"read-process-attributes-of", "read process attributes of", "read process attributes of a process"},
    {"read-quota", "read quota of", "read quota"},
    {"read-resource-limit-of", "read a resource limit of", "read a resource limit of a process"},
    {"read-symlink", "read the symlink", "read a symlink"},
    {"rebooted-system", "rebooted the system"},
    {"received-enforcement-notice", "received a notice of changed enforcement"},
    {"received-from", "received from", "received data"},
    {"received-policy-load-notice", "received a notice of a loaded policy"},
    {"refreshed-credentials", "refreshed credentials of", "refreshed credentials"},
    {"refreshed-last-login-of", "refreshed the last login of", "refreshed a last login"},
    {"rejected-crypto-session", "could not agree on an encrypted session"},
    {"remote-audit-connected", "took the connection of a remote audit daemon at",
     "took the connection of a remote audit daemon"},
    {"remote-audit-disconnected", "closed the connection of a remote audit daemon at",
     "closed the connection of a remote audit daemon"},
    {"remounted", "mounted again", "mounted a file system again"},
    {"removed-firewall-chain-from", "removed a firewall chain from", "removed a firewall chain"},
    {"removed-firewall-flowtable-from", "removed a flowtable of the firewall from",
     "removed a flowtable of the firewall"},
    {"removed-firewall-object-from", "removed a firewall object from", "removed a firewall object"},
    {"removed-firewall-rule-from", "removed firewall rules from", "removed firewall rules"},
    {"removed-firewall-set-elements-from", "removed elements of a firewall set from",
     "removed elements of a firewall set"},
    {"removed-firewall-set-from", "removed a set of the firewall from", "removed a set of the firewall"},
    {"removed-firewall-table", "removed the firewall table", "removed a firewall table"},
    {"removed-range-of", "removed a range of", "removed a range of a file"},
    {"removed-selinux-user-mapping-of", "removed the SELinux user of", "removed an SELinux user mapping"},
    {"removed-software", "removed", "removed software"},
    {"removed-user-from-group", "removed", "removed an account"},
    {"removed-user-role-from", "removed a role from", "removed a role"},
    {"renamed", "renamed", "renamed a file or directory"},
    {"reported-error", "reported an error"},
    {"reported-mac-event", "reported an event of a security module about", "reported an event of a security module"},
    {"reset-login-failures-of", "reset login failures of", "reset login failures"},
    {"restricted-access-to-group", "restricted access to group", "restricted access to a group"},
    {"retrieved-security-attr-of", "read attributes of", "read attributes of a file"},
    {"saw-ipsec-event", "saw an IPsec event"},
    {"saw-packet", "saw a packet to", "saw a packet"},
    {"sent-message", "sent the message", "sent a message"},
    {"sent-test", "sent the test message", "sent a test message"},
    {"sent-to", "sent to", "sent data"},
    {"sent-trusted-message", "sent the trusted message", "sent a trusted message"},
    {"set-administrators-of-group", "set the administrators of group", "set the administrators of a group"},
    {"set-members-of-group", "set the members of group", "set the members of a group"},
    {"shutdown-audit", "shut the audit daemon down"},
    {"shutdown-system", "reported the shutdown of the system"},
    {"started-audit", "started the audit daemon"},
    {"started-crypto-session", "started an encrypted session with", "started an encrypted session"},
    {"started-service", "started service", "started a service"},
    {"started-session", "started session of", "started a session"},
    {"stopped-service", "stopped service", "stopped a service"},
    {"submitted-io", "submitted work to io_uring"},
    {"switched-networking", "switched networking", "switched networking on or off"},
    {"symlinked", "made symlink", "made a symlink"},
    {"synchronized-quota", "synchronized quota of", "synchronized quota"},
    {"traced-process", "traced", "traced a process"},
    {"triggered-audit-rule", "triggered an audit rule", "triggered an audit rule"},
    {"typed", "typed", "typed something"},
    {"unblocked-address-after-a-time", "unblocked after a time the address", "unblocked an address after a time"},
    {"unloaded-kernel", "unloaded a kernel"},
    {"unloaded-kernel-module", "unloaded kernel module", "unloaded a kernel module"},
    {"unlocked-account", "unlocked account", "unlocked an account"},
    {"unlocked-account-after-a-time", "unlocked after a time the account", "unlocked an account after a time"},
    {"unlocked-account-file-for", "unlocked an account file for", "unlocked an account file"},
    {"unlocked-file", "unlocked", "unlocked a file"},
    {"unlocked-password-of", "unlocked password of", "unlocked a password"},
    {"unmounted", "unmounted", "unmounted a file system"},
    {"unshared-resources-of", "unshared resources of"},
    {"unwatched-all-files", "stopped watching all files"},
    {"unwatched-file", "stopped watching", "stopped watching a file"},
    {"updated-audit-rule", "updated the audit rule of", "updated an audit rule"},
    {"updated-software", "updated", "updated software"},
    {"was-authorized", "authorized", "authorized somebody"},
    {"was-denied", "was denied access to", "was denied access"},
    {"was-granted", "was granted access to", "was granted access"},
    {"watched-file", "watched", "watched a file"},
    {"would-be-denied", "would have been denied access to", "would have been denied access"},
    {"zeroed-range-of", "zeroed a range of", "zeroed a range of a file"},
};
static_assert(std::ranges::is_sorted(kPhrases, {}, &Phrase::action));

constexpr AttemptPhrase kAttempts[] = {
    {"attempted-log-in-during-unusual-hour-to", "an attempt to log in as", "an attempt to log in",
     " came at an unusual hour", true},
    {"attempted-log-in-from-unusual-place-to", "an attempt to log in as", "an attempt to log in",
     " came from an unusual place", true},
    {"attempted-log-in-to-root-account", "an attempt to log in to the root account,",
     "an attempt to log in to the root account", " was made", true},
    {"attempted-log-in-to-service-account", "an attempt to log in to the service account",
     "an attempt to log in to a service account", " was made", true},
    {"attempted-log-in-with-unusual-account-to", "an attempt to log in as", "an attempt to log in",
     " used an unusual account", true},
    {"authenticated", "an authentication of", "an authentication"},
    {"caused-account-error", "a check of the account", "a check of an account"},
    {"changed-password", "a change of the password of", "a change of a password"},
    {"checked-password-of", "a check of the password of", "a check of a password"},
    {"ended-before-authentication", "an attempt to log in as", "an attempt to log in",
     " ended before it was authenticated", true},
    {"failed-log-in-too-many-times-to", "logins to", "logins", " failed too many times", true},
    {"logged-in", "a login as", "a login"},
    {"opened-too-many-sessions-to", "sessions of", "sessions", " are too many", true},
    {"started-session", "a session of", "a session"},
    {"was-authorized", "an authorization of", "an authorization"},
};

std::string_view last_word(std::string_view words) {
  return words.substr(words.find_last_of(" -") + 1);
}

bool is_preposition(std::string_view word) {
  constexpr std::string_view kPrepositions[] = {"of", "to", "from", "for", "at", "in", "with", "on"};
  return std::ranges::find(kPrepositions, word) != std::end(kPrepositions);
}

}  // namespace

void append_verb_phrase(std::string_view action, bool object_follows, std::string& out) {
  const auto* const found = std::ranges::lower_bound(kPhrases, action, {}, &Phrase::action);
  if (found != std::end(kPhrases) && found->action == action) {
    out += object_follows || found->alone.empty() ? found->words : found->alone;
    return;
  }
  if (const std::size_t last = action.rfind('-');
      !object_follows && last != std::string_view::npos && is_preposition(last_word(action)) && action != "logged-in")
    action = action.substr(0, last);
  const std::size_t begin = out.size();
  // It may be the name of a type that a stored log spells.
  base::append_shown(action, out);
  std::replace(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), '-', ' ');
}

const AttemptPhrase* find_attempt(std::string_view action) noexcept {
  const auto* const found = std::ranges::find(kAttempts, action, &AttemptPhrase::action);
  return found == std::end(kAttempts) ? nullptr : found;
}

std::string_view group_words(std::string_view action) noexcept {
  if (action == "added-user-to-group") return " to ";
  if (action == "removed-user-from-group") return " from ";
  return action == "changed-group-membership-of" ? " in " : std::string_view{};
}

bool append_file_rights(std::string_view mask, std::string& out) {
  struct Right {
    char letter;
    std::string_view word;
  };
  // security/apparmor/file.c, audit_file_mask; older kernels write "OWNER::OTHERS".
  constexpr Right kRights[] = {{'r', "read"}, {'w', "write"}, {'a', "append"}, {'x', "execute"}, {'m', "map"},
                               {'k', "lock"}, {'l', "link"},  {'c', "create"}, {'d', "delete"}};
  if (mask.empty() || mask.find_first_not_of("rwaxmklcd:") != std::string_view::npos) return false;
  const auto count =
      std::ranges::count_if(kRights, [&](const Right& right) { return mask.find(right.letter) != mask.npos; });
  std::ptrdiff_t told = 0;
  for (const Right& right : kRights) {
    if (mask.find(right.letter) == mask.npos) continue;
    if (told > 0) out += told + 1 == count ? " and " : ", ";
    out += right.word;
    ++told;
  }
  return told > 0;
}

}  // namespace naudit::formats
