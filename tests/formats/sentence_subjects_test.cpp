// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// Sentences that must not say more than their records: who is known to have acted, and what was done.
#include <string>
#include <vector>

#include "tests/formats/sentence.hpp"
#include "tests/support/catch.hpp"

namespace naudit::formats {
namespace {

using tests::sentence;

struct Row {
  std::vector<std::string> records;
  std::string wanted;
};

template <typename Rows>
void check(const Rows& rows) {
  for (const Row& row : rows) {
    INFO(row.records.front());
    CHECK(sentence(row.records) == row.wanted);
  }
}

TEST_CASE("of what a service without a login tells only its program is known") {
  const std::string manager = "pid=1 uid=0 auid=4294967295 ses=4294967295 ";
  const Row rows[] = {
      {{"SERVICE_STOP " + manager + R"(msg='unit=nginx comm="systemd" exe="/lib/systemd/systemd" res=failed')"},
       "/lib/systemd/systemd stopped service nginx: failed"},
      {{"SYSTEM_BOOT " + manager + R"(msg=' comm="systemd-update-utmp" exe="/lib/systemd/u" res=success')"},
       "/lib/systemd/u reported the boot of the system: success"},
      {{"SYSTEM_SHUTDOWN " + manager + R"(msg=' exe="/lib/systemd/u" res=success')"},
       "/lib/systemd/u reported the shutdown of the system: success"},
      {{"SYSTEM_RUNLEVEL " + manager + R"(msg='old-level=3 new-level=0 exe="/lib/systemd/u" res=success')"},
       "/lib/systemd/u reported a change of the runlevel from 3 to 0: success"},
      {{R"(USER_MAC_STATUS pid=8 uid=81 auid=4294967295 msg='avc:  op=setenforce lsm=selinux enforcing=0 res=1 exe="/bin/dbus"')"},
       "/bin/dbus received a notice of changed enforcement to 0: success"},
      // With a login there is somebody.
      {{R"(SERVICE_START pid=7 uid=0 auid=1000 ses=3 msg='unit=x exe="/sbin/rc" res=success')"},
       "jo (as root) started service x with /sbin/rc: success"},
      // auditd's own start, and whoever stopped it.
      {{"DAEMON_START op=start ver=4.0 auid=4294967295 pid=5 uid=0 ses=4294967295 subj=a res=success"},
       "the system started the audit daemon version 4.0: success"},
      {{"DAEMON_END op=terminate auid=1000 uid=0 ses=3 pid=77 subj=a res=success"},
       "jo (as root) shut the audit daemon down: success"},
      // A piece of an older record that auditd left behind the label.
      {{"DAEMON_END op=terminate auid=1000 pid=77 subj=9.9:9): pid=3 uid=0 msg='op=x exe=\"/usr/bin/sudo\" "
        "terminal=pts/0 res=success' res=success"},
       "jo shut the audit daemon down: success"},
  };
  check(rows);
}

TEST_CASE("whoever is not named is somebody, and the kernel acts where nobody does") {
  const Row rows[] = {
      {{"NETFILTER_CFG table=nat family=2 entries=5"}, "somebody loaded firewall rules to nat"},
      {{"BPF prog-id=9 op=LOAD"}, "somebody loaded bpf program 9"},
      {{"BPF prog-id=9 op=UNLOAD"}, "the system unloaded bpf program 9"},
      {{"CONFIG_CHANGE op=remove_rule audit_enabled=2 res=0"},
       "somebody deleted an audit rule because of immutable: failed"},
      {{"CONFIG_CHANGE op=autoremove_rule path=\"/srv/a\" key=\"k\" list=4 res=1"},
       "the system dropped the audit rule of /srv/a key k list exit: success [key k]"},
      {{"CONFIG_CHANGE auid=1000 ses=2 op=autoremove_rule path=\"/srv/a\" key=(null) list=4 res=1"},
       "jo changed files, so that the kernel dropped the audit rule of /srv/a list exit: success"},
      {{"CONFIG_CHANGE auid=1000 ses=2 op=updated_rules path=\"/etc/group\" key=(null) list=4 res=1"},
       "jo changed files, so that the kernel updated the audit rule of /etc/group list exit: success"},
      {{"LANDLOCK_DOMAIN domain=1a status=deallocated denials=0"}, "the system freed landlock domain 1a"},
      {{R"(AVC_PATH path="/var/www")"}, "somebody did something with /var/www"},
  };
  check(rows);
}

TEST_CASE("what was asked for over D-Bus is told with who asked") {
  const std::string nm = "USYS_CONFIG pid=700 uid=0 auid=4294967295 msg='op=";
  const std::string end = R"( exe="/usr/sbin/NetworkManager" hostname=? addr=? terminal=? res=)";
  const Row rows[] = {
      {{nm + R"(connection-deactivate uuid=a-b name="wlan" pid=31 uid=1000 result=success)" + end + "success'"},
       "/usr/sbin/NetworkManager deactivated network connection wlan for jo: success"},
      {{nm + R"(device-disconnect interface="eth1" ifindex=3 pid=31 uid=1000 result=fail reason="denied")" + end +
        "failed'"},
       "/usr/sbin/NetworkManager disconnected network device eth1 for jo because of denied: failed"},
      {{nm + R"(sleep-control arg="on" pid=31 uid=0 result=success)" + end + "success'"},
       "/usr/sbin/NetworkManager changed sleep of network on for root: success"},
      {{R"(LABEL_OVERRIDE pid=3 uid=0 auid=4294967295 msg='job=2 auid=1000 acct=jo labels=x printer="lp0" exe="/sbin/cupsd" res=success')"},
       "/sbin/cupsd overrode label of lp0 for jo: success"},
  };
  check(rows);
}

TEST_CASE("a value that stays is no change, and one that was before is no origin") {
  const Row rows[] = {
      {{"CONFIG_CHANGE op=set audit_backlog_limit=320 old=320 auid=1000 res=1"},
       "jo set audit configuration audit_backlog_limit from 320 to 320: success"},
      {{"CONFIG_CHANGE op=set audit_backlog_limit=640 old=320 auid=1000 res=1"},
       "jo changed audit configuration audit_backlog_limit from 320 to 640: success"},
      {{"MAC_CONFIG_CHANGE bool=ftpd_anon val=0 old_val=0 auid=1000 res=1"},
       "jo set selinux boolean ftpd_anon from 0 to 0: success"},
      {{R"(USER_ROLE_CHANGE pid=3 uid=0 auid=1000 msg='pam: default-context=a:b:c selected-context=a:d:e exe="/sbin/sshd" res=success')"},
       "jo (as root) changed role, by default a:b:c, to a:d:e with /sbin/sshd: success"},
      {{R"(USER_ROLE_CHANGE pid=3 uid=0 auid=1000 msg='newrole: old-context=a:b:c new-context=a:d:e exe="/bin/newrole" res=failed')"},
       "jo (as root) changed role from a:b:c to a:d:e with /bin/newrole: failed"},
      {{R"(ROLE_REMOVE pid=3 uid=0 auid=1000 msg='op=x acct="eva" old-role=staff_r new-role=? exe="/sbin/semanage" res=success')"},
       "jo (as root) removed a role from eva, before that staff_r (x) with /sbin/semanage: success"},
      {{R"(SELINUX_ERR op=setxattr invalid_context="u:r:none" auid=1000)"},
       "jo caused an error of the security policy with the invalid context u:r:none"},
  };
  check(rows);
}

TEST_CASE("a firewall's tables, chains and sets are no rules") {
  const auto row = [](const std::string& op, const std::string& wanted) {
    return Row{{"NETFILTER_CFG table=t:4 family=1 entries=2 op=" + op + " pid=3 comm=\"nft\""},
               "nft (pid 3) " + wanted};
  };
  const Row rows[] = {
      row("nft_register_table", "added the firewall table t:4"),
      row("nft_unregister_table", "removed the firewall table t:4"),
      row("nft_unregister_chain", "removed a firewall chain from t:4"),
      row("nft_register_rule", "loaded firewall rules to t:4"),
      row("nft_unregister_rule", "removed firewall rules from t:4"),
      row("nft_unregister_setelem", "removed elements of a firewall set from t:4"),
      row("nft_register_flowtable", "added a flowtable of the firewall to t:4"),
      row("nft_reset_obj", "reset firewall counters of t:4"),
      row("nft_register_gen", "committed changes of the firewall t:4"),
      row("xt_unregister", "removed the firewall table t:4"),
      row("xt_replace", "loaded firewall rules to t:4"),
  };
  check(rows);
}

TEST_CASE("an object is what was acted on, and its numbers stand beside it") {
  const Row rows[] = {
      {{R"(VIRT_MACHINE_ID pid=3 uid=0 auid=4294967295 msg='vm="db" uuid=1-2 exe="/sbin/libvirtd" res=success')"},
       "/sbin/libvirtd assigned an identity to the virtual machine db: success"},
      {{R"(VIRT_MIGRATE_OUT pid=3 uid=0 auid=4294967295 msg='vm="db" exe="/sbin/x" res=failed')"},
       "/sbin/x moved out the virtual machine db: failed"},
      {{R"(VIRT_RESOURCE pid=3 uid=0 auid=4294967295 msg='resrc=disk reason=attach vm="db" old-disk="?" new-disk="/d.img" exe="/sbin/libvirtd" res=success')"},
       "/sbin/libvirtd attached the resource disk to db (/d.img): success"},
      {{R"(ANOM_RBAC_INTEGRITY_FAIL pid=3 uid=0 auid=0 msg='added=2 removed=1 changed=40 exe="/bin/aide" res=failed')"},
       "root tested file system integrity, added 2, removed 1, changed 40 with /bin/aide: failed"},
      {{R"(RESP_ORIGIN_BLOCK pid=3 uid=0 auid=4294967295 msg='daddr=192.0.2.7 reason=login exe="/sbin/ids" res=success')"},
       "/sbin/ids blocked the address 192.0.2.7 because of login: success"},
      {{R"(USER_MAC_CONFIG_CHANGE pid=3 uid=0 auid=1000 msg='resrc=port op=add lport=81 proto=tcp tcontext=a:b:c exe="/x" res=success')"},
       "jo (as root) changed mac configuration port 81 (add) with /x: success"},
      {{"MAC_IPSEC_EVENT op=SPD-add auid=1000 ses=1 res=1 src=10.0.0.1 dst=10.0.0.2"},
       "jo added an IPsec policy from 10.0.0.1 to 10.0.0.2: success"},
      {{"MAC_IPSEC_EVENT op=SA-icv-failure src=10.0.0.1 dst=10.0.0.2 spi=1(0x1)"},
       "the system saw an IPsec event from 10.0.0.1 to 10.0.0.2 (SA-icv-failure)"},
      {{"INTEGRITY_POLICY_RULE action=measure func=MMAP_CHECK uid<1000 euid=0 res=1"},
       "somebody loaded integrity policy rule action=measure func=MMAP_CHECK uid<1000 euid=0: success"},
      {{R"(INTEGRITY_DATA pid=3 uid=0 auid=1000 op=appraise_data cause=invalid-signature comm="sh" name="/x" res=0)"},
       "jo (as root) checked integrity of /x (appraise_data, invalid-signature) with sh: failed"},
      {{R"(USYS_CONFIG pid=3 uid=0 auid=1000 msg='changing system time exe="/sbin/hwclock" res=success')"},
       "jo (as root) changed the system's time with /sbin/hwclock: success"},
      {{R"(AVC apparmor="DENIED" operation="bind" profile="p" pid=7 comm="c" family="unix" sock_type="stream" protocol=0 requested_mask="bind" denied_mask="bind" addr=none)"},
       "c (pid 7) was denied bind under profile p: failed"},
      {{R"(AVC apparmor="STATUS" operation="profile_replace" profile="unconfined" name="p" pid=7 comm="apparmor_parser")"},
       "apparmor_parser (pid 7) replaced apparmor profile p"},
      {{R"(AVC apparmor="STATUS" operation="profile_replace" info="same as current profile, skipping" profile="unconfined" name="p" pid=7 comm="apparmor_parser")"},
       "apparmor_parser (pid 7) kept apparmor profile p"},
      {{R"(AVC apparmor="STATUS" operation="profile_replace" info="failed to unpack end of profile" error=-71 profile="unconfined" name="p" pid=7 comm="apparmor_parser")"},
       "apparmor_parser (pid 7) replaced apparmor profile p: failed"},
      {{R"(AVC apparmor="STATUS" operation="profile_load" info="not policy admin" error=-13 profile="unconfined" name="p" pid=7 comm="apparmor_parser")"},
       "apparmor_parser (pid 7) loaded apparmor profile p: failed"},
      // The descriptor belongs to the name that it stands for.
      {{"SYSCALL arch=c000003e syscall=264 success=yes exit=0 a0=5 a1=1 a2=ffffff9c a3=2 pid=9 auid=1000 uid=1000 "
        "comm=\"mv\" exe=\"/bin/mv\"",
        "PATH item=2 name=\"a\" nametype=DELETE", "PATH item=3 name=\"/srv/b\" nametype=CREATE"},
       "jo renamed a in the directory of descriptor 5 to /srv/b with /bin/mv: success"},
  };
  check(rows);
}

TEST_CASE("a call that only asks, or does something else than its name, is told so") {
  const auto call = [](const std::string& arch, int number, const std::string& arguments, const std::string& wanted) {
    return Row{{"SYSCALL arch=" + arch + " syscall=" + std::to_string(number) + " success=yes exit=0 " + arguments +
                " pid=9 auid=1000 uid=1000 comm=\"c\" exe=\"/c\""},
               "jo " + wanted + " with /c: success"};
  };
  const std::string x86 = "c000003e", s390 = "80000016";
  const Row rows[] = {
      // reboot: systemd switches Ctrl-Alt-Delete off at each boot.
      call(x86, 169, "a0=fee1dead a1=28121969 a2=0 a3=0", "stopped Ctrl-Alt-Delete from rebooting the system"),
      call(x86, 169, "a0=fee1dead a1=28121969 a2=ffffffff89abcdef a3=0", "let Ctrl-Alt-Delete reboot the system"),
      call(x86, 169, "a0=fee1dead a1=28121969 a2=4321fedc a3=0", "powered the system off"),
      call(x86, 169, "a0=fee1dead a1=28121969 a2=1234567 a3=0", "rebooted the system"),
      // prlimit64 without a new limit, personality of all ones, prctl(PR_GET_DUMPABLE) and (PR_SET_DUMPABLE).
      call(x86, 302, "a0=0 a1=7 a2=0 a3=7ffc", "read a resource limit of itself"),
      call(x86, 302, "a0=0 a1=7 a2=7ffd a3=0", "changed resource limit of itself"),
      call(x86, 135, "a0=ffffffff", "read the personality of itself"),
      call(x86, 157, "a0=3", "read process attributes of itself"),
      call(x86, 157, "a0=4", "changed process attributes of itself"),
      // A time zone, a clock of a network card, and what may only read.
      call(x86, 164, "a0=0 a1=7ffc", "changed the kernel's time zone"),
      call(x86, 164, "a0=7ffd a1=0", "changed the system's time"),
      call(x86, 227, "a0=0 a1=7ffc", "changed the system's time"),
      call(x86, 227, "a0=fffffffd a1=7ffc", "changed a clock"),
      call(x86, 159, "a0=7ffc", "read or adjusted the system's time"),
      // quotactl: Q_GETQUOTA of a user, Q_SETQUOTA of a group.
      call(x86, 179, "a0=80000700", "read quota"),
      call(x86, 179, "a0=80000801", "changed quota"),
      // A thread; on s390x a0 is the stack.
      call(x86, 56, "a0=3d0f00 a1=7f00", "started a thread"),
      call(x86, 56, "a0=1200011 a1=0", "started a process"),
      call(s390, 120, "a0=3ff00010000 a1=3d0f00", "started a process"),
      call(x86, 272, "a0=400", "unshared resources of itself"),
      call(x86, 272, "a0=40000000", "created a namespace"),
      call(x86, 317, "a0=2 a1=0", "asked what seccomp can do"),
      call(x86, 73, "a0=3 a1=8", "unlocked a file"),
      call(x86, 246, "a0=0 a1=0 a2=0 a3=0", "unloaded a kernel"),
      call(x86, 163, "a0=0", "switched process accounting off"),
      call(x86, 165, "a0=1 a1=2 a2=0 a3=20", "mounted a file system again"),
      call(x86, 165, "a0=1 a1=2 a2=0 a3=40000", "changed mount propagation"),
      call(x86, 165, "a0=1 a1=2 a2=0 a3=1000", "mounted a file system"),
      call(x86, 89, "a0=1", "read a symlink"),
      call(x86, 285, "a0=3 a1=3", "freed space of a file"),
      // What a process is behind setreuid and setresuid is the second.
      call(x86, 113, "a0=3e8 a1=0", "changed identity of itself to user root"),
      call(x86, 117, "a0=ffffffff a1=3e8 a2=ffffffff", "changed identity of itself to user jo"),
      call(x86, 105, "a0=ffffffff a1=0", "changed identity of itself"),
      // pidfd_send_signal: a0 is a descriptor, no process.
      call(x86, 424, "a0=5 a1=9", "sent SIGKILL to a process"),
      call(x86, 62, "a0=4d a1=9", "sent SIGKILL to pid 77"),
  };
  check(rows);
}

}  // namespace
}  // namespace naudit::formats
