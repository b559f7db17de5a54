// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/auditctl/syntax.hpp"
#include "rules/rule/perm_mask.hpp"
#include "tables/syscalls.hpp"
#include "tests/rules/support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::rules {
namespace {

using test::machine;
using test::parse;
using test::rule;
using test::warnings;

struct Refusal {
  const char* line;
  const char* message;
};

TEST_CASE("each mistake gives auditctl's message") {
  const Refusal refusals[] = {
      {"-F auid=0", "List must be given before field"},
      {"-a always,exit -F auid", "-F missing operation for auid"},
      {"-a always,exit -F auid=", "-F missing value after operation for auid"},
      {"-a always,exit -F =1", "-F missing field name before operator for "},
      {"-a always,exit -F foo=1", "-F unknown field: foo"},
      {"-a always,exit -F auid&gt;=1000", "-F unknown field: auid&gt;"},
      {"-a always,exit -F auid=nobody-here", "Unknown user: nobody-here"},
      {"-a always,exit -F gid=unset", "Unknown group: unset"},
      {"-a always,exit -F pid=x", "-F value should be number for pid"},
      {"-a always,exit -F exit=EFOO", "-F unknown errno - exit"},
      {"-a always,exit -F filetype=foo", "-F unknown file type -  filetype"},
      {"-a always,exclude -F msgtype=foo", "-F unknown message type - msgtype"},
      {"-a always,exit -F msgtype=USER", "msgtype field can only be used with exclude or user filter list"},
      {"-a always,task -F ppid=1", "ppid can only be used with exit filter list"},
      {"-a always,exclude -F ppid=1", "ppid can only be used with exit filter list"},
      {"-a always,task -F sessionid=1", "sessionid must be used with exclude, user, or exit filter"},
      {"-a always,exit -F fstype=tracefs", "fstype field is not valid for the filter"},
      {"-a always,filesystem -F fstype=foo", "file system type is unknown for field: fstype"},
      {"-a always,exit -F arch>b64", "arch only takes = or != operators"},
      {"-a always,exit -F arch=foo", "arch elf mapping not found"},
      {"-a always,exit -S 59 -F arch=b64", "arch must be before -S"},
      {"-a always,exit -F perm=z", "Permission can only contain  'rwxa'"},
      {"-a always,exit -F perm=rwxar", "String value too long"},
      {"-a always,exit -F perm!=r", "perm only takes = operator"},
      {"-a always,exit -F exe>/bin/ls", "exe only takes = or != operators"},
      {"-a always,exit -F inode>1", "inode only takes = or != operators"},
      {"-a always,exit -F saddr_fam=99", "value is too large for field: saddr_fam"},
      {"-a always,exit -F auid=1 -k x", "key option needs a watch or syscall given prior to it"},
      {"-a always,exit -F auid=1 -F key=x", "Key field needs a watch, syscall or exe path given prior to it"},
      {"-a always,exit -S nosuch", "Syscall name unknown: nosuch"},
      {"-a always,exit -S 2048", "Syscall name unknown: 2048"},
      {"-a always,exit -F arch=b64 -S stime", "Syscall name unknown: stime"},
      {"-a always,task -S open", "Error: syscall auditing being added to task list"},
      {"-a always,exclude -S open", "Error: syscall auditing cannot be put on exclude list"},
      {"-a always,entry -S open", "Append rule - bad keyword always,entry"},
      {"-A always", "Add rule - bad keyword always"},
      {"-d always,exit,x", "Delete rule - bad keyword always,exit,x"},
      {"-a always,exit -w /etc/passwd", "watch option can't be given with a syscall"},
      {"-w etc", "The path must start with '/'"},
      {"-w /etc -p wz", "Permission z isn't supported"},
      {"-w /etc -p rwxar", "permission rwxar is too long"},
      {"-p wa", "permission option needs a watch given prior to it"},
      {"-a always,exit -p wa", "Permissions should be preceded by other fields"},
      {"-a always,exit -C uid=gid", "-C incompatible comparison uid"},
      {"-a always,exit -C uid>euid", "uid>euid only takes = or != operators"},
      {"-a always,exit -C foo=uid", "-C unknown field: foo"},
      {"-a always,exit -C uid=foo", "-C unknown right hand value for comparison with: uid"},
      {"-a always,exit extra", "parameter passed without an option given"},
      {"-a always,exit -S", "Option -S is invalid"},
      {"--reset", "Option --reset is invalid"},
      {"-e 3", "Enable must be 0, 1, or 2 was 3"},
      {"-f x", "Failure must be 0, 1, or 2 was x"},
      {"-b x", "Backlog must be a numeric value was x"},
      {"-r 99999999999999999999999", "Error converting rate"},
      {"--backlog_wait_time x", "Backlog_wait_time must be a numeric value was x"},
      {"-q /a", "Error parsing equivalent parts"},
      {"-l -x", "Only -k or -i options are allowed"},
      {"-s x", "Only -i option is allowed"},
      {"-D x", "Wrong number of options for Delete all request"},
      {"-R file", "Error - nested rule files not supported"},
      {"-S open", "Error - no list specified"},
  };
  for (const Refusal& refusal : refusals) {
    INFO(refusal.line);
    const Command command = parse(refusal.line);
    CHECK(command.failed);
    CHECK(command.error == refusal.message);
  }
}

TEST_CASE("numbers are read in any base, and only 32 bits are kept") {
  CHECK(rule("-a always,exit -F pid=0x10").rule.fields.at(0).value == 16);
  CHECK(rule("-a always,exit -F uid=010").rule.fields.at(0).value == 8);
  CHECK(rule("-a always,exit -F a0=0x1ffffffff").rule.fields.at(0).value == 0xFFFFFFFF);
  CHECK(rule("-a always,exit -F a1=-1").rule.fields.at(0).value == 0xFFFFFFFF);
  CHECK(rule("-a always,exit -F exit=-EACCES").rule.fields.at(0).value == static_cast<std::uint32_t>(-13));
  CHECK(rule("-a always,exit -F auid=unset").rule.fields.at(0).value == kUnset);
  CHECK(rule("-a always,exit -F gid=adm").rule.fields.at(0).value == 4);
}

TEST_CASE("names are found in any case") {
  CHECK(rule("-a always,exit -F ARCH=B64 -S EXECVE").rule == rule("-a always,exit -F arch=b64 -S execve").rule);
}

TEST_CASE("a value may contain an operator") {
  CHECK(rule("-a always,exit -F path=/a>=b").rule.fields.at(0).text == "/a>=b");
  CHECK(rule("-a always,exit -F exe=/a!=b").rule.fields.at(0).text == "/a!=b");
  CHECK(rule("-a always,exit -S 59 -F key=a!=b").rule.keys() == std::vector<std::string>{"a!=b"});
}

TEST_CASE("keys become one field at the end, joined by the separator") {
  const Rule joined = rule("-a always,exit -S 59 -k a -F auid=1 -F key=b").rule;
  REQUIRE(joined.fields.size() == 2);
  CHECK(joined.fields[1].text == std::string("a\x01"
                                             "b"));
  CHECK(joined.keys() == std::vector<std::string>{"a", "b"});
}

TEST_CASE("256 bytes of keys fit, one more does not") {
  CHECK_FALSE(parse("-a always,exit -S 59 -k " + std::string(256, 'x')).failed);
  CHECK(parse("-a always,exit -S 59 -k " + std::string(257, 'x')).error == "key option exceeds size limit");
  CHECK(parse("-a always,exit -S 59 -k " + std::string(200, 'x') + " -k " + std::string(56, 'y')).failed);
}

TEST_CASE("63 fields fit, as in auditctl") {
  std::string line = "-a always,exit";
  for (int i = 0; i < 63; ++i) line += " -F auid=" + std::to_string(i);
  CHECK(rule(line).rule.fields.size() == 63);
  CHECK(parse(line + " -F auid=63").error == "Too many fields in rule: auid=63");
}

TEST_CASE("a watch is a directory when the path is one now") {
  CHECK(rule("-w /etc/ -p wa").rule.fields.at(0) == Field{FieldId::kDir, Operator::kEqual, 0, "/etc"});
  CHECK(rule("-w /etc/passwd -p wa").rule.fields.at(0).id == FieldId::kPath);
  CHECK(rule("-w /nope/").rule.fields.at(0) == Field{FieldId::kPath, Operator::kEqual, 0, "/nope"});
  CHECK(rule("-w /etc").rule.fields.at(1).value == kPermAll);
}

TEST_CASE("no system call means all of them, but none on the task list") {
  CHECK(rule("-a always,exit").rule.syscalls == SyscallMask::all());
  CHECK(rule("-a always,user -F uid=0").rule.syscalls == SyscallMask::all());
  CHECK(rule("-a always,task").rule.syscalls.empty());
}

TEST_CASE("permissions with an arch ask for their system calls only, and the older mask is known") {
  const WantedRule wanted = rule("-a always,exit -F arch=b64 -F path=/etc/passwd -F perm=x");
  CHECK(wanted.rule.syscalls.numbers() == std::vector<std::uint32_t>{59, 322});
  REQUIRE(wanted.older_masks.size() == 2);
  CHECK(wanted.older_masks[0] == SyscallMask::all());
  CHECK(wanted.older_masks[1].numbers() == std::vector<std::uint32_t>{59});
  const WantedRule with = rule("-a always,exit -F arch=b64 -S chmod -F perm=x");
  CHECK(with.rule.syscalls.numbers() == std::vector<std::uint32_t>{59, 90, 322});
  REQUIRE_FALSE(with.older_masks.empty());
  CHECK(with.older_masks[0].numbers() == std::vector<std::uint32_t>{90});
}

TEST_CASE("permissions without an arch keep every system call, with a warning") {
  const Command command = parse("-a always,exit -F path=/etc/passwd -F perm=x");
  CHECK(warnings(command) == std::vector<std::string>{"perm used without an arch is slower"});
  CHECK(rule("-a always,exit -F path=/etc/passwd -F perm=x").rule.syscalls == SyscallMask::all());
  CHECK(warnings(parse("-d always,exit -F path=/etc/passwd -F perm=x")).empty());
}

TEST_CASE("the mask of auditctl 3 can be asked for") {
  Environment older = machine();
  older.perm_style = PermStyle::kAll;
  const WantedRule wanted = rule("-a always,exit -F arch=b64 -F path=/etc/passwd -F perm=x", older);
  CHECK(wanted.rule.syscalls == SyscallMask::all());
  CHECK(wanted.older_masks.empty());
}

TEST_CASE("a system call that means another one to the other ABI is warned of, once") {
  const std::string text = "WARNING - 32/64 bit syscall mismatch, you should specify an arch";
  CHECK(warnings(parse("-a always,exit -S open -S close")) == std::vector<std::string>{text});
  CHECK(warnings(parse("-a always,exit -S openat2")).empty());
  CHECK(warnings(parse("-a always,exit -F arch=b64 -S open")).empty());
  CHECK(warnings(parse("-d always,exit -S open")).empty());
}

TEST_CASE("b32 and b64 are this machine's; others go by name or number") {
  CHECK(rule("-a always,exit -F arch=b64").rule.arch() == tables::kArchX86_64);
  CHECK(rule("-a always,exit -F arch=b32").rule.arch() == tables::kArchI386);
  CHECK(rule("-a always,exit -F arch=aarch64").rule.arch() == tables::kArchAarch64);
  CHECK(rule("-a always,exit -F arch=c000003e").rule.arch() == tables::kArchX86_64);
  CHECK(rule("-a always,exit -F arch=3221225534").rule.arch() == tables::kArchX86_64);
}

TEST_CASE("io_uring rules name ring operations") {
  const Rule ring = rule("-a always,io_uring -S openat -k ring").rule;
  CHECK(ring.syscalls.test(tables::uring_op("openat").value()));
  CHECK(ring.list == List::kIoUring);
}

TEST_CASE("several settings on one line are taken in order, and the status is shown once") {
  const Command command = parse("-e 1 -b 100");
  REQUIRE(command.steps.size() == 3);
  CHECK(std::get<step::SetStatus>(command.steps[0]).change.enabled == 1U);
  CHECK(std::get<step::SetStatus>(command.steps[1]).change.backlog_limit == 100U);
  CHECK_FALSE(std::get<step::ShowStatus>(command.steps[2]).features);
}

TEST_CASE("what auditctl does before it finds a mistake is done") {
  const Command command = parse("-e 1 -f 7");
  CHECK(command.failed);
  CHECK(command.steps.size() == 1);
}

TEST_CASE("the possible action is eaten with a warning") {
  const Command command = parse("-a exit,possible");
  CHECK_FALSE(command.failed);
  CHECK(warnings(command) == std::vector<std::string>{"Append rule - possible is deprecated"});
  CHECK(parse("-a possible,exit").error == "Append rule - bad keyword possible,exit");
}

TEST_CASE("long options may be cut short, and options may be glued to their arguments") {
  CHECK(std::holds_alternative<step::ResetLost>(parse("--reset-l").steps.at(0)));
  CHECK(std::get<step::SignalDaemon>(parse("--signal=TERM").steps.at(0)).word == "TERM");
  CHECK(rule("-aalways,exit -S59 -kx").rule == rule("-a always,exit -S 59 -k x").rule);
}

TEST_CASE("a kernel without a feature gets no field that needs it") {
  Environment old = machine();
  old.features = 0;
  CHECK(parse("-a always,exit -F exe=/bin/ls", old).error == "Field option not supported by kernel: exe");
  CHECK(parse("-a always,exit -F sessionid=1", old).error == "Field option not supported by kernel: sessionid");
  CHECK(parse("-a always,exclude -F uid=1", old).error == "Field option not supported by kernel: uid");
  CHECK_FALSE(parse("-a always,exclude -F msgtype=CWD", old).failed);
}

}  // namespace
}  // namespace naudit::rules
