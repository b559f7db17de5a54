// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "config/error.hpp"
#include "config/yaml.hpp"

#include <yaml-cpp/yaml.h>

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const std::string text(reinterpret_cast<const char*>(data), size);
    naudit::config::parse_yaml(text, "fuzz.yaml");
  } catch (const naudit::config::Error&) {
  }
  return 0;
}
