// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
//
// The floor: the least that a program can do which has to receive the kernel's records and to keep them. It takes
// batches of 256, pauses for 1 ms after a batch that was not full, and appends raw lines through one large buffer. It
// knows nothing of events. What any audit daemon costs is quoted against it. Usage: bench-floor FILE, until SIGTERM.

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <string_view>
#include <system_error>
#include <vector>

namespace {

constexpr std::size_t kBatch = 256;
constexpr std::size_t kRecordBytes = 9216;  // more than a record can have (MAX_AUDIT_MESSAGE_LENGTH is 8970)
constexpr std::size_t kFileBuffer = std::size_t{1} << 20U;
constexpr int kReceiveBuffer = 64 << 20;
constexpr timespec kPause{.tv_sec = 0, .tv_nsec = 1'000'000};

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

class File {
 public:
  explicit File(const char* path) : fd_(open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
    if (fd_ < 0) fail(path);
    buffer_.resize(kFileBuffer);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { close(fd_); }

  void add(std::string_view text) {
    if (used_ + text.size() > buffer_.size()) flush();
    std::memcpy(buffer_.data() + used_, text.data(), text.size());
    used_ += text.size();
  }
  void flush() {
    for (std::size_t done = 0; done < used_;) {
      const ssize_t wrote = write(fd_, buffer_.data() + done, used_ - done);
      if (wrote < 0) fail("writing");
      done += static_cast<std::size_t>(wrote);
    }
    used_ = 0;
  }

 private:
  int fd_;
  std::vector<char> buffer_;
  std::size_t used_ = 0;
};

class Floor {
 public:
  explicit Floor(const char* path)
      : file_(path), socket_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT)) {
    if (socket_ < 0) fail("the audit socket");
    if (setsockopt(socket_, SOL_SOCKET, SO_RCVBUFFORCE, &kReceiveBuffer, sizeof kReceiveBuffer) != 0)
      fail("SO_RCVBUFFORCE");
    space_.resize(kBatch * kRecordBytes);
    for (std::size_t i = 0; i < kBatch; ++i) {
      parts_[i] = {.iov_base = space_.data() + i * kRecordBytes, .iov_len = kRecordBytes};
      messages_[i].msg_hdr.msg_iov = &parts_[i];
      messages_[i].msg_hdr.msg_iovlen = 1;
    }
  }
  Floor(const Floor&) = delete;
  Floor& operator=(const Floor&) = delete;
  ~Floor() { close(socket_); }

  // AUDIT_SET with the pid that is to get the records; 0: nobody.
  void set_pid(pid_t pid) {
    struct {
      nlmsghdr header;
      audit_status status;
    } request{};
    request.header.nlmsg_len = sizeof request;
    request.header.nlmsg_type = AUDIT_SET;
    request.header.nlmsg_flags = NLM_F_REQUEST;
    request.status.mask = AUDIT_STATUS_PID;
    request.status.pid = static_cast<std::uint32_t>(pid);
    if (send(socket_, &request, sizeof request, 0) < 0) fail("registering");
  }

  // Until something can be read from `stop`, which is looked at only when the socket is empty: under load that costs
  // nothing.
  void run(int stop) {
    while (true) {
      const std::size_t got = receive();
      if (got == kBatch) continue;
      file_.flush();
      if (got > 0) {
        nanosleep(&kPause, nullptr);
        continue;
      }
      std::array<pollfd, 2> ready = {{{socket_, POLLIN, 0}, {stop, POLLIN, 0}}};
      if (poll(ready.data(), ready.size(), -1) < 0) fail("poll");
      if (ready[1].revents != 0) return;
    }
  }
  // What is left once the kernel sends nothing more.
  void finish() {
    while (receive() > 0) continue;
    file_.flush();
  }
  void print() const {
    std::printf(R"({"records":%llu,"calls":%llu,"overruns":%llu})"
                "\n",
                static_cast<unsigned long long>(records_), static_cast<unsigned long long>(calls_),
                static_cast<unsigned long long>(overruns_));
  }

 private:
  std::size_t receive() {
    const int got = recvmmsg(socket_, messages_.data(), kBatch, MSG_DONTWAIT, nullptr);
    ++calls_;
    if (got < 0) {
      if (errno == ENOBUFS) ++overruns_;
      if (errno != EAGAIN && errno != EINTR && errno != ENOBUFS) fail("recvmmsg");
      return 0;
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(got); ++i)
      take({space_.data() + i * kRecordBytes, messages_[i].msg_len});
    return static_cast<std::size_t>(got);
  }

  void take(std::string_view datagram) {
    nlmsghdr header{};
    if (datagram.size() < sizeof header) return;
    std::memcpy(&header, datagram.data(), sizeof header);
    if (header.nlmsg_type < AUDIT_FIRST_USER_MSG) return;  // answers to requests
    ++records_;
    if (header.nlmsg_type == AUDIT_EOE) return;
    datagram.remove_prefix(sizeof header);
    while (!datagram.empty() && datagram.back() == '\0') datagram.remove_suffix(1);
    file_.add("type=");
    file_.add(name(header.nlmsg_type));
    file_.add(" msg=");
    file_.add(datagram);
    file_.add("\n");
  }

  // The types of the workloads; a number serves for the rest.
  std::string_view name(std::uint16_t type) {
    switch (type) {
      case AUDIT_SYSCALL:
        return "SYSCALL";
      case AUDIT_PATH:
        return "PATH";
      case AUDIT_CWD:
        return "CWD";
      case AUDIT_PROCTITLE:
        return "PROCTITLE";
      case AUDIT_EXECVE:
        return "EXECVE";
      case AUDIT_FIRST_USER_MSG + 5:
        return "USER_START";
      default: {
        const int size = std::snprintf(number_.data(), number_.size(), "UNKNOWN[%u]", type);
        return {number_.data(), static_cast<std::size_t>(size)};
      }
    }
  }

  File file_;
  int socket_;
  std::vector<char> space_;
  std::array<iovec, kBatch> parts_{};
  std::array<mmsghdr, kBatch> messages_{};
  std::array<char, 24> number_{};
  std::uint64_t records_ = 0;
  std::uint64_t calls_ = 0;
  std::uint64_t overruns_ = 0;
};

int wait_for_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  const int fd = signalfd(-1, &signals, SFD_CLOEXEC);
  if (fd < 0) fail("signalfd");
  return fd;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: bench-floor FILE\n");
    return 2;
  }
  try {
    const int stop = wait_for_signals();
    Floor floor(argv[1]);
    floor.set_pid(getpid());
    floor.run(stop);
    floor.set_pid(0);
    floor.finish();
    floor.print();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench-floor: %s\n", error.what());
    return 1;
  }
  return 0;
}
