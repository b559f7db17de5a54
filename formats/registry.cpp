// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/registry.hpp"

#include <algorithm>
#include <iterator>
#include <type_traits>
#include <utility>

#include "formats/auditd/audispd.hpp"
#include "formats/auditd/enriched.hpp"
#include "formats/auditd/options.hpp"
#include "formats/auditd/raw.hpp"
#include "formats/auditgo/encoder.hpp"
#include "formats/auditrd/encoder.hpp"
#include "formats/auditrd/options.hpp"
#include "formats/aushape/encoder.hpp"
#include "formats/aushape/options.hpp"
#include "formats/bsm/encoder.hpp"
#include "formats/bsm/file_part.hpp"
#include "formats/bsm/options.hpp"
#include "formats/cef/audisp_encoder.hpp"
#include "formats/cef/audisp_options.hpp"
#include "formats/cef/encoder.hpp"
#include "formats/envelope.hpp"
#include "formats/goaudit/encoder.hpp"
#include "formats/goaudit/options.hpp"
#include "formats/heka/encoder.hpp"
#include "formats/heka/options.hpp"
#include "formats/json/encoder.hpp"
#include "formats/laurel/encoder.hpp"
#include "formats/laurel/options.hpp"
#include "formats/leef/encoder.hpp"
#include "formats/leef/options.hpp"
#include "formats/line/encoder.hpp"
#include "formats/mozdef/encoder.hpp"
#include "formats/mozdef/options.hpp"

namespace naudit::formats {
namespace {

template <typename Kind>
std::unique_ptr<Encoder> make(EncoderContext& context, const EncoderOptions& options) {
  if constexpr (std::is_constructible_v<Kind, EncoderContext&, const EncoderOptions&>)
    return std::make_unique<Kind>(context, options);
  else
    return std::make_unique<Kind>(context);
}

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kJsonLines = "application/x-ndjson";
// Without a charset: a record may hold any bytes.
constexpr std::string_view kText = "text/plain";
constexpr std::string_view kBytes = "application/octet-stream";
constexpr std::string_view kXml = "application/xml";
// Several elements, none around them (RFC 7303).
constexpr std::string_view kXmlLines = "application/xml-external-parsed-entity";
constexpr std::string_view kUtf8Text = "text/plain; charset=utf-8";

// Facilities and severities of syslog.
constexpr std::uint8_t kLocal0 = 16, kLocal5 = 21;
constexpr std::uint8_t kWarning = 4, kInfo = 6;

constexpr Format kFormats[] = {
    {.name = "json",  // docs/event-format.md
     .help = "one line of JSON, everything decoded, nothing lost; for SIEMs and scripts",
     .content_type = kJson,
     .content_type_many = kJsonLines,
     .left_out = json_left_out,
     .make = make<JsonEncoder>},
    {.name = "raw",
     .help = "auditd's line for each record; for ausearch, aureport and whatever reads auditd's log",
     .content_type = kText,
     .content_type_many = kText,
     .lines_are_records = true,
     .left_out = record_left_out,
     .options = auditd_options,
     .make = make<RawEncoder>},
    {.name = "enriched",
     .help = "the same lines with names; for reading them on another machine",
     .content_type = kText,
     .content_type_many = kText,
     .lines_are_records = true,
     .left_out = record_left_out,
     .options = auditd_options,
     .make = make<EnrichedEncoder>},
    {.name = "audispd",
     .help = "the same lines as auditd gives them to its plugins, with the record that ends an event; for its plugins",
     .content_type = kText,
     .content_type_many = kText,
     .left_out = record_left_out,
     .options = audispd_options,
     .make = make<AudispdEncoder>},
    {.name = "audispd-binary",
     .help = "the same records with auditd's header of 16 bytes before each; for its plugins with `format = binary`",
     .content_type = kBytes,
     .content_type_many = kBytes,
     .binary = true,
     .left_out = nullptr,
     .options = audispd_options,
     .make = make<AudispdBinaryEncoder>},
    {.name = "mozdef",
     .help = "one line of JSON as audisp-json sent it, with a category to alert on; for MozDef",
     .content_type = kJson,
     .content_type_many = kJsonLines,
     .one_event_a_request = true,
     .left_out = json_left_out,
     .options = mozdef_options,
     .make = make<MozdefEncoder>},
    {.name = "go-audit",  // docs/go-audit.md
     .help =
         "one line of JSON as go-audit writes it, the records as they are and the names of users; for what reads it",
     .content_type = kJson,
     .content_type_many = kJsonLines,
     .left_out = json_left_out,
     .options = goaudit_options,
     .make = make<GoauditEncoder>},
    {.name = "laurel",  // docs/laurel.md
     .help = "one line of JSON as laurel writes it, a key for each type of record; for what reads laurel's log",
     .content_type = kJson,
     .content_type_many = kJsonLines,
     .left_out = json_left_out,
     .options = laurel_options,
     .make = make<LaurelEncoder>},
    {.name = "cef",
     .help = "one line of CEF; for ArcSight, Sentinel and other SIEMs, mostly over syslog",
     .content_type = kUtf8Text,
     .content_type_many = kUtf8Text,
     .left_out = cef_left_out,
     .make = make<CefEncoder>},
    {.name = "cef-audisp",
     .help = "the line of CEF that audisp-cef sent, under its names",
     .content_type = kUtf8Text,
     .content_type_many = kUtf8Text,
     .syslog = {"audisp-cef", kLocal5, kInfo},
     .left_out = cef_audisp_left_out,
     .options = cef_audisp_options,
     .make = make<CefAudispEncoder>},
    {.name = "leef",
     .help = "one line of LEEF; for QRadar",
     .content_type = kUtf8Text,
     .content_type_many = kUtf8Text,
     .left_out = leef_left_out,
     .options = leef_options,
     .make = make<LeefEncoder>},
    {.name = "audit-go",
     .help = "a line of JSON for each record as Mozilla's audit-go wrote it; for its Heka decoder",
     .content_type = kJsonLines,
     .content_type_many = kJsonLines,
     .syslog = {"auditd", kLocal0, kWarning},
     .left_out = json_left_out,
     .options = audit_go_options,
     .make = make<AuditGoEncoder>},
    {.name = "heka",
     .help = "a framed protobuf message of Heka, signed or not; for Heka and Hindsight",
     .content_type = "application/octet-stream",
     .content_type_many = "application/octet-stream",
     .binary = true,
     .left_out = nullptr,
     .options = heka_options,
     .make = make<HekaEncoder>},
    {.name = "bsm",  // docs/bsm.md
     .help = "one record of OpenBSM's audit trail, for praudit and auditreduce on FreeBSD and macOS",
     .content_type = kBytes,
     .content_type_many = kBytes,
     .binary = true,
     .left_out = nullptr,
     .options = bsm_options,
     .make = make<BsmEncoder>,
     .head = append_bsm_file_token,
     .tail = append_bsm_file_token,
     .first_part = bsm_file_part},
    {.name = "aushape-json",
     .help = "one line of JSON as aushape shaped it, meaning and raw value side by side; for its readers",
     .content_type = kJson,
     .content_type_many = kJsonLines,
     .left_out = aushape_json_left_out,
     .options = aushape_options,
     .make = make<AushapeJsonEncoder>},
    {.name = "aushape-xml",
     .help = "one element of XML as aushape shaped it; for readers of XML",
     .content_type = kXml,
     .content_type_many = kXmlLines,
     .one_event_a_request = true,
     .left_out = aushape_xml_left_out,
     .options = aushape_options,
     .make = make<AushapeXmlEncoder>,
     .head = append_aushape_xml_head,
     .tail = append_aushape_xml_tail},
    {.name = "auditrd",
     .help = "one flat line of JSON for a program, a file or a login, as the library auditrd gave it",
     .content_type = kJson,
     .content_type_many = kJsonLines,
     .selective = true,
     .left_out = auditrd_left_out,
     .options = auditrd_options,
     .make = make<AuditrdEncoder>},
    {.name = "line",
     .help = "one sentence; for people",
     .content_type = kUtf8Text,
     .content_type_many = kUtf8Text,
     .left_out = sentence_left_out,
     .make = make<LineEncoder>},
};

template <typename Wanted>
std::vector<std::string_view> names_where(Wanted wanted) {
  std::vector<std::string_view> names;
  for (const Format& one : kFormats)
    if (wanted(one)) names.push_back(one.name);
  return names;
}

}  // namespace

std::span<const Format> all_formats() noexcept {
  return kFormats;
}

const Format* find_format(std::string_view name) noexcept {
  const auto* const found = std::ranges::find(kFormats, name, &Format::name);
  return found == std::end(kFormats) ? nullptr : found;
}

bool is_binary_format(std::string_view name) noexcept {
  const Format* const row = find_format(name);
  return row != nullptr && row->binary;
}

std::unique_ptr<Encoder> make_encoder(std::string_view format, EncoderContext& context, const EncoderOptions& options) {
  const Format* const row = find_format(format);
  return row == nullptr ? nullptr : row->make(context, options);
}

std::unique_ptr<Encoder> make_encoder(std::string_view format, EncoderContext& context, const EncoderOptions& options,
                                      const Envelope& envelope) {
  auto inner = make_encoder(format, context, options);
  if (inner == nullptr || envelope.make == nullptr) return inner;
  return envelope.make(context, std::move(inner), envelope.options);
}

const std::vector<std::string_view>& format_names() {
  static const std::vector<std::string_view> kNames = names_where([](const Format&) { return true; });
  return kNames;
}

const std::vector<std::string_view>& text_format_names() {
  static const std::vector<std::string_view> kNames = names_where([](const Format& one) { return !one.binary; });
  return kNames;
}

std::vector<config::FormatKind> format_kinds() {
  std::vector<config::FormatKind> kinds;
  for (const Format& one : kFormats)
    kinds.push_back({one.name, one.help, one.options == nullptr ? config::OptionTable() : one.options(),
                     one.one_event_a_request, one.binary});
  return kinds;
}

}  // namespace naudit::formats
