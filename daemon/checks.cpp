// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/checks.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/trusted_path.hpp"
#include "base/written_file.hpp"
#include "daemon/collector/source_tls.hpp"
#include "daemon/control/socket.hpp"
#include "daemon/kernel/serial_file.hpp"
#include "daemon/pipeline/untold_file.hpp"
#include "output/filter.hpp"
#include "output/shape/secrets.hpp"
#include "output/sinks/net/options.hpp"
#include "output/sinks/sink_files.hpp"
#include "rules/kernel/owned.hpp"
#include "rules/read.hpp"

namespace naudit::daemon {

void check_sinks(const config::Loaded& loaded) {
  std::vector<base::Problem> problems;
  for (std::size_t i = 0; i < loaded.config.sinks.size(); ++i) {
    const config::Sink& sink = loaded.config.sinks[i];
    const std::string path = fmt::format("sinks[{}]", i);
    if (const auto mistake = output::shape::pattern_mistake(sink.redact))
      problems.push_back({loaded.places.of(fmt::format("{}.redact.patterns[{}]", path, mistake->pattern)),
                          "sink '" + sink.name + "', redact: " + mistake->message});
    if (const auto mistake = output::expression_mistake(sink.filter)) {
      problems.push_back({loaded.places.inside(path + ".filter", sink.filter.expression, mistake->at),
                          "sink '" + sink.name + "', filter: " + mistake->message});
      continue;
    }
    try {
      const output::Filter filter(sink.filter, sink.name);
    } catch (const base::Error& error) {
      problems.push_back({loaded.places.of(path + ".filter"), error.what()});
    }
  }
  if (!problems.empty()) throw base::Error(std::move(problems));
}

namespace {

// The place of the option that an error names: "sink 'siem': tls.ca: …".
base::Problem problem_of(const config::Loaded& loaded, std::string path, const std::string& whose,
                         const std::string& error) {
  if (error.starts_with(whose)) {
    const std::string_view option = std::string_view(error).substr(whose.size());
    const std::size_t end = option.find_first_not_of("abcdefghijklmnopqrstuvwxyz_.");
    if (end != std::string_view::npos && option[end] == ':') path.append(".").append(option.substr(0, end));
  }
  return {loaded.places.of(path), error};
}

}  // namespace

void check_sources(const config::Loaded& loaded, bool reads_files) {
  std::vector<base::Problem> problems;
  for (std::size_t i = 0; i < loaded.config.sources.size(); ++i) {
    const config::Source& source = loaded.config.sources[i];
    const std::string whose = "source '" + source.name + "': ";
    const std::string path = fmt::format("sources[{}]", i);
    for (const std::string& one : source.tls.fingerprints)
      if (!output::parse_fingerprint(one))
        problems.push_back(
            {loaded.places.of(path + ".tls.fingerprints"),
             whose + "expected a SHA-256 fingerprint of 64 hexadecimal digits, with or without colons, not " +
                 base::in_quotes(one)});
    try {
      if (reads_files) static_cast<void>(tls_context_of(source));
    } catch (const base::Error& error) {
      problems.push_back(problem_of(loaded, path, whose, error.what()));
    }
  }
  if (!problems.empty()) throw base::Error(std::move(problems));
}

base::Problem sink_problem(const config::Loaded& loaded, std::size_t sink, const std::string& error) {
  return problem_of(loaded, fmt::format("sinks[{}]", sink), "sink '" + loaded.config.sinks[sink].name + "': ", error);
}

void check_sink_files(const config::Loaded& loaded) {
  std::vector<base::Problem> problems;
  for (std::size_t i = 0; i < loaded.config.sinks.size(); ++i) {
    try {
      output::check_read_files(loaded.config.sinks[i]);
    } catch (const base::Error& error) {
      problems.push_back(sink_problem(loaded, i, error.what()));
    }
  }
  if (!problems.empty()) throw base::Error(std::move(problems));
}

namespace {

void check_state(const config::Loaded& loaded, std::vector<base::Problem>& problems) {
  const std::string& folder = loaded.config.daemon.state_directory;
  const auto refuse = [&](const std::string& why) {
    problems.push_back({loaded.places.of("daemon.state_directory"), why});
  };
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) return;  // a start makes it
  if (!std::filesystem::is_directory(folder, error)) return refuse(base::in_quotes(folder) + " is no folder");
  if (::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) != 0)
    return refuse(base::in_quotes(folder) + " cannot be written: " + std::generic_category().message(errno));
  for (const std::string& file : {rules::owned_path(folder), UntoldFile(folder).path(), serial_path(folder)})
    if (const std::string why = base::open_own_file(file, base::OwnUse::kRead).problem; !why.empty()) refuse(why);
}

}  // namespace

void check_written_files(const config::Loaded& loaded) {
  std::vector<base::Problem> problems;
  check_state(loaded, problems);
  try {
    ControlSocket::check(loaded.config.daemon.control_socket);
  } catch (const base::Error& error) {
    problems.push_back({loaded.places.of("daemon.control_socket"), error.what()});
  }
  for (std::size_t i = 0; i < loaded.config.sinks.size(); ++i) {
    try {
      output::check_written_file(loaded.config.sinks[i]);
    } catch (const base::Error& error) {
      problems.push_back(sink_problem(loaded, i, error.what()));
    }
  }
  if (!problems.empty()) throw base::Error(std::move(problems));
}

void check_folders(const config::Loaded& loaded) {
  const config::Daemon& daemon = loaded.config.daemon;
  std::vector<base::Problem> problems;
  const auto check = [&](const char* key, const std::string& path, base::PathPart part) {
    if (const auto found = base::find_untrusted(path, part))
      problems.push_back({loaded.places.of(key), base::in_quotes(path) + " is not safe: " + found->text()});
  };
  check("daemon.state_directory", daemon.state_directory, base::PathPart::kWhole);
  check("daemon.control_socket", daemon.control_socket, base::PathPart::kParents);
  if (!problems.empty()) throw base::Error(std::move(problems));
}

void check_confinement(const config::Loaded& loaded, const Confinement& confinement) {
  std::vector<base::Problem> problems;
  for (std::size_t i = 0; i < loaded.config.sinks.size(); ++i) {
    const config::Sink& sink = loaded.config.sinks[i];
    if (output::starts_program(sink) && !confinement.allows_programs()) {
      problems.push_back({loaded.places.of(fmt::format("sinks[{}].command", i)),
                          fmt::format("sink '{}': nauditd has given up to start programs, for no sink needed one when "
                                      "it started, so this one takes a restart: systemctl restart nauditd",
                                      sink.name)});
    }
    if (output::needs_all_rights(sink) && !confinement.keeps_rights()) {
      problems.push_back({loaded.places.of(fmt::format("sinks[{}].command", i)),
                          fmt::format("sink '{}': nauditd has given up the rights that plugins need, for there was "
                                      "none when it started, so this one takes a restart: systemctl restart nauditd",
                                      sink.name)});
    }
    for (const auto& [key, file] : output::written_files(sink)) {
      if (confinement.allows(file)) continue;
      problems.push_back({loaded.places.of(fmt::format("sinks[{}].{}", i, key)),
                          fmt::format("sink '{}': nauditd has given up to write into a folder that it did not need "
                                      "when it started, so this one takes a restart: systemctl restart nauditd",
                                      sink.name)});
    }
  }
  if (!loaded.config.plugins.directories.empty() && !confinement.keeps_rights()) {
    problems.push_back({loaded.places.of("plugins.directories"),
                        "nauditd has given up the rights that plugins need, for there was none when it started, so "
                        "this takes a restart: systemctl restart nauditd"});
  }
  const config::Metrics& metrics = loaded.config.metrics;
  if (!metrics.address.empty() && !confinement.allows_port(metrics.port)) {
    problems.push_back(
        {loaded.places.of("metrics.listen"),
         fmt::format("nauditd has given up to listen at ports that it did not need when it started, so {} "
                     "takes a restart: systemctl restart nauditd",
                     metrics.port)});
  }
  if (!problems.empty()) throw base::Error(std::move(problems));
}

RulesChecked check_rules(const config::Loaded& loaded, bool check_permissions) {
  rules::ReadOptions options;
  options.check_permissions = check_permissions;
  const rules::Environment environment = rules::system_environment();
  const rules::RuleSet set = rules::read_rules(loaded.config.rules.files, environment, options);
  const std::vector<rules::WantedRule> wanted = set.rules();
  RulesChecked checked{.rules = wanted.size(), .notes = set.notes(), .losses = rules::lint(wanted, environment)};
  std::erase_if(checked.losses, [](const rules::Advice& advice) { return !rules::is_loss(advice); });
  std::set<std::string> keys;
  for (const rules::WantedRule& rule : wanted)
    for (std::string& key : rule.rule.keys()) keys.insert(std::move(key));
  for (std::size_t i = 0; i < loaded.config.sinks.size(); ++i) {
    const config::Sink& sink = loaded.config.sinks[i];
    for (const std::string& key : output::filter_keys(sink.filter)) {
      if (keys.contains(key)) continue;
      checked.notes.push_back({loaded.places.of(fmt::format("sinks[{}].filter", i)),
                               fmt::format("no rule has the key {} that the sink {} asks for", base::in_quotes(key),
                                           base::in_quotes(sink.name))});
    }
  }
  return checked;
}

}  // namespace naudit::daemon
