// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/program/child.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

#include "base/text.hpp"

namespace naudit::output {
namespace {

constexpr std::size_t kLongestLine = 500;
constexpr int kMostReads = 16;  // of what it says, before its input
constexpr std::size_t kMostPieces = 64;

bool make_pipe(base::Descriptor& reading, base::Descriptor& writing) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  reading = base::Descriptor(ends[0]);
  writing = base::Descriptor(ends[1]);
  return true;
}

// `output` < 0: what it says goes where what we say goes.
int spawn(pid_t& pid, const std::vector<std::string>& command, Surroundings surroundings, int input, int output) {
  std::vector<std::string> words = command;
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::string path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  std::array<char*, 2> environment = {surroundings == Surroundings::kPiped ? path.data() : nullptr, nullptr};
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  for (const int said : {STDOUT_FILENO, STDERR_FILENO})
    if (output >= 0) posix_spawn_file_actions_adddup2(&actions, output, said);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  posix_spawnattr_t attributes{};
  posix_spawnattr_init(&attributes);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const int error = ::posix_spawn(&pid, arguments.front(), &actions, &attributes, arguments.data(), environment.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

}  // namespace

bool Child::connect(Surroundings surroundings, base::Descriptor& input, base::Descriptor& output) {
  if (surroundings == Surroundings::kPiped) {
    if (!make_pipe(input, input_) || !make_pipe(output_, output)) return false;
    return ::fcntl(output_.get(), F_SETFL, O_NONBLOCK) == 0 && ::fcntl(input_.get(), F_SETFL, O_NONBLOCK) == 0;
  }
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return false;
  input_ = base::Descriptor(ends[0]);
  other_end_ = base::Descriptor(ends[1]);
  input = base::Descriptor(::fcntl(ends[1], F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  return input && ::fcntl(input_.get(), F_SETFL, O_NONBLOCK) == 0;
}

std::optional<Child> Child::start(const std::vector<std::string>& command, Surroundings surroundings,
                                  std::string& problem) {
  const auto failed = [&](int error) {
    problem = "cannot start " + command.front() + ": " + std::generic_category().message(error);
    return std::nullopt;
  };
  Child child;
  base::Descriptor input, output;
  if (!child.connect(surroundings, input, output)) return failed(errno);
  const int said = output ? output.get() : -1;
  if (const int error = spawn(child.pid_, command, surroundings, input.get(), said); error != 0) {
    child.pid_ = -1;
    return failed(error);
  }
  child.end_ = base::Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, child.pid_, 0)));
  if (!child.end_) return failed(errno);
  return child;
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      input_(std::move(other.input_)),
      output_(std::move(other.output_)),
      end_(std::move(other.end_)),
      other_end_(std::move(other.other_end_)),
      written_(other.written_),
      said_(std::move(other.said_)),
      last_line_(std::move(other.last_line_)),
      ended_by_(other.ended_by_) {}

Child::~Child() {
  if (pid_ > 0) (void)reap();
}

// A socket whose other end was shut down answers with SIGPIPE, which the process ignores, or a caller of ours does not.
ssize_t Child::write(std::span<const std::string_view> pieces) {
  std::array<iovec, kMostPieces> parts{};
  const std::size_t count = std::min(pieces.size(), parts.size());
  for (std::size_t i = 0; i < count; ++i) parts[i] = {const_cast<char*>(pieces[i].data()), pieces[i].size()};
  ssize_t done = 0;
  if (other_end_) {
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = count;
    done = ::sendmsg(input_.get(), &message, MSG_NOSIGNAL);
  } else {
    done = ::writev(input_.get(), parts.data(), static_cast<int>(count));
  }
  if (done < 0) return errno == EAGAIN || errno == EINTR ? 0 : -1;
  written_ += static_cast<std::uint64_t>(done);
  return done;
}

std::uint64_t Child::read_so_far() const noexcept {
  int unread = 0;
  const base::Descriptor& rest = other_end_ ? other_end_ : input_;
  if (!rest || ::ioctl(rest.get(), FIONREAD, &unread) != 0) return 0;
  return written_ - std::min<std::uint64_t>(written_, static_cast<unsigned>(unread));
}

void Child::end_input() noexcept {
  input_ = base::Descriptor();
}

bool Child::listen() {
  bool is_new = false;
  std::array<char, 4096> buffer{};
  for (int i = 0; i < kMostReads && output_; ++i) {
    const ssize_t got = ::read(output_.get(), buffer.data(), buffer.size());
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) break;
    if (got <= 0) {
      output_ = base::Descriptor();
      break;
    }
    for (const char c : std::string_view(buffer.data(), static_cast<std::size_t>(got))) {
      if (c != '\n') {
        if (said_.size() < kLongestLine) said_ += c;
        continue;
      }
      if (!said_.empty()) {
        last_line_ = base::valid_utf8(said_);
        is_new = true;
      }
      said_.clear();
    }
  }
  return is_new;
}

void Child::signal(int number) const noexcept {
  if (pid_ > 0) ::kill(pid_, number);
}

void Child::signal_group(int number) const noexcept {
  if (pid_ > 0) ::kill(-pid_, number);
}

// The group has its number for as long as its first process was not waited for.
std::string Child::reap() {
  signal_group(SIGKILL);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  (void)listen();
  if (!said_.empty()) last_line_ = base::valid_utf8(said_);
  if (WIFEXITED(status)) return "ended with status " + std::to_string(WEXITSTATUS(status));
  ended_by_ = WTERMSIG(status);
  return "was ended by signal " + std::to_string(ended_by_);
}

}  // namespace naudit::output
