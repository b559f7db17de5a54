// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <optional>
#include <string>

#include "output/sinks/clickhouse/options.hpp"
#include "output/sinks/http/product.hpp"

namespace naudit::output {

// ClickHouse by HTTP: one insert a request, a row an event, with the columns of the table in docs/sinks.md. Columns
// that the table has not are skipped by the server, those that a row has not are empty.
//
//   POST /?query=INSERT INTO audit FORMAT JSONEachRow&…&insert_deduplication_token=HASH
//   {"time":"2023-11-14T22:13:21.001Z","id":"…","node":"web1",…,"key":["exec"],"event":"the event's text"}
//   200 with no body, or "Code: 26. DB::Exception: …"
//
// An insert is stored whole or not at all; the same one is not stored again where the table remembers the last ones'
// tokens. A failure says nothing of a single row: a bad one is found by halves.
class ClickhouseProduct final : public HttpProduct {
 public:
  // `target`: of the url; its query goes before ours.
  ClickhouseProduct(const ClickhouseOptions& options, const std::string& target);

  [[nodiscard]] const Traits& traits() const override { return traits_; }
  void write(std::span<const HttpEvent> events, std::string& body) override;
  [[nodiscard]] std::string query_of(std::string_view body) const override;
  [[nodiscard]] HttpDecision judge(const HttpOutcome& outcome, std::size_t events,
                                   std::chrono::system_clock::time_point now) const override;

 private:
  const bool deduplicates_;
  Traits traits_;
};

// "Code: 26. DB::Exception: …", or "Code: 26, e.displayText() = …" of older ones; nothing: not that. Pure; any bytes
// will do.
std::optional<int> read_clickhouse_code(std::string_view body);

}  // namespace naudit::output
