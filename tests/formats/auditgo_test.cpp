// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <string>

#include <rapidjson/document.h>

#include "formats/auditgo/encoder.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::formats {
namespace {

std::string encode(const std::string& records, bool interpret = true) {
  return tests::Encoding("audit-go", AuditGoOptions{interpret})(records);
}

TEST_CASE("audit-go has a line a record, all values texts") {
  const std::string call = "audit(1470138233.093:7630): arch=c000003e syscall=257 exit=-13 uid=0 auid=1000 comm=6120";
  const std::string records = "type=SYSCALL msg=" + call + "\ntype=CWD msg=audit(1470138233.093:7630): cwd=\"/root\"\n";
  const std::string head = R"({"Serial":"7630","Timestamp":"1470138233.093","Type":)";
  CHECK(encode(records) ==
        head + R"("SYSCALL","Data":{"arch":"x86_64","syscall":"openat","exit":"EACCES","uid":"root","auid":"jo",)" +
            R"("comm":"a "},"Raw":")" + call + "\"}\n" + head + R"("CWD","Data":{"cwd":"/root"},"Raw":)" +
            R"-("audit(1470138233.093:7630): cwd=\"/root\""})-" + "\n");
  CHECK(encode(records, false).find(R"("syscall":"257","exit":"-13")") != std::string::npos);
}

TEST_CASE("audit-go flattens what a program said, and never over the kernel's word") {
  const std::string text =
      encode("type=USER_LOGIN msg=audit(1.000:2): pid=9 uid=0 msg='op=login acct=\"jo\" uid=1000 res=success'\n");
  rapidjson::Document json;
  json.Parse(text.data(), text.size());
  REQUIRE_FALSE(json.HasParseError());
  CHECK(json["Data"]["acct"] == "jo");
  CHECK(json["Data"]["uid"] == "root");
  CHECK(json["Data"].MemberCount() == 5);
  const std::string avc = encode("type=AVC msg=audit(1.000:2): avc:  denied  { read write } for  pid=1\n");
  CHECK(avc.find(R"("seresult":"denied","seperms":"read,write","pid":"1")") != std::string::npos);
}

}  // namespace
}  // namespace naudit::formats
