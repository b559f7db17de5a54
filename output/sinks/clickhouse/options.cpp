// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/clickhouse/options.hpp"

#include <algorithm>
#include <string_view>

#include "base/text.hpp"

namespace naudit::output {
namespace {

bool is_word(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

bool is_table(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return is_word(text);
  return is_word(text.substr(0, dot)) && is_word(text.substr(dot + 1));
}

bool is_setting(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || !is_word(text.substr(0, equals))) return false;
  const std::string_view value = text.substr(equals + 1);
  return !value.empty() && std::ranges::all_of(value, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-';
  });
}

void complete(HttpOptions& options, const config::Written& written) {
  complete_http(options, written);
  (void)options.own.edit<ClickhouseOptions>();
  if (!written.has("compression")) options.compression = HttpCompression::kGzip;
  // Each insert is a part on the disk: few and large ones (its manual, "Bulk inserts").
  if (!written.has("batch")) options.batch = {4 * config::kMiB, 10'000, config::Milliseconds{1000}};
}

void check(const HttpOptions& options, const config::Sink& sink, const config::Report& report) {
  check_http(options, sink, report);
  const auto& own = options.own.as<ClickhouseOptions>();
  if (!is_table(own.table))
    report("table", "expected TABLE or DATABASE.TABLE of letters, digits and '_', not " + base::in_quotes(own.table));
  for (const std::string& setting : own.settings)
    if (!is_setting(setting))
      report("settings", "expected settings like 'async_insert=1', not " + base::in_quotes(setting));
  if (std::ranges::find(own.settings, "wait_for_async_insert=0") != own.settings.end())
    report("settings", "with wait_for_async_insert=0 the server says yes before it has stored anything; remove it");
  // One insert is stored whole or not at all up to this (max_insert_block_size).
  if (options.batch.events > 1'048'576) report("batch", "an insert of more than 1048576 rows is stored in parts");
}

}  // namespace

config::OptionTable clickhouse_options() {
  config::OptionSpec<HttpOptions> spec{
      .rows = http_rows("https://clickhouse.example:8443"),
      .complete = complete,
      .check = check,
  };
  spec.rows.push_back({"table", config::text(own(&ClickhouseOptions::table)), "The table, or `database.table`."});
  spec.rows.push_back(
      {"deduplicate", config::flag(own(&ClickhouseOptions::deduplicate)),
       "Gives each insert a token, by which the server knows one that comes again; `false` for a server "
       "before 22.2, which refuses it."});
  spec.rows.push_back(
      {"settings", config::list(own(&ClickhouseOptions::settings)), "Settings of each insert, like `async_insert=1`."});
  return spec;
}

std::vector<std::string> clickhouse_warnings(const config::Sink& sink, bool) {
  return http_warnings(sink);
}

}  // namespace naudit::output
