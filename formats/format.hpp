// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "config/option.hpp"
#include "formats/encoder.hpp"

namespace naudit::formats {

// Events that a reader of a stream misses, because it was too slow for them: how many, and the range of their ids.
struct LeftOut {
  std::uint64_t events = 0;
  std::string_view first_id, last_id;
};

// A file of events: what its head and its tail tell.
struct FileOfEvents {
  std::string_view path;
  std::uint64_t seconds = 0;  // since 1970: when it begins, when it ends
  std::uint32_t millis = 0;
};

// What the program that a format comes from called itself in syslog, with the numbers of RFC 5424, section 6.2.1.
struct SyslogHabit {
  std::string_view app_name;  // empty: it has none
  std::uint8_t facility = 0, severity = 0;
};

// What a file of a binary format begins with.
struct FilePart {
  std::size_t size = 0;   // bytes; 0: it is not there whole, or is none of this format's
  bool is_event = false;  // else its head or its tail
};

// One row of the registry: all that others may ask of a format. Nobody compares a format's name.
struct Format {
  std::string_view name;
  // What one event is, and for whom: `nauditctl convert --help`, docs/formats.md.
  std::string_view help;
  // The media type of a request (HTTP's Content-Type) with one event, without its newline, and with many, one a line.
  std::string_view content_type, content_type_many;
  // Receivers of this format take one event a request, as long as the configuration does not say otherwise (`body`).
  bool one_event_a_request = false;
  // Of a syslog header, as long as the configuration does not say otherwise.
  SyslogHabit syslog = {};
  // An event's bytes are no lines: they may hold newlines and do not end with one. Sinks that send lines refuse it.
  bool binary = false;
  // It has no words for some kinds of events, and gives no bytes for them.
  bool selective = false;
  // Each line is a record as auditd logs it: what auditd's own protocol carries.
  bool lines_are_records = false;
  // How a stream says, where they are missing, that events were left out. Ends with a newline. Pure. Null in a binary
  // format: it has no stream for people.
  std::string (*left_out)(const LeftOut& what);
  // What a sink may choose of it, in a map of the format's name; null: nothing. Its encoder gets them.
  config::OptionTable (*options)() = nullptr;
  std::unique_ptr<Encoder> (*make)(EncoderContext& context, const EncoderOptions& options);
  // Append what stands before the first event of a file and behind its last one; null: nothing does. Pure. Written by
  // who owns a whole file: `nauditctl convert`, and sinks whose files have an end.
  void (*head)(const EncoderOptions& options, const FileOfEvents& file, std::string& out) = nullptr;
  void (*tail)(const EncoderOptions& options, const FileOfEvents& file, std::string& out) = nullptr;
  // Of a binary format: the first part of these bytes of a file, to find the whole events in it. Null: it has none that
  // could be told. Pure; any bytes will do.
  FilePart (*first_part)(std::string_view bytes) = nullptr;
};

}  // namespace naudit::formats
