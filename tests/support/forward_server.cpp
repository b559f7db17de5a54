// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/support/forward_server.hpp"

#include <array>
#include <chrono>
#include <cstring>
#include <map>
#include <msgpack.hpp>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <openssl/sha.h>
#include <zlib.h>

namespace naudit::tests {
namespace {

using Object = msgpack::object;

[[noreturn]] void refuse(const std::string& what) {
  throw std::runtime_error(what);
}

std::string text_of(const Object& object, const char* what) {
  if (object.type != msgpack::type::STR) refuse(std::string(what) + " is no text");
  return {object.via.str.ptr, object.via.str.size};
}

std::vector<Object> items_of(const Object& object, const char* what) {
  if (object.type != msgpack::type::ARRAY) refuse(std::string(what) + " is no array");
  return {object.via.array.ptr, object.via.array.ptr + object.via.array.size};
}

std::string sha512(const std::string& text) {
  std::array<unsigned char, SHA512_DIGEST_LENGTH> digest{};
  SHA512(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += "0123456789abcdef"[byte / 16];
    hex += "0123456789abcdef"[byte % 16];
  }
  return hex;
}

std::string unzipped(const Object& bin) {
  if (bin.type != msgpack::type::BIN) refuse("packed entries are no bin");
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) refuse("no zlib");
  std::string input(bin.via.bin.ptr, bin.via.bin.size), output;
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  std::array<char, 65536> buffer{};
  int result = Z_OK;
  while (result == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = buffer.size();
    result = inflate(&stream, Z_NO_FLUSH);
    output.append(buffer.data(), buffer.size() - stream.avail_out);
  }
  const bool whole = result == Z_STREAM_END && stream.avail_in == 0;
  inflateEnd(&stream);
  if (!whole) refuse("the gzip is not whole");
  return output;
}

ForwardServer::Event event_of(const Object& entry, const std::string& tag, const std::string& chunk) {
  const auto pair = items_of(entry, "an entry");
  if (pair.size() != 2) refuse("an entry is no pair");
  ForwardServer::Event event{tag, chunk, 0, 0, {}};
  if (pair[0].type != msgpack::type::EXT || pair[0].via.ext.type() != 0 || pair[0].via.ext.size != 8)
    refuse("a time is no EventTime");
  const auto* const bytes = reinterpret_cast<const unsigned char*>(pair[0].via.ext.data());
  const auto number = [bytes](int at) {
    std::uint32_t value = 0;
    for (int i = at; i < at + 4; ++i) value = value * 256 + bytes[i];
    return value;
  };
  event.seconds = number(0);
  event.nanoseconds = number(4);
  if (pair[1].type != msgpack::type::MAP) refuse("a record is no map");
  std::ostringstream json;
  json << pair[1];
  event.record = json.str();
  return event;
}

// One message, in full.
std::vector<ForwardServer::Event> events_of(const Object& message, std::string& chunk) {
  const auto parts = items_of(message, "the message");
  if (parts.size() != 3) refuse("the message has not three parts");
  const std::string tag = text_of(parts[0], "the tag");
  if (parts[2].type != msgpack::type::MAP) refuse("the options are no map");
  std::map<std::string, Object> options;
  for (std::uint32_t i = 0; i < parts[2].via.map.size; ++i)
    options[text_of(parts[2].via.map.ptr[i].key, "an option")] = parts[2].via.map.ptr[i].val;
  if (!options.contains("chunk") || !options.contains("size")) refuse("chunk or size is missing");
  chunk = text_of(options["chunk"], "chunk");
  std::vector<ForwardServer::Event> events;
  if (options.contains("compressed")) {
    if (text_of(options["compressed"], "compressed") != "gzip") refuse("an unknown compression");
    const std::string entries = unzipped(parts[1]);
    for (std::size_t at = 0; at < entries.size();)
      events.push_back(event_of(msgpack::unpack(entries.data(), entries.size(), at).get(), tag, chunk));
  } else {
    for (const Object& entry : items_of(parts[1], "the entries")) events.push_back(event_of(entry, tag, chunk));
  }
  if (options["size"].as<std::size_t>() != events.size()) refuse("the size is another");
  return events;
}

template <typename Value>
std::string packed(const Value& value) {
  std::stringstream out;
  msgpack::pack(out, value);
  return out.str();
}

// The next object of the connection; nothing: it has ended.
std::optional<msgpack::object_handle> read_object(LoopbackServer::Stream& stream, msgpack::unpacker& unpacker) {
  msgpack::object_handle handle;
  while (!unpacker.next(handle)) {
    std::array<char, 65536> buffer{};
    const std::size_t size = stream.read(buffer.data(), buffer.size());
    if (size == 0) return std::nullopt;
    unpacker.reserve_buffer(size);
    std::memcpy(unpacker.buffer(), buffer.data(), size);
    unpacker.buffer_consumed(size);
  }
  return handle;
}

}  // namespace

ForwardServer::ForwardServer(Options options)
    : options_(std::move(options)),
      server_(options_.tls, 0, [this](LoopbackServer::Stream& stream) { serve(stream); }) {}

ForwardServer::~ForwardServer() {
  server_.stop();
}

bool ForwardServer::shake_hands(LoopbackServer::Stream& stream) {
  const std::string nonce("\x01\xff nonce", 8), auth = options_.user.empty() ? "" : "auth-salt";
  std::stringstream helo;
  msgpack::packer<std::stringstream> packer(helo);
  packer.pack_array(2);
  packer.pack("HELO");
  packer.pack_map(3);
  packer.pack("nonce");
  packer.pack_bin(static_cast<std::uint32_t>(nonce.size()));
  packer.pack_bin_body(nonce.data(), static_cast<std::uint32_t>(nonce.size()));
  packer.pack("auth");
  packer.pack(auth);
  packer.pack("keepalive");
  packer.pack(true);
  stream.write(helo.str());
  msgpack::unpacker unpacker;
  const auto handle = read_object(stream, unpacker);
  if (!handle) return false;
  const auto ping = items_of(handle->get(), "PING");
  if (ping.size() != 6 || text_of(ping[0], "PING") != "PING") refuse("PING is none");
  const std::string host = text_of(ping[1], "host"), salt = text_of(ping[2], "salt");
  const bool key_fits = text_of(ping[3], "digest") == sha512(salt + host + nonce + options_.shared_key);
  const bool user_fits = options_.user.empty()
                             ? text_of(ping[4], "user").empty() && text_of(ping[5], "password").empty()
                             : text_of(ping[4], "user") == options_.user &&
                                   text_of(ping[5], "password") == sha512(auth + options_.user + options_.password);
  const std::string own = options_.own_key.empty() ? options_.shared_key : options_.own_key;
  std::stringstream pong;
  msgpack::packer<std::stringstream> answer(pong);
  answer.pack_array(5);
  answer.pack("PONG");
  answer.pack(key_fits && user_fits);
  answer.pack(key_fits ? (user_fits ? "" : "username/password mismatch") : "shared_key mismatch");
  answer.pack("server.test");
  answer.pack(sha512(salt + "server.test" + nonce + own));
  stream.write(pong.str());
  return key_fits && user_fits;
}

void ForwardServer::serve(LoopbackServer::Stream& stream) {
  try {
    if (!options_.says.empty()) stream.write(options_.says);
    if (options_.silent) {
      std::array<char, 4096> buffer{};
      while (stream.read(buffer.data(), buffer.size()) > 0) continue;
      return;
    }
    if (!options_.shared_key.empty() && !shake_hands(stream)) return;
    msgpack::unpacker unpacker;
    while (const auto handle = read_object(stream, unpacker)) {
      std::string chunk;
      const auto events = events_of(handle->get(), chunk);
      {
        const std::lock_guard lock(mutex_);
        chunks_.push_back(chunk);
        if (chunks_.size() <= options_.no_acks) return;
        events_.insert(events_.end(), events.begin(), events.end());
      }
      stream.write(packed(std::map<std::string, std::string>{{"ack", chunk}}));
      const std::lock_guard lock(mutex_);
      changed_.notify_all();
    }
  } catch (const std::exception& error) {
    const std::lock_guard lock(mutex_);
    wrong_ = error.what();
    changed_.notify_all();
  }
}

bool ForwardServer::wait_for_events(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds{30}, [&] { return events_.size() >= count || !wrong_.empty(); });
}

std::vector<ForwardServer::Event> ForwardServer::events() const {
  const std::lock_guard lock(mutex_);
  return events_;
}

std::vector<std::string> ForwardServer::chunks() const {
  const std::lock_guard lock(mutex_);
  return chunks_;
}

std::string ForwardServer::wrong() const {
  const std::lock_guard lock(mutex_);
  return wrong_;
}

}  // namespace naudit::tests
