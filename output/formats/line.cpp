// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/formats/line.hpp"

#include <fmt/chrono.h>

#include <algorithm>
#include <iterator>

#include "output/formats/json_text.hpp"
#include "tables/errnos.hpp"
#include "tables/record_types.hpp"

namespace naudit::output {
namespace {

using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::Field;
namespace field = tables::field;

// What a record holds must not steer the reader's terminal.
void append_safely(std::string_view text, std::string& out) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const std::size_t length = utf8_length(text.substr(at));
    const bool is_control =
        byte < 0x20 || byte == 0x7F || (byte == 0xC2 && static_cast<unsigned char>(text[at + 1]) < 0xA0);
    if (length == 0 || is_control) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", byte);
      ++at;
    } else {
      out += text.substr(at, length);
      at += length;
    }
  }
}

void append_time(const correlate::EventId& id, std::string& out) {
  constexpr std::uint64_t kLastSecond = 253402300799;
  const auto seconds = static_cast<std::time_t>(std::min(id.seconds, kLastSecond));
  fmt::format_to(std::back_inserter(out), "{:%Y-%m-%d %H:%M:%S}.{:03} ", fmt::gmtime(seconds), id.millis);
}

}  // namespace

void LineEncoder::append_user(const DecodedEvent& event, const Field& one, std::string& out) {
  std::uint32_t id = 0;
  const std::string_view name =
      interpret::parse_decimal(one.value, id) ? context_.names.user(id, event.source().last) : std::string_view{};
  append_safely(name.empty() ? one.value : name, out);
}

void LineEncoder::encode(const DecodedEvent& event, std::string& out) {
  const interpret::Summary summary = interpret::summarise(event);
  append_time(event.source().id, out);
  const Field* const who = summary.auid != nullptr && summary.auid->value != "4294967295" ? summary.auid : summary.uid;
  if (who != nullptr) {
    append_user(event, *who, out);
    if (who == summary.auid && summary.uid != nullptr && summary.uid->value != who->value) {
      out += " as ";
      append_user(event, *summary.uid, out);
    }
    out += ' ';
  }
  out += summary.action;
  if (summary.object != nullptr) {
    out += ' ';
    scratch_.clear();
    interpret::append_object(event, summary, scratch_);
    append_safely(scratch_, out);
  }
  if (event.find(tables::type::kExecve) != nullptr) {
    execve_.read(event);
    out += " (";
    for (std::size_t i = 0; i < execve_.size(); ++i) {
      if (i > 0) out += ' ';
      append_safely(execve_[i], out);
    }
    out += ')';
  }
  if (summary.how != nullptr && summary.how != summary.object) {
    out += " using ";
    append_safely(interpret::decoded(*summary.how, scratch_), out);
  }
  if (summary.success) {
    out += *summary.success ? ": success" : ": failure";
    const DecodedRecord* const syscall = event.find(tables::type::kSyscall);
    const Field* const exit = syscall == nullptr ? nullptr : event.find(*syscall, field::kExit);
    std::uint32_t number = 0;
    if (exit != nullptr && exit->value.starts_with('-') && interpret::parse_decimal(exit->value.substr(1), number)) {
      out += ' ';
      out += tables::errno_name(static_cast<int>(number));
    }
  }
  if (event.key() != nullptr) {
    std::string keys(interpret::decoded(*event.key(), scratch_));
    std::ranges::replace(keys, '\x01', ' ');
    out += " [";
    append_safely(keys, out);
    out += ']';
  }
  if (event.source().incomplete != correlate::Incomplete::kNo) {
    out += " (incomplete: ";
    out += correlate::incomplete_text(event.source().incomplete);
    out += ')';
  }
  fmt::format_to(std::back_inserter(out), " #{}\n", event.source().id.serial);
}

}  // namespace naudit::output
