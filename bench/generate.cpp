// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
//
// Makes audit events: as a user of its own, so that narrow rules can match it alone; flat out or at a rate. Prints what
// it made and how fast as one JSON object. bench/run loads the rules and knows how many records an event has.

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/netlink.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>

namespace {

using Clock = std::chrono::steady_clock;

enum class Kind : std::uint8_t { kSyscall, kOpenat, kExec, kUser };
constexpr std::size_t kKinds = 4;

using enum Kind;
// Twelve openat, four syscall, two exec and two user messages, spread over a cycle.
constexpr std::array kMix = {kOpenat, kOpenat,  kSyscall, kOpenat, kExec, kOpenat, kOpenat, kUser,    kOpenat, kSyscall,
                             kOpenat, kSyscall, kOpenat,  kOpenat, kExec, kOpenat, kUser,   kSyscall, kOpenat, kOpenat};

struct Options {
  std::string workload = "openat";
  std::uint64_t events = 1000;
  unsigned threads = 1;
  double rate = 0;
  std::uint32_t uid = 54321;
  bool stamp = false;
  std::string mark = "naudit-bench";
};

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

// CLOCK_REALTIME, which the reader of the log has as well.
std::uint64_t wall_nanoseconds() {
  return static_cast<std::uint64_t>(
      std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count());
}

// Another user, with no more than the right to send user messages.
void become(std::uint32_t uid) {
  if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0) fail("PR_SET_KEEPCAPS");
  if (setresgid(uid, uid, uid) != 0 || setresuid(uid, uid, uid) != 0) fail("becoming another user");
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  constexpr std::uint32_t kWrite = 1U << CAP_AUDIT_WRITE;
  std::array<__user_cap_data_struct, 2> data{};
  data[0] = {.effective = kWrite, .permitted = kWrite, .inheritable = 0};
  if (syscall(SYS_capset, &header, data.data()) != 0) fail("capset");
}

// One thread's source of events. Counts what failed; a failing event is not made.
class Source {
 public:
  explicit Source(const Options& options) : options_(options) {
    if (options.workload != "user" && options.workload != "mix") return;
    socket_ = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);
    if (socket_ < 0) fail("the audit socket");
  }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  ~Source() {
    if (socket_ >= 0) close(socket_);
  }

  void make(Kind kind, std::uint64_t number) {
    bool good = true;
    if (kind == kSyscall)
      syscall(SYS_getppid);
    else if (kind == kOpenat)
      good = open_missing(number);
    else if (kind == kExec)
      good = run_true();
    else
      good = send_message(number);
    if (good)
      ++made_[static_cast<std::size_t>(kind)];
    else
      ++errors_;
  }

  [[nodiscard]] std::uint64_t made(Kind kind) const { return made_[static_cast<std::size_t>(kind)]; }
  [[nodiscard]] std::uint64_t errors() const { return errors_; }

 private:
  bool open_missing(std::uint64_t number) {
    std::array<char, 96> path{};
    if (options_.stamp) {
      std::snprintf(path.data(), path.size(), "/nonexistent/stamp-%llu.",
                    static_cast<unsigned long long>(wall_nanoseconds()));
    } else {
      std::snprintf(path.data(), path.size(), "/nonexistent/file-%u", static_cast<unsigned>(number % 1000));
    }
    return syscall(SYS_openat, AT_FDCWD, path.data(), O_RDONLY) < 0 && errno == ENOENT;
  }

  static bool run_true() {
    std::array<char, 16> path{"/bin/true"};
    std::array<char, 16> first{"--benchmark"};
    std::array<char, 16> second{"two words"};
    std::array<char*, 4> arguments = {path.data(), first.data(), second.data(), nullptr};
    // An empty environment: a locale would make the program look for files, which other rules match.
    std::array<char*, 1> environment = {nullptr};
    pid_t child = 0;
    if (posix_spawn(&child, path.data(), nullptr, nullptr, arguments.data(), environment.data()) != 0) return false;
    int status = 0;
    return waitpid(child, &status, 0) == child && status == 0;
  }

  // As a login program's PAM stack sends it.
  bool send_message(std::uint64_t number) const {
    struct {
      nlmsghdr header;
      std::array<char, 240> text;
    } message{};
    const int size = std::snprintf(message.text.data(), message.text.size(),
                                   "op=PAM:session_open grantors=pam_keyinit,pam_limits_%u,pam_unix acct=\"%s\" "
                                   "exe=\"/usr/sbin/sshd\" hostname=10.1.2.3 addr=10.1.2.3 terminal=ssh res=success",
                                   static_cast<unsigned>(number % 1000), options_.mark.c_str());
    message.header.nlmsg_len = static_cast<std::uint32_t>(NLMSG_LENGTH(static_cast<std::uint32_t>(size) + 1));
    message.header.nlmsg_type = AUDIT_FIRST_USER_MSG + 5;  // USER_START
    message.header.nlmsg_flags = NLM_F_REQUEST;
    return send(socket_, &message, message.header.nlmsg_len, 0) >= 0;
  }

  const Options& options_;
  int socket_ = -1;
  std::array<std::uint64_t, kKinds> made_{};
  std::uint64_t errors_ = 0;
};

const std::map<std::string_view, Kind>& plain_workloads() {
  static const std::map<std::string_view, Kind> kKindsByName = {
      {"syscall", kSyscall}, {"openat", kOpenat}, {"exec", kExec}, {"user", kUser}};
  return kKindsByName;
}

void run(const Options& options, unsigned thread, Source& source) {
  const auto plain = plain_workloads().find(options.workload);
  const std::uint64_t share = options.events / options.threads + (thread < options.events % options.threads ? 1 : 0);
  const auto start = Clock::now();
  const std::chrono::duration<double> each(options.rate > 0 ? options.threads / options.rate : 0);
  for (std::uint64_t i = 0; i < share; ++i) {
    if (options.rate > 0)
      std::this_thread::sleep_until(start + std::chrono::duration_cast<Clock::duration>(each * static_cast<double>(i)));
    source.make(plain != plain_workloads().end() ? plain->second : kMix[i % kMix.size()], i);
  }
}

void generate(const Options& options) {
  become(options.uid);
  prctl(PR_SET_TIMERSLACK, 1000, 0, 0, 0);  // else a rate of 5,000/s comes in lumps
  std::vector<std::unique_ptr<Source>> sources;
  for (unsigned i = 0; i < options.threads; ++i) sources.push_back(std::make_unique<Source>(options));
  const auto start = Clock::now();
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < options.threads; ++i)
    threads.emplace_back([&options, i, &source = *sources[i]] { run(options, i, source); });
  for (auto& thread : threads) thread.join();
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();

  std::uint64_t errors = 0;
  for (const auto& source : sources) errors += source->errors();
  std::printf(R"({"seconds":%.6f,"errors":%llu)", seconds, static_cast<unsigned long long>(errors));
  for (const auto& [name, kind] : plain_workloads()) {
    std::uint64_t made = 0;
    for (const auto& source : sources) made += source->made(kind);
    std::printf(R"(,"%.*s":%llu)", static_cast<int>(name.size()), name.data(), static_cast<unsigned long long>(made));
  }
  std::printf("}\n");
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"Makes audit events and prints how many and how fast"};
  app.add_option("--workload", options.workload)->check(CLI::IsMember({"openat", "syscall", "exec", "user", "mix"}));
  app.add_option("--events", options.events, "over all threads");
  app.add_option("--threads", options.threads)->check(CLI::Range(1, 64));
  app.add_option("--rate", options.rate, "events a second over all threads; 0: as fast as possible");
  app.add_option("--uid", options.uid, "the user to become");
  app.add_option("--mark", options.mark, "a word that user messages carry");
  app.add_flag("--stamp", options.stamp, "the time, in nanoseconds since 1970, in the name of the opened file");
  CLI11_PARSE(app, argc, argv);
  try {
    generate(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench-generate: %s\n", error.what());
    return 1;
  }
  return 0;
}
