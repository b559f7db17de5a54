// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/http/event_hash.hpp"

#include <fstream>
#include <memory>
#include <new>

#include <openssl/evp.h>

namespace naudit::output {
namespace {

struct EndContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// Kept, as the look-up of an algorithm costs more than a short hash.
class Hash {
 public:
  Hash() : context_(EVP_MD_CTX_new()) {
    if (!context_) throw std::bad_alloc();
    start();
  }
  // With its length, so that no two lists of texts read the same.
  void add(std::string_view text) {
    const std::uint64_t size = text.size();
    update(&size, sizeof size);
    update(text.data(), text.size());
  }
  std::string take() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    if (EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) != 1) throw std::bad_alloc();
    start();
    return letters(digest.data());
  }

 private:
  void start() {
    if (EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1) throw std::bad_alloc();
  }
  void update(const void* bytes, std::size_t size) {
    if (EVP_DigestUpdate(context_.get(), bytes, size) != 1) throw std::bad_alloc();
  }
  // Sixteen bytes in base64url (RFC 4648, section 5) without padding.
  static std::string letters(const unsigned char* bytes) {
    constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    constexpr std::size_t kBytes = 16;
    std::string text;
    text.reserve(22);
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (std::size_t i = 0; i < kBytes; ++i) {
      bits = bits << 8U | bytes[i];
      for (held += 8; held >= 6; held -= 6) text += kAlphabet[bits >> (held - 6) & 0x3fU];
    }
    text += kAlphabet[bits << (6 - held) & 0x3fU];
    return text;
  }

  std::unique_ptr<EVP_MD_CTX, EndContext> context_;
};

Hash& hash() {
  thread_local Hash kept;
  return kept;
}

}  // namespace

std::string event_hash(std::string_view boot, const HttpEvent& event) {
  Hash& one = hash();
  one.add(event.head.node);
  one.add(boot);
  one.add(event.head.id);
  const bool alone = event.head.whole && !event.head.id.empty();
  one.add(alone ? event.head.action : event.text);
  return one.take();
}

std::string body_hash(std::string_view body) {
  hash().add(body);
  return hash().take();
}

std::string read_boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}

}  // namespace naudit::output
