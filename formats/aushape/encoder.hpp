// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "formats/aushape/event.hpp"
#include "formats/aushape/options.hpp"
#include "formats/aushape/writer.hpp"
#include "formats/encoder.hpp"
#include "formats/format.hpp"

namespace naudit::formats {

// aushape's JSON and XML (docs/formats.md): one event a line, or documents of several. The order of values, their
// spelling and the options are those of aushape of 2018.
class AushapeEncoder : public Encoder {
 public:
  void encode(const interpret::DecodedEvent& event, std::string& out) override;
  [[nodiscard]] bool is_stateful() const noexcept override;
  void finish(std::string& out) override;

 protected:
  AushapeEncoder(EncoderContext& context, const EncoderOptions& options,
                 std::unique_ptr<AushapeWriter> (*make)(const AushapeOptions& options));

 private:
  void end_document(std::string& out);

  const AushapeOptions options_;
  const std::unique_ptr<AushapeWriter> writer_;
  AushapeEvent event_;
  // Of the document that is open.
  bool is_open_ = false;
  bool has_document_ = false;
  std::uint64_t events_ = 0, bytes_ = 0;
  std::string one_, end_;
};

class AushapeJsonEncoder final : public AushapeEncoder {
 public:
  AushapeJsonEncoder(EncoderContext& context, const EncoderOptions& options);
};

class AushapeXmlEncoder final : public AushapeEncoder {
 public:
  AushapeXmlEncoder(EncoderContext& context, const EncoderOptions& options);
};

// An event that says so in `error`.
std::string aushape_json_left_out(const LeftOut& what);
std::string aushape_xml_left_out(const LeftOut& what);

// A file of XML lines is one document.
void append_aushape_xml_head(const EncoderOptions& options, const FileOfEvents& file, std::string& out);
void append_aushape_xml_tail(const EncoderOptions& options, const FileOfEvents& file, std::string& out);

}  // namespace naudit::formats
