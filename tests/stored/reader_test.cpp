// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "stored/reader.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>

#include "tests/ctl/run.hpp"
#include "tests/support/catch.hpp"

namespace naudit::ctl {
namespace {

// Standard output as a socket that keeps each write(2) apart.
class Writes {
 public:
  Writes() : before_(dup(STDOUT_FILENO)) {
    REQUIRE(before_ >= 0);
    REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends_.data()) == 0);
    dup2(ends_[0], STDOUT_FILENO);
  }
  ~Writes() {
    restore();
    for (const int end : ends_) close(end);
  }
  Writes(const Writes&) = delete;
  Writes& operator=(const Writes&) = delete;

  void restore() {
    if (before_ < 0) return;
    dup2(before_, STDOUT_FILENO);
    close(before_);
    before_ = -1;
  }
  // The next one; empty if there is none.
  [[nodiscard]] std::string next() const {
    std::string bytes(65536, '\0');
    const ssize_t size = recv(ends_[1], bytes.data(), bytes.size(), MSG_DONTWAIT);
    bytes.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return bytes;
  }

 private:
  int before_;
  std::array<int, 2> ends_{};
};

TEST_CASE("rejected lines are written together, in their order") {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "garbage " + std::to_string(i) + '\n';
  const test::Directory directory;
  directory.write("log", text + "last");
  correlate::EventPool pool(16);
  correlate::EventBatch events;
  Writes writes;
  OutputFile rejects("-", {});
  LogReader reader(InputForm::kAuto, pool, [&](std::string_view pieces) { rejects.write(pieces); });
  reader.open(directory.path("log"));
  while (reader.read(events)) {
  }
  writes.restore();
  CHECK(reader.counts().rejected == 51);
  CHECK(writes.next() == text);      // one buffer
  CHECK(writes.next() == "last\n");  // known to be a line at the end only
  CHECK(writes.next().empty());
}

}  // namespace
}  // namespace naudit::ctl
