// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/net/endpoint.hpp"

#include "tests/support/catch.hpp"

using namespace naudit::output;

TEST_CASE("an endpoint is a host and a port", "[endpoint]") {
  CHECK(parse_endpoint("siem.example:6514") == Endpoint{"siem.example", 6514});
  CHECK(parse_endpoint("10.0.0.1:1") == Endpoint{"10.0.0.1", 1});
  CHECK(parse_endpoint("[2001:db8::1]:65535") == Endpoint{"2001:db8::1", 65535});
  for (const char* text : {"", "host", "host:", "host:0", "host:65536", "host:12a", ":80", "2001:db8::1:80", "[::1]",
                           "[::1", "[x]:80", "ho st:80", "[::1]80", "host:80/"}) {
    INFO(text);
    CHECK_FALSE(parse_endpoint(text).has_value());
  }
}

TEST_CASE("a url has a default port and a target that can stand in a request line", "[endpoint]") {
  CHECK(parse_url("https://siem.example") == Url{true, {"siem.example", 443}, "/"});
  CHECK(parse_url("http://[::1]:9200/_bulk?pipeline=x") == Url{false, {"::1", 9200}, "/_bulk?pipeline=x"});
  CHECK(parse_url("https://h?x") == Url{true, {"h", 443}, "/?x"});
  for (const char* text : {"", "siem.example", "ftp://h/", "https://", "https:///x", "https://u:p@h/", "https://h/#f",
                           "https://h/a b", "https://h/a\r\nX: y", "https://h:0/", "HTTPS//h"}) {
    INFO(text);
    CHECK_FALSE(parse_url(text).has_value());
  }
}

TEST_CASE("loopback is told from what leaves the machine", "[endpoint]") {
  for (const char* host : {"localhost", "127.0.0.1", "127.9.9.9", "::1"}) CHECK(is_loopback(host));
  for (const char* host : {"localhost.example", "128.0.0.1", "::2", "0.0.0.0", ""}) CHECK_FALSE(is_loopback(host));
}
