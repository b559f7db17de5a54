// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/encoder.hpp"
#include "formats/goaudit/options.hpp"
#include "formats/json/text.hpp"
#include "interpret/names/process_names.hpp"

namespace naudit::formats {

// go-audit's event (docs/go-audit.md): its serial and time, its records as the kernel wrote them, each with the number
// of its type, and the names of the users in them. Keys and their order are go-audit's.
class GoauditEncoder final : public Encoder {
 public:
  GoauditEncoder(EncoderContext& context, const EncoderOptions& options);
  void encode(const interpret::DecodedEvent& event, std::string& out) override;

 private:
  using Record = interpret::DecodedRecord;
  using Field = interpret::Field;

  void put_message(const interpret::DecodedEvent& event, const Record& record, std::string_view data);
  void put_container(const interpret::DecodedEvent& event, const Record& record);
  [[nodiscard]] std::string_view container_of(const interpret::DecodedEvent& event, const Field* pid);
  void find_users(const interpret::DecodedEvent& event);
  void find_user(const interpret::DecodedEvent& event, const Record& record, const Field& field);
  void put_users();

  struct User {
    std::string_view number;          // as the record spells it
    std::size_t begin = 0, size = 0;  // in names_
  };

  EncoderContext& context_;
  const GoauditOptions options_;
  JsonText json_;
  std::vector<User> users_;
  std::string names_, scratch_;
  std::optional<interpret::ProcessNames> containers_;  // only made for the running kernel's records
};

}  // namespace naudit::formats
