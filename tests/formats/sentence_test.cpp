// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/line/sentence.hpp"

#include <string>
#include <vector>

#include "formats/line/daemon_sentence.hpp"
#include "formats/line/verb_phrase.hpp"
#include "tests/formats/sentence.hpp"
#include "tests/support/catch.hpp"

namespace naudit::formats {
namespace {

using tests::sentence;

std::string call(int number, const std::string& rest) {
  return "SYSCALL arch=c000003e syscall=" + std::to_string(number) + " success=yes exit=0 pid=9 auid=1000 uid=1000 " +
         rest;
}

TEST_CASE("sentences read alike for every kind of event") {
  struct Row {
    std::vector<std::string> records;
    std::string wanted;
  };
  const std::string cat = R"(comm="cat" exe="/bin/cat")";
  const Row rows[] = {
      {{call(82, cat), R"(PATH name="/a" nametype=DELETE)", R"(PATH name="/b" nametype=CREATE)"},
       "jo renamed /a to /b with /bin/cat: success"},
      {{call(86, cat), R"(PATH name="/a" nametype=NORMAL)", R"(PATH name="/b" nametype=CREATE)"},
       "jo linked /a as /b with /bin/cat: success"},
      {{call(88, cat), R"(PATH name="t" nametype=UNKNOWN)", R"(PATH name="/l" nametype=CREATE)"},
       "jo made symlink /l to t with /bin/cat: success"},
      {{call(165, cat), R"(PATH name="/mnt" nametype=NORMAL)", R"(PATH name="/dev/sdb1" nametype=NORMAL)"},
       "jo mounted /dev/sdb1 on /mnt with /bin/cat: success"},
      {{call(90, "a0=1 a1=1ff " + cat), R"(PATH name="/a" nametype=NORMAL)"},
       "jo changed permissions of /a to 0777 with /bin/cat: success"},
      {{call(92, "a0=1 a1=0 a2=ffffffff " + cat), R"(PATH name="/a" nametype=NORMAL)"},
       "jo changed ownership of /a to user root with /bin/cat: success"},
      {{call(257, "a0=5 a1=1 a2=241 a3=0 " + cat), R"(PATH name="x" nametype=CREATE)"},
       "jo opened x in the directory of descriptor 5 for writing with /bin/cat: success"},
      {{call(59, R"(comm="cat" exe="/bin/cat")"), R"(EXECVE argc=3 a0="cat" a1=6120620A)",
        R"(PATH name="/bin/cat" nametype=NORMAL)"},
       "jo executed /bin/cat (cat a b\\x0a …): success (incomplete: broken_arguments)"},
      {{call(59, R"(comm="r.sh" exe="/bin/bash")"), R"(PATH name="/opt/r.sh" nametype=NORMAL)"},
       "jo executed /opt/r.sh with /bin/bash: success"},
      {{call(87, R"(comm="python3" exe="/usr/bin/python3")"), R"(PATH name="/x" nametype=DELETE)",
        "PROCTITLE proctitle=707974686F6E330072756E2E7079"},
       "jo deleted /x with /usr/bin/python3 running run.py: success"},
      {{call(42, cat), "SOCKADDR saddr=020001BB0A0000010000000000000000"},
       "jo connected to 10.0.0.1:443 with /bin/cat: success"},
      {{call(42, cat)}, "jo connected a socket with /bin/cat: success"},
      {{call(2, cat)}, "jo opened a file with /bin/cat: success"},
      {{call(62, "a0=4d a1=f " + cat), R"(OBJ_PID opid=77 ocomm="sleep")"},
       "jo sent SIGTERM to sleep (pid 77) with /bin/cat: success"},
      {{call(62, "a0=fb a1=9 " + cat), "OBJ_PID opid=77", "OBJ_PID opid=78"},
       "jo sent SIGKILL to pids 77 78 with /bin/cat: success"},
      {{call(105, "a0=0 " + cat)}, "jo changed identity of itself to user root with /bin/cat: success"},
      {{call(272, cat)}, "jo created a namespace with /bin/cat: success"},
      {{call(39, cat)}, "jo called getpid with /bin/cat: success"},
      {{call(999, cat)}, "jo triggered an audit rule with /bin/cat: success"},
      {{R"(USER_LOGIN pid=1 uid=0 auid=1000 msg='op=login acct="jo" exe="/usr/sbin/sshd" addr=10.0.0.9 terminal=ssh res=success')"},
       "jo logged in with /usr/sbin/sshd from 10.0.0.9 on ssh: success"},
      {{R"(USER_LOGIN pid=1 uid=0 auid=4294967295 msg='op=login acct="root" exe="/usr/sbin/sshd" addr=? res=failed')"},
       "a login as root with /usr/sbin/sshd failed"},
      {{R"(CRED_DISP pid=1 uid=0 auid=1000 msg='op=PAM:setcred acct="root" exe="/bin/su" res=success')"},
       "jo (as root) disposed of credentials of root with /bin/su: success"},
      {{R"(USER_CMD pid=1 uid=1000 auid=1000 msg='cwd="/" cmd=6C73202D6C exe="/usr/bin/sudo" res=success')"},
       "jo ran ls -l in / with /usr/bin/sudo: success"},
      {{R"(ADD_USER pid=1 uid=0 auid=1000 msg='op=adding user id=1001 acct="eva" exe="/usr/sbin/useradd" res=success')"},
       "jo (as root) added user eva with /usr/sbin/useradd: success"},
      {{R"(SERVICE_START pid=1 uid=0 auid=4294967295 msg='unit=cron exe="/lib/systemd" res=success')"},
       "/lib/systemd started service cron: success"},
      {{"LOGIN pid=1 uid=0 old-auid=4294967295 auid=1000 ses=4 res=1"}, "root changed the login id to jo: success"},
      {{"CONFIG_CHANGE auid=1000 op=set audit_enabled=0 old=1 res=1"},
       "jo changed audit configuration audit_enabled from enabled to disabled: success"},
      {{R"(CONFIG_CHANGE auid=1000 op=add_rule key="k" list=4 res=1)"},
       "jo added the audit rule k list exit: success [key k]"},
      {{R"(AVC avc:  denied  { read open } for  pid=5 comm="httpd" path="/etc/shadow" tclass=file permissive=0)"},
       "httpd (pid 5) was denied read open on /etc/shadow: failed"},
      {{R"(AVC apparmor="DENIED" operation="open" profile="p" name="/x" pid=5 comm="c" denied_mask="r")"},
       "c (pid 5) was denied read on /x under profile p: failed"},
      {{"SECCOMP uid=1000 pid=9 comm=\"c\" exe=\"/c\" sig=31 arch=c000003e syscall=272 code=0x80000000"},
       "jo made the seccomp-controlled call unshare (kill-process) with /c: failed"},
      {{R"(ANOM_ABEND uid=1000 pid=9 comm="a" exe="/a" sig=11 res=1)"}, "/a (pid 9) of jo crashed with SIGSEGV"},
      {{"ANOM_PROMISCUOUS dev=eth0 prom=256 old_prom=0 auid=1000 uid=0"},
       "jo (as root) entered promiscuous mode on device eth0"},
      {{R"(ANOM_ABEND uid=1000 pid=9 comm="a" sig=11 reason="memory violation")"},
       "a (pid 9) of jo crashed with SIGSEGV because of memory violation"},
      {{"CONFIG_CHANGE auid=1000 op=add_rule key=(null) list=4 res=1"}, "jo added the audit rule list exit: success"},
      {{"BPF prog-id=7 op=LOAD"}, "somebody loaded bpf program 7"},
      {{"NETFILTER_CFG table=filter family=2 entries=4 op=replace pid=3 comm=\"nft\""},
       "nft (pid 3) loaded firewall rules to filter"},
      {{"UNKNOWN[1998] x=1"}, "the system left a record of type unknown_1998"},
  };
  for (const Row& row : rows) {
    INFO(row.records.front());
    CHECK(sentence(row.records) == row.wanted);
  }
}

TEST_CASE("nobody is blamed for what a daemon reports about a stranger") {
  const auto of = [](const std::string& type, const std::string& claim, const char* auid = "4294967295") {
    return sentence({type + " pid=9 uid=0 auid=" + auid + " ses=4294967295 msg='" + claim + "'"});
  };
  const std::string sshd = R"( exe="/usr/sbin/sshd" hostname=10.0.0.9 addr=10.0.0.9 terminal=ssh)";
  CHECK(of("USER_LOGIN", R"x(op=login acct="(invalid user)")x" + sshd + " res=failed") ==
        "a login as (invalid user) with /usr/sbin/sshd from 10.0.0.9 on ssh failed");
  CHECK(of("USER_AUTH", R"(op=PAM:authentication grantors=? acct="eva")" + sshd + " res=failed") ==
        "an authentication of eva with /usr/sbin/sshd from 10.0.0.9 on ssh failed");
  CHECK(of("USER_AUTH", R"(op=PAM:authentication grantors=pam_unix acct="eva")" + sshd + " res=success") ==
        "/usr/sbin/sshd authenticated eva from 10.0.0.9 on ssh: success");
  CHECK(of("USER_AUTH", R"(op=pubkey acct="eva")" + sshd + " res=failed") ==
        "an authentication of eva with /usr/sbin/sshd from 10.0.0.9 on ssh failed (pubkey)");
  CHECK(of("USER_ERR", R"(op=PAM:bad_ident grantors=? acct="?")" + sshd + " res=failed") ==
        "an attempt to log in with /usr/sbin/sshd from 10.0.0.9 on ssh ended before it was authenticated");
  CHECK(of("CRYPTO_KEY_USER", "op=destroy kind=server fp=SHA256:ab" + sshd + " res=success") ==
        "/usr/sbin/sshd destroyed the key SHA256:ab from 10.0.0.9 on ssh: success");
  CHECK(of("CRED_ACQ",
           R"(op=PAM:setcred acct="root" exe="/usr/sbin/cron" hostname=? addr=? terminal=cron res=success)") ==
        "/usr/sbin/cron acquired credentials of root on cron: success");
  CHECK(of("USER_LOGIN", "op=login id=0" + sshd + " res=success", "1000") ==
        "jo logged in as root with /usr/sbin/sshd from 10.0.0.9 on ssh: success");
  CHECK(of("USER_LOGOUT", "op=login id=1000" + sshd + " res=success", "1000") ==
        "jo logged out with /usr/sbin/sshd from 10.0.0.9 on ssh: success");
  CHECK(of("ANOM_LOGIN_FAILURES", "pam_faillock uid=1000 " + sshd + " res=success") ==
        "logins to jo with /usr/sbin/sshd from 10.0.0.9 on ssh failed too many times");
  CHECK(of("ANOM_LOGIN_LOCATION", R"(op=pam_access acct="eva")" + sshd + " res=failed") ==
        "an attempt to log in as eva with /usr/sbin/sshd from 10.0.0.9 on ssh came from an unusual place");
  CHECK(of("RESP_ACCT_LOCK", "pam_faillock uid=1000 " + sshd + " res=success") ==
        "/usr/sbin/sshd locked account jo from 10.0.0.9 on ssh: success");
  CHECK(
      of("USYS_CONFIG", R"(op=connection-activate name="eth0" uid=1000 exe="/usr/sbin/NetworkManager" res=success)") ==
      "/usr/sbin/NetworkManager activated the network connection eth0 for jo: success");
  // Who has logged in did it.
  CHECK(of("USER_AUTH", R"(op=PAM:authentication acct="root" exe="/bin/su" res=failed)", "1000") ==
        "jo (as root) authenticated root with /bin/su: failed");
}

TEST_CASE("nobody came from this machine itself") {
  const auto from = [](const std::string& origin) {
    return sentence({R"(USER_START pid=9 uid=0 auid=1000 msg='op=PAM:session_open acct="root" exe="/bin/su" )" +
                     origin + " terminal=pts/1 res=success'"});
  };
  const std::string plain = "jo (as root) started session of root with /bin/su on pts/1: success";
  CHECK(from("hostname=web1 addr=?") == plain);
  CHECK(from("hostname=? addr=?") == plain);
  CHECK(from("hostname=fe.ed addr=?") == plain);
  const std::string far = "jo (as root) started session of root with /bin/su from 10.0.0.9 on pts/1: success";
  CHECK(from("hostname=client.example addr=10.0.0.9") == far);
  CHECK(from("hostname=10.0.0.9 addr=?") == far);
  CHECK(from("hostname=2001:db8::1 addr=?") ==
        "jo (as root) started session of root with /bin/su from 2001:db8::1 on pts/1: success");
}

TEST_CASE("account programs are told as what they did") {
  const auto of = [](const std::string& type, const std::string& claim) {
    return sentence({type + " pid=9 uid=0 auid=1000 msg='" + claim +
                     R"( exe="/usr/sbin/usermod" hostname=h addr=? terminal=pts/0 res=success')"});
  };
  const std::string end = " with /usr/sbin/usermod on pts/0: success";
  CHECK(of("GRP_MGMT", R"(op=add-user-to-group grp="wheel" acct="eva")") ==
        "jo (as root) added eva to the group wheel" + end);
  CHECK(of("USER_CHAUTHTOK", R"(op=adding user to group acct="eva")") == "jo (as root) added eva to a group" + end);
  CHECK(of("USER_ACCT", R"(op=user eva removed by root from group wheel acct="wheel")") ==
        "jo (as root) removed eva from the group wheel" + end);
  CHECK(of("USER_CHAUTHTOK", "op=change age id=1000") == "jo (as root) changed password aging of user jo" + end);
  CHECK(of("USER_CHAUTHTOK", "op=change min age id=1000") ==
        "jo (as root) changed password aging of user jo (change min age)" + end);
  CHECK(of("USER_ACCT", R"(op=members of group wheel set by root to eva,jo acct="wheel")") ==
        "jo (as root) set the members of group wheel to eva,jo" + end);
  CHECK(of("ADD_GROUP", "op= id=77") == "jo (as root) added group 77" + end);
  CHECK(of("USER_MGMT", R"(op=polish shoes acct="eva")") == "jo (as root) modified user eva (polish shoes)" + end);
  CHECK(of("VIRT_RESOURCE", R"(virt=kvm resrc=disk reason=attach vm="guest" old-disk="?" new-disk="/x")") ==
        "jo (as root) attached the resource disk to guest (/x)" + end);
  CHECK(of("USER", "text=backup done, 3 files") == "jo (as root) sent the message: backup done, 3 files" + end);
}

TEST_CASE("a verb whose object nobody knows still makes a sentence") {
  const std::string cat = R"(comm="cat" exe="/bin/cat")";
  const std::pair<int, const char*> rows[] = {
      {2, "opened a file for reading"},

      {87, "deleted a file or directory"}, {82, "renamed a file or directory"}, {83, "created a directory"},
      {165, "mounted a file system"},      {42, "connected a socket"},          {175, "loaded a kernel module"},
      {43, "accepted a connection"},       {80, "changed directory"},           {188, "changed attributes of a file"},
  };
  for (const auto& [number, words] : rows) {
    INFO(number);
    CHECK(sentence({call(number, "a0=0 a1=0 a2=0 a3=0 " + cat)}) ==
          "jo " + std::string(words) + " with /bin/cat: success");
  }
}

TEST_CASE("a program is told once, and directions are right") {
  CHECK(sentence({"EXECVE argc=2 a0=\"id\" a1=\"-u\""}).starts_with("somebody executed a program (id -u)"));
  CHECK(sentence({R"(AVC avc:  denied  { read } for  pid=5 comm="x" exe="/usr/bin/x" path="/y" tclass=file)"}) ==
        "/usr/bin/x (pid 5) was denied read on /y: failed");
  CHECK(sentence({"NETFILTER_PKT mark=0x1 saddr=10.0.0.2 daddr=10.0.0.1 proto=6"}) ==
        "the system saw a packet from 10.0.0.2 to 10.0.0.1");
  CHECK(sentence({call(59, R"(comm="x" exe="/bin/x")"), "EXECVE argc=0"}) == "jo executed /bin/x: success");
}

TEST_CASE("what nauditd says of itself reads as what it tells") {
  const std::pair<const char*, const char*> rows[] = {
      {"DAEMON_ERR op=lost cause=kernel records=12 total=40 res=failed",
       "the kernel dropped 12 records, 40 since it started"},
      {"DAEMON_ERR op=lost cause=kernel records=1 res=failed", "the kernel dropped 1 record"},
      {"DAEMON_ERR op=lost cause=queue-full sink=log events=6 first=1.000:1 last=1.000:9 total=30 res=failed",
       "the sink log left out 6 events because of queue-full, from 1.000:1 to 1.000:9, 30 in all"},
      {"DAEMON_ERR op=lost cause=gap events=3 gaps=1 first=7 last=9 res=failed",
       "3 events of the kernel never came, between the serials 7 and 9"},
      {"DAEMON_ERR op=lost cause=registration holder=77 res=failed",
       "the kernel stopped sending records to nauditd; the process with pid 77 has them"},
      {"DAEMON_ERR op=lost cause=receive-buffer overruns=1 total=4 res=failed",
       "records did not fit the audit socket, 1 time, 4 in all"},
      {"DAEMON_ERR op=lost cause=record-too-long records=2 total=2 res=failed",
       "the ends of 2 records were cut off: they are longer than the kernel's limit, 2 in all"},
      {"DAEMON_ERR op=withheld cause=rate-limit sink=siem by=key,user key=\"exec\" auid=7 events=1 first=1.000:3 "
       "last=1.000:3 res=success",
       "the rate limit of the sink siem withheld 1 event with the key exec of auid 7, from 1.000:3 to 1.000:3"},
      {"DAEMON_ERR op=repeated sink=siem by=exe exe=\"/bin/a\" events=2 first=1.000:3 last=1.000:9 res=success",
       "the sink siem only counted 2 events like 1.000:3 of /bin/a, the last one 1.000:9"},
      {"DAEMON_ERR op=lost cause=moon events=2 res=failed", "2 events were lost because of moon"},
      {"DAEMON_ERR op=sink-state sink=siem state=disconnected cause=refused waiting=9 res=failed",
       "the sink siem cannot do all of its work: disconnected (refused); events that wait: 9"},
      {"DAEMON_RESUME op=sink-state sink=siem state=ok waiting=0 res=success",
       "the sink siem works again; events that wait: 0"},
      {"DAEMON_ERR op=load-rules res=failed", "the rules could not be loaded"},
      {"DAEMON_ERR op=load-rules added=2 removed=0 moved=0 kept=5 left_out=1 res=failed",
       "not all rules could be loaded: 2 added, 0 removed, 0 moved, 5 kept, 1 left out"},
      {"DAEMON_CONFIG op=load-rules added=2 removed=1 moved=0 kept=5 res=success",
       "nauditd loaded its rules: 2 added, 1 removed, 0 moved, 5 kept"},
      {"DAEMON_ERR op=rules-drift missing=3 unwanted=0 moved=1 res=failed",
       "somebody changed nauditd's rules: 3 missing, 0 not wanted, 1 moved"},
      {"DAEMON_ERR op=takeover-attempt opid=99 res=failed", "the process with pid 99 tried to become the audit daemon"},
      {"DAEMON_ERR op=rules-locked waiting=1 res=failed", "auditing is locked; rules that wait for a reboot: 1"},
      {"DAEMON_ERR op=lost cause=gap events=3 gaps=1 exact=no res=failed", "at most 3 events of the kernel never came"},
      {"DAEMON_ERR op=gap-late events=1 res=success", "1 event that had been told as missing came after all"},
      {"DAEMON_ERR op=auditing-off enabled=0 res=failed", "auditing is switched off in the kernel: no events are made"},
      {"DAEMON_ERR op=settings-drift backlog_limit=64 rate_limit=10 res=failed",
       "somebody changed the kernel's settings of auditing: backlog_limit 64, rate_limit 10"},
      {"DAEMON_ERR op=stall waited_ms=9 backlog=64 res=failed",
       "audited programs have to wait, 9 ms so far: the kernel's queue is full"},
      {"DAEMON_START op=start ver=0.2 auid=0 uid=0 pid=5 ses=1 previous=killed res=success",
       "the audit daemon version 0.2 started; the one before it had been killed"},
      {"DAEMON_START op=start ver=0.2 auid=0 uid=0 pid=5 ses=1 res=success",
       "root started the audit daemon version 0.2: success"},
      {"DAEMON_ACCEPT op=tail auid=1000 uid=0 ses=3 pid=42 subj=unconfined res=success",
       "the process with pid 42 began to read the stream of events"},
      // What no row has is told by its own words.
      {"DAEMON_ERR op=moon-phase cause=full res=failed", "the audit daemon reported moon phase because of full"},
      {"DAEMON_ERR op=lost cause=\x1b[1m res=failed", "were lost because of \\x1b[1m"},
  };
  for (const auto& [record, wanted] : rows) {
    INFO(record);
    CHECK(sentence({record}) == wanted);
  }
  // Each row can be told.
  for (const DaemonSentence& row : daemon_sentences()) {
    INFO(row.op << ' ' << row.cause);
    std::string record = std::string(row.record.empty() ? "DAEMON_CONFIG" : row.record) + " op=" + std::string(row.op);
    if (!row.cause.empty()) record += " cause=" + std::string(row.cause);
    if (!row.needs.empty()) record += " " + std::string(row.needs) + "=7";
    bool is_field = false;
    for (const char c : row.words) {
      if (c == '{') record += ' ', is_field = true;
      if (is_field && c != '{' && c != '}') record += c;
      if (c == '}') record += row.cause.empty() && record.ends_with(" cause") ? "=x" : "=7", is_field = false;
    }
    CHECK(sentence({record}).starts_with(row.words.substr(0, row.words.find_first_of("{["))));
    CHECK(sentence({record}).find_first_of("{}[]") == std::string::npos);
    CHECK(sentence({record}).find("reported") == std::string::npos);
  }
}

TEST_CASE("AppArmor's letters are words") {
  const auto of = [](std::string_view mask) {
    std::string out;
    return append_file_rights(mask, out) ? out : "?" + out;
  };
  CHECK(of("r") == "read");
  CHECK(of("rw") == "read and write");
  CHECK(of("wc::") == "write and create");
  CHECK(of("mrx") == "read, execute and map");
  CHECK(of("l") == "link");
  CHECK(of("send") == "?");
  CHECK(of("receive") == "?");
  CHECK(of("") == "?");
}

TEST_CASE("nothing in a record steers the terminal, and text in other scripts stays readable") {
  CHECK(sentence({"USER_LOGIN pid=1 msg='acct=1B5B316D00C2851FC39FC39FE282AC80'"}) ==
        "pid 1 logged in \\x1b[1m\\x00\\xc2\\x85\\x1f\xc3\x9f\xc3\x9f\xe2\x82\xac\\x80");
  const std::string line =
      sentence({call(59, "comm=\"\x1b\" exe=0A1B"), "EXECVE argc=1 a0=0D0A", "PATH name=1B", "CWD cwd=\"\x7f\""});
  for (const char byte : line) CHECK((static_cast<unsigned char>(byte) >= 0x20 && byte != 0x7F));
}

TEST_CASE("a verb without an object loses what leads to one") {
  const auto words = [](std::string_view action, bool object) {
    std::string out;
    append_verb_phrase(action, object, out);
    return out;
  };
  CHECK(words("sent-to", true) == "sent to");
  CHECK(words("sent-to", false) == "sent data");
  CHECK(words("opened-file", true) == "opened");
  CHECK(words("opened-file", false) == "opened a file");
  CHECK(words("changed-file-permissions-of", false) == "changed permissions of a file");
  CHECK(words("added-user-account", false) == "added a user");
  CHECK(words("logged-in", false) == "logged in");
  CHECK(words("getpid", false) == "getpid");
  CHECK(words("", false).empty());
}

}  // namespace
}  // namespace naudit::formats
