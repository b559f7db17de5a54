// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/convert_command.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "config/error.hpp"
#include "correlate/correlator.hpp"
#include "correlate/line.hpp"
#include "correlate/log_clock.hpp"
#include "ctl/console.hpp"
#include "interpret/names.hpp"
#include "output/encoder.hpp"

namespace naudit::ctl {
namespace {

struct Options {
  std::string format = "json";
  std::string node;
  std::vector<std::string> files;
};

class Conversion {
 public:
  explicit Conversion(const Options& options) : context_{.names = names_, .node = options.node} {
    encoder_ = output::make_encoder(options.format, context_);
  }

  void add(std::string_view line) {
    if (line.empty()) return;
    correlate::Input input;
    correlate::Header header;
    correlate::parse_line(line, input);
    if (correlate::parse_header(input.text, header)) clock_.at(header.id);
    correlator_.add(input, clock_.now(), events_);
    correlator_.age(clock_.now(), events_);
    take_out();
  }

  void finish() {
    correlator_.flush(correlate::Incomplete::kNo, events_);
    take_out();
    write_out();
  }

 private:
  void take_out() {
    for (auto& event : events_) {
      decoded_.decode(*event);
      encoder_->encode(decoded_, bytes_);
      pool_.give(std::move(event));
    }
    events_.clear();
    if (bytes_.size() >= kPiece) write_out();
  }

  void write_out() {
    out(bytes_);
    bytes_.clear();
    if (std::fflush(stdout) != 0) throw config::Error("the output cannot be written");
  }

  static constexpr std::size_t kPiece = std::size_t{64} * 1024;

  interpret::Names names_{{.wait = std::chrono::seconds(30), .wait_percent = 100}};
  output::EncoderContext context_;
  std::unique_ptr<output::Encoder> encoder_;
  interpret::DecodedEvent decoded_;
  correlate::EventPool pool_{1024};
  correlate::Correlator correlator_{{.source = correlate::Source::kStored}, pool_};
  correlate::LogClock clock_;
  correlate::EventBatch events_;
  std::string bytes_;
};

bool read_lines(std::FILE* file, Conversion& conversion) {
  char* line = nullptr;
  std::size_t capacity = 0;
  for (ssize_t size = 0; (size = getline(&line, &capacity, file)) > 0;) {
    if (line[size - 1] == '\n') --size;
    conversion.add({line, static_cast<std::size_t>(size)});
  }
  std::free(line);
  return std::ferror(file) == 0;
}

int convert(const Options& options) {
  Conversion conversion(options);
  int code = 0;
  const std::vector<std::string> files = options.files.empty() ? std::vector<std::string>{"-"} : options.files;
  for (const std::string& name : files) {
    std::FILE* const file = name == "-" ? stdin : std::fopen(name.c_str(), "re");
    if (file == nullptr || !read_lines(file, conversion)) {
      error("cannot read '" + name + "': " + std::generic_category().message(errno));
      code = 1;
    }
    if (file != nullptr && file != stdin) std::fclose(file);
  }
  conversion.finish();
  return code;
}

}  // namespace

void add_convert_command(CLI::App& app, int& exit_code) {
  CLI::App* const command = app.add_subcommand("convert", "Turns a stored audit log into another format");
  const auto options = std::make_shared<Options>();
  const auto& names = output::format_names();
  command->add_option("--format", options->format, "Format of the output")
      ->check(CLI::IsMember(std::vector<std::string>(names.begin(), names.end())));
  command->add_option("--node", options->node, "Name of the machine, for records that do not say it");
  command->add_option("file", options->files, "Logs to read; none or -: standard input");
  command->callback([options, &exit_code] { exit_code = convert(*options); });
}

}  // namespace naudit::ctl
