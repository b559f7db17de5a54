// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

#include "interpret/decoded_event.hpp"
#include "interpret/names.hpp"
#include "output/formats/json_names.hpp"
#include "output/formats/json_text.hpp"
#include "tables/fields.hpp"

namespace naudit::output {

// What a field means, beside it under its name plus a suffix: ,"auid_name":"jo" and the like; nothing where there is
// nothing to say. Owner: JsonRecord. One thread.
class JsonMeaning {
 public:
  JsonMeaning(JsonText& json, interpret::Names& names) : json_(json), names_(names) {}

  // `room`: what must stay reserved for the rest of the record; names and addresses reserve more on top of it.
  void put(const interpret::DecodedEvent& event, const interpret::DecodedRecord& record, const interpret::Field& field,
           tables::FieldClass kind, std::size_t room);

 private:
  using NameOf = std::string_view (interpret::Names::*)(std::uint32_t, interpret::Names::Time);

  void put_name(const interpret::Field& field, std::string_view value);
  void put_id_name(const interpret::DecodedEvent& event, const interpret::Field& field, NameOf name_of,
                   std::size_t room);
  void put_sockaddr(const interpret::DecodedEvent& event, const interpret::Field& field, std::size_t room);

  JsonText& json_;
  interpret::Names& names_;
  const JsonNames& known_ = json_names();
  std::string scratch_;
};

}  // namespace naudit::output
