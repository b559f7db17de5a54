// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/syslog/encoder.hpp"

#include <unistd.h>

#include <array>
#include <ctime>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "interpret/record/tokens.hpp"
#include "interpret/summary/summary.hpp"
#include "tables/key_list.hpp"

namespace naudit::output {
namespace {

// RFC 5424, section 6: the most of each.
constexpr std::size_t kMostHost = 255;
constexpr std::size_t kMostMessageId = 32;
constexpr std::string_view kBom = "\xEF\xBB\xBF";

// A word of a header: printable ASCII without a space; "-" for none.
void append_word(std::string_view word, std::size_t most, std::string_view none, std::string& out) {
  if (word.empty()) word = none;
  for (const char c : word.substr(0, most)) out += c > ' ' && c <= '~' ? c : '_';
}

// A parameter's value (RFC 5424, section 6.3.3): UTF-8, with three characters escaped.
void append_value(std::string_view value, std::string& out) {
  for (const char c : value) {
    if (c == '"' || c == '\\' || c == ']') out += '\\';
    // No control character has a meaning in there, and a newline would end the message.
    out += static_cast<unsigned char>(c) < ' ' || c == '\x7f' ? ' ' : c;
  }
}

}  // namespace

SyslogEncoder::SyslogEncoder(formats::EncoderContext& context, std::unique_ptr<formats::Encoder> inner,
                             const SyslogHead& head, int process)
    : context_(context), inner_(std::move(inner)), options_(head), process_(std::to_string(process)) {}

void SyslogEncoder::encode(const interpret::DecodedEvent& event, std::string& out) {
  body_.clear();
  inner_->encode(event, body_);
  if (body_.empty()) return;
  write_head(event);
  std::string_view rest = body_;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    out += head_;
    out += rest.substr(0, end);
    out += '\n';
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

void SyslogEncoder::write_head(const interpret::DecodedEvent& event) {
  const interpret::Summary summary = interpret::summarise(event);
  const bool has_failed = summary.success == false;
  const Severity severity = has_failed ? options_.failure_severity.value_or(options_.severity) : options_.severity;
  head_.clear();
  fmt::format_to(std::back_inserter(head_), "<{}>",
                 static_cast<unsigned>(options_.facility) * 8 + static_cast<unsigned>(severity));
  if (options_.standard == SyslogStandard::kRfc5424)
    write_rfc5424(event, summary.action);
  else
    write_rfc3164(event);
}

void SyslogEncoder::write_rfc5424(const interpret::DecodedEvent& event, std::string_view action) {
  const correlate::Event& source = event.source();
  head_ += "1 ";
  head_ += time_.text(source.id.seconds, source.id.millis);
  head_ += "Z ";
  append_word(source.node_or(context_.node), kMostHost, "-", head_);
  head_ += ' ';
  head_ += options_.app_name;
  head_ += ' ';
  head_ += process_;
  head_ += ' ';
  append_word(action, kMostMessageId, "-", head_);
  head_ += ' ';
  append_data(event);
  head_ += ' ';
  if (options_.bom) head_ += kBom;
}

void SyslogEncoder::append_data(const interpret::DecodedEvent& event) {
  if (!options_.structured_data) {
    head_ += '-';
    return;
  }
  fmt::format_to(std::back_inserter(head_), "[naudit@{} id=\"", options_.enterprise);
  correlate::append_id(event.source().id, head_);
  head_ += '"';
  if (event.key() != nullptr) {
    tables::for_each_shown_key(interpret::decoded(*event.key(), scratch_), [this](std::string_view key) {
      head_ += " key=\"";
      append_value(base::valid_utf8(key), head_);
      head_ += '"';
    });
  }
  head_ += ']';
}

void SyslogEncoder::write_rfc3164(const interpret::DecodedEvent& event) {
  const correlate::Event& source = event.source();
  append_local_time(source.id.seconds);
  head_ += ' ';
  if (options_.has_host) {
    append_word(source.node_or(context_.node), kMostHost, "localhost", head_);
    head_ += ' ';
  }
  head_ += options_.app_name;
  head_ += '[';
  head_ += process_;
  head_ += "]: ";
}

// RFC 3164, section 4.1.2: local time, the day of the month with a space before a single digit.
void SyslogEncoder::append_local_time(std::uint64_t seconds) {
  static constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (seconds != second_) {
    second_ = seconds;
    const auto time = static_cast<std::time_t>(seconds);
    std::tm local{};
    // What the C library cannot tell is a corrupt stamp.
    if (localtime_r(&time, &local) == nullptr) local = std::tm{}, local.tm_mday = 1;
    local_ = fmt::format("{} {:2} {:02}:{:02}:{:02}", kMonths[static_cast<std::size_t>(local.tm_mon)], local.tm_mday,
                         local.tm_hour, local.tm_min, local.tm_sec);
  }
  head_ += local_;
}

std::unique_ptr<formats::Encoder> make_syslog_encoder(formats::EncoderContext& context,
                                                      std::unique_ptr<formats::Encoder> inner,
                                                      const formats::EncoderOptions& head) {
  return std::make_unique<SyslogEncoder>(context, std::move(inner), head.as<SyslogHead>(), ::getpid());
}

}  // namespace naudit::output
