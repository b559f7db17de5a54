// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

// auditctl, theirs and ours, run without a kernel: the preloaded netlink_shim.c answers.
#include <algorithm>
#include <climits>
#include <csignal>
#include <sstream>

#include "tests/ctl/run.hpp"

namespace naudit::ctl::test {

using Words = std::vector<std::string>;

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) all.push_back(line);
  return all;
}

// What one command line, or one line of a rule file, did.
struct Behaviour {
  int code = 0;
  std::string out;
  std::vector<std::string> error;
  std::vector<std::string> requests;  // "type length payload" of those that change something or list
  friend bool operator==(const Behaviour&, const Behaviour&) = default;
};

struct Request {
  std::string type, flags, length, payload;
};

inline Request request_of(const std::string& line) {
  Request request;
  std::istringstream in(line);
  in >> request.type >> request.flags >> request.length >> request.payload;
  return request;
}

inline std::vector<std::string> requests_of(const std::vector<std::string>& log) {
  std::vector<std::string> kept;
  for (const std::string& line : log) {
    const Request request = request_of(line);
    if (request.type == "1000" || request.type == "1019") continue;  // status and features change nothing
    // A user message names the program that sent it.
    kept.push_back(request.type == "1005" ? request.type : request.type + ' ' + request.length + ' ' + request.payload);
  }
  return kept;
}

// One auditctl. `path` must end in "auditctl" for ours to be one.
class Peer {
 public:
  explicit Peer(std::string path) : path_(std::move(path)) {
    const std::string text = start({"-v"}, {}, {}).out;
    // "auditctl version 4.2.1"
    version_ = text.substr(text.rfind(' ') + 1, text.find('\n') - text.rfind(' ') - 1);
    if (version_.empty()) throw std::runtime_error(path_ + " does not say which version it is");
  }

  [[nodiscard]] const std::string& version() const { return version_; }
  [[nodiscard]] int major() const { return version_.empty() ? 0 : version_[0] - '0'; }

  [[nodiscard]] Behaviour behave(const Words& words, const std::vector<std::string>& shim = {}) const {
    const TempDir directory;
    const std::string log = directory.file("requests");
    const Outcome outcome = start(words, log, shim);
    return {outcome.code, outcome.out, lines_of(outcome.error), requests_of(lines_of(read_all(log)))};
  }

  // Each line as if it stood alone in a rule file, all in one run: behind each stand a message, which is seen among the
  // requests, and a bad option, which is seen among the errors. The code is 1 where auditctl reports an error in the
  // line. What is printed is that of the whole file, at the first.
  [[nodiscard]] std::vector<Behaviour> behave_in_file(const std::vector<std::string>& lines) const {
    const TempDir directory;
    const std::string file = directory.file("file.rules"), log = directory.file("requests");
    // After its first rule auditctl writes to stderr instead of syslog.
    std::string text = "-c\n-a never,task\n-m mark\n-x\n";
    for (const std::string& line : lines) text += line + "\n-m mark\n-x\n";
    directory.write("file.rules", text);
    const Outcome outcome = start({"-R", file}, log, {"NAUDIT_SHIM_FORGET=1"});

    std::vector<Behaviour> all(1);
    for (const std::string& line : lines_of(read_all(log))) {
      const Request request = request_of(line);
      if (request.type == "1005" && request.payload.starts_with("746578743d6d61726b20"))
        all.emplace_back();
      else if (request.type != "1000" && request.type != "1019")
        all.back().requests.push_back(request.type + ' ' + request.length + ' ' + request.payload);
    }
    all.resize(lines.size() + 2);
    std::size_t at = 0, number = 4;
    const std::string where = "There was an error in line ";
    for (std::string& line : lines_of(outcome.error)) {
      if (line == "Option -x on line " + std::to_string(number) + " is invalid") continue;
      if (line.starts_with(where + std::to_string(number) + " of ")) {
        if (++at >= all.size()) break;
        number += 3;
      } else if (line.starts_with(where)) {
        all[at].code = 1;
      } else {
        all[at].error.push_back(std::move(line));
      }
    }
    if (at + 1 != all.size()) throw std::runtime_error(path_ + " stopped at line " + std::to_string(number));
    all.erase(all.begin());
    all.pop_back();
    if (!all.empty()) all[0].out = outcome.out;
    return all;
  }

 private:
  [[nodiscard]] Outcome start(const Words& words, const std::string& log, const std::vector<std::string>& shim) const {
    std::vector<std::string> environment{"LD_PRELOAD=" NAUDIT_SHIM, "NAUDIT_SHIM_LOG=" + log,
                                         "ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0"};
    environment.insert(environment.end(), shim.begin(), shim.end());
    return run(path_, words, environment);
  }

  std::string path_;
  std::string version_;
};

// nauditctl under the name of auditctl.
class NamedNauditctl {
 public:
  NamedNauditctl() { std::filesystem::create_symlink(NAUDIT_NAUDITCTL, directory_.file("auditctl")); }
  [[nodiscard]] std::string path() const { return directory_.file("auditctl"); }

 private:
  TempDir directory_;
};

}  // namespace naudit::ctl::test
