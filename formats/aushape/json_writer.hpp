// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include "formats/aushape/writer.hpp"
#include "formats/json/text.hpp"

namespace naudit::formats {

// aushape's JSON: a field is [meaning] or [meaning, raw].
class AushapeJsonWriter final : public AushapeWriter {
 public:
  explicit AushapeJsonWriter(const AushapeOptions& options) : AushapeWriter(options) {}

  [[nodiscard]] bool takes_other_records() const noexcept override { return true; }
  [[nodiscard]] bool keeps(std::string_view /*text*/) const noexcept override { return true; }
  void begin_document(std::string& out) const override { out += '['; }
  void end_document(std::string& out) const override;
  [[nodiscard]] std::string_view between() const noexcept override { return ","; }

 private:
  [[nodiscard]] std::size_t size() const noexcept override { return json_.size(); }
  void cut(std::size_t size) override { json_.cut(size); }
  [[nodiscard]] std::string_view view() const noexcept override { return json_.view(); }
  void put_head(const AushapeHead& head) override;
  void put_open(std::string_view name, Kind kind) override;
  void put_close(const Level& level) override;
  void put_field(std::string_view name, std::string_view value, std::string_view raw, bool has_raw) override;
  void put_text(std::string_view name, std::string_view value) override;
  void put_end() override;
  [[nodiscard]] std::size_t closing_size(std::string_view name) const noexcept override;
  void append_trimmed(const std::vector<std::string>& paths, std::string& out) const override;
  [[nodiscard]] std::string path() const override;

  void put_space(std::size_t level);
  void put_closing(std::size_t level);
  void put_head_text(std::string_view key, std::string_view value);
  void begin_member(std::size_t room);
  void put_key(std::string_view name);

  JsonText json_;
  std::string space_;
};

}  // namespace naudit::formats
