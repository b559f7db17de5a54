// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include "output/sinks/http/product.hpp"

namespace naudit::output {

// Any server that takes a POST and whose status is its whole answer: `type: https`.
class PlainProduct final : public HttpProduct {
 public:
  PlainProduct(HttpBody body, std::string content_type, std::string target);

  [[nodiscard]] const Traits& traits() const override { return traits_; }
  void write(std::span<const HttpEvent> events, std::string& body) override;
  [[nodiscard]] HttpDecision judge(const HttpOutcome& outcome, std::size_t events,
                                   std::chrono::system_clock::time_point now) const override;

 private:
  const HttpBody body_;
  Traits traits_;
};

}  // namespace naudit::output
