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

TEST_CASE("what a rule is about is nobody's deed") {
  const EventOf of{{type::kIntegrityPolicyRule, "action=measure func=FILE_CHECK uid=0 auid=5 pid=9 res=1"}};
  CHECK(subject_of(of).empty());
  CHECK(outcome_of(of) == "success");
  const EventOf call{{type::kIntegrityPolicyRule, "action=measure func=FILE_CHECK uid=0 res=1"},
                     {type::kSyscall, "arch=c000003e syscall=1 success=yes pid=44 auid=1001 uid=1002"}};
  CHECK(subject_of(call) == "user-acct auid=1001 uid=1002 pid=44");
}

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
      {"USER_ROLE_CHANGE", R"(pid=1 msg='newrole: old-context=a:b:c new-context=a:d:c exe="/x"')", kMac,
       "changed-role-to", "user-session old?=a:b:c new?=a:d:c"},
      {"USER_ROLE_CHANGE", R"(pid=1 msg='pam: default-context=a:b:c selected-context=? exe="/x"')", kMac,
       "changed-role-to", "user-session old?=a:b:c"},
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
       "audit-config keys=exec list=exit operation=add_rule"},
      {"CONFIG_CHANGE", R"(op="remove_rule" dir="/etc" key=(null) list=4)", kConfiguration, "deleted-audit-rule",
       "audit-config path=/etc list=exit operation=remove_rule"},
      {"CONFIG_CHANGE", "op=set audit_enabled=0 old=1 auid=0", kConfiguration, "changed-audit-configuration",
       "audit-config name=audit_enabled old=enabled new=disabled operation=set"},
      {"CONFIG_CHANGE", "op=set audit_failure=2 old=1 auid=0", kConfiguration, "changed-audit-configuration",
       "audit-config name=audit_failure old=printk new=panic operation=set"},
      {"CONFIG_CHANGE", "auid=0 op=add_rule audit_enabled=2 res=0", kConfiguration, "added-audit-rule",
       "audit-config operation=add_rule reason=immutable"},
      {"CONFIG_CHANGE", R"(op=autoremove_rule path="/srv/tea" key="k" list=4 res=1)", kConfiguration,
       "dropped-audit-rule", "audit-config path=/srv/tea keys=k list=exit operation=autoremove_rule"},
      {"CONFIG_CHANGE", R"(op=updated_rules path="/srv/tea" key="k" list=4 res=1)", kConfiguration,
       "updated-audit-rule", "audit-config path=/srv/tea keys=k list=exit operation=updated_rules"},
      {"CONFIG_CHANGE", "op=lost_reset lost=17 auid=0 ses=1 res=1", kConfiguration, "reset-lost-audit-records",
       "audit-config name=lost new=17 operation=lost_reset"},
      {"CONFIG_CHANGE", "op=set lost=0 old=17 auid=0 ses=1 res=1", kConfiguration, "changed-audit-configuration",
       "audit-config name=lost old=17 new=0 operation=set"},
      {"CONFIG_CHANGE", "op=tty_set old-enabled=0 new-enabled=1 old-log_passwd=0 new-log_passwd=0 res=1",
       kConfiguration, "changed-tty-auditing", "audit-config old=0 new=1 operation=tty_set"},
      {"CONFIG_CHANGE", R"(op=make_equiv old="/a" new="/b" res=1)", kConfiguration, "made-audit-trees-equivalent",
       "audit-config old_path=/a path=/b operation=make_equiv"},
      {"TIME_INJOFFSET", "sec=-3 nsec=500", kConfiguration, "changed-system-time", "system seconds=-3 nanoseconds=500"},
      {"INTEGRITY_POLICY_RULE", "action=appraise func=BPRM_CHECK uid=0 fowner=7 res=1", kIntegrity,
       "loaded-integrity-policy-rule", "integrity-policy rule=action=appraise func=BPRM_CHECK uid=0 fowner=7"},
      {"INTEGRITY_POLICY_RULE", "old auid=5 action=measure res=1", kIntegrity, "loaded-integrity-policy-rule",
       "integrity-policy rule=5 action=measure"},
      {"USER_LOGIN", "pid=1 uid=0 msg='op=x y new auid=2 acct=\"jo\"'", kUserLogin, "logged-in",
       "user-session name?=jo operation?=x y new auid=2"},
      {"MAC_UNLBL_ALLOW", "unlbl_accept=1 old=0 auid=0 res=1", kMac, "changed-mac-unlabeled-traffic",
       "security-policy old=0 new=1"},
      {"MAC_MAP_ADD", "nlbl_domain=lan src=10.0.0.0 src_prefixlen=8 nlbl_protocol=cipsov4 cipso_doi=3 res=1", kMac,
       "added-mac-network-domain-mapping-to", "security-policy name=lan source_address=10.0.0.0"},
      {"FEATURE_CHANGE", "feature=loginuid_immutable old=0 new=1 old_lock=0 new_lock=1", kConfiguration,
       "changed-audit-feature", "audit-config name=loginuid_immutable old=0 new=1"},
      {"DAEMON_START", "op=start ver=4.0 format=raw kernel=6.1 auid=0 pid=5", kAuditDaemon, "started-audit",
       "service operation=start version=4.0"},
      // nauditd's own, whose type alone would say something else.
      {"DAEMON_ACCEPT", "op=tail auid=1000 uid=0 ses=3 pid=42 subj=unconfined res=success", kAuditDaemon,
       "began-to-read-audit-events", "service operation=tail"},
      {"DAEMON_CONFIG", "op=load-rules added=2 removed=0 moved=0 kept=1 res=success", kAuditDaemon,
       "loaded-audit-rules", "service operation=load-rules"},
      {"DAEMON_CONFIG", "op=rules-of-others added=1 removed=0 rules=4 res=success", kAuditDaemon,
       "noticed-changed-audit-rules", "service operation=rules-of-others"},
      {"DAEMON_CONFIG", "op=settings-changed rate_limit=7 res=success", kAuditDaemon, "noticed-changed-audit-settings",
       "service operation=settings-changed"},
      {"DAEMON_CONFIG", "op=registered res=success", kAuditDaemon, "registered-as-audit-daemon",
       "service operation=registered"},
      {"DAEMON_ERR", "op=gap-late events=1 res=success", kAuditDaemon, "received-late-audit-events",
       "service operation=gap-late"},
      // What the type says stays where it is true, auditd's of another machine's connection among them.
      {"DAEMON_ACCEPT", "addr=192.0.2.7 port=60 res=success", kAuditDaemon, "remote-audit-connected",
       "service address=192.0.2.7"},
      {"DAEMON_CONFIG", "op=reconfigure state=changed auid=0 pid=1 subj=? res=success", kAuditDaemon,
       "changed-auditd-configuration", "service operation=reconfigure"},
      {"DAEMON_ERR", "op=load-rules res=failed", kAuditDaemon, "audit-error", "service operation=load-rules"},
      {"EVENT_LISTENER", "pid=1 nl-mcgrp=1 op=connect res=1", kAuditDaemon, "started-listening-to-audit-events",
       "socket operation=connect"},
      // The kernel.
      {"NETFILTER_CFG", R"(table=filter:1 family=2 entries=4 op=nft_register_rule pid=3 comm="nft")", kConfiguration,
       "loaded-firewall-rule-to", "firewall table=filter:1 family=ipv4 entries=4 operation=nft_register_rule"},
      {"NETFILTER_CFG", "table=nat family=2 entries=4 op=xt_unregister", kConfiguration, "removed-firewall-table",
       "firewall table=nat family=ipv4 entries=4 operation=xt_unregister"},
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
      {"FANOTIFY", "resp=2 fan_type=0 fan_info=0 subj_trust=2 obj_trust=2", kAvDecision, "was-denied",
       "file decision=denied"},
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

}  // namespace
}  // namespace naudit::interpret
