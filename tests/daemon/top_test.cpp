// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// nauditctl top on a pseudo-terminal, against the control server.
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "base/descriptor.hpp"
#include "tests/daemon/running_server.hpp"
#include "tests/support/catch.hpp"

using Catch::Matchers::Contains;
using naudit::output::Batch;
using naudit::tests::RunningServer;

namespace {

constexpr const char* kLeavesScreen = "\x1b[?1049l";  // of xterm (terminfo: rmcup)

// A program on a terminal of its own; what it writes is kept.
class OnTerminal {
 public:
  OnTerminal(const RunningServer& server, unsigned short rows, unsigned short columns) {
    const winsize size{.ws_row = rows, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
    const std::string program = std::string(NAUDIT_BINARY_DIR) + "/bin/nauditctl";
    int master = -1, slave = -1;
    if (::openpty(&master, &slave, nullptr, nullptr, &size) != 0) throw std::runtime_error("openpty");
    master_ = naudit::base::Descriptor(master);
    slave_ = naudit::base::Descriptor(slave);
    before_ = settings();
    pid_ = ::fork();
    if (pid_ == 0) {
      ::login_tty(slave);
      ::execle(program.c_str(), "nauditctl", "top", "--socket", server.path().c_str(), "--interval", "0.1", nullptr,
               std::array<const char*, 3>{"TERM=xterm", "PATH=/usr/bin:/bin", nullptr}.data());
      ::_exit(127);
    }
  }
  OnTerminal(const OnTerminal&) = delete;
  OnTerminal& operator=(const OnTerminal&) = delete;
  ~OnTerminal() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
  }

  void type(std::string_view keys) const { REQUIRE(::write(master_.get(), keys.data(), keys.size()) > 0); }
  void signal(int number) const { ::kill(pid_, number); }
  void resize(unsigned short rows, unsigned short columns) const {
    const winsize size{.ws_row = rows, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
    REQUIRE(::ioctl(master_.get(), TIOCSWINSZ, &size) == 0);
  }
  // Reads until this has been written since the last call.
  void wait_for(std::string_view text) {
    while (output_.find(text) == std::string::npos) {
      INFO("waiting for " << text << " in " << output_);
      REQUIRE(read_some());
    }
    output_.erase(0, output_.find(text) + text.size());
  }
  // Its exit code, once it has ended; its output is read meanwhile.
  int wait() {
    int status = 0;
    while (::waitpid(pid_, &status, WNOHANG) == 0) read_some(10);
    pid_ = -1;
    while (read_some(0)) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  [[nodiscard]] const std::string& output() const noexcept { return output_; }
  // The terminal is as it was before.
  [[nodiscard]] bool is_restored() const {
    const termios now = settings();
    return now.c_lflag == before_.c_lflag && now.c_iflag == before_.c_iflag && now.c_oflag == before_.c_oflag &&
           output_.find(kLeavesScreen) != std::string::npos;
  }

 private:
  [[nodiscard]] termios settings() const {
    termios now{};
    REQUIRE(::tcgetattr(slave_.get(), &now) == 0);
    return now;
  }
  bool read_some(int patience_ms = 60'000) {
    pollfd wait{.fd = master_.get(), .events = POLLIN, .revents = 0};
    if (::poll(&wait, 1, patience_ms) <= 0) return false;
    std::array<char, 65536> buffer{};
    const ssize_t got = ::read(master_.get(), buffer.data(), buffer.size());
    if (got <= 0) return false;
    output_.append(buffer.data(), static_cast<std::size_t>(got));
    return true;
  }

  naudit::base::Descriptor master_, slave_;
  termios before_{};
  pid_t pid_ = -1;
  std::string output_;
};

// ncurses writes what has changed: names with no letter at the same place as the one before are written whole.
naudit::output::BatchPtr event(const std::string& program) {
  auto batch = std::make_shared<Batch>();
  batch->bytes = R"({"id":"1.000:1","keys":["k\u001b[2J"],"how":")" + program + "\"}\n";
  batch->ends.push_back(static_cast<std::uint32_t>(batch->bytes.size()));
  return batch;
}

}  // namespace

TEST_CASE("nauditctl top fills a terminal, follows its size, and q leaves it as it was") {
  RunningServer server;
  OnTerminal top(server, 24, 80);
  server.daemon().wait_for_tail()->push(event("/usr/bin/one"));
  top.wait_for("/usr/bin/one");
  top.wait_for("k\\x1b[2J");
  top.resize(10, 50);
  server.daemon().wait_for_tail()->push(event("/usr/bin/QWXYZ"));
  top.wait_for("QWXYZ");
  top.resize(60, 200);
  server.daemon().wait_for_tail()->push(event("/usr/bin/0123456789"));
  top.wait_for("0123456789");
  top.type("xq");
  CHECK(top.wait() == 0);
  CHECK(top.is_restored());
}

TEST_CASE("Ctrl-C, and every other signal that ends nauditctl top, leaves the terminal as it was") {
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    CAPTURE(number);
    RunningServer server;
    OnTerminal top(server, 24, 80);
    top.wait_for("q quits");
    if (number == SIGINT)
      top.type("\x03");
    else
      top.signal(number);
    CHECK(top.wait() == 0);
    CHECK(top.is_restored());
  }
}

TEST_CASE("when the daemon stops, nauditctl top leaves the terminal as it was, and says so") {
  RunningServer server;
  OnTerminal top(server, 24, 80);
  top.wait_for("q quits");
  server.stop();
  CHECK(top.wait() == 1);
  CHECK(top.is_restored());
  CHECK_THAT(top.output(), Contains("nauditd has stopped."));
}
