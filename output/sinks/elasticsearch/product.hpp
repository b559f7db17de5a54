// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "output/sinks/elasticsearch/options.hpp"
#include "output/sinks/http/product.hpp"

namespace naudit::output {

// The bulk API of Elasticsearch (8 and 9) and OpenSearch: two lines an event, an action and the document, and a fate
// for each of them in the answer:
//
//   POST /_bulk                         {"create":{"_index":"logs-auditd-default","_id":"…"}}
//                                       {"@timestamp":"…", …the event…}
//   200 {"errors":true,"items":[{"create":{"status":201}},{"create":{"status":429,"error":{"type":"…","reason":"…"}}}]}
//
// Of the items 200, 201 and 409 (it is there from an earlier attempt) are delivered, 429 and 5xx are sent again, all
// others are refused. A document without the member `@timestamp` gets the event's time, which data streams need.
class ElasticsearchProduct final : public HttpProduct {
 public:
  // `target`: of the url; "_bulk" is put behind it unless it stands there.
  ElasticsearchProduct(ElasticsearchOptions options, const std::string& target, std::string boot);

  [[nodiscard]] const Traits& traits() const override { return traits_; }
  void write(std::span<const HttpEvent> events, std::string& body) override;
  [[nodiscard]] HttpDecision judge(const HttpOutcome& outcome, std::size_t events,
                                   std::chrono::system_clock::time_point now) const override;

 private:
  const ElasticsearchOptions options_;
  const std::string boot_;
  Traits traits_;
};

// The fates in the body of a 200. False if it is not the answer to so many events. Pure; any bytes will do.
bool read_bulk_reply(std::string_view body, std::size_t events, std::vector<EventFate>& fates);

}  // namespace naudit::output
