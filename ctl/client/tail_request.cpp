// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/client/tail_request.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "config/filter_lists.hpp"

namespace naudit::ctl {
namespace {

// A filter for another word than the one that was asked for would wait for ever.
const std::string& checked(const std::string& text) {
  if (base::valid_utf8(text) != text) throw base::Error(base::in_quotes(text) + " is not UTF-8");
  return text;
}

void write_list(base::JsonWriter& out, std::string_view name, const std::vector<std::string>& values) {
  if (values.empty()) return;
  out.begin_list(name);
  for (const std::string& value : values) out.value(checked(value));
  out.end_list();
}

}  // namespace

std::string_view format_of(const TailOptions& options) noexcept {
  return options.json ? "json" : options.raw ? "raw" : "line";
}

std::string tail_request(const TailOptions& options) {
  base::JsonWriter out;
  out.begin_object();
  out.member("command", "tail");
  out.member("format", format_of(options));
  for (const config::FilterList& list : config::kFilterLists) write_list(out, list.key(), options.filter.*list.words);
  if (!options.outcome.empty()) out.member("outcome", options.outcome);
  if (!options.filter.expression.empty()) out.member("filter", checked(options.filter.expression));
  if (options.count > 0) out.member("count", options.count);
  out.end_object();
  return out.take();
}

}  // namespace naudit::ctl
