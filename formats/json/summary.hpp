// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "formats/json/repeat.hpp"
#include "formats/json/text.hpp"
#include "interpret/names/names.hpp"
#include "interpret/summary/summary.hpp"

namespace naudit::formats {

// The summary of a native event: `action`, `kind`, `outcome`, `subject`, `object`, `how`, `script` and `claimed`
// (docs/event-format.md). Owner: JsonEncoder; allocates nothing once its scratch has grown.
class JsonSummary {
 public:
  // `lifetime`: as JsonRecord's.
  JsonSummary(JsonText& json, interpret::Names& names, std::chrono::nanoseconds lifetime)
      : json_(json), names_(names), lifetime_(lifetime) {}

  // The members, each with a comma behind it.
  void put(const interpret::DecodedEvent& event, const interpret::Summary& summary);

 private:
  void put_action(const interpret::Summary& summary);
  void put_decider(const interpret::DecodedEvent& event, const interpret::Summary::Decider& decider);
  // True if the subject shows its command line, which is its claim; only if asked for.
  bool put_subject(const interpret::DecodedEvent& event, const interpret::Summary& summary, bool with_title);
  // Where this subject is kept, if one record alone tells it; else null. Fills `fields` and `record`.
  JsonSubject* kept_subject(const interpret::DecodedEvent& event, const interpret::Summary& summary,
                            JsonSubject::Fields& fields, const interpret::DecodedRecord*& record);
  void put_object(const interpret::DecodedEvent& event, const interpret::Summary& summary);
  void put_part(const interpret::DecodedEvent& event, const interpret::ObjectPart& part);
  void put_claimed(const interpret::Summary& summary, bool script, bool command);
  void put_key(std::string_view name);
  void put_text(std::string_view name, std::string_view text);
  void put_other(std::string_view name);
  void put_field(std::string_view name, const interpret::Field* field);
  void put_number(std::string_view name, const interpret::Field* field);
  void put_user(const interpret::DecodedEvent& event, std::string_view name, const interpret::Field* field);
  void put_id(const interpret::DecodedEvent& event, std::string_view name, std::uint32_t id,
              const interpret::Field* field, bool is_group);

  JsonText& json_;
  interpret::Names& names_;
  std::chrono::nanoseconds lifetime_;
  std::vector<JsonSubject> subjects_;  // one for each place of TokenRepeats; made with the first
  std::string scratch_;
  std::string name_;
};

}  // namespace naudit::formats
