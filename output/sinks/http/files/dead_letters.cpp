// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/http/files/dead_letters.hpp"

#include <utility>

#include "base/json.hpp"
#include "output/sinks/file/options.hpp"
#include "output/sinks/file/sink.hpp"

namespace naudit::output {
namespace {

config::Sink file_config(const config::Sink& sink, const std::string& file) {
  config::Sink result;
  result.name = sink.name + ".dead-letter";
  result.type = "file";
  result.format = sink.format;
  FileOptions options;
  options.path = file;
  result.options = options;
  return result;
}

// What it loses is told by the others; its own stream has no notices.
SinkHost without_notices(SinkHost host) {
  host.notices.reset();
  return host;
}

}  // namespace

DeadLetters::DeadLetters(const config::Sink& sink, const std::string& file, SinkHost host, std::uint64_t seed)
    : sink_(sink.name),
      file_(std::make_unique<FileSink>(file_config(sink, file), without_notices(std::move(host)), seed)) {}

DeadLetters::~DeadLetters() = default;

void DeadLetters::add(const EventHead& head, std::string_view text, int status, std::string_view reason) {
  if (!batch_) {
    batch_ = std::make_shared<Batch>();
    batch_->made = std::chrono::steady_clock::now();
  }
  base::JsonWriter line;
  line.begin_object();
  line.member("sink", sink_);
  line.member("status", status);
  line.member("reason", reason);
  line.key("event");
  if (head.is_object)
    line.raw_value(text);
  else
    line.value(text);
  line.end_object();
  batch_->bytes += line.take();
  batch_->bytes += '\n';
  batch_->ends.push_back(static_cast<std::uint32_t>(batch_->bytes.size()));
  if (batch_->first_id.empty()) batch_->first_id = head.id;
  batch_->last_id = head.id;
}

void DeadLetters::flush() {
  if (batch_) file_->push(std::exchange(batch_, {}));
}

void DeadLetters::stop(std::chrono::milliseconds at_most) {
  file_->stop(at_most);
}

void DeadLetters::rotate() {
  file_->rotate();
}

}  // namespace naudit::output
