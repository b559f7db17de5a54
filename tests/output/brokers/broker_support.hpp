// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "config/loader.hpp"
#include "output/sinks/kinds.hpp"
#include "tests/output/sink_support.hpp"

namespace naudit::tests {

// Until a sink's state has these words. False after a minute.
inline bool wait_for_state(const output::Sink& sink, const std::string& words) {
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (sink.status().state.find(words) == std::string::npos) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

// One event, with the newline at its end.
inline output::BatchPtr batch_of(const std::string& text, const std::string& id = {}) {
  auto batch = std::make_shared<output::Batch>();
  batch->bytes = text;
  batch->ends = {static_cast<std::uint32_t>(text.size())};
  batch->first_id = batch->last_id = id;
  batch->made = std::chrono::steady_clock::now();
  return batch;
}

// In the order of their first coming: what came twice counts once.
inline std::vector<std::string> without_repeats(const std::vector<std::string>& texts) {
  std::vector<std::string> firsts;
  for (const std::string& text : texts)
    if (std::ranges::find(firsts, text) == firsts.end()) firsts.push_back(text);
  return firsts;
}

// What is said of a sink with these keys; empty: nothing.
inline std::string problems_of(const std::string& type, const std::string& keys) {
  try {
    config::parse("sinks:\n  - {name: a, type: " + type + ", " + keys + "}\n", "/f.yaml", output::kinds());
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace naudit::tests
