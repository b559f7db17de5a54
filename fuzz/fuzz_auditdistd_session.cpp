// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What a receiver of audit trails sends: read at once and byte by byte it is the same, and nobody is trusted who does
// not know the password. The first byte of the input says whether what stands for the proof is made right.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "output/sinks/auditdistd/protocol.hpp"

namespace {

using namespace naudit::output;

constexpr std::size_t kProofAt = 8 + 32, kProof = 32;

std::pair<std::vector<DistStep>, std::string> run(std::string_view bytes, std::size_t step) {
  DistSession session("sender", "password", {1, 2, 3});
  std::vector<DistStep> steps;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    session.feed(bytes.substr(at, step));
    while (auto next = session.next()) steps.push_back(*std::move(next));
  }
  return {std::move(steps), session.failure()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  const bool is_right = !text.empty() && text.front() == 'y';
  if (!text.empty()) text.erase(0, 1);
  if (is_right && text.size() >= kProofAt + kProof) {
    std::string challenge(32, '\0');
    challenge[0] = 1;
    challenge[1] = 2;
    challenge[2] = 3;
    text.replace(kProofAt, kProof, dist_response("password", challenge));
  }
  const auto [whole, why] = run(text, std::max<std::size_t>(1, text.size()));
  const auto [cut, cut_why] = run(text, 1);
  if (whole.size() != cut.size() || why != cut_why) std::abort();
  for (const DistStep& step : whole) {
    if (step.kind == DistStep::Kind::kReady && !is_right) std::abort();
    if (step.kind == DistStep::Kind::kReady && !step.resume.trail && step.resume.offset > 0) std::abort();
  }
  return 0;
}
