// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "formats/encoder.hpp"
#include "formats/json/text.hpp"
#include "formats/json/used_keys.hpp"
#include "formats/mozdef/category.hpp"
#include "formats/mozdef/object.hpp"
#include "interpret/meaning/meaning.hpp"
#include "interpret/meaning/sockaddr.hpp"
#include "interpret/names/process_names.hpp"
#include "interpret/record/decoded_event.hpp"
#include "interpret/record/execve.hpp"

namespace naudit::formats {

// Is told what stands in `details` as it is written there: the values as the event has them, not yet JSON, valid for
// the time of the call. Owner: whoever has the encoder; outlives it. Its thread.
class MozdefListener {
 public:
  MozdefListener() = default;
  MozdefListener(const MozdefListener&) = delete;
  MozdefListener& operator=(const MozdefListener&) = delete;
  virtual void on_detail(std::string_view key, std::string_view value) = 0;
  // The name of each of `paths`.
  virtual void on_path(std::string_view name) = 0;

 protected:
  ~MozdefListener() = default;
};

// `details` of a MozDef event: an object of strings, each key once, under the names that audisp-json gave them where it
// had one (docs/formats.md). Where two records say the same, the system call's word counts, then the first.
// Owner: MozdefEncoder. One thread.
class MozdefDetails {
 public:
  MozdefDetails(JsonText& json, EncoderContext& context, MozdefListener* listener)
      : json_(json), context_(context), listener_(listener), meaning_(context.names) {}

  // Writes "details":{…}, with its comma. `command` is what execve told, in words; `paths`: with that array.
  void put(const interpret::DecodedEvent& event, MozdefCategory category, std::string_view command, bool paths);

 private:
  using Field = interpret::Field;
  using Record = interpret::DecodedRecord;

  void put_call(const Record& record, MozdefCategory category);
  void put_user(std::string_view number_key, std::string_view name_key, const Field* field);
  void put_parent(std::string_view key, const Field* pid);
  void put_paths();
  void put_path_members(const Record& record);
  void put_address(const Record& record, MozdefCategory category);
  void put_apparmor(const Record& record);
  void put_promiscuous(const Record& record);
  void put_rest(const Record& record, std::span<const Field> fields);
  void put_rest(const Record& record, const Field& field);
  void put_words(const Record& record);

  void put_field(std::string_view key, const Record& record, tables::FieldId id);
  void put_keys(std::string_view key);
  void put_member(std::string_view key, std::string_view value);
  void put_unique(std::string_view key, std::string_view value);
  [[nodiscard]] std::string_view text_of(const Record& record, const Field& field);
  [[nodiscard]] std::string_view meaning_of(const Field& field);

  JsonText& json_;
  EncoderContext& context_;
  MozdefListener* const listener_;  // null: nobody listens
  interpret::Meaning meaning_;
  std::optional<interpret::ProcessNames> processes_;  // only made for the running kernel's records
  const interpret::DecodedEvent* event_ = nullptr;
  const Record* apparmor_ = nullptr;  // of the event
  UsedKeys used_;                     // by the object in hand
  UsedKeys used_in_path_;             // by the one of `paths`
  std::string scratch_, text_;
};

}  // namespace naudit::formats
