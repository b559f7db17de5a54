// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "formats/encoder.hpp"
#include "formats/json/text.hpp"
#include "formats/laurel/members.hpp"
#include "formats/laurel/options.hpp"
#include "formats/laurel/processes.hpp"
#include "interpret/names/process_names.hpp"

namespace naudit::formats {

// laurel's event (docs/laurel.md): one JSON object a line, a key for each type of record, the fields under their names
// with their values typed and decoded. Keys, types and order are those of laurel 0.5.1; what it loses or garbles is
// there.
class LaurelEncoder final : public Encoder {
 public:
  LaurelEncoder(EncoderContext& context, const EncoderOptions& options);
  void encode(const interpret::DecodedEvent& event, std::string& out) override;
  [[nodiscard]] bool is_stateful() const noexcept override { return options_.pid; }

 private:
  using Record = interpret::DecodedRecord;

  void link_records(const interpret::DecodedEvent& event);
  void put_records(const interpret::DecodedEvent& event, std::uint32_t first);
  void put_object(const interpret::DecodedEvent& event, const Record& record);
  void put_behind(const interpret::DecodedEvent& event, const Record& record);
  void put_call_arguments();
  void put_arguments(const interpret::Execve& execve);
  void put_argument_list(const interpret::Execve& execve);
  void put_argument_text(const interpret::Execve& execve);
  void put_title(const interpret::DecodedEvent& event, const Record& record);
  void put_process(std::string_view key, std::string_view id_key, const LaurelProcesses::Process& process, bool comm);
  void put_processes(const interpret::DecodedEvent& event, const Record& call);
  void put_target(const interpret::DecodedEvent& event, const Record& record);
  void put_container(const interpret::DecodedEvent& event);
  void put_script(const interpret::DecodedEvent& event);
  void put_id(const correlate::EventId& id);
  void set_skipped(const interpret::Execve& execve);
  [[nodiscard]] bool writes(LaurelArguments form) const noexcept;

  EncoderContext& context_;
  const LaurelOptions options_;
  JsonText json_;
  LaurelMembers members_;
  LaurelProcesses processes_;
  std::optional<interpret::ProcessNames> containers_;  // only made for the running kernel's records

  // The records of an event by their types: each one's next of its type, and which are the first of theirs.
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  std::vector<std::uint32_t> next_;
  std::vector<std::uint32_t> firsts_;
  std::vector<std::uint32_t> last_of_type_;                           // by type; kNone in between
  std::unordered_map<std::string_view, std::uint32_t> last_of_name_;  // of types that have a name only

  // The arguments that an exec's limit leaves out; none if both are equal.
  std::size_t skip_begin_ = 0, skip_end_ = 0, skipped_bytes_ = 0;
  std::string scratch_, text_;
};

}  // namespace naudit::formats
