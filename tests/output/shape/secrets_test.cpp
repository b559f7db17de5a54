// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/shape/secrets.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "tests/support/catch.hpp"

namespace naudit::output::shape {
namespace {

using Catch::Matchers::Contains;

// The text with its secrets in angle brackets; `~` stands for the NUL between two arguments.
std::string shown(std::string text, const config::Redact& wanted = {true, true, {}}) {
  std::ranges::replace(text, '~', '\0');
  std::vector<Range> ranges;
  Secrets(wanted).find(text, ranges);
  std::string out;
  std::size_t at = 0;
  for (const Range& range : ranges) {
    REQUIRE(range.begin >= at);
    REQUIRE(range.end > range.begin);
    out += text.substr(at, range.begin - at) + '<' + text.substr(range.begin, range.end - range.begin) + '>';
    at = range.end;
  }
  out += text.substr(at);
  std::ranges::replace(out, '\0', '~');
  return out;
}

TEST_CASE("options and variables that are called a secret have one") {
  CHECK(shown("x~--password~a b~--token=c d~y") == "x~--password~<a b>~--token=<c d>~y");
  CHECK(shown("x~-Password:abc~/pw:y") == "x~-Password:<abc>~/pw:<y>");
  CHECK(shown("env~PGPASSWORD=a b~psql") == "env~PGPASSWORD=<a b>~psql");
  CHECK(shown("export AWS_SECRET_ACCESS_KEY=abc") == "export AWS_SECRET_ACCESS_KEY=<abc>");
  CHECK(shown("sudo mysql --password=abc db") == "sudo mysql --password=<abc> db");
  CHECK(shown("sudo x --api-key abc db") == "sudo x --api-key <abc> db");
  CHECK(shown("aws~configure~set~aws_secret_access_key~abc") == "aws~configure~set~aws_secret_access_key~<abc>");
  CHECK(shown("openssl~rsa~-passin~pass:abc").find("abc>") != std::string::npos);
  CHECK(shown("a~--password") == "a~--password");
}

TEST_CASE("a value in quotes or JSON is hidden to its end") {
  CHECK(shown(R"(curl~-d~{"password":"a\"b","x":1}~h)") == R"(curl~-d~{"password":<"a\"b>","x":1}~h)");
  CHECK(shown(R"(sh~-c~x -d "{\"token\": \"abc\"}")").find("abc") >
        shown(R"(sh~-c~x -d "{\"token\": \"abc\"}")").find('<'));
  CHECK(shown("sh~-c~x --password 'a b' c") == "sh~-c~x --password <'a b>' c");
  CHECK(shown("x~https://h/?token=abc&y=1") == "x~https://h/?token=<abc&y=1>");
}

TEST_CASE("programs whose short options take a secret") {
  CHECK(shown("mysql~-u~jo~-pabc~x") == "mysql~-u~jo~-p<abc>~x");
  CHECK(shown("/usr/bin/mysqldump~-pa b~x") == "/usr/bin/mysqldump~-p<a b>~x");
  CHECK(shown("mysql~-u~jo~-p~db") == "mysql~-u~jo~-p~db");
  CHECK(shown("sh~-c~mysql -ujo -pabc db") == "sh~-c~mysql -ujo -p<abc> db");
  CHECK(shown("curl~-u~jo:abc~https://h/") == "curl~-u~jo:<abc>~https://h/");
  CHECK(shown("curl~-ujo:abc~-U~x:y~h") == "curl~-ujo:<abc>~-U~x:<y>~h");
  CHECK(shown("sshpass~-p~abc~ssh~h") == "sshpass~-p~<abc>~ssh~h");
  CHECK(shown("sshpass~-pabc~ssh~h") == "sshpass~-p<abc>~ssh~h");
  CHECK(shown("redis-cli~-h~x~-a~abc~ping") == "redis-cli~-h~x~-a~<abc>~ping");
  CHECK(shown("docker~login~-u~x~-p~abc~h") == "docker~login~-u~x~-p~<abc>~h");
  CHECK(shown("smbclient~-U~jo%abc~//h/s") == "smbclient~-U~jo%<abc>~//h/s");
  CHECK(shown("ldapsearch~-x~-w~abc") == "ldapsearch~-x~-w~<abc>");
  CHECK(shown("zip~-r~-P~abc~x") == "zip~-r~-P~<abc>~x");
  CHECK(shown("openssl~enc~-k~abc~-in~f") == "openssl~enc~-k~<abc>~-in~f");
}

TEST_CASE("headers, addresses and keys that are known by their looks") {
  CHECK(shown("curl~-H~Authorization: Bearer abc.def~https://h") ==
        "curl~-H~Authorization: <Bearer abc.def>~https://h");
  CHECK(shown("sh~-c~curl -H 'X-Auth-Token: abc' h") == "sh~-c~curl -H 'X-Auth-Token: <abc'> h");
  CHECK(shown("x~bearer abcdefgh") == "x~bearer <abcdefgh>");
  CHECK(shown("git~clone~https://jo:p@ss@h/r.git") == "git~clone~https://jo:<p@ss>@h/r.git");
  CHECK(shown("psql~postgresql://jo:abc@h:5432/db") == "psql~postgresql://jo:<abc>@h:5432/db");
  CHECK(shown("echo~AKIAABCDEFGHIJKLMNOP") == "echo~<AKIAABCDEFGHIJKLMNOP>");
  CHECK(shown("echo~ghp_0123456789") == "echo~<ghp_0123456789>");
  CHECK(shown("echo~eyJhbGciOi.eyJzdWIi.c2ln") == "echo~<eyJhbGciOi.eyJzdWIi.c2ln>");
  CHECK(shown("echo~-----BEGIN RSA PRIVATE KEY-----\nabc~x") == "echo~-----BEGIN RSA PRIVATE KEY-----<\nabc>~x");
}

TEST_CASE("what only looks like it stays") {
  for (const char* const text :
       {"ls~-la~/tmp/password", "compass~north", "vim~/etc/passwd", "passwd~jo", "cat~/run/secrets/token",
        "docker~run~-p~80:80~img", "curl~https://h:80/x", "ssh-keygen~-N~~-f~x", "x~-p~y", ""})
    CHECK(shown(text) == text);
}

TEST_CASE("patterns of one's own hide their groups, or all that they match") {
  config::Redact own{.enabled = true, .builtin = false, .patterns = {"id=(\\d+)-(\\d+)", "sesame"}};
  CHECK(shown("x~id=12-34~sesame~--password=y", own) == "x~id=<12>-<34>~<sesame>~--password=y");
  own.patterns = {"a\\x00b"};
  CHECK(shown("a~b", own) == "<a~b>");
  own.patterns = {"ab", "bc", "c", "e"};
  CHECK(shown("abcde", own) == "<abc>d<e>");
  own.builtin = true;
  CHECK(shown("ab~--token~x", own) == "<ab>~--tok<e>n~<x>");
}

TEST_CASE("bytes that are no text are bytes") {
  const config::Redact own{.enabled = true, .builtin = false, .patterns = {"\\xff(.)"}};
  CHECK(shown("a\xff\xfe", own) == "a\xff<\xfe>");
  CHECK(shown("x~--password~\xff\xfe y") == "x~--password~<\xff\xfe y>");
}

TEST_CASE("a pattern that is none, or that matches nothing at all, is refused") {
  const auto mistake = [](std::vector<std::string> patterns) {
    const auto found = pattern_mistake({.enabled = true, .builtin = true, .patterns = std::move(patterns)});
    return found ? std::to_string(found->pattern) + ' ' + found->message : std::string();
  };
  CHECK(mistake({"a", "b+"}).empty());
  CHECK_THAT(mistake({"a", "(b"}), Contains("1 '(b' is no regular expression of RE2: missing )"));
  CHECK_THAT(mistake({"(?=a)"}), Contains("is no regular expression of RE2"));
  CHECK_THAT(mistake({"a*"}), Contains("0 'a*' matches an empty text"));
  CHECK_THROWS_AS(Secrets({.enabled = true, .builtin = true, .patterns = {"("}}), base::Error);
}

TEST_CASE("a long text takes time that grows with its length alone") {
  // An engine that goes back and forth would not end with these.
  const config::Redact own{.enabled = true, .builtin = true, .patterns = {"(a+)+b"}};
  CHECK(shown(std::string(200'000, 'a'), own) == std::string(200'000, 'a'));
  const std::string quotes(100'000, '\\');
  CHECK(shown("password=" + quotes, own) == "password=<" + quotes + ">");
}

}  // namespace
}  // namespace naudit::output::shape
