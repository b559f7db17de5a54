// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/trail/sink.hpp"

#include <utility>

#include "base/error.hpp"
#include "formats/registry.hpp"
#include "output/sinks/file/sink.hpp"
#include "output/sinks/trail/options.hpp"

namespace naudit::output {

std::shared_ptr<FileWorker> make_trail_worker(const config::Sink& sink, const FileOptions& options, SinkHost host,
                                              std::uint64_t seed, FileSystem& system, Retry retry,
                                              std::shared_ptr<TrailObserver> observer) {
  const formats::Format* const format = formats::find_format(sink.format);
  if (format == nullptr) throw base::Error("sink '" + sink.name + "': there is no format '" + sink.format + "'");
  auto writer = std::make_unique<TrailWriter>(system, options, *format, sink.format_options, std::move(observer));
  return std::make_shared<FileWorker>(sink, options, std::move(writer), std::move(host), seed, system, retry);
}

std::unique_ptr<Sink> make_trail_sink(const config::Sink& sink, Network&, SinkHost host, std::uint64_t seed) {
  return std::make_unique<FileSink>(make_trail_worker(sink, sink.options.as<TrailOptions>(), std::move(host), seed,
                                                      real_file_system(), FileSink::kRetry));
}

}  // namespace naudit::output
