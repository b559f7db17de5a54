// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/heka/encoder.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <protozero/pbf_writer.hpp>

#include <openssl/sha.h>
#include <rapidjson/reader.h>

#include "formats/heka/frame.hpp"
#include "formats/mozdef/options.hpp"
#include "tables/record_types.hpp"

namespace naudit::formats {
namespace {

using interpret::DecodedEvent;
using interpret::DecodedRecord;

// Fields of Heka's Message, and of the Field in it.
enum : std::uint32_t {
  kUuid = 1,
  kTimestamp,
  kType,
  kLogger,
  kSeverity,
  kPayload,
  kEnvVersion,
  kPid,
  kHostname,
  kField
};
enum : std::uint32_t { kName = 1, kValueType, kRepresentation, kString, kBytes, kInteger };
constexpr std::int32_t kIsInteger = 2;

template <typename Number>
bool read_number(std::string_view text, Number& out) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

constexpr std::string_view kLeftOut = "left_out";

}  // namespace

HekaEncoder::HekaEncoder(EncoderContext& context, const EncoderOptions& options)
    : context_(context), options_(options.as<HekaOptions>()), mozdef_(context, MozdefOptions{}, this) {}

// Ends what was written to field_.
void HekaEncoder::end_field() {
  protozero::pbf_writer(fields_).add_message(kField, field_);
  ends_.push_back(fields_.size());
  field_.clear();
}

void HekaEncoder::add_text(std::string_view name, std::string_view value) {
  protozero::pbf_writer writer(field_);
  writer.add_string(kName, name.data(), name.size());
  writer.add_string(kString, value.data(), value.size());
  end_field();
}

void HekaEncoder::add_number(std::string_view name, std::int64_t value) {
  protozero::pbf_writer writer(field_);
  writer.add_string(kName, name.data(), name.size());
  writer.add_enum(kValueType, kIsInteger);
  writer.add_packed_int64(kInteger, &value, &value + 1);
  end_field();
}

void HekaEncoder::begin_fields(const DecodedEvent& event) {
  fields_.clear();
  ends_.clear();
  pid_.reset();
  {
    protozero::pbf_writer types(field_);
    types.add_string(kName, "type");
    for (const DecodedRecord& record : event.records())
      if (!record.type_name.empty())
        types.add_string(kString, record.type_name.data(), record.type_name.size());
      else
        types.add_string(kString, tables::record_type_text(record.type));
  }
  end_field();
  add_number("serialNum", static_cast<std::int64_t>(event.source().id.serial));
  paths_.clear();
}

void HekaEncoder::on_path(std::string_view name) {
  const std::string_view text = valid_text(name);
  protozero::pbf_writer(paths_).add_string(kString, text.data(), text.size());
}

void HekaEncoder::on_detail(std::string_view key, std::string_view value) {
  std::int64_t number = 0;
  std::int32_t pid = 0;
  if (key == "pid" && read_number(value, pid)) pid_ = pid;
  if (key == "exit" && read_number(value, number)) return add_number(key, number);
  if (!is_plain_json(key)) {
    key_ = valid_text(key);
    key = key_;
  }
  // `type` is what a record is called; a socket's has another name.
  add_text(key == "text" ? "msgdata" : key == "type" ? "socket_type" : key, valid_text(value));
}

void HekaEncoder::end_fields(const DecodedEvent& event) {
  if (!paths_.empty()) {
    protozero::pbf_writer(field_).add_string(kName, "paths");
    field_ += paths_;
    end_field();
  }
  const interpret::Execve& execve = event.execve();
  if (execve.size() == 0) return;
  protozero::pbf_writer(field_).add_string(kName, "argv");
  for (std::size_t i = 0; i < execve.size(); ++i) {
    const std::string_view text = valid_text(execve.is_missing(i) ? "…" : execve[i]);
    protozero::pbf_writer(field_).add_string(kString, text.data(), text.size());
  }
  end_field();
}

// Text has to be UTF-8 in protobuf, and is escaped as in our JSON. A string of JsonText has JSON's own escapes as well;
// what needs those is the exception. Valid until the next call.
std::string_view HekaEncoder::valid_text(std::string_view text) {
  if (is_plain_json(text)) return text;
  text_.clear();
  text_.reserve(6 * text.size() + 16);
  text_.string(text);
  const std::string_view quoted = text_.view();
  scratch_ = quoted.substr(1, quoted.size() - 2);
  if (scratch_.find('\\') == std::string::npos) return scratch_;
  parse_ = quoted;
  parse_ += '\0';
  rapidjson::InsituStringStream stream(parse_.data());
  struct Taker : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Taker> {
    explicit Taker(std::string& to) : out(to) {}
    bool String(const char* chars, rapidjson::SizeType size, bool) {
      out.assign(chars, size);
      return true;
    }
    std::string& out;
  } taker(scratch_);
  rapidjson::Reader reader;
  reader.Parse<rapidjson::kParseInsituFlag | rapidjson::kParseStopWhenDoneFlag>(stream, taker);
  return scratch_;
}

void HekaEncoder::write_envelope(const DecodedEvent& event, std::string_view payload) {
  const correlate::Event& source = event.source();
  std::string_view host = source.node_or(context_.node);
  if (host.empty()) host = "localhost";
  name_.assign(host);
  name_ += '\n';
  correlate::append_id(source.id, name_);
  name_ += '\n';
  name_ += std::to_string(source.size());
  std::array<unsigned char, SHA_DIGEST_LENGTH> uuid{};
  SHA1(reinterpret_cast<const unsigned char*>(name_.data()), name_.size(), uuid.data());
  uuid[6] = static_cast<unsigned char>((uuid[6] & 0x0FU) | 0x40U);
  uuid[8] = static_cast<unsigned char>((uuid[8] & 0x3FU) | 0x80U);
  constexpr std::uint64_t kMostSeconds = std::numeric_limits<std::int64_t>::max() / 1'000'000'000 - 1;
  const std::uint64_t seconds = std::min(source.id.seconds, kMostSeconds);
  message_.clear();
  protozero::pbf_writer writer(message_);
  writer.add_bytes(kUuid, reinterpret_cast<const char*>(uuid.data()), 16);
  writer.add_int64(kTimestamp, static_cast<std::int64_t>(seconds * 1'000'000'000 +
                                                         source.id.millis % 1000 * std::uint64_t{1'000'000}));
  writer.add_string(kType, options_.type);
  writer.add_string(kLogger, options_.logger);
  writer.add_int32(kSeverity, static_cast<std::int32_t>(options_.severity));
  if (!payload.empty()) writer.add_string(kPayload, payload.data(), payload.size());
  if (pid_) writer.add_int32(kPid, *pid_);
  const std::string_view hostname = valid_text(host);
  writer.add_string(kHostname, hostname.data(), hostname.size());
}

void HekaEncoder::encode(const DecodedEvent& event, std::string& out) {
  payload_.clear();
  begin_fields(event);
  mozdef_.encode(event, payload_);
  if (payload_.ends_with('\n')) payload_.pop_back();
  end_fields(event);
  write_envelope(event, payload_);
  if (message_.size() + fields_.size() > options_.max_message) {
    write_envelope(event, {});
    // The name of what is missing has to fit as well.
    constexpr std::size_t kRoom = 64;
    std::size_t kept = ends_.size();
    while (kept > 0 && message_.size() + ends_[kept - 1] + kRoom > options_.max_message) --kept;
    const bool lacks_fields = kept < ends_.size();
    fields_.resize(kept == 0 ? 0 : ends_[kept - 1]);
    add_text(kLeftOut, lacks_fields ? "payload,fields" : "payload");
  }
  message_ += fields_;
  append_heka_frame(message_, options_, out);
}

}  // namespace naudit::formats
