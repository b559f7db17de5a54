// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "config/validate.hpp"

#include "config/loader.hpp"
#include "tests/support/catch.hpp"

using namespace naudit::config;
using namespace naudit::base;
using Catch::Matchers::Contains;

namespace {

std::string problems_of(const std::string& text) {
  try {
    parse(text, "/f.yaml");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

std::string sink(const std::string& text) {
  return problems_of("sinks:\n  - {name: a, " + text + "}\n");
}

}  // namespace

TEST_CASE("two sinks cannot share a name or a file", "[validate]") {
  CHECK(problems_of("sinks:\n- {name: a, type: file, path: /x}\n- {name: a, type: file, path: /y}\n") ==
        "/f.yaml:3:10: two sinks have the name 'a'; each needs its own");
  CHECK(problems_of("sinks:\n- {name: a, type: file, path: /x}\n- {name: b, type: file, path: /y/../x}\n") ==
        "/f.yaml:3:31: two sinks write to '/x'; each needs a file of its own");
}

TEST_CASE("a sink's name is a word that a command line can hold", "[validate]") {
  for (const char* name : {"''", "'a b'", "a/b", "'é'"}) {
    INFO(name);
    CHECK_THAT(problems_of("sinks: [{type: file, path: /x, name: " + std::string(name) + "}]"),
               Contains("expected a name of at most 64"));
  }
}

TEST_CASE("a file sink needs a file, not a directory", "[validate]") {
  CHECK_THAT(sink("type: file, path: /var/log/"), Contains("not the directory '/var/log/'"));
}

TEST_CASE("a tcp address needs a host and a port", "[validate]") {
  CHECK(sink("type: tcp, address: '[::1]:6514'").empty());
  CHECK_THAT(sink("type: tcp, address: siem.example"), Contains("2:35: expected host:port"));
}

TEST_CASE("a url is https, or http on loopback", "[validate]") {
  CHECK(sink("type: https, url: 'http://localhost:8080/x'").empty());
  CHECK_THAT(sink("type: https, url: 'http://siem.example/x'"), Contains("readable by anybody"));
  CHECK_THAT(sink("type: https, url: siem.example"), Contains("expected a URL"));
  CHECK_THAT(sink("type: https, url: 'https://u:p@h/'"), Contains("token_file"));
  CHECK_THAT(sink("type: https, url: 'http://[::1]/', tls: {ca: /x}"), Contains("starts with http://"));
  CHECK_THAT(sink("type: https, url: 'https://h/', tls: false"), Contains("contradicts"));
}

TEST_CASE("a certificate and its key come together", "[validate]") {
  CHECK_THAT(sink("type: tcp, address: 'h:1', tls: {certificate: /c}"), Contains("needs its 'key'"));
  CHECK_THAT(sink("type: tcp, address: 'h:1', tls: {key: /k}"), Contains("needs its 'certificate'"));
  CHECK(sink("type: tcp, address: 'h:1', tls: {key: /k, certificate: /c}").empty());
}

TEST_CASE("a CA that nothing is verified against is refused", "[validate]") {
  CHECK_THAT(sink("type: tcp, address: 'h:1', tls: {ca: /c, verify: false}"), Contains("pose as the server"));
}

TEST_CASE("a queue that is smaller than a batch is refused", "[validate]") {
  CHECK_THAT(sink("type: https, url: 'https://h/', queue: {size: 64KiB}"),
             Contains("a batch of 1MiB never fits into the queue of 64KiB"));
}

TEST_CASE("the first wait is not longer than the longest", "[validate]") {
  CHECK_THAT(sink("type: tcp, address: 'h:1', retry: {first: 1h}"), Contains("longer than the longest"));
}

TEST_CASE("quiet is shorter than timeout", "[validate]") {
  CHECK(problems_of("events: {quiet: 3s}") ==
        "/f.yaml:1:17: quiet, 3s, is longer than timeout, 2s; it has to be shorter");
}
