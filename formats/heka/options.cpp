// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/heka/options.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "base/descriptor.hpp"
#include "base/text.hpp"
#include "base/trusted_path.hpp"
#include "formats/heka/frame.hpp"

namespace naudit::formats {
namespace {

constexpr std::array<std::string_view, 2> kHashes = {"md5", "sha1"};
constexpr std::size_t kMostKey = 4096;
constexpr std::size_t kMostSigner = 128;  // the header has 255 bytes

// Empty, or what is wrong with the file. The key is all that it holds but a newline at its end.
std::string read_key(const std::string& path, std::string& out) {
  const base::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat status{};
  if (!file || ::fstat(file.get(), &status) != 0) return "cannot be read: " + std::generic_category().message(errno);
  if (!S_ISREG(status.st_mode)) return "is not a regular file";
  if (const auto unsafe = base::find_untrusted(path, base::PathPart::kWhole)) return "is not safe: " + unsafe->text();
  if ((status.st_mode & 077U) != 0) return "can be read by others; run: chmod 600 " + path;
  std::string key(kMostKey + 1, '\0');
  const ssize_t size = ::read(file.get(), key.data(), key.size());
  if (size < 0) return "cannot be read: " + std::generic_category().message(errno);
  key.resize(static_cast<std::size_t>(size));
  if (key.size() > kMostKey) return "is larger than 4 KiB: not a key";
  if (key.ends_with('\n')) key.pop_back();
  if (key.empty()) return "is empty";
  out = std::move(key);
  return {};
}

void read(const YAML::Node& node, HekaKey& out, config::Reading& reading) {
  config::read_path(node, out.path, reading);
  if (out.path.empty()) return;
  const std::string wrong = read_key(out.path, out.bytes);
  if (!wrong.empty()) reading.problems.add(node, out.path + ' ' + wrong);
}

void check(const HekaOptions& options, const config::Sink&, const config::Report& report) {
  if (options.signer.empty() != options.key.path.empty())
    report(options.signer.empty() ? "signer" : "key_file", options.signer.empty()
                                                               ? "`key_file` needs the name of its signer"
                                                               : "a signer needs a key; write `key_file`");
  if (!options.signer.empty() && !can_sign(options))
    report("hash", "this machine's OpenSSL makes no such signature; take another one");
  if (options.signer.size() > kMostSigner) report("signer", "a signer's name has at most 128 bytes");
}

}  // namespace

config::OptionTable heka_options() {
  const auto printed = [](const HekaKey& key) -> config::Printed {
    if (key.path.empty()) return {};
    return key.path;
  };
  return config::OptionSpec<HekaOptions>{
      .rows =
          {
              {"type", config::text(&HekaOptions::type), "`Type` of each message, which Heka's matchers go by."},
              {"logger", config::text(&HekaOptions::logger), "`Logger` of each message."},
              {"severity", config::number(&HekaOptions::severity, 0, 7), "`Severity` of each message."},
              {"max_message", config::size(&HekaOptions::max_message, config::kKiB, 64 * config::kMiB),
               "Of a longer message parts are left out and named: the receiver would drop all of it "
               "(`max_message_size` of Heka)."},
              {"signer", config::text(&HekaOptions::signer), "Signs each frame in this name, with `key_file`."},
              {"key_version", config::number(&HekaOptions::key_version, 0, 4294967295U),
               "The number of the key: the receiver looks for `SIGNER_NUMBER`."},
              {"hash", config::choice(&HekaOptions::hash, kHashes), "Of the signature (HMAC)."},
              {"key_file",
               config::value({config::Shape::Kind::kPath}, &HekaOptions::key, read, printed),
               "The file with the signer's key, for nobody else to read.",
               {.otherwise = "none"}},
          },
      .check = check,
  };
}

}  // namespace naudit::formats
