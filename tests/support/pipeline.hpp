// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "correlate/event.hpp"
#include "formats/registry.hpp"
#include "interpret/names/names.hpp"
#include "interpret/record/decoded_event.hpp"
#include "tests/support/stored_log.hpp"

namespace naudit::tests {

// The same users on every machine: 0 is root, 1000 is jo, the rest has no name.
inline std::optional<std::string> fixed_name(interpret::NameId id) {
  if (id.number == 0) return "root";
  if (id.number == 1000) return "jo";
  return std::nullopt;
}

// Names that are always answered.
inline interpret::NamesOptions patient() {
  return {.wait = std::chrono::seconds(30), .wait_percent = 100};
}

// Events in, one format out.
class Encoding {
 public:
  explicit Encoding(std::string_view format, const formats::EncoderOptions& options = {})
      : encoder_(formats::make_encoder(format, context_, options)) {}

  std::string operator()(const correlate::Event& event) {
    std::string out;
    decoded_.decode(event);
    encoder_->encode(decoded_, out);
    return out;
  }
  std::string operator()(std::string_view lines) {
    StoredLog log;
    log.add_all(lines);
    log.finish();
    std::string out;
    for (const auto& event : log.events) out += (*this)(*event);
    return out;
  }
  void set_live() { context_.live = true; }
  void set_local_time() { context_.local_time = true; }
  void set_node(std::string node) { context_.node = std::move(node); }

 private:
  interpret::Names names_{patient(), fixed_name};
  formats::EncoderContext context_{.names = names_, .node = {}, .live = false};
  std::unique_ptr<formats::Encoder> encoder_;
  interpret::DecodedEvent decoded_;
};

}  // namespace naudit::tests
