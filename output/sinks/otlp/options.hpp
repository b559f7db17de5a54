// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "output/sinks/http/options.hpp"

namespace naudit::output {

enum class OtlpEncoding : std::uint8_t { kProtobuf, kJson };

// What a sink of `type: otlp` may choose beside HttpOptions.
struct OtlpOptions {
  OtlpEncoding encoding = OtlpEncoding::kProtobuf;
  friend bool operator==(const OtlpOptions&, const OtlpOptions&) = default;
};

config::OptionTable otlp_options();
std::vector<std::string> otlp_warnings(const config::Sink& sink, bool look_at_disk);

}  // namespace naudit::output
