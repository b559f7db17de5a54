// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/http/plain.hpp"

#include <utility>

namespace naudit::output {

PlainProduct::PlainProduct(HttpBody body, std::string content_type, std::string target) : body_(body) {
  traits_.content_type = std::move(content_type);
  traits_.target = std::move(target);
  traits_.single = body == HttpBody::kEvent;
}

void PlainProduct::write(std::span<const HttpEvent> events, std::string& body) {
  if (body_ == HttpBody::kArray) body += '[';
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (body_ == HttpBody::kArray && i > 0) body += ',';
    body += events[i].text;
    if (body_ == HttpBody::kNdjson) body += '\n';
  }
  if (body_ == HttpBody::kArray) body += ']';
}

HttpDecision PlainProduct::judge(const HttpOutcome& outcome, std::size_t,
                                 std::chrono::system_clock::time_point now) const {
  return output::judge(outcome, now);
}

}  // namespace naudit::output
