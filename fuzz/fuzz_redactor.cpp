// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// Records of a stored log, redacted: what comes out are records again, and none has what the patterns hide. The first
// pattern's match is a word that the built-in ones do not know, so that it is seen whether one slips through.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

#include "correlate/event.hpp"
#include "interpret/record/decoded_event.hpp"
#include "output/shape/redactor.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit;
  static output::shape::Redactor redactor({.enabled = true, .builtin = true, .patterns = {"sesame"}});
  static correlate::Event event;
  static interpret::DecodedEvent decoded;
  event.clear();
  event.source = correlate::Source::kStored;
  const std::string_view input{reinterpret_cast<const char*>(data), size};
  // Each line is a record; its first letter says of which type.
  for (std::size_t at = 0; at < input.size();) {
    const std::size_t end = std::min(input.find('\n', at), input.size());
    const std::string_view line = input.substr(at, end - at);
    at = end + 1;
    if (line.empty()) continue;
    constexpr std::uint16_t kTypes[] = {1309, 1327, 1123, 1319, 1300};
    const std::uint16_t type = kTypes[static_cast<unsigned char>(line[0]) % std::size(kTypes)];
    event.append(type, "audit(1.000:2): " + std::string(line.substr(1)), 16);
  }
  decoded.decode(event);
  const interpret::DecodedEvent* const other = redactor.redact(decoded);
  if (other == nullptr) return 0;
  const interpret::Execve& execve = other->execve();
  for (std::size_t i = 0; i < execve.size(); ++i)
    if (execve[i].find("sesame") != std::string_view::npos) __builtin_trap();
  return 0;
}
