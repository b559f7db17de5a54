// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/kernel/nauditd.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "tests/kernel/support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::test {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds kPatience{60};
constexpr std::chrono::milliseconds kLookAgain{10};
constexpr uid_t kNobodyUid = 65534;

// The program is opened before the rights are given up: nobody need not be able to reach it.
[[noreturn]] void become_nauditd(int program, int err, const std::string& config, Nauditd::As as) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::dup2(err, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  if (as == Nauditd::As::kNobody &&
      (::setgroups(0, nullptr) != 0 || ::setgid(kNobodyUid) != 0 || ::setuid(kNobodyUid) != 0)) {
    ::_exit(99);
  }
  std::string name = "nauditd";
  std::string option = "--config";
  std::string path = config;
  char* const arguments[] = {name.data(), option.data(), path.data(), nullptr};
  ::fexecve(program, arguments, environ);
  ::_exit(99);
}

}  // namespace

const std::string kOpenatRule =
    "rules:\n"
    "  - key: naudit-test\n"
    "    syscalls: [openat]\n"
    "    arch: [b64]\n"
    "    where: [uid = " +
    std::to_string(kTestUid) + ", success = 0]\n";

bool wait_until(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(kLookAgain);
  }
  return true;
}

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_text(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

std::vector<std::string> lines_of(const std::string& path) {
  const std::string text = read_text(path);
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

std::size_t count_lines_with(const std::string& path, std::string_view part) {
  const auto lines = lines_of(path);
  return static_cast<std::size_t>(
      std::ranges::count_if(lines, [&](const std::string& line) { return line.find(part) != std::string::npos; }));
}

std::vector<std::string> values_of(const std::vector<std::string>& lines, std::string_view name) {
  std::vector<std::string> values;
  for (const std::string& line : lines) {
    const std::size_t at = line.find(name);
    if (at == std::string::npos) continue;
    const std::size_t begin = at + name.size();
    values.push_back(line.substr(begin, line.find_first_of(" \"", begin) - begin));
  }
  return values;
}

std::vector<unsigned long> generated(const std::vector<std::string>& lines) {
  std::vector<unsigned long> numbers;
  for (const std::string& value : values_of(lines, "\"/nonexistent/")) numbers.push_back(std::stoul(value));
  return numbers;
}

bool is_gapless(const std::vector<unsigned long>& numbers) {
  return std::ranges::adjacent_find(numbers, [](auto one, auto next) { return next != one + 1; }) == numbers.end();
}

std::vector<netlink::Bytes> our_rules() {
  auto rules = open_requests().list_rules().value();
  std::erase_if(rules, [](const netlink::Bytes& rule) {
    return std::string_view(reinterpret_cast<const char*>(rule.data()), rule.size()).find(kTestKey) ==
           std::string_view::npos;
  });
  return rules;
}

void delete_our_rules() {
  auto requests = open_requests();
  for (const netlink::Bytes& rule : our_rules()) REQUIRE(requests.delete_rule(rule));
}

// What an earlier daemon loaded stays, by design.
Home::Home() {
  delete_our_rules();
  set_rules(kOpenatRule);
  configure();
}

void Home::configure(std::string_view sinks, std::string_view kernel, std::string_view more) const {
  std::string text = "node: none\nkernel: {backlog_wait_time: 60s";
  if (!kernel.empty()) text.append(", ").append(kernel);
  text.append("}\nsinks:\n").append(sinks).append(more);
  if (more.find("rules:") == std::string_view::npos) text += "rules: {files: [rules.yaml]}\n";
  text += "daemon: {control_socket: control.sock, state_directory: state, oom_score_adjust: keep}\n";
  write_text(file("nauditd.yaml"), text);
}

Nauditd::Nauditd(const Home& home, As as, std::string config, const std::string& notify_socket)
    : err_(home.file("nauditd.err")) {
  const int program = ::open(NAUDIT_NAUDITD, O_RDONLY | O_CLOEXEC);
  const int err = ::open(err_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  REQUIRE((program >= 0 && err >= 0));
  start_of_messages_ = std::filesystem::file_size(err_);
  config = home.file(config);
  // A terminal's environment, if there is no service manager: and no journal.
  // NOLINTBEGIN(concurrency-mt-unsafe)
  ::unsetenv("NOTIFY_SOCKET");
  ::unsetenv("WATCHDOG_USEC");
  ::unsetenv("JOURNAL_STREAM");
  if (!notify_socket.empty()) {
    ::setenv("NOTIFY_SOCKET", notify_socket.c_str(), 1);
    ::setenv("WATCHDOG_USEC", "10000000", 1);
  }
  // NOLINTEND(concurrency-mt-unsafe)
  pid_ = ::fork();
  if (pid_ == 0) become_nauditd(program, err, config, as);
  ::close(program);
  ::close(err);
  REQUIRE(pid_ > 0);
}

Nauditd::~Nauditd() {
  if (has_ended()) return;
  signal(SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool Nauditd::has_ended() {
  if (code_) return true;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return false;
  code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return true;
}

bool Nauditd::wait_until_ready() {
  // The last word of the start: "…; 1 sink", "…; 2 sinks".
  return wait_for_messages({" sink\n", " sinks\n"});
}

bool Nauditd::wait_for_message(std::string_view part) {
  return wait_for_messages({part});
}

bool Nauditd::wait_for_messages(std::initializer_list<std::string_view> parts) {
  bool found = false;
  return wait_until([&] {
           const bool ended = has_ended();
           const std::string text = messages();
           found = std::any_of(parts.begin(), parts.end(),
                               [&](std::string_view part) { return text.find(part) != std::string::npos; });
           return found || ended;
         }) &&
         found;
}

std::string Nauditd::messages() const {
  return read_text(err_).substr(start_of_messages_);
}

void Nauditd::signal(int number) const {
  ::kill(pid_, number);
}

std::optional<int> Nauditd::wait() {
  wait_until([this] { return has_ended(); });
  return code_;
}

std::optional<int> Nauditd::stop() {
  signal(SIGTERM);
  return wait();
}

}  // namespace naudit::test
