// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// The kernel's queue is full and holds whoever sends it a request (kernel/audit.c, audit_receive): nauditd goes on.
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <sstream>
#include <thread>

#include "tests/kernel/nauditd.hpp"
#include "tests/kernel/support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"

using namespace naudit::test;
using Catch::Matchers::Contains;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

// How long the kernel holds a sender here, and how late nauditd may be at most.
constexpr const char* kHeld = "20s";
constexpr seconds kLate{5};

// The service manager's end of sd_notify(3), read by a thread of its own: the sender waits for a reader.
class Manager {
 public:
  explicit Manager(std::string path) : path_(std::move(path)), fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof address.sun_path - 1);
    REQUIRE(::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    thread_ = std::thread([this] { read(); });
  }
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;
  ~Manager() {
    ::shutdown(fd_, SHUT_RDWR);
    thread_.join();
    ::close(fd_);
  }

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  // The longest that nothing was heard of nauditd in this time.
  [[nodiscard]] steady_clock::duration longest_silence(seconds time) {
    std::unique_lock lock(mutex_);
    const auto begin = steady_clock::now();
    auto last = begin;
    steady_clock::duration longest{};
    while (last < begin + time) {
      heard_.wait_until(lock, begin + time);
      const auto now = steady_clock::now();
      longest = std::max(longest, now - last);
      last = now;
    }
    return longest;
  }

 private:
  void read() {
    std::array<char, 4096> message{};
    while (::recv(fd_, message.data(), message.size(), 0) > 0) {
      const std::lock_guard lock(mutex_);
      heard_.notify_all();
    }
  }

  std::string path_;
  int fd_;
  std::mutex mutex_;
  std::condition_variable heard_;
  std::thread thread_;
};

// A daemon whose only sink can write nothing yet and makes everybody wait, down to the programs that are audited. They
// stand in one line with whoever sends the kernel a request, and it lets one of them pass each time that it has tried
// to send what it has (kauditd_thread): with enough of them a request takes long.
class Held {
 public:
  Held() {
    configure("  - {name: stuck, type: file, path: later/events.json, queue: {size: 64KiB, when_full: block}}\n");
    daemon.emplace(home, Nauditd::As::kRoot, "nauditd.yaml", manager.path());
    REQUIRE(daemon->wait_until_ready());
    for (int i = 0; i < kPrograms; ++i) load_.push_back(std::make_unique<Generator>(kForever));
    REQUIRE(wait_until([this] { return are_held(); }));
  }
  ~Held() { release(); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

  void configure(std::string_view sinks) const {
    std::string text = "node: none\nkernel: {backlog_wait_time: ";
    text.append(kHeld).append(", backlog_limit: 64, receive_buffer: 128KiB}\nsinks:\n").append(sinks);
    text += "rules: {files: [rules.yaml]}\n";
    text += "daemon: {control_socket: control.sock, state_directory: state, oom_score_adjust: keep}\n";
    write_text(home.file("nauditd.yaml"), text);
  }
  void release() {
    std::filesystem::create_directory(home.file("later"));
    for (const auto& program : load_) ::kill(program->pid(), SIGKILL);
    load_.clear();
  }
  [[nodiscard]] std::pair<std::string, steady_clock::duration> ask(const std::string& command,
                                                                   const std::string& option = "") const {
    std::vector<std::string> arguments{NAUDIT_NAUDITCTL, command, "--socket", home.file("control.sock")};
    if (!option.empty()) arguments.push_back(option);
    const auto begin = steady_clock::now();
    naudit::tests::Program program(arguments);
    std::string said = program.rest();
    return {std::move(said), steady_clock::now() - begin};
  }

  const Home home;
  Manager manager{home.file("notify.sock")};
  std::optional<Nauditd> daemon;

 private:
  static constexpr int kPrograms = 40;
  static constexpr unsigned long kBuffer =
      128UL * 1024;  // the receive buffer; the kernel takes twice as much for itself

  // What waits in nauditd's sockets, in bytes (net/netlink/af_netlink.c, netlink_native_seq_show): asking the kernel
  // for its status would be to stand in the line.
  [[nodiscard]] unsigned long unread() const {
    std::ifstream sockets("/proc/net/netlink");
    std::string line;
    unsigned long bytes = 0;
    while (std::getline(sockets, line)) {
      std::istringstream words(line);
      std::string socket;
      std::string groups;
      int protocol = -1;
      long port = 0;
      unsigned long size = 0;
      words >> socket >> protocol >> port >> groups >> size;
      if (protocol == NETLINK_AUDIT) bytes = std::max(bytes, size);
    }
    return bytes;
  }

  // For some looks in a row nothing is read and nearly all of them wait.
  bool are_held() {
    const auto held = std::ranges::count_if(load_, [](const auto& program) {
      return read_text("/proc/" + std::to_string(program->pid()) + "/stat").find(") D ") != std::string::npos;
    });
    looks_ = held >= kPrograms - 2 && unread() > kBuffer ? looks_ + 1 : 0;
    return looks_ == 50;
  }

  std::vector<std::unique_ptr<Generator>> load_;
  int looks_ = 0;
};

}  // namespace

TEST_CASE("while the kernel holds whoever asks it, nauditctl status is answered and the watchdog goes on") {
  Held held;
  // Between two full queues the kernel may answer: whatever it does, so do we, and one of these times it holds us.
  std::string said;
  for (int ask = 0; ask < 20 && said.find("\"kernel\":null") == std::string::npos; ++ask) {
    const auto [answer, took] = held.ask("status", "--json");
    CHECK(took < kLate);
    said = answer;
  }
  CHECK_THAT(said, Contains("\"kernel\":null") && Contains("\"kernel_error\":\"the kernel has not answered within 1s"));
  CHECK(held.manager.longest_silence(seconds{6}) < kLate);
  held.release();
  CHECK(held.daemon->stop() == 0);
}

TEST_CASE("while a sink holds everybody up nauditctl tail is told so, and leaves nothing behind") {
  Held held;
  const auto [said, took] = held.ask("tail", "--lines=0");
  CHECK(took < kLate + seconds{2});
  CHECK_THAT(said, Contains("the encode thread is held up by a sink that is full and has 'when_full: block'"));
  CHECK_THAT(held.ask("status", "--json").first, !Contains("\"tail\""));
  held.release();
  CHECK(held.daemon->stop() == 0);
}

TEST_CASE("a reload that takes the sink away which holds everybody up is answered, and things go on") {
  Held held;
  held.configure("  - {name: beside, type: file, path: beside.json, queue: {size: 64MiB}}\n");
  const auto [said, took] = held.ask("reload");
  INFO(said);
  CHECK(took < seconds{12});
  CHECK(held.manager.longest_silence(seconds{2}) < kLate);
  CHECK(wait_until([&] { return count_lines_with(held.home.file("beside.json"), "\"naudit-test\"") > 1000; }));
  const auto [status, status_took] = held.ask("status", "--json");
  CHECK(status_took < kLate);
  CHECK_THAT(status, Contains("\"beside\"") && !Contains("\"stuck\""));
  held.release();
  CHECK(held.daemon->stop() == 0);
}

TEST_CASE("nauditd stops in time although a sink holds everybody up") {
  Held held;
  const auto begin = steady_clock::now();
  CHECK(held.daemon->stop() == 0);
  CHECK(steady_clock::now() - begin < seconds{25});
  CHECK_THAT(held.daemon->messages(), Contains("sink 'stuck' left out"));
  held.release();
}
