// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/plugin/directory.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/file.hpp"
#include "base/text.hpp"
#include "config/values.hpp"
#include "formats/auditd/options.hpp"
#include "output/sinks/plugin/file.hpp"
#include "output/sinks/plugin/options.hpp"
#include "output/sinks/syslog/options.hpp"
#include "output/sinks/unix/options.hpp"

namespace naudit::output {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".conf";
constexpr std::string_view kPrefix = "plugin-";
constexpr mode_t kMostMode = 0777;

bool is_plugin_name(const std::string& name) {
  return name.ends_with(kSuffix) && !name.starts_with('.') && std::ranges::count(name, '.') == 1;
}

// Those that auditd would not even look at are none.
std::vector<std::string> files_in(const std::string& folder, std::vector<FoundPlugin>& found) {
  std::vector<std::string> names;
  std::error_code error;
  for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error))
    if (std::string name = entry->path().filename(); is_plugin_name(name)) names.push_back(std::move(name));
  if (error && error != std::errc::no_such_file_or_directory)
    found.push_back({.file = folder, .problems = {{{folder, 0, 0}, "cannot be read: " + error.message()}}});
  std::ranges::sort(names);
  return names;
}

std::string sink_name(const std::string& file) {
  std::string name(kPrefix);
  name.append(file, 0, file.size() - kSuffix.size());
  for (char& c : name)
    if (!config::is_name(std::string_view(&c, 1))) c = '-';
  return name;
}

// Empty: it may be read.
std::string refusal_of(const std::string& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) return "cannot be read: " + std::generic_category().message(errno);
  if (!S_ISREG(found.st_mode)) return "is no regular file";
  if (found.st_uid != 0 && found.st_uid != ::geteuid())
    return "belongs to user id " + std::to_string(found.st_uid) + ", not to root: chown root " + base::in_quotes(path);
  if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return "can be written by " + std::string((found.st_mode & S_IWOTH) != 0 ? "everybody" : "its group") +
           ": chmod go-w " + base::in_quotes(path);
  return {};
}

// The word of syslog(3) for one of these; -1: there is none.
template <std::size_t kCount>
int place_of(std::string_view word, const std::array<std::string_view, kCount>& words) {
  const auto found = std::ranges::find(words, word);
  return found == words.end() ? -1 : static_cast<int>(found - words.begin());
}

constexpr std::array<std::string_view, 8> kPriorities = {"LOG_EMERG",   "LOG_ALERT",  "LOG_CRIT", "LOG_ERR",
                                                         "LOG_WARNING", "LOG_NOTICE", "LOG_INFO", "LOG_DEBUG"};
struct Facility {
  std::string_view word;
  int number;
};
constexpr Facility kFacilities[] = {{"LOG_USER", 1},      {"LOG_DAEMON", 3},  {"LOG_AUTH", 4},    {"LOG_SYSLOG", 5},
                                    {"LOG_AUTHPRIV", 10}, {"LOG_LOCAL0", 16}, {"LOG_LOCAL1", 17}, {"LOG_LOCAL2", 18},
                                    {"LOG_LOCAL3", 19},   {"LOG_LOCAL4", 20}, {"LOG_LOCAL5", 21}, {"LOG_LOCAL6", 22},
                                    {"LOG_LOCAL7", 23}};
constexpr auto kUser = static_cast<SyslogFacility>(1);  // what syslog(3) takes for a program that names none

std::string use_syslog(const std::vector<std::string>& args, SyslogOptions& options) {
  options.head.facility = kUser;
  options.head.app_name = "audispd";
  options.head.structured_data = false;
  options.head.has_host = false;
  for (const std::string& word : args) {
    if (const int priority = place_of(word, kPriorities); priority >= 0) {
      options.head.severity = static_cast<Severity>(priority);
      continue;
    }
    const auto* const facility = std::ranges::find(kFacilities, word, &Facility::word);
    if (facility == std::end(kFacilities))
      return "args: expected a priority and a facility, like LOG_INFO LOG_LOCAL0, not " + base::in_quotes(word);
    options.head.facility = static_cast<SyslogFacility>(facility->number);
  }
  return {};
}

// In either order.
std::string use_unix(const std::vector<std::string>& args, UnixOptions& options) {
  options.path = "/var/run/audispd_events";
  options.mode = 0640;
  options.without_reader = WithoutReader::kDrop;
  for (const std::string& word : args) {
    if (word.starts_with('/')) {
      options.path = word;
      continue;
    }
    unsigned mode = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), mode, 8);
    if (error != std::errc{} || end != word.data() + word.size() || mode > kMostMode)
      return "args: expected a mode and a path, like 0640 /run/audispd_events, not " + base::in_quotes(word);
    options.mode = mode;
  }
  return {};
}

class Finder {
 public:
  Finder(const config::Plugins& plugins, bool check_permissions)
      : plugins_(plugins), check_permissions_(check_permissions) {}

  std::vector<FoundPlugin> run() {
    for (const std::string& folder : plugins_.directories)
      for (const std::string& name : files_in(folder, found_))
        look_at(folder + (folder.ends_with('/') ? "" : "/") + name, name);
    return std::move(found_);
  }

 private:
  void look_at(const std::string& path, const std::string& name) {
    FoundPlugin& found = found_.emplace_back();
    found.file = path;
    const auto refuse = [&](std::string why) { found.problems.push_back({{path, 0, 0}, std::move(why)}); };
    if (std::string why = check_permissions_ ? refusal_of(path) : ""; !why.empty()) return refuse(std::move(why));
    PluginFile file;
    try {
      found.problems = parse_plugin_file(base::read_file(path, check_permissions_), path, file);
    } catch (const base::Error& error) {
      found.problems = error.problems();
    }
    found.is_active = file.active;
    if (!found.problems.empty() || !file.active) return;
    config::Sink sink;
    sink.name = sink_name(name);
    if (!config::is_name(sink.name)) return refuse("a sink's name has at most 64 bytes, and its own is longer");
    if (!names_.insert(sink.name).second)
      return refuse("there is another file for a sink " + base::in_quotes(sink.name));
    if (std::string why = describe(file, sink); !why.empty()) return refuse(std::move(why));
    found.sink = std::move(sink);
  }

  // Empty: it is in order.
  [[nodiscard]] std::string describe(const PluginFile& file, config::Sink& sink) const {
    formats::AudispdOptions form;
    form.node = plugins_.node;
    form.names = plugins_.names;
    sink.format = file.binary ? "audispd-binary" : "audispd";
    sink.format_options = form;
    if (file.does == PluginFile::Does::kUnixSocket) {
      UnixOptions options;
      std::string why = use_unix(file.args, options);
      sink.type = "unix";
      sink.options = std::move(options);
      return why;
    }
    if (file.does == PluginFile::Does::kSyslog) {
      SyslogOptions options;
      std::string why = use_syslog(file.args, options);
      sink.type = "syslog";
      sink.options = std::move(options);
      // A message each; what ends an event says nothing to who reads them.
      sink.format = "raw";
      sink.format_options = formats::AuditdOptions{.node = plugins_.node};
      return why;
    }
    PluginOptions options;
    options.command = {file.path};
    options.command.insert(options.command.end(), file.args.begin(), file.args.end());
    options.max_restarts = plugins_.max_restarts;
    sink.type = "plugin";
    sink.options = std::move(options);
    return check_permissions_ ? program_refusal(file.path) : "";
  }

  const config::Plugins& plugins_;
  const bool check_permissions_;
  std::set<std::string> names_;
  std::vector<FoundPlugin> found_;
};

}  // namespace

std::vector<FoundPlugin> find_plugins(const config::Plugins& plugins, bool check_permissions) {
  return Finder(plugins, check_permissions).run();
}

}  // namespace naudit::output
