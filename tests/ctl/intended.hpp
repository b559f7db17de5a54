// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

// Where nauditctl means to differ from the auditctl beside it, and why. Whatever is not named here is a defect.
#include <map>
#include <optional>
#include <string_view>

#include "tests/ctl/peer.hpp"

namespace naudit::ctl::test {

inline std::uint32_t word_at(const std::string& hex, std::size_t index) {
  std::uint32_t word = 0;
  for (std::size_t byte = 0; byte < 4; ++byte)
    word |= static_cast<std::uint32_t>(std::stoul(hex.substr((index * 4 + byte) * 2, 2), nullptr, 16)) << (8 * byte);
  return word;
}

// The payload of a rule with both `perm` and `arch` without its system calls; any other as it is.
inline std::string without_perm_mask(std::string hex) {
  bool perm = false, arch = false;
  for (std::size_t i = 0; i < word_at(hex, 2); ++i) {
    perm = perm || word_at(hex, 67 + i) == 106;
    arch = arch || word_at(hex, 67 + i) == 11;
  }
  if (perm && arch) hex.replace(24, std::size_t{64} * 8, "-");
  return hex;
}

// The payload of any rule without its system calls.
inline std::string without_mask(std::string hex) {
  return hex.replace(24, std::size_t{64} * 8, "-");
}

inline std::vector<std::string> for_rules(const std::vector<std::string>& requests,
                                          std::string (*change)(std::string)) {
  std::vector<std::string> all;
  for (const std::string& line : requests) {
    const std::size_t at = line.rfind(' ') + 1;
    const bool rule = line.starts_with("1011 ") || line.starts_with("1012 ");
    all.push_back(rule ? line.substr(0, at) + change(line.substr(at)) : line);
  }
  return all;
}

inline std::vector<std::string> without_perm_masks(const std::vector<std::string>& requests) {
  return for_rules(requests, without_perm_mask);
}
inline std::vector<std::string> without_masks(const std::vector<std::string>& requests) {
  return for_rules(requests, without_mask);
}

// Brings the two to one behaviour by what is meant to differ, and collects the reasons. What is still unequal then is a
// defect.
class Intended {
 public:
  Intended(const Peer& theirs, const std::string& line) : major_(theirs.major()), line_(line) {}

  std::vector<std::string_view> apply(Behaviour& theirs, Behaviour& ours) {
    if (theirs == ours) return {};
    if (major_ == 3)
      version3(theirs, ours);
    else
      version4(theirs, ours);
    any_version(theirs, ours);
    return std::move(reasons_);
  }

 private:
  void version3(Behaviour& theirs, Behaviour& ours) {
    drop(ours, theirs, "There was an error while processing parameters", "auditctl 4 ends with one more line");
    drop(ours, theirs, "Old style watch rules are slower", "auditctl 4 advises against -w");
    drop(ours, theirs, "perm used without an arch is slower", "auditctl 4 advises against perm without arch");
    if (theirs.requests != ours.requests && without_perm_masks(theirs.requests) == without_perm_masks(ours.requests)) {
      ours.requests = theirs.requests;
      reasons_.push_back("auditctl 4 names the system calls of perm");
    }
    whole(theirs, ours,
          ours.code == 0 && !theirs.error.empty() && theirs.error[0].starts_with("Option -k on line ") &&
              has("-k x -k y"),
          "auditctl 3 reads some words of the line before as of this one");
    whole(theirs, ours, has("io_uring,") || has(",io_uring"), "auditctl 3 has no io_uring list");
    whole(theirs, ours, has("arch=riscv") && says(theirs, "arch elf mapping not found"),
          "auditctl 3 does not know riscv");
    whole(theirs, ours, says(theirs, "Only msgtype, *uid, *gid, pid, and subj* fields can be used with exclude filter"),
          "auditctl 4 leaves it to the kernel what an exclude rule may contain");
    whole(theirs, ours, says(theirs, "Permissions should be preceeded by other fields"),
          "auditctl 4 has it spelled right");
    whole(theirs, ours, line_.starts_with("--reset-lost ") || line_.starts_with("--loginuid-immutable "),
          "auditctl 4 minds words behind it");
    whole(theirs, ours, says(theirs, "foo is an unsupported signal") && theirs.error == ours.error,
          "auditctl 4 exits with 1");
  }

  void version4(Behaviour& theirs, Behaviour& ours) {
    const std::string_view silent = "auditctl 4.2 is silent where its library explains";
    for (const char* text : {"Unknown user: ", "Unknown group: ", "Syscall name unknown: ",
                             "perm used without an arch is slower", "Permissions should be preceded by other fields"}) {
      drop(ours, theirs, text, silent);
    }
    whole(theirs, ours,
          !theirs.requests.empty() && theirs.requests[0].find(" ffffffff") != std::string::npos &&
              !ours.error.empty() && ours.error[0].find(" rule - bad keyword ") != std::string::npos,
          "auditctl 4.2 takes a list that it does not know for number -1");
  }

  void any_version(Behaviour& theirs, Behaviour& ours) {
    whole(theirs, ours, has("arch=arm") && has("-S _llseek") && says(theirs, "Syscall name unknown: _llseek"),
          "its table has _llseek of arm without the underscore");
    whole(theirs, ours,
          (has("arch=aarch64") || has("arch=armv8l") || has("arch=ppc64")) && has("perm=") &&
              theirs.code == ours.code && without_perm_masks(theirs.requests) == without_perm_masks(ours.requests),
          "for perm=r it leaves out fstat on aarch64 and newfstatat on ppc64");
    whole(theirs, ours,
          has("io_uring") && has("-S all") && theirs.code == ours.code && theirs.out == ours.out &&
              theirs.error == ours.error && without_masks(theirs.requests) == without_masks(ours.requests),
          "all operations of io_uring are all, not those it can name");
  }

  [[nodiscard]] bool has(std::string_view text) const { return line_.find(text) != std::string::npos; }
  static bool says(const Behaviour& one, std::string_view text) {
    return std::find(one.error.begin(), one.error.end(), text) != one.error.end();
  }

  // Lines that only ours prints.
  void drop(Behaviour& ours, const Behaviour& theirs, std::string_view beginning, std::string_view reason) {
    const auto starts = [beginning](const std::string& line) { return line.starts_with(beginning); };
    if (std::any_of(theirs.error.begin(), theirs.error.end(), starts)) return;
    if (std::erase_if(ours.error, starts) > 0) reasons_.push_back(reason);
  }

  void whole(const Behaviour& theirs, Behaviour& ours, bool holds, std::string_view reason) {
    if (!holds || theirs == ours) return;
    ours = theirs;
    reasons_.push_back(reason);
  }

  int major_;
  const std::string& line_;
  std::vector<std::string_view> reasons_;
};

// How many lines were tried, were equal, and differed for which reason.
struct Tally {
  int tried = 0, equal = 0;
  std::map<std::string_view, int> reasons;

  void add(const std::vector<std::string_view>& why) {
    ++tried;
    if (why.empty()) ++equal;
    for (const std::string_view reason : why) ++reasons[reason];
  }

  [[nodiscard]] std::string text(const std::string& what) const {
    std::string text = what + ": " + std::to_string(tried) + " tried, " + std::to_string(equal) + " equal\n";
    for (const auto& [reason, count] : reasons)
      text += "    " + std::to_string(count) + " differ as intended: " + std::string(reason) + '\n';
    return text;
  }
};

}  // namespace naudit::ctl::test
