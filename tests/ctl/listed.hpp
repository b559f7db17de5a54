// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

// The same rules, listed by two programs: where the text may differ, word by word, and why.
#include "tests/ctl/intended.hpp"

namespace naudit::ctl::test {

class Listed {
 public:
  explicit Listed(int major) : major_(major) {}

  // Nothing: a defect. Otherwise the reasons, none when the lines are equal.
  std::optional<std::vector<std::string_view>> compare(const std::string& theirs, const std::string& ours) {
    reasons_.clear();
    if (theirs == ours) return reasons_;
    Words left = words_of(theirs), right = words_of(ours);
    if (left.size() + 2 == right.size() && ours.find(",io_uring") != std::string::npos) {
      const auto option = std::find(right.begin(), right.end(), "-S");
      if (option == right.end()) return std::nullopt;
      right.erase(option, option + 2);
      because("it leaves out an operation of io_uring that it has no name for");
    }
    if (left.size() != right.size()) return std::nullopt;
    is_ring_ = ours.find(",io_uring") != std::string::npos;
    has_arch_ = ours.find(" -F arch") != std::string::npos;
    for (std::size_t i = 0; i < left.size(); ++i)
      if (left[i] != right[i] && !may_differ(i > 0 ? left[i - 1] : "", left[i], right[i])) return std::nullopt;
    return reasons_;
  }

 private:
  static Words words_of(const std::string& line) {
    Words words;
    std::istringstream in(line);
    for (std::string word; in >> word;) words.push_back(word);
    return words;
  }

  bool because(std::string_view reason) {
    if (std::find(reasons_.begin(), reasons_.end(), reason) == reasons_.end()) reasons_.push_back(reason);
    return true;
  }

  bool may_differ(const std::string& before, const std::string& theirs, const std::string& ours) {
    if (before == "-S") {
      if (major_ == 3 && is_ring_) return because("auditctl 3 has no io_uring list");
      if (other_names(theirs, ours)) return because("a system call that its table does not name, or names otherwise");
      return !has_arch_ && because("without an arch it takes the names of the arch of the rule before");
    }
    for (const char* field : {"msgtype", "fstype"}) {
      if (theirs.starts_with(field) && ours.starts_with(field) && is_number(after_operator(theirs)) &&
          !is_number(after_operator(ours))) {
        return because("a name that it does not know yet");
      }
    }
    if (theirs.starts_with("arch") && ours.starts_with("arch")) {
      if (after_operator(theirs) == "armeb" && after_operator(ours) == "arm")
        return because("it says armeb for arm, which is little endian");
      if (major_ == 3 && theirs.find("0x") != std::string::npos && theirs.ends_with("00000F3"))
        return because("auditctl 3 does not know riscv");
    }
    if (major_ != 3) return false;
    if (theirs.find("(null)") != std::string::npos && ours.find("io_uring") != std::string::npos)
      return because("auditctl 3 has no io_uring list");
    for (const char* field : {"path", "dir", "exe"}) {
      if (theirs.starts_with(std::string(field) + '=') && ours.starts_with(field) &&
          after_operator(theirs) == after_operator(ours)) {
        return because("auditctl 3 shows = for any operator");
      }
    }
    return false;
  }

  static bool is_number(const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  }
  static std::string after_operator(const std::string& word) {
    const std::size_t at = word.find_first_of("=!<>&");
    const std::size_t value = word.find_first_not_of("=!<>&", at);
    return value == std::string::npos ? "" : word.substr(value);
  }
  // At the same place of the list a number in theirs where ours has a name, or the other name of it.
  static bool other_names(const std::string& theirs, const std::string& ours) {
    std::istringstream left(theirs), right(ours);
    std::string a, b;
    while (true) {
      const bool more = static_cast<bool>(std::getline(left, a, ','));
      if (static_cast<bool>(std::getline(right, b, ',')) != more) return false;
      if (!more) return true;
      const bool synonym = (a == "llseek" && b == "_llseek") || (a == "fstatat64" && b == "newfstatat");
      if (a != b && !synonym && (!is_number(a) || is_number(b))) return false;
    }
  }

  int major_;
  bool has_arch_ = false, is_ring_ = false;
  std::vector<std::string_view> reasons_;
};

}  // namespace naudit::ctl::test
