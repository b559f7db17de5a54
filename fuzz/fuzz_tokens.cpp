// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// A record of any type with any body: tokens, the decoded event, its arguments and its summary.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "interpret/record/execve.hpp"
#include "interpret/summary/summary.hpp"
#include "interpret/summary/text.hpp"

namespace {

bool is_within(std::string_view part, std::string_view whole) {
  return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit;
  std::uint16_t type = 0;
  if (size < sizeof type) return 0;
  std::memcpy(&type, data, sizeof type);
  const std::string_view body(reinterpret_cast<const char*>(data) + sizeof type, size - sizeof type);
  correlate::Event event;
  event.append(type, body, 0);
  interpret::DecodedEvent decoded;
  decoded.decode(event);
  const std::string_view text = event.body(event.records().front());
  const interpret::DecodedRecord& record = decoded.records().front();
  std::string scratch;
  for (const auto& fields : {decoded.fields(record), decoded.claim(record)}) {
    for (const interpret::Field& field : fields) {
      if (!is_within(field.value, text) || (field.id == 0 && !is_within(field.name, text))) __builtin_trap();
      if (interpret::decoded(field, scratch).size() > field.value.size()) __builtin_trap();
    }
  }
  for (const std::string_view part : {record.tokens.words, record.tokens.claim_words, record.tokens.enriched,
                                      record.tokens.avc_result, record.tokens.avc_permissions})
    if (!is_within(part, text)) __builtin_trap();

  interpret::Execve execve;
  execve.read(decoded);
  for (std::size_t i = 0; i < execve.size(); ++i)
    if (execve[i].size() > body.size()) __builtin_trap();
  scratch.clear();
  const interpret::Summary summary = interpret::summarise(decoded);
  interpret::append_object(decoded, summary, scratch);
  if (summary.action.empty()) __builtin_trap();
  return 0;
}
