// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/aushape/field_text.hpp"
#include "formats/aushape/norm.hpp"
#include "formats/aushape/options.hpp"
#include "formats/aushape/writer.hpp"
#include "formats/encoder.hpp"
#include "formats/json/seen_names.hpp"
#include "formats/zoned_time.hpp"
#include "interpret/record/decoded_event.hpp"
#include "tables/fields.hpp"

namespace naudit::formats {

// An event as aushape shapes it, for either of its languages: `text`, `data` and `norm` (docs/formats.md). Every output
// is valid by the published schemas, and nothing is lost: what they have no place for stands in the record's `msg` or,
// as whole records, in `text`, and `error` then says so.
//
// Owner: AushapeEncoder. One thread; buffers are reused.
class AushapeEvent {
 public:
  AushapeEvent(EncoderContext& context, const AushapeOptions& options, AushapeWriter& writer)
      : context_(context), options_(options), writer_(writer), fields_(context.names, writer), norm_(writer, fields_) {}

  // Appends the event, without a newline.
  void append(const interpret::DecodedEvent& event, std::string& out);

 private:
  using Record = interpret::DecodedRecord;
  using Field = interpret::Field;

  // Where a record goes; in this order those that are lists come behind the others.
  enum class Place : std::uint8_t { kSingle, kExecve, kPath, kObjPid, kAvc, kNetfilterCfg, kNowhere, kDropped };
  struct Placed {
    Place place = Place::kNowhere;
    bool is_open = false;  // the schema does not say which fields it has
    std::string_view key{};
  };

  void plan(const interpret::DecodedEvent& event);
  Placed placed(const Record& record);
  void plan_execve(const interpret::DecodedEvent& event);
  void plan_paths(const interpret::DecodedEvent& event);
  void complain(std::string_view what);
  void write(const interpret::DecodedEvent& event, std::size_t limit);
  void put_text(const interpret::DecodedEvent& event);
  void put_data(const interpret::DecodedEvent& event);
  void put_execve(const interpret::DecodedEvent& event);
  void put_list(const interpret::DecodedEvent& event, Place place, std::string_view key);
  void put_record(const interpret::DecodedEvent& event, const Record& record, bool is_open);
  void put_field(const Record& record, const Field& field);
  void put_rest(const Field& field);
  void put_words(std::string_view words);
  bool is_first(const Field& field);
  bool is_first_of_type(const Record& record);

  EncoderContext& context_;
  const AushapeOptions& options_;
  AushapeWriter& writer_;
  AushapeFieldText fields_;
  AushapeNorm norm_;
  ZonedTime zoned_{'T', "+00:00"};

  std::vector<Placed> places_;          // of the event's records
  std::deque<std::string> other_keys_;  // that no table has
  std::size_t other_keys_used_ = 0;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> items_;  // of the PATH records: item, index
  std::string error_, time_, line_, whole_;
  bool needs_text_ = false;

  std::uint32_t event_ = 0;                // grows with each
  std::vector<std::uint32_t> seen_types_;  // by type: the last event that has it
  SeenNames other_types_;

  // Of the record that is being written.
  std::uint32_t record_ = 0;  // grows with each
  bool is_open_ = false;
  std::array<std::uint32_t, tables::kFieldCount> seen_{};
  SeenNames seen_names_;
  std::string rest_, rest_raw_;
  const Field* message_ = nullptr;
};

}  // namespace naudit::formats
