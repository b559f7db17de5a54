// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "config/config.hpp"
#include "correlate/event.hpp"
#include "ctl/convert/batch_flow.hpp"
#include "ctl/convert/local_names.hpp"
#include "ctl/convert/output_file.hpp"
#include "ctl/convert/progress.hpp"
#include "ctl/convert/statistics.hpp"
#include "formats/encoder.hpp"
#include "formats/format.hpp"
#include "interpret/names/names.hpp"
#include "interpret/record/decoded_event.hpp"
#include "output/filter.hpp"
#include "stored/input_list.hpp"
#include "stored/reader.hpp"

namespace naudit::ctl {

struct ConversionOptions {
  std::string format = "json";
  formats::EncoderOptions format_options;
  bool structure = false;  // what was read instead of a format (structure.hpp)
  stored::InputForm form = stored::InputForm::kAuto;
  std::string output = "-";
  std::string rejects;  // empty: they are only counted
  std::string node;     // for records that do not say theirs
  // For which records this machine is asked for the names of users and groups that the input does not tell.
  interpret::NamesScope names;
  config::Filter filter;
  // Milliseconds since 1970: only events from `since` on and before `until`.
  std::optional<std::int64_t> since, until;
  std::size_t jobs = 1;  // threads that encode; with 1 all is done by the calling one
};

// Takes events apart and writes them in one format. Each encoding thread has its own; all give the same bytes for the
// same event.
class EventEncoder {
 public:
  // All that is referred to outlives it.
  EventEncoder(const ConversionOptions& options, const output::Filter& filter, LocalNames& names);

  // It has to see all events, in order.
  [[nodiscard]] bool is_stateful() const noexcept { return encoder_->is_stateful(); }
  void finish(std::string& out) { encoder_->finish(out); }
  // Replaces batch.bytes.
  void encode(Batch& batch);
  [[nodiscard]] const EventCounts& counts() const noexcept { return counts_; }

 private:
  [[nodiscard]] bool is_in_time(const correlate::EventId& id) const noexcept;

  const output::Filter& filter_;
  const std::int64_t since_, until_;
  interpret::Names names_;
  formats::EncoderContext context_;
  std::unique_ptr<formats::Encoder> encoder_;
  bool is_copied_;  // nobody looks into the events
  interpret::DecodedEvent decoded_;
  EventCounts counts_;
};

// Stored logs in, events of one format out, in the order in which they became whole.
//
// With several jobs the calling thread reads and puts records together, `jobs` threads encode and one writes; the bytes
// are the same. Owner: command.cpp; one run.
class Conversion {
 public:
  // Throws base::Error for a filter that cannot be, or an output that cannot be opened.
  Conversion(const ConversionOptions& options, const stored::InputList& inputs);
  Conversion(const Conversion&) = delete;
  Conversion& operator=(const Conversion&) = delete;
  ~Conversion();

  // All inputs. One that fails is reported on standard error, and the others go on; an output that fails ends it with
  // an OutputError.
  void run();
  [[nodiscard]] const Statistics& statistics() const noexcept { return statistics_; }

 private:
  void start();
  void stop();
  void write_head();
  void write_end();
  void write();
  void read_file(const std::string& path);
  bool read_some(const std::string* to_open, correlate::EventBatch& out);
  Batch* take_empty();
  void hand_on(Batch* batch);

  const stored::InputList& inputs_;
  const formats::Format& format_;
  const formats::EncoderOptions format_options_;
  formats::FileOfEvents file_;
  OutputFile output_;
  std::optional<OutputFile> rejects_;
  output::Filter filter_;
  LocalNames names_;
  correlate::EventPool pool_;
  stored::LogReader reader_;
  Progress progress_;
  std::vector<std::unique_ptr<EventEncoder>> encoders_;
  BatchFlow flow_;
  std::vector<std::thread> threads_;
  std::exception_ptr write_error_;
  Statistics statistics_;
};

}  // namespace naudit::ctl
