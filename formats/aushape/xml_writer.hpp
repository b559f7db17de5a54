// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include "formats/aushape/writer.hpp"
#include "formats/aushape/xml_text.hpp"

namespace naudit::formats {

inline constexpr std::string_view kXmlDeclaration = R"(<?xml version="1.0" encoding="UTF-8"?>)";

// aushape's XML: a field is <name i="meaning" r="raw"/>. Names are those of the schema, and so names of XML.
class AushapeXmlWriter final : public AushapeWriter {
 public:
  explicit AushapeXmlWriter(const AushapeOptions& options) : AushapeWriter(options) {}

  [[nodiscard]] bool takes_other_records() const noexcept override { return false; }
  [[nodiscard]] bool keeps(std::string_view text) const noexcept override { return is_xml_text(text); }
  void begin_document(std::string& out) const override;
  void end_document(std::string& out) const override;
  [[nodiscard]] std::string_view between() const noexcept override { return {}; }

 private:
  [[nodiscard]] std::size_t size() const noexcept override { return xml_.size(); }
  void cut(std::size_t size) override { xml_.resize(size); }
  [[nodiscard]] std::string_view view() const noexcept override { return xml_; }
  void put_head(const AushapeHead& head) override;
  void put_open(std::string_view name, Kind kind) override;
  void put_close(const Level& level) override;
  void put_field(std::string_view name, std::string_view value, std::string_view raw, bool has_raw) override;
  void put_text(std::string_view name, std::string_view value) override;
  void put_end() override;
  [[nodiscard]] std::size_t closing_size(std::string_view name) const noexcept override;
  void append_trimmed(const std::vector<std::string>& paths, std::string& out) const override;
  [[nodiscard]] std::string path() const override;

  void put_attribute(std::string_view start, std::string_view value);
  void end_start_tag();

  std::string xml_;
};

}  // namespace naudit::formats
