// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/http/secret_file.hpp"

#include <filesystem>

#include "tests/output/sink_support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::output {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;

}  // namespace

TEST_CASE("a token file must be ours alone and hold one word") {
  const tests::TempDir directory;
  const std::string path = directory.file("token");
  tests::write_file(path, " \t s3cret=/+ \r\n", fs::perms{0600});
  CHECK(read_secret("siem", SecretKind::kToken, path) == "s3cret=/+");
  fs::permissions(path, fs::perms{0640});
  CHECK_THROWS_WITH(read_secret("siem", SecretKind::kToken, path),
                    Contains("can be read by others; run: chmod 600 " + path));
  tests::write_file(path, " \n", fs::perms{0600});
  CHECK_THROWS_WITH(read_secret("siem", SecretKind::kToken, path), Contains("is empty"));
  tests::write_file(path, "one two", fs::perms{0600});
  CHECK_THROWS_WITH(read_secret("siem", SecretKind::kToken, path), Contains("more than one word"));
  tests::write_file(path, "one\r\nX-Other: two", fs::perms{0600});
  CHECK_THROWS_WITH(read_secret("siem", SecretKind::kToken, path), Contains("more than one word"));
  tests::write_file(path, std::string(70'000, 'x'), fs::perms{0600});
  CHECK_THROWS_WITH(read_secret("siem", SecretKind::kToken, path), Contains("larger than 64 KiB"));
  CHECK_THROWS_WITH(read_secret("siem", SecretKind::kToken, directory.file(".")), Contains("is not a regular file"));
}

TEST_CASE("a password file holds one line, which may have blanks and any letters") {
  const tests::TempDir directory;
  const std::string path = directory.file("password");
  tests::write_file(path, "pass: w\xc3\xb6rd \n", fs::perms{0600});
  CHECK(read_secret("siem", SecretKind::kPassword, path) == "pass: w\xc3\xb6rd");
  tests::write_file(path, "one\ntwo", fs::perms{0600});
  CHECK_THROWS_WITH(read_secret("siem", SecretKind::kPassword, path),
                    Contains("sink 'siem': password_file: " + path + " has more than one line"));
}

}  // namespace naudit::output
