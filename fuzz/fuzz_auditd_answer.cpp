// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What a server of auditd's remote protocol answers: read at once and byte by byte it is the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "output/sinks/auditd_remote/answers.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit::output;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  AuditdAnswerReader whole, cut;
  whole.feed(bytes);
  std::uint64_t answers = 0, cut_answers = 0;
  const auto add = [](std::uint64_t& sum, const AuditdAnswer& answer) {
    using Kind = AuditdAnswer::Kind;
    if (answer.state.empty() != (answer.kind == Kind::kTaken || answer.kind == Kind::kEnding)) std::abort();
    sum = sum * 31 + answer.sequence + answer.text.size() + 1;
  };
  while (const auto answer = whole.next()) add(answers, *answer);
  for (const char& byte : bytes) {
    cut.feed({&byte, 1});
    while (const auto answer = cut.next()) add(cut_answers, *answer);
  }
  if (answers != cut_answers || whole.failed() != cut.failed()) std::abort();
  return 0;
}
