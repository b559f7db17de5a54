// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/bsm/field_names.hpp"
#include "formats/bsm/options.hpp"
#include "formats/bsm/record.hpp"
#include "formats/encoder.hpp"
#include "formats/format.hpp"

namespace naudit::formats {

// One whole event as one record of OpenBSM's Basic Security Module (docs/bsm.md): what a token holds is in that token,
// and everything else is a text token "name=value", decoded, so that no field is lost. A field counts as held only if
// the token gives its value back exactly.
class BsmEncoder final : public Encoder {
 public:
  BsmEncoder(EncoderContext& context, const EncoderOptions& options)
      : context_(context), options_(options.as<BsmOptions>()) {}
  void encode(const interpret::DecodedEvent& event, std::string& out) override;

 private:
  using Field = interpret::Field;
  using Record = interpret::DecodedRecord;

  void begin(const interpret::DecodedEvent& event);
  void read_subject();
  void read_return();
  bool take_number(const Record& record, tables::FieldId id, std::uint32_t& out);

  void put_exec();
  [[nodiscard]] bool is_exec_held() const;
  void put_exec_arguments(std::size_t count);
  void put_directory();
  void put_path(const Record& record);
  void put_arguments();
  void put_sockets();
  void put_socket(const Record& record);
  void put_ipc();
  void put_targets();

  void put_texts();
  void put_facts();
  void put_record(std::size_t index);
  void put_fields(const Record& record, std::span<const Field> fields, bool claim);
  void put_field(const Record& record, const Field& field, std::string_view prefix);
  void put_address(const Record& record, const Field& field, std::string_view prefix);
  void put_enriched(const Record& record);
  void put_told(const Record& record, std::span<const Field> fields, bool claim);
  void put_text(std::string_view prefix, std::string_view name, std::string_view value);
  void put_pieces(std::string_view name, std::string_view value);

  void hold(const Field* field) { held_[static_cast<std::size_t>(field - fields_)] = 1; }
  [[nodiscard]] bool is_held(const Field& field) const {
    return held_[static_cast<std::size_t>(&field - fields_)] != 0;
  }

  EncoderContext& context_;
  const BsmOptions options_;
  BsmRecord record_;
  BsmFieldNames names_;
  // Of the event in hand.
  const interpret::DecodedEvent* event_ = nullptr;
  const Record* call_record_ = nullptr;  // SYSCALL or URINGOP
  const Field* fields_ = nullptr;        // the first of all records
  std::vector<char> held_;               // beside them: a token has it
  std::string_view call_;
  std::string node_;
  BsmHead head_;
  std::string scratch_, arguments_, name_, hex_;
};

// The file token before the first record and behind the last one.
void append_bsm_file_token(const EncoderOptions& options, const FileOfEvents& file, std::string& out);

}  // namespace naudit::formats
