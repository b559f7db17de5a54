// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/convert/command.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/accounts.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "config/loader.hpp"
#include "config/option_words.hpp"
#include "ctl/console.hpp"
#include "ctl/convert/conversion.hpp"
#include "ctl/convert/time_word.hpp"
#include "ctl/filter_options.hpp"
#include "formats/registry.hpp"
#include "interpret/names/scope.hpp"
#include "output/sinks/kinds.hpp"
#include "stored/interrupt.hpp"

namespace naudit::ctl {
namespace {

constexpr int kAll = 0, kTrouble = 1, kRejected = 3, kInterrupted = 130;

constexpr const char* kConfiguration = "/etc/naudit/nauditd.yaml";  // nauditd's default

constexpr std::size_t kMostJobs = 64;
// More encoders than this wait for the one thread that reads.
constexpr std::size_t kMostUsefulJobs = 8;

// Where names come from that the input does not tell, the first is the default.
constexpr std::string_view kNames[] = {"auto", "local", "none"};

struct Options {
  ConversionOptions conversion;
  std::string form{stored::kInputForms[0]};
  std::string names{kNames[0]};
  std::string outcome;
  std::string statistics;
  std::vector<std::string> format_options;
  std::vector<std::string> inputs;
};

std::int64_t now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::size_t usual_jobs() {
  return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMostUsefulJobs);
}

void tell_statistics(const Options& options, const Statistics& statistics) {
  if (options.statistics.empty()) return;
  std::string text = options.statistics == "json" ? statistics_json(statistics) : statistics_text(statistics);
  text.pop_back();
  error(text);
}

// `node:` of this machine's nauditd, if it has one that can be read.
std::string configured_node() {
  try {
    const config::Node node = config::load(kConfiguration, output::kinds(), /*check_permissions=*/false).config.node;
    return node.kind == config::NodeKind::kText ? node.text : std::string();
  } catch (const base::Error&) {
    return {};
  }
}

interpret::NamesScope names_scope(std::string_view word, const std::string& node) {
  using Whose = interpret::NamesScope::Whose;
  if (word == "none") return {.whose = Whose::kNone};
  if (word == "local") return {.whose = Whose::kAll};
  interpret::NamesScope scope{
      .whose = Whose::kOwn, .own = base::own_host_names(), .full_name = base::known_full_host_name};
  if (std::string own = configured_node(); !own.empty()) scope.own.push_back(std::move(own));
  // Who names the machine of a log says whether it is this one.
  scope.unnamed_is_own = scope.covers(node);
  return scope;
}

int convert(Options& options) {
  ConversionOptions& conversion = options.conversion;
  conversion.form = stored::input_form(options.form).value_or(stored::InputForm::kAuto);
  conversion.names = names_scope(options.names, conversion.node);
  // Without any, what `convert` itself does of a format: it keeps the names of machines, for one.
  if (!options.format_options.empty()) {
    const config::FormatKind& format = *output::kinds().format(conversion.format);
    conversion.format_options =
        config::read_words(format.options, options.format_options, "--option", "the format " + conversion.format);
  }
  if (!options.outcome.empty())
    conversion.filter.outcome = options.outcome == "success" ? config::Outcome::kSuccess : config::Outcome::kFailure;

  const stored::InputList inputs = stored::list_inputs(options.inputs);
  for (const std::string& problem : inputs.problems) error("nauditctl convert: " + problem);
  if (inputs.paths.empty()) return kTrouble;
  Conversion run(conversion, inputs);
  stored::catch_interrupts();
  run.run();
  const Statistics& statistics = run.statistics();
  tell_statistics(options, statistics);
  if (stored::is_interrupted()) return kInterrupted;
  if (statistics.events.events > 0 && statistics.events.filtered == statistics.events.events)
    tell_unknown_users(conversion.filter);
  if (statistics.failed > 0 || !inputs.problems.empty()) return kTrouble;
  return statistics.read.rejected > 0 ? kRejected : kAll;
}

// One line a format, names in one column.
std::string formats_text() {
  std::string text = "Formats of the output:\n";
  std::size_t width = 0;
  for (const formats::Format& format : formats::all_formats()) width = std::max(width, format.name.size());
  for (const formats::Format& format : formats::all_formats())
    text += fmt::format("  {:<{}}  {}\n", format.name, width, format.help);
  return text;
}

void add_time_option(CLI::App& command, const char* name, std::optional<std::int64_t>& out, const char* help) {
  const auto read = [&out, name](const std::string& word) {
    out = time_of_word(word, now_ms());
    if (!out)
      throw CLI::ValidationError(name, "expected " + std::string(kTimeForms) + ", not " + base::in_quotes(word));
  };
  command.add_option_function<std::string>(name, read, help + std::string(kTimeForms))->type_name("TIME");
}

}  // namespace

void add_convert_command(CLI::App& app, int& exit_code) {
  CLI::App* const command = app.add_subcommand("convert", "Turns stored audit logs into another format");
  command->footer(
      formats_text() +
      "\nReads auditd's logs (raw or enriched, with or without node=), records in syslog and the kernel's messages,\n"
      "nauditd's own JSON, captures of audisp-remote and of binary plugins, and recognises which. "
      "Compressed\n"
      "files (gzip, zstd, xz, bzip2) are read as they are. A directory stands for the logs in it; rotated files are\n"
      "read oldest first.\n"
      "Exit status: 0 everything was converted; 3 there were lines without a record in them (see --rejects, --stats);\n"
      "1 a file could not be read or written; 130 interrupted.\n\n"
      "  nauditctl convert /var/log/audit > events.json\n"
      "  zcat old.log.gz | nauditctl convert --format line --key identity\n"
      "  nauditctl convert --format line --since yesterday --path /etc/ /var/log/naudit\n"
      "  nauditctl convert --format raw events.json | ausearch -i");
  const auto options = std::make_shared<Options>();
  ConversionOptions& conversion = options->conversion;
  conversion.jobs = usual_jobs();
  const auto& names = formats::format_names();
  command->add_option("--format", conversion.format, "Format of the output")
      ->check(CLI::IsMember(std::vector<std::string>(names.begin(), names.end())))
      ->capture_default_str();
  command
      ->add_option("--option", options->format_options,
                   "One option of the output's format, as in nauditd.yaml; may be given again")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command->add_option("--input-format", options->form, "Form of the input, instead of recognising it")
      ->check(CLI::IsMember(std::vector<std::string>(std::begin(stored::kInputForms), std::end(stored::kInputForms))))
      ->capture_default_str();
  command->add_flag("-v,--verbose", conversion.structure,
                    "Prints the records and fields that were read, instead of a format");
  command->add_option("-o,--output", conversion.output, "Writes to this file instead of standard output")
      ->type_name("FILE");
  command->add_option("--rejects", conversion.rejects, "Writes the lines without a record to this file")
      ->type_name("FILE");
  command->add_option("--node", conversion.node, "Name of the machine for records without one")->type_name("NAME");
  command
      ->add_option("--names", options->names,
                   "Where names come from that the input does not tell: from this machine for its own records (auto), "
                   "for all records (local), or for none")
      ->check(CLI::IsMember(std::vector<std::string>(std::begin(kNames), std::end(kNames))))
      ->capture_default_str();
  command->add_option("--jobs", conversion.jobs, "Threads that encode")
      ->type_name("NUMBER")
      ->check(CLI::Range(std::size_t{1}, kMostJobs))
      ->capture_default_str();
  command->add_flag("--stats{text}", options->statistics, "Prints at the end what was read and written; --stats=json")
      ->check(CLI::IsMember({"text", "json"}));
  add_filter_options(*command, conversion.filter, options->outcome);
  add_time_option(*command, "--since", conversion.since, "Only events of this time or later: ");
  add_time_option(*command, "--until", conversion.until, "Only events before this time: ");
  command->add_option("file", options->inputs, "Logs, or directories of logs; none or -: standard input");
  command->callback([options, &exit_code] { exit_code = convert(*options); });
}

}  // namespace naudit::ctl
