// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/programs/operations.hpp"

#include <string>

#include "interpret/programs/told_operation.hpp"
#include "tables/record_types.hpp"
#include "tests/interpret/summary_words.hpp"
#include "tests/support/catch.hpp"

namespace naudit::interpret {
namespace {

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

TEST_CASE("each row of the programs' texts is found by its own text") {
  for (const Operation& row : operations()) {
    std::string text(row.text);
    INFO(text);
    text = replaced(replaced(replaced(replaced(text, "%a", "eva-2"), "%g", "wheel"), "%w", "root"), "%*", "in x");
    OperationWords words;
    const Operation* const found = find_operation(row.set, text, words);
    REQUIRE(found == &row);
    if (row.text.find("%a") != std::string_view::npos) CHECK(words.account == "eva-2");
    if (row.text.find("%g") != std::string_view::npos) CHECK(words.group == "wheel");
    // With dashes, as the newer versions write it.
    if (row.text.find('%') == std::string_view::npos && row.text.find('/') == std::string_view::npos)
      CHECK(find_operation(row.set, replaced(text, " ", "-"), words) == &row);
  }
}

struct Row {
  std::string record, claim;
  std::string action, object;
  OperationTold told = OperationTold::kInVerb;
};

void check(const Row& row) {
  INFO(row.record << ' ' << row.claim);
  const EventOf of{{tables::record_type(row.record).value(),
                    "pid=500 uid=0 auid=1000 ses=2 msg='" + row.claim +
                        " exe=\"/usr/sbin/x\" hostname=h addr=? terminal=pts/0 res=success'"}};
  const Summary summary = summarise(of.decoded);
  CHECK(summary.action == row.action);
  CHECK(object_of(of) == row.object);
  CHECK(static_cast<int>(summary.operation) == static_cast<int>(row.told));
  for (const ObjectPart& part : summary.object()) CHECK(part.claimed);
}

TEST_CASE("what the account programs of Debian 12 say was done") {
  using enum OperationTold;
  const Row rows[] = {
      // usermod
      {"USER_CHAUTHTOK", R"(op=adding user to group acct="eva")", "added-user-to-group",
       "account name?=eva operation?=adding user to group"},
      {"USER_CHAUTHTOK", R"(op=adding user to shadow group acct="eva")", "added-user-to-group",
       "account name?=eva operation?=adding user to shadow group", kDetail},
      {"USER_CHAUTHTOK", R"(op=removing group member acct="eva")", "removed-user-from-group",
       "account name?=eva operation?=removing group member"},
      {"USER_CHAUTHTOK", "op=changing uid id=1002", "changed-uid-of", "account id?=1002 operation?=changing uid"},
      {"USER_CHAUTHTOK", "op=changing user shell id=1002", "changed-shell-of",
       "account id?=1002 operation?=changing user shell"},
      {"USER_CHAUTHTOK", "op=updating passwd id=1002", "changed-password",
       "account id?=1002 operation?=updating passwd"},
      {"USER_CHAUTHTOK", "op=moving home directory id=1002", "moved-home-directory-of",
       "account id?=1002 operation?=moving home directory"},
      // chage
      {"USER_CHAUTHTOK", "op=change age id=1005", "changed-password-aging-of",
       "account id?=1005 operation?=change age"},
      {"USER_CHAUTHTOK", "op=display aging info id=1005", "displayed-password-aging-of",
       "account id?=1005 operation?=display aging info"},
      {"USER_CHAUTHTOK", "op=change max age id=1005", "changed-password-aging-of",
       "account id?=1005 operation?=change max age", kDetail},
      // gpasswd: the text names the account, acct= the group.
      {"USER_ACCT", R"(op=user eva removed by root from group wheel acct="wheel")", "removed-user-from-group",
       "account name?=eva group?=wheel operation?=user eva removed by root from group wheel"},
      {"USER_ACCT", R"(op=user eva-2 added by root to group wheel in /etc/gshadow acct="wheel")", "added-user-to-group",
       "account name?=eva-2 group?=wheel operation?=user eva-2 added by root to group wheel in /etc/gshadow"},
      {"USER_ACCT", R"(op=members of group wheel set by root to eva,jo acct="wheel")", "set-members-of-group",
       "group name?=wheel new?=eva,jo operation?=members of group wheel set by root to eva,jo"},
      {"USER_CHAUTHTOK", R"(op=password of group wheel changed by root acct="wheel")", "changed-group-password",
       "group name?=wheel operation?=password of group wheel changed by root"},
      {"USER_CHAUTHTOK", R"(op=root failed to change password of group wheel acct="wheel")", "changed-group-password",
       "group name?=wheel operation?=root failed to change password of group wheel"},
      {"USER_ACCT", R"(op=access to group wheel restricted by root acct="wheel")", "restricted-access-to-group",
       "group name?=wheel operation?=access to group wheel restricted by root"},
      // groupmod, groupadd, groupdel
      {"USER_ACCT", R"(op=changing /etc/group; group staff/50, new gid: 60 acct="staff")", "modified-group-account",
       "group name?=staff operation?=changing /etc/group; group staff/50, new gid: 60", kDetail},
      {"ADD_GROUP", "op=adding group to /etc/gshadow id=1003", "added-group-account-to",
       "group gid?=1003 operation?=adding group to /etc/gshadow", kDetail},
      {"ADD_GROUP", "op= id=1003", "added-group-account-to", "group gid?=1003"},
      {"DEL_GROUP", R"(op=deleting group acct="eva")", "deleted-group-account-from",
       "group name?=eva operation?=deleting group"},
      // useradd, userdel
      {"ADD_USER", "op=adding user id=1002", "added-user-account", "account id?=1002 operation?=adding user"},
      {"ADD_USER", R"(op=adding user to group acct="eva")", "added-user-to-group",
       "account name?=eva operation?=adding user to group"},
      {"ADD_USER", "op=adding home directory id=1002", "added-home-directory-of",
       "account id?=1002 operation?=adding home directory"},
      {"ADD_GROUP", R"(op=adding group acct="eva")", "added-group-account-to",
       "group name?=eva operation?=adding group"},
      {"DEL_USER", "op=deleting user entries id=1002", "deleted-user-account",
       "account id?=1002 operation?=deleting user entries"},
      {"DEL_USER", R"(op=deleting user not found acct="eva")", "deleted-user-account",
       "account name?=eva operation?=deleting user not found", kDetail},
      {"DEL_USER", "op=locking password file id=1002", "locked-account-file-for",
       "account id?=1002 operation?=locking password file", kDetail},
      {"ADD_USER", R"(op=unlocking-group-file acct="eva")", "unlocked-account-file-for",
       "account name?=eva operation?=unlocking-group-file", kDetail},
      {"USYS_CONFIG", "op=changing useradd defaults", "changed-useradd-defaults",
       "system operation?=changing useradd defaults"},
      // newgrp: id= is who asked.
      {"CHGRP_ID", "op=changing new-group=wheel id=1000", "changed-group", "group name?=wheel operation?=changing"},
      {"GRP_AUTH", "op=authentication new-gid=10 id=1000", "authenticated-to-group",
       "group gid?=10 operation?=authentication"},
      // lastlog, faillock
      {"ACCT_UNLOCK", "op=clearing-lastlog id=1002", "cleared-last-login-of",
       "account id?=1002 operation?=clearing-lastlog"},
      {"USER_MGMT", R"(op=faillock-reset acct="eva")", "reset-login-failures-of",
       "account name?=eva operation?=faillock-reset"},
  };
  for (const Row& row : rows) check(row);
}

TEST_CASE("what newer account programs say was done") {
  using enum OperationTold;
  const Row rows[] = {
      {"USER_MGMT", R"(op=add-user-to-group acct="eva" grp="wheel")", "added-user-to-group",
       "account name?=eva group?=wheel operation?=add-user-to-group"},
      // The same from a record about groups: who came into which stays the same.
      {"GRP_MGMT", R"(op=add-user-to-group grp="wheel" acct="eva")", "added-user-to-group",
       "account name?=eva group?=wheel operation?=add-user-to-group"},
      {"USER_MGMT", R"(op=add-user-to-shadow-group grp="wheel" acct="eva")", "added-user-to-group",
       "account name?=eva group?=wheel operation?=add-user-to-shadow-group", kDetail},
      {"USER_MGMT", R"(op=delete-user-from-group grp="wheel" acct="eva")", "removed-user-from-group",
       "account name?=eva group?=wheel operation?=delete-user-from-group"},
      {"USER_MGMT", R"(op=add-users-to-group grp="wheel" acct="eva,jo")", "set-members-of-group",
       "group name?=wheel new?=eva,jo operation?=add-users-to-group"},
      // acct= is who did it.
      {"GRP_CHAUTHTOK", R"(op=delete-group-password grp="wheel" acct="root")", "deleted-group-password",
       "group name?=wheel operation?=delete-group-password"},
      {"GRP_CHAUTHTOK", R"(op=change-password grp="wheel" acct="root")", "changed-group-password",
       "group name?=wheel operation?=change-password"},
      {"GRP_MGMT", R"(op=set-admins-of-group grp="wheel" acct="eva")", "set-administrators-of-group",
       "group name?=wheel new?=eva operation?=set-admins-of-group"},
      {"GRP_MGMT", R"(op=modify-group acct="staff")", "modified-group-account",
       "group name?=staff operation?=modify-group"},
      {"GRP_MGMT", R"(op=changing-group-passwd grp="staff" acct="root")", "modified-group-account",
       "group name?=staff operation?=changing-group-passwd"},
      {"GRP_MGMT", "op=add-shadow-group id=1003", "added-group-account-to",
       "group gid?=1003 operation?=add-shadow-group", kDetail},
      {"DEL_GROUP", R"(op=delete-group acct="eva" grp="staff")", "deleted-group-account-from",
       "group name?=staff operation?=delete-group"},
      {"USER_MGMT", "op=changing-home-dir id=1002", "changed-home-directory-of",
       "account id?=1002 operation?=changing-home-dir"},
      {"USER_MGMT", "op=changing-name id=1002", "changed-name-of-user", "account id?=1002 operation?=changing-name"},
      {"ACCT_LOCK", "op=locked-password id=1002", "locked-password-of", "account id?=1002 operation?=locked-password"},
      {"USER_CHAUTHTOK", "op=locking-account id=1002", "locked-account", "account id?=1002 operation?=locking-account"},
      // A text that nobody is known to write keeps the record's verb, and is told.
      {"USER_MGMT", R"(op=polish-shoes acct="eva")", "modified-user-account",
       "account name?=eva operation?=polish-shoes", kUnknown},
      {"GRP_MGMT", R"(op=paint the door grp="wheel")", "modified-group-account",
       "group name?=wheel operation?=paint the door", kUnknown},
  };
  for (const Row& row : rows) check(row);
}

TEST_CASE("what other programs say was done") {
  using enum OperationTold;
  const Row rows[] = {
      {"USER_AUTH", R"(op=PAM:authentication grantors=pam_unix acct="eva")", "authenticated",
       "user-session name?=eva operation?=PAM:authentication"},
      {"USER_ERR", R"(op=PAM:bad_ident grantors=? acct="?")", "ended-before-authentication",
       "user-session operation?=PAM:bad_ident"},
      {"USER_AUTH", R"(op=PAM:unix_chkpwd acct="eva")", "checked-password-of",
       "user-session name?=eva operation?=PAM:unix_chkpwd"},
      {"CRED_DISP", R"(op=PAM:setcred acct="eva")", "disposed-credentials",
       "user-session name?=eva operation?=PAM:setcred"},
      {"USER_AUTH", R"(op=pubkey acct="eva")", "authenticated", "user-session name?=eva operation?=pubkey", kDetail},
      {"USER_LOGIN", "op=login id=1000", "logged-in", "user-session id?=1000 operation?=login"},
      {"CRYPTO_KEY_USER", "op=destroy kind=session fp=? direction=both spid=9 suid=74 rport=50 laddr=10.0.0.2 lport=22",
       "destroyed-crypto-key", "user-session port?=50 operation?=destroy"},
      {"CRYPTO_SESSION", "op=start direction=from-server cipher=aes256-gcm ksize=256", "started-crypto-session",
       "user-session operation?=start cipher?=aes256-gcm"},
      {"CRYPTO_IPSEC_SA", "op=destroy conn-name=x", "ended-ipsec-association", "user-session operation?=destroy"},
      {"VIRT_CONTROL", R"(virt=kvm op=stop reason=shutdown vm="guest")", "stopped-virtual-machine",
       "virtual-machine name?=guest operation?=stop reason?=shutdown"},
      {"VIRT_RESOURCE", R"(virt=kvm resrc=disk reason=detach vm="guest" old-disk="/a" new-disk="?")",
       "detached-vm-resource", "virtual-machine name?=guest resource?=disk reason?=detach old?=/a"},
      {"USYS_CONFIG", R"(op=connection-activate uuid=1 name="eth0" pid=9 uid=1000 result=success)",
       "activated-network-connection",
       "system name?=eth0 requester?=1000 requester_pid?=9 operation?=connection-activate"},
      {"USYS_CONFIG", R"(op=device-disconnect interface="wlan0" ifindex=3)", "disconnected-network-device",
       "device name?=wlan0 operation?=device-disconnect"},
      {"USYS_CONFIG", "op=change-system-time", "changed-system-time", "system operation?=change-system-time"},
      {"SOFTWARE_UPDATE", R"(op=remove sw="vim-9" sw_type=rpm)", "removed-software",
       "software name?=vim-9 operation?=remove"},
      {"SOFTWARE_UPDATE", R"(op=update sw="vim-9" sw_type=rpm)", "updated-software",
       "software name?=vim-9 operation?=update"},
      {"USER_DEVICE", R"(op="changed-authorization-state-for" device="/devices/usb1" target="block")",
       "changed-authorization-of-device", "device name?=/devices/usb1 operation?=changed-authorization-state-for"},
      {"ROLE_ASSIGN", R"(op=login-sename,role,range acct="eva" old-role=a new-role=b)", "assigned-user-role-to",
       "account name?=eva old?=a new?=b operation?=login-sename,role,range", kUnknown},
  };
  for (const Row& row : rows) check(row);
}

TEST_CASE("messages without op= that are known") {
  const auto of = [](const char* record, const std::string& text) {
    const EventOf event{{tables::record_type(record).value(), "pid=6 uid=0 auid=4294967295 msg='" + text +
                                                                  " exe=\"/x\" hostname=? addr=? terminal=? res=1'"}};
    return action_of(event) + ' ' + object_of(event);
  };
  CHECK(of("USER_START", "cron deny") == "asked-for-cron user-session");
  CHECK(of("RESP_ACCT_LOCK", "pam_faillock uid=1001 ") == "locked-account account id?=1001");
  CHECK(of("USER_MAC_CONFIG_CHANGE", "resrc=port op=add lport=80") ==
        "changed-mac-configuration security-policy port?=80 resource?=port operation?=add");
  CHECK(of("TEST", "hello a=b") == "sent-test message message?=hello a=b");
}

TEST_CASE("a group that is told by its number alone has the name that the log was enriched with") {
  const auto of = [](const char* record, const char* body) {
    return object_of(EventOf{{tables::record_type(record).value(), body}});
  };
  CHECK(of("DEL_GROUP",
           "pid=5 uid=0 auid=1000 msg='op=delete-group id=1003 exe=\"/usr/sbin/groupdel\" res=success'\x1d"
           "UID=\"root\" AUID=\"jo\" ID=\"staff\"") == "group name?=staff gid?=1003 operation?=delete-group");
  CHECK(of("ADD_USER",
           "pid=5 uid=0 auid=1000 msg='op=add-user id=1004 exe=\"/usr/sbin/useradd\" res=success'\x1d"
           "UID=\"root\" AUID=\"jo\" ID=\"unknown(1004)\"") == "account id?=1004 operation?=add-user");
}

TEST_CASE("a message is told whole") {
  const auto of = [](const char* record, const std::string& text) {
    return object_of(EventOf{{tables::record_type(record).value(),
                              "pid=6 uid=0 auid=0 ses=4 msg='" + text +
                                  " exe=\"/usr/sbin/auditctl\" hostname=h addr=? terminal=pts/0 res=success'"}});
  };
  CHECK(of("USER", "text=backup done, 3 files") == "message message?=backup done, 3 files");
  CHECK(of("USER", "text=a=1 it's \"b\" op=x exe=y") == "message message?=a=1 it's \"b\" op=x exe=y");
  CHECK(of("TRUSTED_APP", "state=ok next=\"tomorrow 9:00\"") == "message message?=state=ok next=\"tomorrow 9:00\"");
  CHECK(of("USER_ERR", "disk a=b is full") == "message message?=disk a=b is full");
  CHECK(of("USER_ERR", "op=PAM:bad_ident acct=\"?\"") == "user-session operation?=PAM:bad_ident");
}

TEST_CASE("files that are locked for a group are about the group") {
  const auto of = [](const std::string& type, const std::string& op) {
    const EventOf event{
        {tables::record_type(type).value(), "pid=9 uid=0 auid=1000 msg='op=" + op + " acct=\"wheel\"'"}};
    return action_of(event) + " " + object_of(event);
  };
  CHECK(of("GRP_MGMT", "unlocking gshadow file") ==
        "unlocked-account-file-for group name?=wheel operation?=unlocking gshadow file");
  CHECK(of("DEL_GROUP", "locking-group-file") ==
        "locked-account-file-for group name?=wheel operation?=locking-group-file");
  CHECK(of("GRP_MGMT", "opening shadow group file") ==
        "opened-account-file-for group name?=wheel operation?=opening shadow group file");
  CHECK(of("USER_MGMT", "locking shadow password file") ==
        "locked-account-file-for account name?=wheel operation?=locking shadow password file");
}

}  // namespace
}  // namespace naudit::interpret
