// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "stored/input_list.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iterator>
#include <map>
#include <regex>
#include <system_error>
#include <tuple>
#include <utility>

#include "base/utf8.hpp"

namespace naudit::stored {
namespace {

namespace fs = std::filesystem;

const std::regex& compression_pattern() {
  static const std::regex kPattern(R"(\.(gz|zst|zstd|xz|bz2)$)");
  return kPattern;
}
const std::regex& rotation_pattern() {
  static const std::regex kPattern(R"(\.([0-9]{1,5})$)");
  return kPattern;
}
// logrotate's dateext and what others make of it, down to the second, or the second alone. A third in the same second
// is our "…Z-002" (output/sinks/file/rotated_name.hpp).
const std::regex& date_pattern() {
  static const std::regex kPattern(
      R"([-._](((19|20)[0-9]{2}-?[01][0-9]-?[0-3][0-9]([-._T]?[0-2][0-9][-:]?[0-5][0-9]([-:]?[0-5][0-9])?(Z(-[0-9]{3})?)?)?)|1[0-9]{9})(?![0-9]))");
  return kPattern;
}

// An editor's leavings and files that are being written are no logs.
bool is_log_name(std::string_view name) {
  return !name.starts_with('.') && !name.ends_with('~') && !name.ends_with(".swp") && !name.ends_with(".tmp");
}

std::string reason(const std::error_code& error) {
  return error ? error.message() : "there is no log in this directory";
}

// A log that is being compressed is there twice for a moment, and after a crash for longer: with the same time.
void leave_out_copies(std::vector<std::string>& sorted) {
  const std::vector<std::string> all = sorted;
  std::erase_if(sorted, [&](const std::string& path) {
    const std::string raw = std::regex_replace(path, compression_pattern(), "");
    if (raw == path || !std::ranges::binary_search(all, raw)) return false;
    std::error_code error, other;
    return fs::last_write_time(path, error) == fs::last_write_time(raw, other) && !error && !other;
  });
}

void add_directory(const std::string& path, InputList& list) {
  std::vector<std::string> found;
  std::error_code error;
  for (fs::directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    if (is_log_name(at->path().filename().native()) && at->is_regular_file(ignored)) found.push_back(at->path());
  }
  if (error || found.empty()) list.problems.push_back("cannot read '" + base::shown(path) + "': " + reason(error));
  std::ranges::sort(found);
  leave_out_copies(found);
  sort_logs(found);
  std::ranges::move(found, std::back_inserter(list.paths));
}

}  // namespace

LogName LogName::of(std::string_view file_name) {
  LogName name;
  name.series = std::regex_replace(std::string(file_name), compression_pattern(), "");
  std::smatch match;
  if (std::regex_search(name.series, match, rotation_pattern())) {
    const std::string digits = match[1];
    std::from_chars(digits.data(), digits.data() + digits.size(), name.number);
    name.series.erase(static_cast<std::size_t>(match.position(0)));
  }
  if (std::regex_search(name.series, match, date_pattern())) {
    std::ranges::copy_if(match.str(1), std::back_inserter(name.date), [](char c) { return c >= '0' && c <= '9'; });
    name.series.erase(static_cast<std::size_t>(match.position(0)), static_cast<std::size_t>(match.length(0)));
  }
  return name;
}

bool LogName::is_older_than(const LogName& other) const noexcept {
  const auto rank = [](const LogName& name) { return !name.date.empty() ? 0 : name.number > 0 ? 1 : 2; };
  return std::tuple(rank(*this), std::string_view(date), other.number) <
         std::tuple(rank(other), std::string_view(other.date), number);
}

void sort_logs(std::vector<std::string>& paths) {
  using Series = std::vector<std::pair<LogName, std::string>>;
  std::map<std::pair<std::string, std::string>, Series> all;
  std::vector<Series*> order;
  for (std::string& path : paths) {
    const fs::path whole(path);
    LogName name = LogName::of(path == "-" ? path : whole.filename().native());
    Series& series = all[{whole.parent_path(), name.series}];
    if (series.empty()) order.push_back(&series);
    series.emplace_back(std::move(name), std::move(path));
  }
  paths.clear();
  for (Series* const series : order) {
    std::ranges::stable_sort(*series, [](const auto& a, const auto& b) { return a.first.is_older_than(b.first); });
    for (auto& [name, path] : *series) paths.push_back(std::move(path));
  }
}

InputList list_inputs(const std::vector<std::string>& arguments) {
  InputList list;
  std::vector<std::string> files;
  const auto take_files = [&] {
    sort_logs(files);
    std::ranges::move(files, std::back_inserter(list.paths));
    files.clear();
  };
  for (const std::string& argument : arguments) {
    std::error_code error;
    if (argument != "-" && fs::is_directory(argument, error)) {
      take_files();
      add_directory(argument, list);
    } else {
      files.push_back(argument);
    }
  }
  take_files();
  if (arguments.empty()) list.paths.emplace_back("-");
  for (const std::string& path : list.paths) {
    std::error_code error;
    if (path == "-" || !fs::is_regular_file(path, error)) {
      list.size = 0;
      return list;
    }
    list.size += fs::file_size(path, error);
  }
  return list;
}

}  // namespace naudit::stored
