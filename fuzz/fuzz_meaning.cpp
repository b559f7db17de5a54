// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// A record of any type with any body: what each of its fields means.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "interpret/meaning/meaning.hpp"

namespace {

// Nobody has a name, and nothing is waited for.
naudit::interpret::Names& names() {
  static naudit::interpret::Names kNames({.wait = {}}, [](naudit::interpret::NameId) { return std::nullopt; });
  return kNames;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit;
  std::uint16_t type = 0;
  if (size < sizeof type) return 0;
  std::memcpy(&type, data, sizeof type);
  correlate::Event event;
  event.append(type, std::string_view(reinterpret_cast<const char*>(data) + sizeof type, size - sizeof type), 0);
  interpret::DecodedEvent decoded;
  decoded.decode(event);
  const interpret::DecodedRecord& record = decoded.records().front();
  interpret::Meaning meaning(names());
  meaning.begin(decoded, record);
  std::string text;
  for (const auto& fields : {decoded.fields(record), decoded.claim(record)}) {
    for (const interpret::Field& field : fields) {
      text.clear();
      const interpret::Form form = meaning.append(field, text);
      if ((form == interpret::Form::kNone) != text.empty()) __builtin_trap();
    }
  }
  return 0;
}
