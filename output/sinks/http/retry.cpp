// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/http/retry.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>

#include "base/text.hpp"

namespace naudit::output {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kLongestWait{3600};

constexpr std::size_t kQuoted = 200;

std::string describe(const HttpOutcome& outcome) {
  if (outcome.status == 0) return outcome.error;
  std::string text = std::to_string(outcome.status);
  if (!outcome.reason.empty()) text += ' ' + quoted_answer(outcome.reason);
  const std::string body = quoted_answer(outcome.body);
  if (!body.empty()) text += ": " + body;
  return text;
}

}  // namespace

std::optional<milliseconds> parse_retry_after(std::string_view value, std::chrono::system_clock::time_point now) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error == std::errc{} && end == value.data() + value.size() && number >= 0)
    return std::min(seconds{kLongestWait}, seconds{std::min<std::int64_t>(number, kLongestWait.count())});
  std::tm parts{};
  const std::string text(value);
  const char* const rest = strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (rest == nullptr || *rest != '\0') return std::nullopt;
  // In whole seconds: a time_point of the year 997 or 9997 would overflow.
  const std::int64_t wait = std::int64_t{timegm(&parts)} - std::chrono::system_clock::to_time_t(now);
  return seconds{std::clamp<std::int64_t>(wait, 0, kLongestWait.count())};
}

std::string quoted_answer(std::string_view text) {
  std::string result(text.substr(0, kQuoted));
  for (char& c : result)
    if (c < ' ' || c > '~') c = ' ';
  while (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

HttpVerdict verdict_of(int status) noexcept {
  if (status >= 200 && status < 300) return HttpVerdict::kDelivered;
  if (status == 0 || status == 408 || status == 425 || status == 429 || status >= 500) return HttpVerdict::kRetry;
  if (status == 413) return HttpVerdict::kSplit;
  if (status < 400 || status == 401 || status == 403 || status == 407) return HttpVerdict::kConfiguration;
  return HttpVerdict::kRefused;
}

HttpDecision judge(const HttpOutcome& outcome, std::chrono::system_clock::time_point now) {
  HttpDecision decision;
  decision.verdict = verdict_of(outcome.status);
  decision.text = describe(outcome);
  if (outcome.status > 0 && decision.verdict != HttpVerdict::kDelivered)
    decision.wait = parse_retry_after(outcome.retry_after, now);
  return decision;
}

std::optional<std::string> redirect_target(int status, const Url& asked, std::string_view location) {
  if (status != 307 && status != 308) return std::nullopt;
  const auto found = parse_url(location.substr(0, location.find('#')));
  if (!found || found->tls != asked.tls || found->endpoint.port != asked.endpoint.port ||
      !base::same_word(found->endpoint.host, asked.endpoint.host))
    return std::nullopt;
  return found->target;
}

std::string reason_in(std::string_view status_line) {
  for (int blanks = 0; blanks < 2; ++blanks)
    status_line.remove_prefix(std::min(status_line.find(' '), status_line.size() - 1) + 1);
  while (!status_line.empty() && (status_line.back() == '\r' || status_line.back() == '\n'))
    status_line.remove_suffix(1);
  return std::string(status_line);
}

}  // namespace naudit::output
