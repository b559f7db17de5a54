// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What an OpenTelemetry receiver answers, in either encoding.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "output/sinks/otlp/product.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  static_cast<void>(output::read_otlp_json(body));
  static_cast<void>(output::read_otlp_protobuf(body));
  return 0;
}
