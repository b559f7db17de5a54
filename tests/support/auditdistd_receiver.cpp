// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/support/auditdistd_receiver.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <utility>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

namespace naudit::tests {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHalf = 14;

std::string hmac(const std::string& key, const std::string& message) {
  std::array<unsigned char, 32> digest{};
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(message.data()),
       message.size(), digest.data(), nullptr);
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::uint64_t little(const std::string& bytes, std::size_t at, std::size_t size) {
  std::uint64_t number = 0;
  for (std::size_t i = size; i-- > 0;) number = number << 8U | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

std::string number(std::uint64_t value, std::size_t size, bool big) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * (big ? size - 1 - i : i)) & 0xFFU);
  return bytes;
}

bool is_digits(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_name(const std::string& name) {
  if (name.size() != 2 * kHalf + 1 || name[kHalf] != '.' || !is_digits(name.substr(0, kHalf))) return false;
  const std::string end = name.substr(kHalf + 1);
  return is_digits(end) || end == "not_terminated" || end == "crash_recovery";
}

bool is_open_name(const std::string& name) {
  return name.ends_with(".not_terminated");
}

std::string read_all(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The connection is over, for whatever reason.
struct Over {};

}  // namespace

struct AuditdistdReceiver::Session {
  LoopbackServer::Stream& stream;
  std::size_t budget;
  std::string input = {};
  std::string open = {};  // trail
  std::uint64_t sequence = 0;

  std::string take(std::size_t size) {
    while (input.size() < size) {
      if (budget == 0) throw Over();
      std::array<char, 65536> buffer{};
      const std::size_t read = stream.read(buffer.data(), std::min(buffer.size(), budget));
      if (read == 0) throw Over();
      budget -= read;
      input.append(buffer.data(), read);
    }
    std::string taken = input.substr(0, size);
    input.erase(0, size);
    return taken;
  }
};

AuditdistdReceiver::AuditdistdReceiver(Options options)
    : options_(std::move(options)),
      server_(options_.tls, options_.port, [this](LoopbackServer::Stream& stream) { serve(stream); }) {}

AuditdistdReceiver::~AuditdistdReceiver() {
  server_.stop();
}

std::string AuditdistdReceiver::newest() const {
  std::string newest;
  for (const auto& entry : fs::directory_iterator(options_.folder))
    newest = std::max(newest, entry.path().filename().string());
  return newest;
}

void AuditdistdReceiver::serve(LoopbackServer::Stream& stream) {
  Session session{stream, std::numeric_limits<std::size_t>::max()};
  const std::lock_guard folder(folder_);
  {
    const std::lock_guard lock(mutex_);
    if (connections_ < options_.reads.size()) session.budget = options_.reads[connections_];
    ++connections_;
  }
  try {
    if (session.take(8) != std::string("ADIST00\0", 8)) throw std::runtime_error("the greeting is none");
    stream.write(std::string("ADIST00\0", 8));
    std::string name = session.take(256);
    if (name.find_first_not_of('\0', name.find('\0')) != std::string::npos)
      throw std::runtime_error("the name is not filled with NULs");
    name.resize(name.find('\0'));
    std::string challenge(32, '\0');
    RAND_bytes(reinterpret_cast<unsigned char*>(challenge.data()), 32);
    stream.write(challenge);
    if (session.take(32) != hmac(options_.password, challenge) || name != options_.name) return;
    const std::string theirs = session.take(32);
    if (theirs == last_challenge_) throw std::runtime_error("a challenge came twice");
    last_challenge_ = theirs;
    std::string answer = hmac(options_.lies ? "something else" : options_.password, theirs);
    std::string last = newest();
    const std::size_t offset = last.empty() ? 0 : fs::file_size(options_.folder + '/' + last);
    last.resize(256, '\0');
    stream.write(answer + number(offset, 8, false) + last);
    std::string acks;
    std::size_t waiting = 0;
    for (;;) {
      const std::string head = session.take(14);
      if (head[0] != 1) throw std::runtime_error("the byte order is not the one of this test");
      const auto command = static_cast<std::uint8_t>(head[1]);
      const std::uint64_t sequence = little(head, 2, 8), size = little(head, 10, 4);
      if (sequence != ++session.sequence) throw std::runtime_error("a sequence number is not the next one");
      if (size > 65536) throw std::runtime_error("a packet is too large");
      const std::string data = session.take(size);
      const std::uint16_t error = handle(session, command, data);
      acks += options_.big_endian ? '\2' : '\1';
      acks += number(sequence, 8, options_.big_endian) + number(error, 2, options_.big_endian);
      ++waiting;
      {
        const std::lock_guard lock(mutex_);
        most_waiting_ = std::max(most_waiting_, waiting);
      }
      const bool is_last = session.budget == 0 && session.input.empty();
      if (is_last && !options_.acks_last) throw Over();
      if (waiting < options_.answers_from && command != 3 && !is_last) continue;
      stream.write(std::exchange(acks, {}));
      waiting = 0;
      if (error != 0) throw Over();
    }
  } catch (const Over&) {
  } catch (const std::exception& error) {
    const std::lock_guard lock(mutex_);
    wrong_ = error.what();
  }
  changed_.notify_all();
}

// As the specification has it; what a right sender never does is an error of the sender's.
std::uint16_t AuditdistdReceiver::handle(Session& session, std::uint8_t command, const std::string& data) {
  const auto path = [this](const std::string& name) { return options_.folder + '/' + name; };
  const auto name_in = [&] {
    if (data.empty() || data.find('\0') != data.size() - 1) throw std::runtime_error("a name has no end");
    std::string name = data.substr(0, data.size() - 1);
    if (!is_name(name)) throw std::runtime_error("no name of a trail: " + name);
    return name;
  };
  const std::lock_guard lock(mutex_);
  switch (command) {
    case 1: {
      const std::string name = name_in(), last = newest();
      if (!session.open.empty()) throw std::runtime_error("a second trail is opened");
      if (name != last && name <= last) throw std::runtime_error("an old trail is opened: " + name);
      if (name != last && name.substr(0, kHalf) == last.substr(0, std::min(kHalf, last.size())))
        throw std::runtime_error("the newest trail is opened under another name: " + name);
      std::ofstream(path(name), std::ios::binary | std::ios::app).flush();
      session.open = name;
      break;
    }
    case 2: {
      if (session.open.empty()) throw std::runtime_error("nothing is open");
      if (data.empty()) throw std::runtime_error("nothing is appended");
      if (options_.refuses_with != 0 && !std::exchange(has_refused_, true)) return options_.refuses_with;
      std::ofstream(path(session.open), std::ios::binary | std::ios::app) << data;
      trail_bytes_ += data.size();
      break;
    }
    case 3: {
      const std::string name = name_in();
      if (session.open.empty()) throw std::runtime_error("nothing is open to be closed");
      if (name.substr(0, kHalf) != session.open.substr(0, kHalf) || is_open_name(name))
        throw std::runtime_error("a trail is closed as " + name);
      if (name != session.open && !is_open_name(session.open)) throw std::runtime_error("a trail is named twice");
      fs::rename(path(session.open), path(name));
      session.open.clear();
      ++closed_;
      break;
    }
    case 4:
      if (!data.empty()) throw std::runtime_error("a keepalive has data");
      ++keepalives_;
      break;
    default:
      throw std::runtime_error("no such command");
  }
  changed_.notify_all();
  return 0;
}

std::string AuditdistdReceiver::wrong() const {
  const std::lock_guard lock(mutex_);
  return wrong_;
}

std::size_t AuditdistdReceiver::keepalives() const {
  const std::lock_guard lock(mutex_);
  return keepalives_;
}

std::size_t AuditdistdReceiver::most_waiting() const {
  const std::lock_guard lock(mutex_);
  return most_waiting_;
}

std::size_t AuditdistdReceiver::trail_bytes() const {
  const std::lock_guard lock(mutex_);
  return trail_bytes_;
}

std::map<std::string, std::string> AuditdistdReceiver::trails() const {
  std::map<std::string, std::string> trails;
  for (const auto& entry : fs::directory_iterator(options_.folder))
    trails.emplace(entry.path().filename().string(), read_all(entry.path()));
  return trails;
}

bool AuditdistdReceiver::wait_for_closed(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::minutes{1}, [&] { return closed_ >= count || !wrong_.empty(); });
}

bool AuditdistdReceiver::wait_for_trail_bytes(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::minutes{1}, [&] { return trail_bytes_ >= count || !wrong_.empty(); });
}

bool AuditdistdReceiver::wait_for_keepalives(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::minutes{1}, [&] { return keepalives_ >= count || !wrong_.empty(); });
}

}  // namespace naudit::tests
