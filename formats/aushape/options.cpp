// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/aushape/options.hpp"

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "config/yaml/document.hpp"

namespace naudit::formats {
namespace {

using config::Reading;
using Kind = AushapeDocuments::Kind;

template <typename Number>
std::optional<Number> number(std::string_view text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

void read_documents(const YAML::Node& node, AushapeDocuments& out, Reading& reading) {
  std::string_view text = node.IsScalar() ? std::string_view(node.Scalar()) : std::string_view();
  if (text == "lines") {
    out = {Kind::kLines, 0};
    return;
  }
  if (text == "none" || text == "0") {
    out = {Kind::kNone, 0};
    return;
  }
  if (text == "all") {
    out = {Kind::kAll, 0};
    return;
  }
  const bool is_bytes = text.starts_with('-');
  if (is_bytes) text.remove_prefix(1);
  const auto most = number<std::uint64_t>(text);
  if (!most || *most == 0)
    reading.problems.add(node, "expected lines, none, all, a number of events or, with a minus before it, of bytes");
  else
    out = {is_bytes ? Kind::kBytes : Kind::kEvents, *most};
}

std::string print_documents(const AushapeDocuments& documents) {
  switch (documents.kind) {
    case Kind::kLines:
      return "lines";
    case Kind::kNone:
      return "none";
    case Kind::kAll:
      return "all";
    case Kind::kEvents:
      return std::to_string(documents.most);
    case Kind::kBytes:
      break;
  }
  return "-" + std::to_string(documents.most);
}

void read_fold(const YAML::Node& node, std::uint32_t& out, Reading& reading) {
  const std::string text = node.IsScalar() ? node.Scalar() : std::string();
  const auto level = text == "all"    ? std::optional<std::uint32_t>(0)
                     : text == "none" ? std::optional(AushapeOptions::kUnfolded)
                                      : number<std::uint32_t>(text);
  if (!level)
    reading.problems.add(node, "expected all, none or a number of levels");
  else
    out = *level;
}

std::string print_fold(std::uint32_t level) {
  if (level == 0) return "all";
  return level == AushapeOptions::kUnfolded ? "none" : std::to_string(level);
}

void read_limit(const YAML::Node& node, std::uint64_t& out, Reading& reading) {
  constexpr std::uint64_t kLeast = 1024;
  constexpr std::uint64_t kMost = std::uint64_t{1} << 40U;
  if (node.IsScalar() && node.Scalar() == config::kNoWords)
    out = 0;
  else
    config::read_size_between(node, kLeast, kMost, out, reading);
}

config::Printed print_limit(std::uint64_t limit) {
  return limit == 0 ? config::Printed(std::string(config::kNoWords)) : config::printed_size(limit);
}

// What a sink sends is one event a line, and each line is whole.
void check(const AushapeOptions& options, const config::Sink& sink, const config::Report& report) {
  if (sink.type.empty()) return;  // nauditctl convert
  constexpr std::string_view kOnlyConvert = "a sink writes each event on a line of its own; only nauditctl convert ";
  const Kind kind = options.events_per_doc.kind;
  if (kind != Kind::kLines && kind != Kind::kNone)
    report("events_per_doc", std::string(kOnlyConvert) + "puts several into a document");
  if (options.fold != 0) report("fold", std::string(kOnlyConvert) + "unfolds them");
}

}  // namespace

config::OptionTable aushape_options() {
  return config::OptionSpec<AushapeOptions>{
      .rows =
          {
              {"text", config::flag(&AushapeOptions::text), "Also the records as they came, in `text`."},
              {"norm", config::flag(&AushapeOptions::norm), "Also who did what to what, in `norm`."},
              {"max_event_size",
               config::pattern(&AushapeOptions::max_event_size, "^(none|[0-9]+ ?(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)?)$",
                               read_limit, print_limit),
               "The largest event, from 1 KiB on. Of a larger one whole values are left out, and `trimmed` says of "
               "what."},
              {"events_per_doc",
               config::pattern(&AushapeOptions::events_per_doc, "^(lines|none|all|-?[0-9]+)$", read_documents,
                               print_documents),
               "Events of a document: `lines`, one event a line; `none`, and nothing around them; a number of events; "
               "`-N`, at most N bytes; `all`. A sink takes the first two."},
              {"fold", config::pattern(&AushapeOptions::fold, "^(all|none|[0-9]+)$", read_fold, print_fold),
               "What lies deeper than so many levels is on one line. A sink takes `all` alone."},
              {"indent", config::number(&AushapeOptions::indent, 0, 16), "Spaces of a level that is not folded."},
          },
      .check = check,
  };
}

}  // namespace naudit::formats
