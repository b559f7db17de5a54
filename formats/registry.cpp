// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/registry.hpp"

#include <type_traits>

#include "formats/auditd/enriched.hpp"
#include "formats/auditd/raw.hpp"
#include "formats/json/encoder.hpp"
#include "formats/line/encoder.hpp"
#include "formats/mozdef/encoder.hpp"

namespace naudit::formats {
namespace {

struct Format {
  std::string_view name;
  std::unique_ptr<Encoder> (*make)(EncoderContext&, const EncoderOptions&);
};

template <typename Kind>
std::unique_ptr<Encoder> make(EncoderContext& context, const EncoderOptions& options) {
  if constexpr (std::is_constructible_v<Kind, EncoderContext&, const EncoderOptions&>)
    return std::make_unique<Kind>(context, options);
  else
    return std::make_unique<Kind>(context);
}

constexpr Format kFormats[] = {
    {"json", make<JsonEncoder>},          // docs/event-format.md
    {"raw", make<RawEncoder>},            // auditd's text
    {"enriched", make<EnrichedEncoder>},  // the same with names
    {"mozdef", make<MozdefEncoder>},      // audisp-json's event
    {"line", make<LineEncoder>},          // one sentence for a person
};

}  // namespace

std::unique_ptr<Encoder> make_encoder(std::string_view format, EncoderContext& context, const EncoderOptions& options) {
  for (const Format& one : kFormats)
    if (one.name == format) return one.make(context, options);
  return nullptr;
}

const std::vector<std::string_view>& format_names() {
  static const std::vector<std::string_view> kNames = [] {
    std::vector<std::string_view> names;
    for (const Format& one : kFormats) names.push_back(one.name);
    return names;
  }();
  return kNames;
}

}  // namespace naudit::formats
