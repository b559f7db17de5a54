// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/convert/conversion.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <limits>
#include <utility>

#include "base/error.hpp"
#include "base/thread.hpp"
#include "ctl/console.hpp"
#include "ctl/convert/structure.hpp"
#include "formats/registry.hpp"
#include "stored/interrupt.hpp"

namespace naudit::ctl {
namespace {

// For each encoding thread one in work and one that waits, and some for both ends.
std::size_t batches(std::size_t jobs) {
  return 2 * jobs + 2;
}

// What takes rejected pieces; nothing when nobody asked for them.
stored::LogReader::OnRejected open_rejects(std::optional<OutputFile>& file, const std::string& path,
                                           const stored::InputList& inputs, const OutputFile& output) {
  if (path.empty()) return nullptr;
  return [&rejects = file.emplace(path, inputs.paths, &output)](std::string_view pieces) { rejects.write(pieces); };
}

// What one huge event has made of a batch's buffer is given back.
constexpr std::size_t kUsualBytes = std::size_t{4} * 1024 * 1024;

// It waits for a name as long as a person would, and keeps it.
interpret::NamesOptions patient_names(const interpret::NamesScope& scope) {
  constexpr std::chrono::hours kFor{24 * 365 * 10};
  return {.wait = std::chrono::seconds(10), .wait_percent = 100, .lifetime = kFor, .absence = kFor, .scope = scope};
}

// The names of a filter have numbers where this machine is asked about any record.
config::Filter resolved(const ConversionOptions& options) {
  const bool is_asked = options.names.whose != interpret::NamesScope::Whose::kNone;
  return is_asked ? output::with_numbers(options.filter) : options.filter;
}

const formats::Format& format_of(const ConversionOptions& options) {
  return options.structure ? structure_format() : *formats::find_format(options.format);
}

void mark_time(formats::FileOfEvents& file) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  file.seconds = static_cast<std::uint64_t>(millis / 1000);
  file.millis = static_cast<std::uint32_t>(millis % 1000);
}

double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

}  // namespace

EventEncoder::EventEncoder(const ConversionOptions& options, const output::Filter& filter, LocalNames& names)
    : filter_(filter),
      since_(options.since.value_or(std::numeric_limits<std::int64_t>::min())),
      until_(options.until.value_or(std::numeric_limits<std::int64_t>::max())),
      names_(patient_names(options.names), [&names](interpret::NameId id) { return names.find(id); }),
      context_{.names = names_, .node = options.node, .local_time = true},
      encoder_(format_of(options).make(context_, options.format_options)),
      is_copied_(!encoder_->reads_fields() && filter.passes_all()) {}

void EventEncoder::encode(Batch& batch) {
  batch.bytes.clear();
  if (batch.bytes.capacity() > kUsualBytes) batch.bytes.shrink_to_fit();
  for (const correlate::EventPtr& event : batch.events) {
    ++counts_.events;
    if (event->late) ++counts_.late;
    const bool is_wanted = is_in_time(event->id);
    if (is_copied_ || !is_wanted)
      decoded_.refer_to(*event);
    else
      decoded_.decode(*event);
    if (decoded_.incomplete() != correlate::Incomplete::kNo)
      ++counts_.incomplete[static_cast<std::size_t>(decoded_.incomplete())];
    if (!is_wanted) {
      ++counts_.filtered;
      continue;
    }
    if (is_copied_) {
      encoder_->encode(decoded_, batch.bytes);
      continue;
    }
    if (!filter_.passes(decoded_)) {
      ++counts_.filtered;
      continue;
    }
    const std::size_t before = batch.bytes.size();
    encoder_->encode(decoded_, batch.bytes);
    if (batch.bytes.size() == before) ++counts_.unspoken;
  }
}

bool EventEncoder::is_in_time(const correlate::EventId& id) const noexcept {
  // A stamp that no clock tells is later than all.
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max() / 2000;
  const auto time = static_cast<std::int64_t>(std::min(id.seconds, kMost) * 1000 + id.millis);
  return time >= since_ && time < until_;
}

Conversion::Conversion(const ConversionOptions& options, const stored::InputList& inputs)
    : inputs_(inputs),
      format_(format_of(options)),
      format_options_(options.format_options),
      output_(options.output, inputs.paths),
      filter_(resolved(options), "", options.names),
      pool_(2048),
      reader_(options.form, pool_, open_rejects(rejects_, options.rejects, inputs, output_)),
      progress_(inputs.size),
      flow_(options.jobs == 1 ? 1 : batches(options.jobs)) {
  for (std::size_t i = 0; i < options.jobs; ++i) {
    encoders_.push_back(std::make_unique<EventEncoder>(options, filter_, names_));
    if (encoders_.back()->is_stateful()) break;
  }
  if (options.output != "-") file_.path = options.output;
}

Conversion::~Conversion() {
  if (!threads_.empty()) {
    flow_.abort();
    stop();
  }
}

void Conversion::run() {
  const auto start_time = std::chrono::steady_clock::now();
  output_.start();
  if (rejects_) rejects_->start();
  write_head();
  start();
  for (const std::string& path : inputs_.paths) {
    if (stored::is_interrupted()) break;
    ++statistics_.files;
    read_file(path);
  }
  if (Batch* const last = take_empty(); last != nullptr) {
    reader_.finish(stored::is_interrupted() ? correlate::Incomplete::kStopped : correlate::Incomplete::kNo,
                   last->events);
    hand_on(last);
  }
  stop();
  progress_.clear();
  if (write_error_ != nullptr) std::rethrow_exception(write_error_);
  write_end();
  output_.finish();
  if (rejects_) rejects_->finish();

  statistics_.read = reader_.counts();
  for (const auto& encoder : encoders_) statistics_.events.add(encoder->counts());
  statistics_.written = output_.written();
  statistics_.elapsed = std::chrono::steady_clock::now() - start_time;
  statistics_.cpu = std::chrono::duration<double>(cpu_seconds());
}

void Conversion::write_head() {
  if (format_.head == nullptr) return;
  mark_time(file_);
  std::string bytes;
  format_.head(format_options_, file_, bytes);
  output_.write(bytes);
}

void Conversion::write_end() {
  std::string bytes;
  encoders_.front()->finish(bytes);
  if (format_.tail != nullptr) {
    mark_time(file_);
    format_.tail(format_options_, file_, bytes);
  }
  output_.write(bytes);
}

void Conversion::start() {
  if (encoders_.size() == 1) return;
  for (const auto& encoder : encoders_) {
    threads_.push_back(base::start_thread("convert-encode", [this, own = encoder.get()] {
      while (Batch* const batch = flow_.take_filled()) {
        own->encode(*batch);
        flow_.put_encoded(batch);
      }
    }));
  }
  threads_.push_back(base::start_thread("convert-write", [this] { write(); }));
}

void Conversion::write() {
  try {
    while (Batch* const batch = flow_.take_encoded()) {
      output_.write(batch->bytes);
      flow_.put_empty(batch);
    }
  } catch (const OutputError&) {
    write_error_ = std::current_exception();
    flow_.abort();
  }
}

void Conversion::stop() {
  flow_.close();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Conversion::read_file(const std::string& path) {
  Batch* batch = take_empty();
  const std::string* to_open = &path;
  while (batch != nullptr && read_some(std::exchange(to_open, nullptr), batch->events)) {
    progress_.show(reader_.taken());
    if (batch->events.empty()) continue;
    hand_on(batch);
    batch = take_empty();
  }
  if (batch != nullptr) hand_on(batch);
}

// False at the end of the file, however it came.
bool Conversion::read_some(const std::string* to_open, correlate::EventBatch& out) {
  try {
    if (to_open != nullptr) reader_.open(*to_open);
    if (!stored::is_interrupted()) return reader_.read(out);
  } catch (const OutputError&) {
    throw;
  } catch (const base::Error& failure) {
    if (!stored::is_interrupted()) {
      ++statistics_.failed;
      progress_.clear();
      error(std::string("nauditctl convert: ") + failure.what());
    }
  }
  reader_.abandon(out);
  return false;
}

Batch* Conversion::take_empty() {
  Batch* const batch = flow_.take_empty();
  if (batch == nullptr) return nullptr;
  for (correlate::EventPtr& event : batch->events) pool_.give(std::move(event));
  batch->events.clear();
  return batch;
}

void Conversion::hand_on(Batch* batch) {
  if (!threads_.empty()) {
    flow_.put_filled(batch);
    return;
  }
  encoders_.front()->encode(*batch);
  output_.write(batch->bytes);
  flow_.put_empty(batch);
}

}  // namespace naudit::ctl
