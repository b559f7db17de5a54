// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "daemon/control/peer.hpp"
#include "daemon/control/socket.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using Catch::Matchers::Contains;
using naudit::daemon::ControlSocket;
using naudit::tests::TempDir;

namespace {

mode_t mode_of(const std::string& path) {
  struct stat found{};
  REQUIRE(lstat(path.c_str(), &found) == 0);
  return found.st_mode & 07777U;
}

std::string error_of(const std::string& path) {
  boost::asio::io_context loop;
  try {
    const ControlSocket socket(loop, path);
  } catch (const naudit::base::Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("the socket is for its owner only, in a directory that is made for it") {
  const TempDir directory;
  const std::string path = directory.file("a/b/control.sock");
  boost::asio::io_context loop;
  {
    const ControlSocket socket(loop, path);
    CHECK(mode_of(path) == 0600);
    CHECK((mode_of(directory.file("a/b")) & 0027U) == 0);
  }
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("what a dead daemon left is replaced") {
  const TempDir directory;
  const std::string path = directory.file("control.sock");
  boost::asio::io_context loop;
  {
    ControlSocket::Protocol::acceptor dead(loop, ControlSocket::Protocol::endpoint(path));
  }
  REQUIRE(std::filesystem::exists(path));
  ControlSocket socket(loop, path);
  ControlSocket::Protocol::socket client(loop);
  client.connect(ControlSocket::Protocol::endpoint(path));
  CHECK(naudit::daemon::peer_of(client.native_handle()).pid == getpid());
}

TEST_CASE("a socket that somebody listens at stays, and he is named") {
  const TempDir directory;
  const std::string path = directory.file("control.sock");
  boost::asio::io_context loop;
  const ControlSocket socket(loop, path);
  CHECK_THAT(error_of(path), Contains(path) && Contains("(pid " + std::to_string(getpid()) + ")"));
  CHECK(std::filesystem::exists(path));
}

TEST_CASE("a file that is no socket stays") {
  const TempDir directory;
  const std::string path = directory.file("control.sock");
  std::ofstream(path) << "mine";
  CHECK_THAT(error_of(path), Contains("no socket"));
  CHECK(std::filesystem::file_size(path) == 4);
}

TEST_CASE("a socket that took our place is not removed") {
  const TempDir directory;
  const std::string path = directory.file("control.sock");
  boost::asio::io_context loop;
  ControlSocket first(loop, path);
  std::filesystem::rename(path, directory.file("moved"));
  const ControlSocket second(loop, path);
  first.close();
  CHECK(std::filesystem::exists(path));
}

TEST_CASE("a path that cannot be is an error that says why") {
  const TempDir directory;
  CHECK_THAT(error_of("control.sock"), Contains("absolute"));
  CHECK_THAT(error_of(""), Contains("absolute"));
  CHECK_THAT(error_of("/" + std::string(200, 'x')), Contains("201 bytes") && Contains("107"));
  std::ofstream(directory.file("file")) << "x";
  CHECK_THAT(error_of(directory.file("file/control.sock")), Contains("Not a directory"));
  CHECK_THAT(error_of(directory.file("file/run/control.sock")), Contains("Not a directory"));
}
