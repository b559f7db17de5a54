// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/daemon_event.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace naudit::daemon {
namespace {

std::string subject_text(const Requester& who) {
  return who.subject.empty() ? "" : " subj=" + who.subject;
}

// uid_t -1 is printed as 4294967295, but auditd prints the session and the uid of a sender that is gone as -1.
std::string signed_text(std::uint32_t id) {
  return fmt::format("{}", static_cast<std::int32_t>(id));
}

std::string requested(std::string_view op, const Requester& who, std::string_view result) {
  return fmt::format("op={} auid={} uid={} ses={} pid={}{} res={}", op, who.auid, signed_text(who.uid),
                     signed_text(who.ses), who.pid, subject_text(who), result);
}

}  // namespace

std::string start_text(std::string_view version, std::string_view kernel, std::string_view formats,
                       const Requester& who, bool after_kill) {
  return fmt::format("op=start ver={} format={} kernel={} auid={} pid={} uid={} ses={}{}{} res=success", version,
                     formats, kernel.substr(0, 56), who.auid, who.pid, who.uid, who.ses, subject_text(who),
                     after_kill ? " previous=killed" : "");
}

std::string formats_text(const std::vector<config::Sink>& sinks) {
  std::vector<std::string_view> formats;
  for (const config::Sink& sink : sinks)
    if (std::ranges::find(formats, sink.format) == formats.end()) formats.push_back(sink.format);
  return formats.empty() ? "none" : fmt::format("{}", fmt::join(formats, ","));
}

std::string end_text(const Requester& who) {
  return requested("terminate", who, "success");
}

std::string rotate_text(const Requester& who) {
  return requested("rotate-logs", who, "success");
}

std::string tail_text(const Requester& who) {
  return requested("tail", who, "success");
}

std::string reconfigure_text(bool changed, bool succeeded, const Requester& who) {
  if (!changed) return requested("reconfigure state=no-change", who, "failed");
  return fmt::format("op=reconfigure state=changed auid={} pid={} subj={} res={}", who.auid, who.pid,
                     who.subject.empty() ? "?" : who.subject, succeeded ? "success" : "failed");
}

std::string loss_text(std::string_view cause, std::string_view details) {
  return fmt::format("op=lost cause={} {} res=failed", cause, details);
}

correlate::EventPtr DaemonEvents::make(std::uint16_t type, std::string_view text,
                                       std::chrono::system_clock::time_point now) {
  using std::chrono::milliseconds;
  const auto stamp = std::chrono::duration_cast<milliseconds>(now.time_since_epoch()).count();
  auto event = std::make_unique<correlate::Event>();
  event->id = {.seconds = static_cast<std::uint64_t>(stamp / 1000),
               .millis = static_cast<std::uint32_t>(stamp % 1000),
               .serial = serial_.fetch_add(1, std::memory_order_relaxed)};
  event->first = event->last = correlate::TimePoint::clock::now();
  std::string record = "audit(";
  correlate::append_id(event->id, record);
  record += "): ";
  const std::size_t body = record.size();
  record += text;
  event->append(type, record, static_cast<std::uint32_t>(body));
  return event;
}

}  // namespace naudit::daemon
