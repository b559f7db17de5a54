// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/heka/frame.hpp"

#include <array>
#include <cstdint>
#include <protozero/pbf_writer.hpp>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace naudit::formats {
namespace {

// Fields of Heka's Header.
enum : std::uint32_t { kMessageLength = 1, kHashFunction = 3, kSigner = 4, kKeyVersion = 5, kHmac = 6 };

// Nothing where OpenSSL refuses the hash.
unsigned sign(std::string_view message, const HekaOptions& options, std::array<unsigned char, EVP_MAX_MD_SIZE>& hmac) {
  unsigned size = 0;
  const EVP_MD* const hash = options.hash == HekaHash::kMd5 ? EVP_md5() : EVP_sha1();
  const std::string& key = options.key.bytes;
  const unsigned char* const made =
      HMAC(hash, key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(message.data()),
           message.size(), hmac.data(), &size);
  return made == nullptr ? 0 : size;
}

}  // namespace

bool can_sign(const HekaOptions& options) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hmac{};
  return sign("x", options, hmac) > 0;
}

void append_heka_frame(std::string_view message, const HekaOptions& options, std::string& out) {
  out += kHekaRecord;
  const std::size_t length_at = out.size();
  out += '\0';
  {
    protozero::pbf_writer header(out);
    header.add_uint32(kMessageLength, static_cast<std::uint32_t>(message.size()));
    if (!options.signer.empty()) {
      std::array<unsigned char, EVP_MAX_MD_SIZE> hmac{};
      const unsigned size = sign(message, options, hmac);
      header.add_enum(kHashFunction, static_cast<std::int32_t>(options.hash));
      header.add_string(kSigner, options.signer);
      header.add_uint32(kKeyVersion, options.key_version);
      header.add_bytes(kHmac, reinterpret_cast<const char*>(hmac.data()), size);
    }
  }
  out[length_at] = static_cast<char>(out.size() - length_at - 1);
  out += kHekaUnit;
  out += message;
}

}  // namespace naudit::formats
