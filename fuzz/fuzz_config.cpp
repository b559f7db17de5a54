// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/error.hpp"
#include "config/loader.hpp"
#include "config/print.hpp"
#include "output/sinks/kinds.hpp"

// nauditd.yaml: whatever loads prints as YAML that loads to the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const naudit::config::Kinds& kinds = naudit::output::kinds();
  naudit::config::Config config;
  try {
    config = naudit::config::parse(text, "/fuzz/nauditd.yaml", kinds).config;
  } catch (const naudit::base::Error&) {
    return 0;
  }
  if (naudit::config::parse(naudit::config::print(config, kinds), "/fuzz/nauditd.yaml", kinds).config != config)
    std::abort();
  return 0;
}
