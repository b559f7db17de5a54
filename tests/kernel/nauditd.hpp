// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "netlink/request_socket.hpp"
#include "tests/support/temp_dir.hpp"

// The nauditd that was built, run as an administrator runs it: on the live kernel, with a configuration in a directory
// of its own.
namespace naudit::test {

// Looks at it again and again; false if it is still not so after a minute.
bool wait_until(const std::function<bool()>& condition);

std::string read_text(const std::string& path);
void write_text(const std::string& path, std::string_view text);  // with mode 0600
// The lines that are complete.
std::vector<std::string> lines_of(const std::string& path);
std::size_t count_lines_with(const std::string& path, std::string_view part);
// What stands behind `name` up to the next blank or quote, in each line that has it.
std::vector<std::string> values_of(const std::vector<std::string>& lines, std::string_view name);
// The numbers of the Generator's files, line by line, in the order of the lines.
std::vector<unsigned long> generated(const std::vector<std::string>& lines);
// Whether each is one more than the one before it.
bool is_gapless(const std::vector<unsigned long>& numbers);

// The kernel's rules with the key naudit-test.
std::vector<netlink::Bytes> our_rules();
void delete_our_rules();

// The files of one daemon; makes sure that none of our rules is loaded.
class Home {
 public:
  Home();

  [[nodiscard]] std::string file(const std::string& name) const { return directory_.file(name); }
  // `kernel` are entries of `kernel:`, `sinks` the list's text, `more` whole sections. Rules come from rules.yaml.
  void configure(std::string_view sinks = kLog, std::string_view kernel = "", std::string_view more = "") const;
  void set_rules(std::string_view yaml) const { write_text(file("rules.yaml"), yaml); }

  // A file sink, events.json, that never rotates by size.
  static constexpr std::string_view kLog =
      "  - {name: log, type: file, path: events.json, rotate: {size: 0}, queue: {size: 256MiB}}\n";

 private:
  tests::TempDir directory_;
};

// Failing openat calls of kTestUid, key naudit-test: Generator makes them.
extern const std::string kOpenatRule;

class Nauditd {
 public:
  // How the process differs from one that root starts.
  enum class As { kRoot, kNobody };

  // Starts it; its messages go to nauditd.err (appended), in `home`.
  // `notify_socket` is the service manager's (sd_notify(3)), which wants to hear of it every ten seconds; empty: none.
  explicit Nauditd(const Home& home, As as = As::kRoot, std::string config = "nauditd.yaml",
                   const std::string& notify_socket = "");
  Nauditd(const Nauditd&) = delete;
  Nauditd& operator=(const Nauditd&) = delete;
  ~Nauditd();  // killed if it still runs

  // Started, its rules loaded. False if it has ended instead.
  bool wait_until_ready();
  bool wait_for_message(std::string_view part);
  bool wait_for_messages(std::initializer_list<std::string_view> parts);  // one of them
  [[nodiscard]] std::string messages() const;
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  void signal(int number) const;
  // Its exit code, or 128 and the signal that ended it; nothing if it has not ended after a minute.
  std::optional<int> wait();
  std::optional<int> stop();  // TERM and wait

 private:
  bool has_ended();

  std::string err_;
  std::size_t start_of_messages_;
  pid_t pid_;
  std::optional<int> code_;
};

}  // namespace naudit::test
