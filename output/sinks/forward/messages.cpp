// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/forward/messages.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <initializer_list>
#include <msgpack.hpp>
#include <utility>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <rapidjson/document.h>
#include <zlib.h>

#include "output/sinks/http/event_head.hpp"

namespace naudit::output {
namespace {

constexpr std::size_t kMostReply = std::size_t{64} << 10;
constexpr std::int8_t kEventTime = 0;  // the ext type

class Bytes {
 public:
  explicit Bytes(std::string& out) : out_(out) {}
  void write(const char* bytes, std::size_t size) { out_.append(bytes, size); }

 private:
  std::string& out_;
};
using Packer = msgpack::packer<Bytes>;

void pack_text(Packer& packer, std::string_view text) {
  packer.pack_str(static_cast<std::uint32_t>(text.size()));
  packer.pack_str_body(text.data(), static_cast<std::uint32_t>(text.size()));
}

void pack_time(Packer& packer, std::int64_t millis) {
  const std::uint64_t value =
      (static_cast<std::uint64_t>(millis / 1000) << 32U) | (static_cast<std::uint64_t>(millis % 1000) * 1'000'000U);
  std::array<char, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>((value >> (56U - 8U * i)) & 0xFFU);
  packer.pack_ext(bytes.size(), kEventTime);
  packer.pack_ext_body(bytes.data(), bytes.size());
}

void pack_json(Packer& packer, const rapidjson::Value& value) {
  switch (value.GetType()) {
    case rapidjson::kNullType:
      packer.pack_nil();
      return;
    case rapidjson::kFalseType:
      packer.pack_false();
      return;
    case rapidjson::kTrueType:
      packer.pack_true();
      return;
    case rapidjson::kStringType:
      return pack_text(packer, {value.GetString(), value.GetStringLength()});
    case rapidjson::kNumberType:
      if (value.IsUint64())
        packer.pack_uint64(value.GetUint64());
      else if (value.IsInt64())
        packer.pack_int64(value.GetInt64());
      else
        packer.pack_double(value.GetDouble());
      return;
    case rapidjson::kArrayType:
      packer.pack_array(value.Size());
      for (const auto& item : value.GetArray()) pack_json(packer, item);
      return;
    case rapidjson::kObjectType:
      packer.pack_map(value.MemberCount());
      for (const auto& member : value.GetObject()) {
        pack_json(packer, member.name);
        pack_json(packer, member.value);
      }
      return;
  }
}

void pack_lines(Packer& packer, std::string_view text, const EventHead& head) {
  packer.pack_map(1U + (head.id.empty() ? 0U : 1U) + (head.node.empty() ? 0U : 1U));
  pack_text(packer, "message");
  if (text.ends_with('\n')) text.remove_suffix(1);
  pack_text(packer, text);
  if (!head.id.empty()) {
    pack_text(packer, "id");
    pack_text(packer, head.id);
  }
  if (!head.node.empty()) {
    pack_text(packer, "node");
    pack_text(packer, head.node);
  }
}

void pack_event(Packer& packer, std::string_view text, std::int64_t now_millis) {
  const EventHead head = read_event_head(text);
  packer.pack_array(2);
  pack_time(packer, head.millis.value_or(now_millis));
  rapidjson::Document document;
  if (head.is_object)
    document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseFullPrecisionFlag>(text.data(), text.size());
  if (head.is_object && !document.HasParseError() && document.IsObject())
    pack_json(packer, document);
  else
    pack_lines(packer, text, head);
}

std::string gzip(std::string_view bytes) {
  constexpr int kWindow = 15 + 16;  // with gzip's header
  constexpr int kMemory = 8;
  z_stream stream{};
  if (::deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kWindow, kMemory, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  std::string out(::deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // it is not changed
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  static_cast<void>(::deflate(&stream, Z_FINISH));  // there is room for all of it
  out.resize(stream.total_out);
  ::deflateEnd(&stream);
  return out;
}

std::string sha512(std::initializer_list<std::string_view> parts) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha512(), nullptr);
  for (const std::string_view part : parts) EVP_DigestUpdate(context.get(), part.data(), part.size());
  EVP_DigestFinal_ex(context.get(), digest.data(), &size);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += kDigits[digest[i] >> 4U];
    text += kDigits[digest[i] & 0xFU];
  }
  return text;
}

// A text or bytes; nothing: neither.
std::optional<std::string> text_of(const msgpack::object& object) {
  if (object.type == msgpack::type::STR) return std::string(object.via.str.ptr, object.via.str.size);
  if (object.type == msgpack::type::BIN) return std::string(object.via.bin.ptr, object.via.bin.size);
  return std::nullopt;
}

const msgpack::object* member(const msgpack::object& map, std::string_view name) {
  const std::span<const msgpack::object_kv> members(map.via.map.ptr, map.via.map.size);
  const auto found = std::ranges::find_if(members, [&](const auto& one) { return text_of(one.key) == name; });
  return found == members.end() ? nullptr : &found->val;
}

std::optional<ForwardReply> helo_of(const msgpack::object& options) {
  if (options.type != msgpack::type::MAP) return std::nullopt;
  ForwardReply reply{.kind = ForwardReply::Kind::kHelo};
  const msgpack::object* const nonce = member(options, "nonce");
  const auto text = nonce == nullptr ? std::nullopt : text_of(*nonce);
  if (!text) return std::nullopt;
  reply.helo.nonce = *text;
  if (const msgpack::object* const auth = member(options, "auth")) reply.helo.auth = text_of(*auth).value_or("");
  return reply;
}

std::optional<ForwardReply> pong_of(std::span<const msgpack::object> items) {
  if (items.size() < 3 || items[1].type != msgpack::type::BOOLEAN) return std::nullopt;
  ForwardReply reply{.kind = ForwardReply::Kind::kPong};
  reply.pong.accepted = items[1].via.boolean;
  const auto text = [&](std::size_t index) {
    return index < items.size() ? text_of(items[index]).value_or("") : std::string();
  };
  reply.pong.reason = text(2);
  reply.pong.host_name = text(3);
  reply.pong.digest = text(4);
  return reply;
}

std::optional<ForwardReply> reply_of(const msgpack::object& object) {
  if (object.type == msgpack::type::MAP) {
    const msgpack::object* const ack = member(object, "ack");
    const auto text = ack == nullptr ? std::nullopt : text_of(*ack);
    if (!text) return std::nullopt;
    return ForwardReply{.kind = ForwardReply::Kind::kAck, .ack = *text};
  }
  if (object.type != msgpack::type::ARRAY || object.via.array.size < 2) return std::nullopt;
  const std::span<const msgpack::object> items(object.via.array.ptr, object.via.array.size);
  const auto name = text_of(items[0]);
  if (name == "HELO") return helo_of(items[1]);
  if (name == "PONG") return pong_of(items);
  return std::nullopt;
}

bool copies_all(msgpack::type::object_type, std::size_t, void*) {
  return false;
}

}  // namespace

std::string forward_message(std::string_view tag, std::span<const std::string_view> events, std::string_view chunk,
                            ForwardCompression compression, std::int64_t now_millis) {
  std::string out;
  Bytes bytes(out);
  Packer packer(bytes);
  packer.pack_array(3);
  pack_text(packer, tag);
  const bool packed = compression == ForwardCompression::kGzip;
  if (packed) {
    std::string entries;
    Bytes entry_bytes(entries);
    Packer entry_packer(entry_bytes);
    for (const std::string_view event : events) pack_event(entry_packer, event, now_millis);
    const std::string small = gzip(entries);
    packer.pack_bin(static_cast<std::uint32_t>(small.size()));
    packer.pack_bin_body(small.data(), static_cast<std::uint32_t>(small.size()));
  } else {
    packer.pack_array(static_cast<std::uint32_t>(events.size()));
    for (const std::string_view event : events) pack_event(packer, event, now_millis);
  }
  packer.pack_map(packed ? 3 : 2);
  pack_text(packer, "chunk");
  pack_text(packer, chunk);
  pack_text(packer, "size");
  packer.pack_uint64(events.size());
  if (packed) {
    pack_text(packer, "compressed");
    pack_text(packer, "gzip");
  }
  return out;
}

std::string forward_ping(const ForwardLogin& login, const ForwardHelo& helo) {
  std::string out;
  Bytes bytes(out);
  Packer packer(bytes);
  packer.pack_array(6);
  pack_text(packer, "PING");
  pack_text(packer, login.host_name);
  pack_text(packer, login.salt);
  pack_text(packer, sha512({login.salt, login.host_name, helo.nonce, login.key}));
  const bool asked = !helo.auth.empty();
  pack_text(packer, asked ? login.user : "");
  pack_text(packer, asked ? sha512({helo.auth, login.user, login.password}) : "");
  return out;
}

bool proves_key(const ForwardPong& pong, const ForwardLogin& login, const ForwardHelo& helo) {
  const std::string wanted = sha512({login.salt, pong.host_name, helo.nonce, login.key});
  return pong.digest.size() == wanted.size() && CRYPTO_memcmp(pong.digest.data(), wanted.data(), wanted.size()) == 0;
}

struct ForwardReader::Parser {
  // A reply is a small thing: whatever claims to be more is none.
  msgpack::unpacker unpacker{copies_all, nullptr, 4096,
                             msgpack::unpack_limit(64, 64, kMostReply, kMostReply, kMostReply, 4)};
  std::size_t since_reply = 0;
};

ForwardReader::ForwardReader() : parser_(std::make_unique<Parser>()) {}
ForwardReader::~ForwardReader() = default;

void ForwardReader::feed(std::string_view bytes) {
  if (failed_) return;
  parser_->since_reply += bytes.size();
  parser_->unpacker.reserve_buffer(bytes.size());
  std::memcpy(parser_->unpacker.buffer(), bytes.data(), bytes.size());
  parser_->unpacker.buffer_consumed(bytes.size());
}

std::optional<ForwardReply> ForwardReader::next() {
  if (failed_) return std::nullopt;
  try {
    msgpack::object_handle handle;
    if (!parser_->unpacker.next(handle)) {
      failed_ = parser_->since_reply > kMostReply;
      return std::nullopt;
    }
    parser_->since_reply = parser_->unpacker.nonparsed_size();
    std::optional<ForwardReply> reply = reply_of(handle.get());
    failed_ = !reply;
    return reply;
  } catch (const msgpack::unpack_error&) {
    failed_ = true;
  }
  return std::nullopt;
}

}  // namespace naudit::output
