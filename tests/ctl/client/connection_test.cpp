// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/client/connection.hpp"

#include <fstream>

#include "base/error.hpp"
#include "tests/ctl/scripted_daemon.hpp"
#include "tests/support/catch.hpp"

using Catch::Matchers::Contains;
using naudit::ctl::ControlClient;
using naudit::tests::ScriptedDaemon;
using naudit::tests::TempDir;

namespace {

std::string error_of(const std::string& path, std::chrono::milliseconds patience = ControlClient::kPatience) {
  try {
    ControlClient(path, patience).ask("{}");
  } catch (const naudit::base::Error& error) {
    return error.what();
  }
  return "no error";
}

std::string error_for(const std::string& answer) {
  const ScriptedDaemon daemon(answer);
  return error_of(daemon.path());
}

}  // namespace

TEST_CASE("a request is one line, and so is its answer") {
  ScriptedDaemon daemon("{\"ok\":true,\"n\":1}\nmore");
  {
    ControlClient client(daemon.path());
    CHECK(client.ask(R"({"command":"status"})")["n"].GetInt() == 1);
  }
  CHECK(daemon.request() == "{\"command\":\"status\"}\n");
}

TEST_CASE("what follows the answer is the stream, from its first byte") {
  const ScriptedDaemon daemon("{\"ok\":true}\none\ntwo\n");
  ControlClient client(daemon.path());
  client.ask("{}");
  std::string all;
  CHECK(client.stream([&all](std::string_view bytes) {
    all += bytes;
    return true;
  }));
  CHECK(all == "one\ntwo\n");
}

TEST_CASE("a stream ends when its reader wants no more") {
  const ScriptedDaemon daemon("{\"ok\":true}\none\n");
  ControlClient client(daemon.path());
  client.ask("{}");
  CHECK_FALSE(client.stream([](std::string_view) { return false; }));
}

TEST_CASE("what the daemon refuses is an error with its words") {
  CHECK(error_for("{\"ok\":false,\"error\":\"a:1:2: no\\nb:3:4: no\"}\n") == "a:1:2: no\nb:3:4: no");
  CHECK_THAT(error_for("{\"ok\":false}\n"), Contains("without a reason"));
}

TEST_CASE("an answer that is none is an error, whatever it is") {
  CHECK_THAT(error_for("hello\n"), Contains("is no nauditd") && Contains("'hello'"));
  CHECK_THAT(error_for("[]\n"), Contains("is no nauditd"));
  CHECK_THAT(error_for("{\"ok\":1}\n"), Contains("is no nauditd"));
  CHECK_THAT(error_for("\n"), Contains("is no nauditd"));
  CHECK_THAT(error_for("{\"ok\":true}"), Contains("hung up without an answer"));
}

TEST_CASE("an answer without an end, or nested without one, is cut off") {
  CHECK_THAT(error_for(std::string((std::size_t{64} << 20U) + 1, 'x')), Contains("its answer has no end"));
  CHECK_THAT(error_for(R"({"ok":true,"x":)" + std::string(2'000'000, '[') + "\n"), Contains("is no nauditd"));
  CHECK(error_for(R"({"ok":true,"x":")" + std::string(100, '[') + "\\\"" + std::string(100, '{') + "\"}\n") ==
        "no error");
  CHECK(error_for(R"({"ok":true,"x":)" + std::string(30, '[') + std::string(30, ']') + "}\n") == "no error");
}

TEST_CASE("a daemon that does not answer is an error after a while") {
  const ScriptedDaemon daemon("");
  CHECK_THAT(error_of(daemon.path(), std::chrono::milliseconds{20}), Contains("waited 20ms"));
}

TEST_CASE("a daemon that does not run is an error that says how to start it") {
  const TempDir directory;
  const std::string path = directory.file("control.sock");
  CHECK_THAT(error_of(path), Contains("not running") && Contains(path) && Contains("systemctl start nauditd"));
  {
    boost::asio::io_context loop;
    const boost::asio::local::stream_protocol::acceptor dead(loop, boost::asio::local::stream_protocol::endpoint(path));
  }
  CHECK_THAT(error_of(path), Contains("not running") && Contains("nobody listens"));
}

TEST_CASE("a path that cannot be is an error that names it") {
  const TempDir directory;
  std::ofstream(directory.file("file")) << "x";
  CHECK_THAT(error_of(directory.file("file/sock")), Contains("Not a directory"));
  CHECK_THAT(error_of(""), Contains("--socket"));
  CHECK_THAT(error_of("/" + std::string(200, 'x')), Contains("--socket"));
}
