// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "output/batch.hpp"
#include "output/sink.hpp"
#include "output/sinks/file/options.hpp"
#include "output/sinks/forward/options.hpp"
#include "output/sinks/http/options.hpp"
#include "output/sinks/kafka/options.hpp"
#include "output/sinks/relp/options.hpp"
#include "output/sinks/tcp/options.hpp"
#include "tests/support/temp_dir.hpp"

namespace naudit::tests {

template <typename Options>
inline constexpr const char* kTypeOf = "";
template <>
inline constexpr const char* kTypeOf<output::FileOptions> = "file";
template <>
inline constexpr const char* kTypeOf<output::TcpOptions> = "tcp";
template <>
inline constexpr const char* kTypeOf<output::HttpOptions> = "https";

template <>
inline constexpr const char* kTypeOf<output::KafkaOptions> = "kafka";
template <>
inline constexpr const char* kTypeOf<output::ForwardOptions> = "forward";
template <>
inline constexpr const char* kTypeOf<output::RelpOptions> = "relp";

// An entry of `sinks:` with its options at hand.
template <typename Options>
struct SinkConfig : Options {
  std::string name, format = "json";
  config::Queue queue = {};
  config::AnyOptions format_options = {};

  operator config::Sink() const {  // NOLINT(google-explicit-constructor)
    return {.name = name,
            .type = kTypeOf<Options>,
            .format = format,
            .options = static_cast<const Options&>(*this),
            .format_options = format_options,
            .filter = {},
            .queue = queue};
  }
};
using FileConfig = SinkConfig<output::FileOptions>;
using TcpConfig = SinkConfig<output::TcpOptions>;
using ForwardConfig = SinkConfig<output::ForwardOptions>;
using RelpConfig = SinkConfig<output::RelpOptions>;
using KafkaConfig = SinkConfig<output::KafkaOptions>;
using HttpsConfig = SinkConfig<output::HttpOptions>;

using namespace std::chrono_literals;

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_file(const std::string& path, std::string_view text, std::filesystem::perms mode) {
  std::ofstream(path, std::ios::binary) << text;
  std::filesystem::permissions(path, mode);
}

inline std::string event_text(int number, std::size_t padding = 0) {
  return "{\"event\":" + std::to_string(number) + ",\"pad\":\"" + std::string(padding, 'x') + "\"}";
}

// Events `first` … `first + count - 1`, each one a line; their ids are "1.000:<number>".
inline output::BatchPtr make_batch(int first, int count, std::size_t padding = 0) {
  auto batch = std::make_shared<output::Batch>();
  for (int number = first; number < first + count; ++number) {
    batch->bytes += event_text(number, padding) + '\n';
    batch->ends.push_back(static_cast<std::uint32_t>(batch->bytes.size()));
  }
  batch->first_id = "1.000:" + std::to_string(first);
  batch->last_id = "1.000:" + std::to_string(first + count - 1);
  batch->made = std::chrono::steady_clock::now();
  return batch;
}

inline std::vector<std::string> event_lines(int first, int count, std::size_t padding = 0) {
  std::vector<std::string> lines;
  for (int number = first; number < first + count; ++number) lines.push_back(event_text(number, padding));
  return lines;
}

inline std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  if (begin < text.size()) lines.push_back(text.substr(begin));
  return lines;
}

// What a sink tells of its losses.
class LossLog {
 public:
  output::OnSinkLoss handler() {
    return [this](const output::SinkLoss& loss) {
      const std::lock_guard lock(mutex_);
      losses_.push_back(loss);
      changed_.notify_all();
    };
  }
  bool wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 30s, [&] { return losses_.size() >= count; });
  }
  [[nodiscard]] std::vector<output::SinkLoss> losses() const {
    const std::lock_guard lock(mutex_);
    return losses_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<output::SinkLoss> losses_;
};

}  // namespace naudit::tests
