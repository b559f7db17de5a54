// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/http/files/transfer_log.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "output/sinks/file/options.hpp"
#include "output/sinks/file/sink.hpp"

namespace naudit::output {
namespace {

// Any other header may be one that the configuration has from a secret file.
constexpr auto kHarmless = std::to_array<std::string_view>({"accept",
                                                            "accept-encoding",
                                                            "age",
                                                            "allow",
                                                            "cache-control",
                                                            "connection",
                                                            "content-encoding",
                                                            "content-length",
                                                            "content-type",
                                                            "date",
                                                            "expect",
                                                            "expires",
                                                            "host",
                                                            "keep-alive",
                                                            "retry-after",
                                                            "server",
                                                            "transfer-encoding",
                                                            "user-agent",
                                                            "vary",
                                                            "via",
                                                            "www-authenticate",
                                                            "x-elastic-product"});

SinkHost without_notices(SinkHost host) {
  host.notices.reset();
  return host;
}

config::Sink file_config(const config::Sink& sink, const std::string& file) {
  config::Sink result;
  result.name = sink.name + ".debug-log";
  result.type = "file";
  result.format = sink.format;
  FileOptions options;
  options.path = file;
  result.options = options;
  return result;
}

}  // namespace

std::string masked_header(std::string_view line) {
  const std::size_t colon = line.find(':');
  // The first line of a request or a reply. A path may hold what is secret behind its question mark.
  if (colon == std::string_view::npos || line.starts_with("HTTP/") || line.find(" HTTP/") != std::string_view::npos) {
    const std::size_t query = line.find('?');
    const std::size_t end = line.find(" HTTP/");
    if (query == std::string_view::npos || end == std::string_view::npos || end < query) return base::shown(line);
    return base::shown(line.substr(0, query)) + "?[not shown]" + base::shown(line.substr(end));
  }
  const std::string name = base::lower(std::string(line.substr(0, colon)));
  if (std::ranges::find(kHarmless, name) != kHarmless.end()) return base::shown(line);
  return base::shown(line.substr(0, colon)) + ": [not shown]";
}

TransferLog::TransferLog(const config::Sink& sink, const std::string& file, SinkHost host, std::uint64_t seed)
    : file_(std::make_unique<FileSink>(file_config(sink, file), without_notices(std::move(host)), seed)) {}

TransferLog::~TransferLog() = default;

void TransferLog::add(char direction, std::string_view head, std::chrono::milliseconds now) {
  const auto batch = std::make_shared<Batch>();
  batch->made = std::chrono::steady_clock::now();
  const auto millis = static_cast<std::uint64_t>(now.count());
  while (!head.empty()) {
    const std::size_t end = std::min(head.find('\n'), head.size());
    std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + 1, head.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    batch->bytes += time_.text(millis / 1000, static_cast<std::uint32_t>(millis % 1000));
    batch->bytes += "Z ";
    batch->bytes += direction;
    batch->bytes += ' ';
    batch->bytes += masked_header(line);
    batch->bytes += '\n';
    batch->ends.push_back(static_cast<std::uint32_t>(batch->bytes.size()));
  }
  if (!batch->ends.empty()) file_->push(batch);
}

void TransferLog::stop(std::chrono::milliseconds at_most) {
  file_->stop(at_most);
}

void TransferLog::rotate() {
  file_->rotate();
}

}  // namespace naudit::output
