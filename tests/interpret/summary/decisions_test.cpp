// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <string>

#include "tables/record_types.hpp"
#include "tests/interpret/summary_words.hpp"
#include "tests/support/catch.hpp"

namespace naudit::interpret {
namespace {

namespace type = tables::type;

EventOf event_of(const std::string& record, const std::string& body) {
  return {{tables::record_type(record).value(), body}};
}

TEST_CASE("what a security module decided") {
  struct Row {
    std::string record, body, action, object, outcome;
  };
  const Row rows[] = {
      {"AVC",
       R"(avc:  denied  { read write } for  pid=5 comm="x" path="/etc/y" ino=1 tcontext=a:b:c tclass=file permissive=0)",
       "was-denied", "file path=/etc/y permissions=read write class=file label=a:b:c decision=denied", "failure"},
      {"AVC", R"(avc:  granted  { setsecparam } for  pid=5 tclass=security)", "was-granted",
       "security-policy permissions=setsecparam class=security decision=granted", "success"},
      {"AVC", R"(avc:  denied  { use } for  pid=5 comm="x" path="/dev/null" dev="tmpfs" ino=9 tclass=fd permissive=0)",
       "was-denied", "descriptor path=/dev/null permissions=use class=fd decision=denied", "failure"},
      {"AVC",
       R"(apparmor="DENIED" operation="open" profile="/bin/p" name="/etc/shadow" pid=5 comm="p" requested_mask="r" denied_mask="r" fsuid=0 ouid=0)",
       "was-denied", "file path=/etc/shadow permissions=r operation=open profile=/bin/p decision=denied", "failure"},
      {"AVC", R"(apparmor="AUDIT" operation="exec" profile="p" name="/bin/x" pid=5 requested_mask="x")", "was-granted",
       "file path=/bin/x permissions=x operation=exec profile=p decision=granted", "success"},
      {"AVC",
       R"(apparmor="STATUS" operation="profile_load" profile="unconfined" name="/bin/p" pid=5 comm="apparmor_parser")",
       "loaded-apparmor-profile", "security-policy name=/bin/p operation=profile_load", ""},
      {"APPARMOR_DENIED", R"(operation="exec" denied_mask="x" name="/bin/ping" pid=5 profile="/bin/ping")",
       "was-denied", "file path=/bin/ping permissions=x operation=exec profile=/bin/ping decision=denied", "failure"},
      {"APPARMOR", R"(apparmor="DENIED" operation="open" profile="p" name="/x" pid=5 denied_mask="w")", "was-denied",
       "file path=/x permissions=w operation=open profile=p decision=denied", "failure"},
      {"LANDLOCK_ACCESS", R"(domain=1f blockers=fs.write_file,fs.read_file path="/dev/tty" dev="devtmpfs" ino=9)",
       "was-denied", "file path=/dev/tty permissions=fs.write_file,fs.read_file decision=denied", "failure"},
      {"LANDLOCK_ACCESS", R"(domain=1f blockers=scope.signal opid=1 ocomm="systemd")", "was-denied",
       "process pid=1 name=systemd permissions=scope.signal decision=denied", "failure"},
      {"LANDLOCK_ACCESS", "domain=1f blockers=net.connect_tcp daddr=127.0.0.1 dest=8080", "was-denied",
       "socket address=127.0.0.1 port=8080 permissions=net.connect_tcp decision=denied", "failure"},
      {"IPE_ACCESS",
       R"(ipe_op=EXECUTE ipe_hook=MMAP enforcing=1 pid=5 comm="x" path="/lib/l.so" dev="vda" ino=1 rule="DEFAULT action=DENY")",
       "was-denied", "file path=/lib/l.so permissions=EXECUTE reason=DEFAULT action=DENY decision=denied", "failure"},
      {"AVC",
       R"(lsm=SMACK fn=smack_inode_permission action=denied subject="Web" object="_" requested=w pid=5 comm="x" name="motd" dev="sda1" ino=7)",
       "was-denied", "file name=motd device=sda1 inode=7 permissions=w label=_ module=SMACK decision=denied",
       "failure"},
      {"AVC",
       R"(lsm=SMACK fn=smack_task_kill action=granted subject="A" object="B" requested=w pid=5 opid=8 ocomm="y")",
       "was-granted", "process name=y pid=8 permissions=w label=B module=SMACK decision=granted", "success"},
      {"SELINUX_ERR", "op=security_bounded_transition seresult=denied oldcontext=a:b:c:s0 newcontext=a:b:d:s0",
       "caused-mac-policy-error",
       "unknown operation=security_bounded_transition old=a:b:c:s0 new=a:b:d:s0 decision=denied", "failure"},
      {"SELINUX_ERR",
       "op=security_compute_sid invalid_context=a:b:x:s0 scontext=a:b:c:s0 tcontext=a:b:d:s0 tclass=process",
       "caused-mac-policy-error", "process class=process label=a:b:d:s0 operation=security_compute_sid new=a:b:x:s0",
       ""},
      {"FANOTIFY", "resp=1 fan_type=0 fan_info=0 subj_trust=2 obj_trust=2", "accessed-policy-controlled-file",
       "file decision=allowed", "success"},
      {"ANOM_LINK", R"(op=linkat action=denied ppid=1 pid=5 auid=1000 uid=1000 comm="ln" exe="/bin/ln" res=0)",
       "used-suspicious-link", "file operation=linkat decision=denied", "failure"},
  };
  for (const Row& row : rows) {
    INFO(row.record << ' ' << row.body);
    const EventOf of = event_of(row.record, row.body);
    CHECK(action_of(of) == row.action);
    CHECK(object_of(of) == row.object);
    CHECK(outcome_of(of) == row.outcome);
  }
}

TEST_CASE("what was only recorded is neither a refusal nor a grant") {
  struct Row {
    std::string record, body, object;
  };
  const Row rows[] = {
      {"AVC", R"(avc:  denied  { read } for  pid=5 name="y" tclass=dir permissive=1)",
       "directory name=y permissions=read class=dir decision=would-deny permissive"},
      {"AVC", R"(apparmor="ALLOWED" operation="capable" profile="p" pid=5 comm="p" capability=14  capname="ipc_lock")",
       "process permissions=ipc_lock operation=capable profile=p decision=would-deny permissive"},
      {"APPARMOR_ALLOWED", R"(operation="open" profile="p" name="/etc/x" pid=5 denied_mask="r")",
       "file path=/etc/x permissions=r operation=open profile=p decision=would-deny permissive"},
      {"IPE_ACCESS",
       R"(ipe_op=EXECUTE enforcing=0 pid=5 comm="x" path="/l.so" dev="vda" ino=1 rule="DEFAULT action=DENY")",
       "file path=/l.so permissions=EXECUTE reason=DEFAULT action=DENY decision=would-deny permissive"},
      {"AVC", R"(lsm=SMACK fn=smack_file_open action=granted subject="A" object="B" requested=r(UO) pid=5 path="/x")",
       "file path=/x permissions=r(UO) label=B module=SMACK decision=would-deny permissive"},
      {"USER_AVC",
       R"(pid=1 uid=0 msg='avc:  denied  { stop } for auid=1000 uid=1000 scontext=a tcontext=b tclass=service permissive=1 exe="/s"')",
       "service permissions?=stop class?=service label?=b decision?=would-deny permissive"},
  };
  for (const Row& row : rows) {
    INFO(row.record << ' ' << row.body);
    const EventOf of = event_of(row.record, row.body);
    CHECK(action_of(of) == "would-be-denied");
    CHECK(object_of(of) == row.object);
    CHECK(outcome_of(of).empty());
    CHECK(summarise(of.decoded).kind == EventKind::kMacDecision);
  }
  // What came of it, the call says.
  const EventOf call{{type::kAvc, R"(avc:  denied  { read } for  pid=5 path="/y" tclass=file permissive=1)"},
                     {type::kSyscall, "arch=c000003e syscall=257 success=no exit=-2 pid=5"}};
  CHECK(action_of(call) == "would-be-denied");
  CHECK(outcome_of(call) == "failure");
  const EventOf log{{type::kSeccomp, "auid=1 uid=1 pid=9 sig=0 arch=c000003e syscall=272 code=0x7ffc0000"}};
  CHECK(object_of(log) == "process syscall=unshare decision=log");
  CHECK(outcome_of(log).empty());
}

TEST_CASE("an object manager is never the subject of what it refused to another") {
  struct Row {
    std::string body, subject, object, decider;
  };
  const std::string manager = "pid=31 uid=81 auid=4294967295 ses=4294967295 subj=s:r:manager_t:s0 msg='";
  const std::string behind = R"( exe="/opt/manager" sauid=81 hostname=? addr=? terminal=?')";
  const std::string told =
      R"(auid=4294967295 uid=81 session=4294967295 pid=31 label=s:r:manager_t:s0 exe?=/opt/manager)";
  const Row rows[] = {
      // systemd
      {R"(avc:  denied  { reload } for auid=1007 uid=1008 gid=9 path="/etc/systemd/system/cafe.service" cmdline="systemctl reload cafe" function="mac_selinux_filter" scontext=u:r:staff_t:s0 tcontext=s:o:unit_t:s0 tclass=service permissive=0)",
       "user-acct auid?=1007 uid?=1008 command?=systemctl reload cafe label?=u:r:staff_t:s0",
       "service path?=/etc/systemd/system/cafe.service permissions?=reload class?=service label?=s:o:unit_t:s0 "
       "operation?=mac_selinux_filter decision?=denied",
       told},
      {R"(avc:  denied  { status } for auid=n/a uid=n/a gid=n/a cmdline="" scontext=a:b:c tcontext=a:b:d tclass=system)",
       "unknown-acct label?=a:b:c", "system permissions?=status class?=system label?=a:b:d decision?=denied", told},
      // D-Bus
      {R"(avc:  denied  { send_msg } for msgtype=method_call interface=org.example.Tea member=Brew dest=org.example spid=451 tpid=452 scontext=a:b:c:s0 tcontext=a:b:d:s0 tclass=dbus permissive=0)",
       "unknown-acct pid?=451 label?=a:b:c:s0",
       "process name?=org.example pid?=452 interface?=org.example.Tea member?=Brew permissions?=send_msg class?=dbus "
       "label?=a:b:d:s0 operation?=method_call decision?=denied",
       told},
      {R"(avc:  denied  { acquire_svc } for service=org.example.Tea spid=451 scontext=a:b:c:s0 tcontext=a:b:d:s0 tclass=dbus)",
       "unknown-acct pid?=451 label?=a:b:c:s0",
       "process name?=org.example.Tea permissions?=acquire_svc class?=dbus label?=a:b:d:s0 decision?=denied", told},
      // X
      {R"(avc:  denied  { read } for request=X11:QueryPointer comm=xeyes xdevice="Virtual core pointer" scontext=a:b:c tcontext=a:b:d tclass=x_device)",
       "unknown-acct comm?=xeyes label?=a:b:c",
       "unknown permissions?=read class?=x_device label?=a:b:d operation?=X11:QueryPointer decision?=denied", told},
      // nscd, passwd, crond: nothing but the label
      {R"(avc:  denied  { shmempwd } for scontext=a:b:c tcontext=a:b:d tclass=nscd)", "unknown-acct label?=a:b:c",
       "unknown permissions?=shmempwd class?=nscd label?=a:b:d decision?=denied", told},
      {R"(avc:  denied  { rootok } for scontext=a:b:c tcontext=a:b:d tclass=passwd)", "unknown-acct label?=a:b:c",
       "account permissions?=rootok class?=passwd label?=a:b:d decision?=denied", told},
      // AppArmor, as D-Bus asks it
      {R"(apparmor="DENIED" operation="dbus_method_call"  bus="system" path="/org/example/Tea" interface="org.example.Tea" member="Brew" mask="send" name="org.example" pid=451 label="snap.kettle.pour" peer_pid=452 peer_label="unconfined")",
       "unknown-acct pid?=451 label?=snap.kettle.pour",
       "process name?=org.example pid?=452 object_path?=/org/example/Tea interface?=org.example.Tea member?=Brew "
       "permissions?=send label?=unconfined operation?=dbus_method_call decision?=denied",
       told},
      // The same with the names of before AppArmor 2.9
      {R"(apparmor="DENIED" operation="dbus_signal" bus="system" name="org.example" path="/org/example" interface="org.example" member="Signal" mask="receive" pid=451 profile="/opt/tea" peer_pid=452 peer_profile="unconfined")",
       "unknown-acct pid?=451 label?=/opt/tea",
       "process name?=org.example pid?=452 object_path?=/org/example interface?=org.example member?=Signal "
       "permissions?=receive label?=unconfined operation?=dbus_signal profile?=/opt/tea decision?=denied",
       told},
      // Nobody is named.
      {"Unknown permission pour for class kettle", "unknown-acct", "unknown", told},
  };
  for (const char* const record : {"USER_AVC", "USER_SELINUX_ERR"}) {
    for (const Row& row : rows) {
      INFO(record << ' ' << row.body);
      const EventOf of = event_of(record, manager + row.body + behind);
      CHECK(subject_of(of) == row.subject);
      CHECK(object_of(of) == row.object);
      CHECK(decider_of(of) == row.decider);
      CHECK(summarise(of.decoded).how == summarise(of.decoded).comm);  // never the manager
      if (row.object != "unknown") CHECK(outcome_of(of) == "failure?");
    }
  }
  CHECK(decider_of(event_of("AVC", R"(avc:  denied  { read } for  pid=5 comm="x" scontext=a tclass=file)")).empty());
}

TEST_CASE("a notice that an object manager received is no access, and no deed of its own") {
  struct Row {
    std::string record, claim, action, object;
  };
  const Row rows[] = {
      {"USER_AVC", "avc:  received policyload notice (seqno=4)", "received-policy-load-notice",
       "security-policy version?=4"},
      {"USER_AVC", "avc:  received setenforce notice (enforcing=0)", "received-enforcement-notice",
       "security-policy new?=0"},
      {"USER_MAC_STATUS", "avc:  received setenforce notice (enforcing=1)", "received-enforcement-notice",
       "security-policy new?=1"},
      {"USER_MAC_POLICY_LOAD", "avc:  op=load_policy lsm=selinux seqno=4 res=1", "received-policy-load-notice",
       "security-policy module?=selinux operation?=load_policy version?=4"},
      {"USER_MAC_STATUS", "avc:  op=setenforce lsm=selinux enforcing=0 res=1", "received-enforcement-notice",
       "security-policy module?=selinux operation?=setenforce new?=0"},
  };
  for (const Row& row : rows) {
    INFO(row.record << ' ' << row.claim);
    const EventOf of =
        event_of(row.record, "pid=31 uid=81 auid=4294967295 msg='" + row.claim + R"( exe="/opt/manager" sauid=81')");
    CHECK(action_of(of) == row.action);
    CHECK(object_of(of) == row.object);
    CHECK(summarise(of.decoded).kind == EventKind::kMac);
    CHECK(subject_of(of) == "service-acct auid=4294967295 uid=81 pid=31");
    CHECK(decider_of(of).empty());
  }
}

TEST_CASE("a record without a decision is no access") {
  CHECK(action_of(event_of("AVC", "perm=1")) == "reported-mac-event");
  CHECK(outcome_of(event_of("AVC", "perm=1")).empty());
  CHECK(action_of(event_of("USER_AVC", "pid=1 uid=0 msg='kettle is empty'")) == "reported-mac-event");
}

TEST_CASE("the subject of a decision of the kernel is called by its label, and by fsuid where nothing else says who") {
  CHECK(subject_of(event_of("AVC", R"(avc:  denied  { read } for  pid=5 comm="x" scontext=a:b:c tclass=file)")) ==
        "unknown-acct pid=5 comm=x label=a:b:c");
  CHECK(subject_of(event_of(
            "AVC", R"(apparmor="DENIED" operation="open" profile="p" name="/x" pid=5 comm="c" fsuid=1003 ouid=0)")) ==
        "user-acct pid=5 fsuid=1003 comm=c label=p");
  CHECK(subject_of(event_of("AVC", R"(apparmor="DENIED" operation="open" profile="p" name="/x")")) ==
        "unknown-acct label=p");
  CHECK(subject_of(
            event_of("AVC", R"(lsm=SMACK fn=f action=denied subject="Web" object="_" requested=r pid=5 comm="c")")) ==
        "unknown-acct pid=5 comm=c label=Web");
  CHECK(subject_of(event_of("AVC", "avc:  denied  { recv } for  saddr=10.0.0.1 tclass=peer")) == "unknown-acct");
  const EventOf call{
      {type::kAvc, R"(avc:  denied  { read } for  pid=5 comm="x" scontext=a:b:c tclass=file)"},
      {type::kSyscall, R"(arch=c000003e syscall=257 success=no pid=5 auid=1000 uid=0 comm="x" fsuid=7)"}};
  CHECK(subject_of(call) == "privileged-acct auid=1000 uid=0 pid=5 comm=x label=a:b:c");
}

TEST_CASE("what exactly was refused is told with all that the kernel writes of it") {
  struct Row {
    std::string details, object;
  };
  const Row rows[] = {
      {"dest=5432 tclass=tcp_socket", "socket port=5432 permissions=p class=tcp_socket decision=denied"},
      {"src=81 tclass=udp_socket", "socket port=81 permissions=p class=udp_socket decision=denied"},
      {"laddr=10.0.0.1 lport=22 faddr=10.0.0.2 fport=4000 tclass=tcp_socket",
       "socket address=10.0.0.2 port=4000 source_address=10.0.0.1 source_port=22 permissions=p class=tcp_socket "
       "decision=denied"},
      {"laddr=::1 lport=22 tclass=tcp_socket",
       "socket address=::1 port=22 permissions=p class=tcp_socket decision=denied"},
      {"saddr=10.0.0.1 src=5 daddr=10.0.0.2 dest=6 netif=eth7 tclass=packet",
       "socket address=10.0.0.2 port=6 source_address=10.0.0.1 source_port=5 netif=eth7 permissions=p class=packet "
       "decision=denied"},
      {R"(path="/run/x.sock" tclass=unix_stream_socket)",
       "socket path=/run/x.sock permissions=p class=unix_stream_socket decision=denied"},
      {R"(opid=77 ocomm="tea" tclass=process)", "process name=tea pid=77 permissions=p class=process decision=denied"},
      {R"(kmod="kettle" tclass=system)", "system name=kettle permissions=p class=system decision=denied"},
      {R"(key_serial=9 key_desc="k" tclass=key)", "key name=k permissions=p class=key decision=denied"},
      {"ipc_key=99 tclass=shm", "memory name=99 permissions=p class=shm decision=denied"},
      {"anonclass=[userfaultfd] tclass=anon_inode",
       "file name=[userfaultfd] permissions=p class=anon_inode decision=denied"},
      {R"(lockdown_reason="raw io" tclass=lockdown)",
       "unknown permissions=p class=lockdown reason=raw io decision=denied"},
      {R"(path="/dev/sda" dev="tmpfs" ino=3 ioctlcmd=0x5401 tclass=chr_file)",
       "character-device path=/dev/sda permissions=p class=chr_file operation=TCGETS decision=denied"},
      {R"(name="y" dev="sda1" ino=20 tclass=file)",
       "file name=y device=sda1 inode=20 permissions=p class=file decision=denied"},
  };
  for (const Row& row : rows) {
    INFO(row.details);
    CHECK(object_of(event_of("AVC", "avc:  denied  { p } for  pid=5 comm=\"x\" " + row.details + " permissive=0")) ==
          row.object);
  }
  CHECK(
      object_of(event_of(
          "AVC",
          R"(apparmor="DENIED" operation="create" profile="p" pid=5 family="inet6" sock_type="raw" protocol=58 requested_mask="create" denied_mask="create")")) ==
      "socket protocol=ipv6-icmp family=inet6 permissions=create operation=create profile=p decision=denied");
  CHECK(
      object_of(event_of(
          "AVC",
          R"(apparmor="DENIED" operation="connect" profile="p" pid=5 family="inet" sock_type="stream" protocol=6 faddr=10.0.0.2 fport=80 laddr=10.0.0.1 lport=9 denied_mask="send")")) ==
      "socket address=10.0.0.2 port=80 source_address=10.0.0.1 source_port=9 protocol=tcp family=inet "
      "permissions=send operation=connect profile=p decision=denied");
  CHECK(
      object_of(event_of(
          "AVC",
          R"(apparmor="DENIED" operation="signal" profile="p" pid=5 requested_mask="send" denied_mask="send" signal=term peer="unconfined")")) ==
      "process name=unconfined label=unconfined permissions=send operation=signal profile=p signal=term "
      "decision=denied");
}

TEST_CASE("a refusal on the way to a file is about what was refused, not about the file of the call") {
  const std::string call = "arch=c000003e syscall=257 success=no exit=-13 a0=ffffff9c pid=5";
  const auto object = [&](const std::string& avc) {
    return object_of(EventOf{{type::kAvc, "avc:  denied  { search } for  pid=5 " + avc},
                             {type::kSyscall, call},
                             {type::kCwd, R"(cwd="/")"},
                             {type::kPath, R"(item=0 name="/home/jo/" inode=70 mode=040700 nametype=PARENT)"},
                             {type::kPath, R"(item=1 name="/home/jo/x" inode=71 mode=0100600 nametype=NORMAL)"}});
  };
  CHECK(object(R"(name="jo" dev="sda" ino=70 tclass=dir)") ==
        "directory path=/home/jo permissions=search class=dir decision=denied");
  CHECK(object(R"(name="x" dev="sda" ino=71 tclass=file)") ==
        "file path=/home/jo/x permissions=search class=file decision=denied");
  CHECK(object(R"(name="home" dev="sda" ino=2 tclass=dir)") ==
        "directory name=home device=sda inode=2 permissions=search class=dir decision=denied");
  CHECK(object(R"(name="x" tclass=file)") == "file path=/home/jo/x permissions=search class=file decision=denied");
  CHECK(object(R"(name="y" tclass=file)") == "file name=y permissions=search class=file decision=denied");
  // RHEL 5 has the path in a record of its own.
  CHECK(object_of(EventOf{{type::kAvc, R"(avc:  denied  { read } for  pid=5 name="y" dev=sda ino=9 tclass=file)"},
                          {type::kAvcPath, R"( path="/etc/y")"},
                          {type::kSyscall, call}}) == "file path=/etc/y permissions=read class=file decision=denied");
}

TEST_CASE("enforcement belongs to the module that the record names") {
  struct Row {
    std::string record, body, action, object;
  };
  const Row rows[] = {
      {"MAC_STATUS", "enforcing=0 old_enforcing=1 auid=0 enabled=1 old-enabled=1 lsm=selinux res=1",
       "changed-selinux-enforcement-to", "security-policy old=1 new=0 module=selinux"},
      {"MAC_STATUS", "enforcing=0 old_enforcing=1 auid=0", "changed-selinux-enforcement-to",
       "security-policy old=1 new=0"},
      {"MAC_STATUS", "enforcing=1 old_enforcing=0 auid=0 enabled=1 old-enabled=1 lsm=ipe res=1",
       "changed-ipe-enforcement-to", "security-policy old=0 new=1 module=ipe"},
      {"MAC_STATUS", "enforcing=1 old_enforcing=0 auid=0 lsm=kettle res=1", "changed-mac-enforcement-to",
       "security-policy old=0 new=1 module=kettle"},
      {"MAC_STATUS", "enforcing=1 old_enforcing=1 auid=0 enabled=0 old-enabled=1 lsm=selinux res=1", "disabled-selinux",
       "security-policy old=1 new=0 module=selinux"},
      {"MAC_POLICY_LOAD", "auid=0 ses=1 lsm=selinux res=1", "loaded-selinux-policy", "security-policy module=selinux"},
      {"MAC_POLICY_LOAD", "auid=0 ses=1 lsm=kettle res=1", "loaded-mac-policy", "security-policy module=kettle"},
      {"MAC_CONFIG_CHANGE", "bool=x val=1 old_val=0 auid=0 lsm=kettle res=1", "changed-mac-configuration",
       "security-policy name=x old=0 new=1 module=kettle"},
  };
  for (const Row& row : rows) {
    INFO(row.record << ' ' << row.body);
    CHECK(action_of(event_of(row.record, row.body)) == row.action);
    CHECK(object_of(event_of(row.record, row.body)) == row.object);
  }
}

}  // namespace
}  // namespace naudit::interpret
