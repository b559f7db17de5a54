// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/aushape/encoder.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "correlate/event_time.hpp"
#include "correlate/header.hpp"
#include "formats/aushape/json_writer.hpp"
#include "formats/aushape/xml_writer.hpp"

namespace naudit::formats {
namespace {

using Kind = AushapeDocuments::Kind;

template <typename Writer>
std::unique_ptr<AushapeWriter> make_writer(const AushapeOptions& options) {
  return std::make_unique<Writer>(options);
}

bool is_in_documents(const AushapeOptions& options) noexcept {
  return options.events_per_doc.kind != Kind::kLines && options.events_per_doc.kind != Kind::kNone;
}

template <typename Writer>
std::string left_out(const LeftOut& what) {
  const AushapeOptions options;
  Writer writer(options);
  correlate::Header header;
  correlate::parse_header("audit(" + std::string(what.last_id) + "): ", header);
  correlate::EventTime time;
  const std::string when = std::string(time.text(header.id.seconds, header.id.millis)) + "+00:00";
  const std::string error = fmt::format("{} events are left out here, {} to {}: the reader is too slow", what.events,
                                        what.first_id, what.last_id);
  writer.begin({.serial = std::max(header.id.serial, std::uint32_t{1}), .time = when, .node = {}, .error = error}, 0);
  std::string out;
  writer.end(out);
  out += '\n';
  return out;
}

}  // namespace

AushapeEncoder::AushapeEncoder(EncoderContext& context, const EncoderOptions& options,
                               std::unique_ptr<AushapeWriter> (*make)(const AushapeOptions& options))
    : options_(options.as<AushapeOptions>()), writer_(make(options_)), event_(context, options_, *writer_) {
  writer_->end_document(end_);
}

bool AushapeEncoder::is_stateful() const noexcept {
  return is_in_documents(options_);
}

void AushapeEncoder::encode(const interpret::DecodedEvent& event, std::string& out) {
  if (!is_in_documents(options_)) {
    event_.append(event, out);
    out += '\n';
    return;
  }
  one_.clear();
  event_.append(event, one_);
  const AushapeDocuments& documents = options_.events_per_doc;
  if (is_open_ && documents.kind == Kind::kBytes &&
      bytes_ + writer_->between().size() + one_.size() + end_.size() > documents.most)
    end_document(out);
  const std::size_t before = out.size();
  if (is_open_) {
    out += writer_->between();
  } else {
    writer_->begin_document(out);
    is_open_ = has_document_ = true;
    events_ = bytes_ = 0;
  }
  out += one_;
  bytes_ += out.size() - before;
  if (++events_ == documents.most && documents.kind == Kind::kEvents) end_document(out);
}

void AushapeEncoder::end_document(std::string& out) {
  out += end_;
  is_open_ = false;
}

// One document of no events is a document, too.
void AushapeEncoder::finish(std::string& out) {
  if (!is_in_documents(options_)) return;
  if (!has_document_) {
    writer_->begin_document(out);
    is_open_ = true;
  }
  if (is_open_) end_document(out);
}

AushapeJsonEncoder::AushapeJsonEncoder(EncoderContext& context, const EncoderOptions& options)
    : AushapeEncoder(context, options, make_writer<AushapeJsonWriter>) {}

AushapeXmlEncoder::AushapeXmlEncoder(EncoderContext& context, const EncoderOptions& options)
    : AushapeEncoder(context, options, make_writer<AushapeXmlWriter>) {}

std::string aushape_json_left_out(const LeftOut& what) {
  return left_out<AushapeJsonWriter>(what);
}

std::string aushape_xml_left_out(const LeftOut& what) {
  return left_out<AushapeXmlWriter>(what);
}

void append_aushape_xml_head(const EncoderOptions& options, const FileOfEvents& /*file*/, std::string& out) {
  if (options.as<AushapeOptions>().events_per_doc.kind == Kind::kLines) (out += kXmlDeclaration) += "\n<log>\n";
}

void append_aushape_xml_tail(const EncoderOptions& options, const FileOfEvents& /*file*/, std::string& out) {
  if (options.as<AushapeOptions>().events_per_doc.kind == Kind::kLines) out += "</log>\n";
}

}  // namespace naudit::formats
