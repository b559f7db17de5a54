// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/object_of_record.hpp"

#include <string>

#include "tables/record_types.hpp"
#include "tests/interpret/summary_words.hpp"
#include "tests/support/catch.hpp"

namespace naudit::interpret {
namespace {

namespace type = tables::type;

TEST_CASE("what was acted on, by record") {
  struct Row {
    std::string record, body;
    EventKind kind;
    std::string action, object;
  };
  using enum EventKind;
  const Row rows[] = {
      // Accounts and sessions.
      {"USER_AUTH", R"(pid=1 msg='op=PAM:authentication acct="jo" exe="/bin/su"')", kUserLogin, "authenticated",
       "user-session name?=jo operation?=PAM:authentication"},
      {"USER_AUTH", R"(pid=1 msg='acct=28696E76616C6964207573657229')", kUserLogin, "authenticated",
       "user-session name?=(invalid user)"},
      {"USER_START", R"(pid=1 msg='acct="?" terminal=ssh')", kUserLogin, "started-session", "user-session"},
      {"ADD_USER", R"(pid=1 msg='op=adding user id=1001 acct="eva"')", kUserAccount, "added-user-account",
       "account name?=eva id?=1001 operation?=adding user"},
      {"ADD_GROUP", R"(pid=1 msg='op=add-group id=50 acct="staff"')", kUserAccount, "added-group-account-to",
       "group name?=staff gid?=50 operation?=add-group"},
      {"USER_MGMT", R"(pid=1 msg='op=add-user-to-group grp="wheel" acct="jo"')", kUserAccount, "added-user-to-group",
       "account name?=jo group?=wheel operation?=add-user-to-group"},
      {"ROLE_ASSIGN", R"(pid=1 msg='op=login-add acct="jo" old-seuser=a old-role=b new-seuser=c new-role=d')", kMac,
       "assigned-user-role-to", "account name?=jo old?=b new?=d operation?=login-add"},
      // What people and the system do.
      {"USER_CMD", R"(pid=1 msg='cwd="/root" cmd=6C73202D6C terminal=pts/0')", kUserSpace, "ran-command",
       "process command?=ls -l cwd?=/root"},
      {"TTY", R"(tty pid=4 comm="bash" data=6C730D)", kTty, "typed", R"(keystrokes data="ls",<ret>)"},
      {"SERVICE_START", R"(pid=1 msg='unit=cafe comm="systemd"')", kSystemServices, "started-service",
       "service name?=cafe"},
      {"SERVICE_STOP", R"(pid=1 msg=' comm="crond" exe="/usr/lib/systemd/systemd"')", kSystemServices,
       "stopped-service", "service name?=crond"},
      {"SYSTEM_RUNLEVEL", R"(pid=1 msg='old-level=N new-level=5')", kSystemServices, "changed-to-runlevel",
       "system old?=N new?=5"},
      {"SOFTWARE_UPDATE", R"(pid=1 msg='op=install sw="vim-9" sw_type=rpm')", kConfiguration, "installed-software",
       "software name?=vim-9 operation?=install"},
      {"VIRT_CONTROL", R"(pid=1 msg='virt=kvm op=start reason=booted vm="guest"')", kVirt, "started-virtual-machine",
       "virtual-machine name?=guest operation?=start reason?=booted"},
      {"VIRT_RESOURCE", R"(pid=1 msg='resrc=mem reason=update vm="g" old-mem=1 new-mem=2')", kVirt,
       "changed-vm-resource", "virtual-machine name?=g resource?=mem reason?=update old?=1 new?=2"},
      {"CRYPTO_KEY_USER", R"(pid=1 msg='op=destroy kind=server fp=SHA256:ab direction=? addr=10.0.0.1 rport=50')",
       kCrypto, "destroyed-crypto-key",
       "user-session fingerprint?=SHA256:ab address?=10.0.0.1 port?=50 operation?=destroy"},
      {"USER_DEVICE", R"(pid=1 msg='op=inserted device="/dev/bus/usb/001"')", kConfiguration, "inserted-device",
       "device name?=/dev/bus/usb/001 operation?=inserted"},
      // Audit itself.
      {"CONFIG_CHANGE", R"(auid=0 op=add_rule key="exec" list=4 res=1)", kConfiguration, "added-audit-rule",
       "audit-config keys=exec list=4 operation=add_rule"},
      {"CONFIG_CHANGE", R"(op="remove_rule" dir="/etc" key=(null) list=4)", kConfiguration, "deleted-audit-rule",
       "audit-config path=/etc list=4 operation=remove_rule"},
      {"CONFIG_CHANGE", "op=set audit_enabled=0 old=1 auid=0", kConfiguration, "changed-audit-configuration",
       "audit-config name=audit_enabled old=1 new=0 operation=set"},
      {"FEATURE_CHANGE", "feature=loginuid_immutable old=0 new=1 old_lock=0 new_lock=1", kConfiguration,
       "changed-audit-feature", "audit-config name=loginuid_immutable old=0 new=1"},
      {"DAEMON_START", "op=start ver=4.0 format=raw kernel=6.1 auid=0 pid=5", kAuditDaemon, "started-audit",
       "service operation=start version=4.0"},
      {"EVENT_LISTENER", "pid=1 nl-mcgrp=1 op=connect res=1", kAuditDaemon, "started-listening-to-audit-events",
       "socket operation=connect"},
      // The kernel.
      {"NETFILTER_CFG", R"(table=filter:1 family=2 entries=4 op=nft_register_rule pid=3 comm="nft")", kConfiguration,
       "loaded-firewall-rule-to", "firewall table=filter:1 family=2 entries=4 operation=nft_register_rule"},
      {"NETFILTER_CFG", "table=nat family=2 entries=4 op=xt_unregister", kConfiguration, "removed-firewall-rule-from",
       "firewall table=nat family=2 entries=4 operation=xt_unregister"},
      {"SECCOMP", "pid=9 sig=31 arch=c000003e syscall=272 code=0x80000000", kDacDecision,
       "called-seccomp-controlled-syscall", "process syscall=unshare decision=kill-process"},
      {"BPF", "prog-id=12 op=UNLOAD", kBpfProgram, "unloaded-bpf-program", "bpf name=12 operation=UNLOAD"},
      {"ANOM_ABEND", R"(uid=0 pid=98 comm="a.out" exe="/tmp/a.out" sig=11 res=1)", kAnomaly, "crashed-program",
       "process path=/tmp/a.out pid=98 name=a.out signal=SIGSEGV"},
      {"ANOM_PROMISCUOUS", "dev=eth0 prom=256 old_prom=0", kAnomaly, "entered-promiscuous-mode-on-device",
       "device name=eth0"},
      {"ANOM_PROMISCUOUS", "dev=eth0 prom=0 old_prom=256", kAnomaly, "left-promiscuous-mode-on-device",
       "device name=eth0"},
      {"INTEGRITY_DATA", R"(pid=1 op=appraise_data cause=invalid-hash comm="x" name="/bin/x" dev="sda1" ino=5 res=0)",
       kIntegrity, "checked-integrity-of",
       "file path=/bin/x reason=invalid-hash operation=appraise_data device=sda1 inode=5"},
      {"MAC_STATUS", "enforcing=0 old_enforcing=1 auid=0", kMac, "changed-selinux-enforcement-to",
       "security-policy old=1 new=0"},
      {"MAC_CONFIG_CHANGE", "bool=httpd_can val=1 old_val=0", kMac, "changed-selinux-boolean",
       "security-policy name=httpd_can old=0 new=1"},
      {"DM_CTRL", R"(module=crypt op=ctr pid=1 dev=253:3 res=1)", kConfiguration, "controlled-device-mapper",
       "device name=253:3 operation=ctr resource=crypt"},
      {"LANDLOCK_DOMAIN", R"(domain=1f status=allocated mode=enforcing pid=1 uid=0 exe="/x" comm="x")", kMac,
       "created-landlock-domain", "security-policy name=1f"},
      {"TIME_ADJNTPVAL", "op=offset old=1 new=2", kConfiguration, "changed-system-time",
       "system name=offset old=1 new=2"},
      {"FANOTIFY", "resp=2 fan_type=0 fan_info=0 subj_trust=2 obj_trust=2", kAvDecision,
       "accessed-policy-controlled-file", "file decision=denied"},
  };
  for (const Row& row : rows) {
    INFO(row.record << ' ' << row.body);
    const EventOf of{{tables::record_type(row.record).value(), row.body}};
    const Summary summary = summarise(of.decoded);
    CHECK(summary.action == row.action);
    CHECK(event_kind_text(summary.kind) == event_kind_text(row.kind));
    CHECK(object_of(of) == row.object);
  }
}

TEST_CASE("what a security module decided") {
  struct Row {
    std::string record, body, action, object, outcome;
  };
  const std::string denied = "accessed-mac-policy-controlled-object";
  const Row rows[] = {
      {"AVC",
       R"(avc:  denied  { read write } for  pid=5 comm="x" path="/etc/y" ino=1 tcontext=a:b:c tclass=file permissive=0)",
       denied, "file path=/etc/y permissions=read write class=file label=a:b:c decision=denied", "failure"},
      {"AVC", R"(avc:  denied  { read } for  pid=5 name="y" tclass=dir permissive=1)", denied,
       "directory name=y permissions=read class=dir decision=denied", "success"},
      {"AVC", R"(avc:  granted  { setsecparam } for  pid=5 tclass=security)", denied,
       "security-policy permissions=setsecparam class=security decision=granted", "success"},
      {"AVC", R"(avc:  denied  { name_connect } for  pid=5 dest=443 daddr=10.0.0.1 dport=443 tclass=tcp_socket)",
       denied, "socket address=10.0.0.1 port=443 permissions=name_connect class=tcp_socket decision=denied", "failure"},
      {"AVC",
       R"(apparmor="DENIED" operation="open" profile="/bin/p" name="/etc/shadow" pid=5 comm="p" requested_mask="r" denied_mask="r" fsuid=0 ouid=0)",
       denied, "file path=/etc/shadow permissions=r operation=open profile=/bin/p decision=denied", "failure"},
      {"AVC", R"(apparmor="ALLOWED" operation="capable" profile="p" pid=5 comm="p" capability=14  capname="ipc_lock")",
       denied, "process permissions=ipc_lock operation=capable profile=p decision=allowed", "success"},
      {"AVC",
       R"(apparmor="STATUS" operation="profile_load" profile="unconfined" name="/bin/p" pid=5 comm="apparmor_parser")",
       "loaded-apparmor-profile", "security-policy name=/bin/p operation=profile_load", ""},
      {"APPARMOR_DENIED", R"(operation="exec" denied_mask="x" name="/bin/ping" pid=5 profile="/bin/ping")", denied,
       "file path=/bin/ping permissions=x operation=exec profile=/bin/ping decision=denied", "failure"},
      {"USER_AVC",
       R"(pid=1 uid=81 msg='avc:  denied  { send_msg } for msgtype=method_call tclass=dbus exe="/bin/dbus"')", denied,
       "unknown permissions?=send_msg class?=dbus decision?=denied", "failure"},
      {"LANDLOCK_ACCESS", R"(domain=1f blockers=fs.write_file,fs.read_file path="/dev/tty" dev="devtmpfs" ino=9)",
       "accessed-landlock-controlled-object",
       "file path=/dev/tty permissions=fs.write_file,fs.read_file decision=denied", "failure"},
      {"LANDLOCK_ACCESS", R"(domain=1f blockers=scope.signal opid=1 ocomm="systemd")",
       "accessed-landlock-controlled-object", "process pid=1 name=systemd permissions=scope.signal decision=denied",
       "failure"},
      {"IPE_ACCESS",
       R"(ipe_op=EXECUTE ipe_hook=MMAP enforcing=1 pid=5 comm="x" path="/lib/l.so" dev="vda" ino=1 rule="DEFAULT action=DENY")",
       "accessed-integrity-controlled-object",
       "file path=/lib/l.so permissions=EXECUTE reason=DEFAULT action=DENY decision=denied", "failure"},
  };
  for (const Row& row : rows) {
    INFO(row.record << ' ' << row.body);
    const EventOf of{{tables::record_type(row.record).value(), row.body}};
    const Summary summary = summarise(of.decoded);
    CHECK(summary.action == row.action);
    CHECK(object_of(of) == row.object);
    CHECK((summary.success ? *summary.success ? "success" : "failure" : "") == row.outcome);
  }
}

}  // namespace
}  // namespace naudit::interpret
