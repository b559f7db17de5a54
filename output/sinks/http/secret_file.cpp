// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/http/secret_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "base/trusted_path.hpp"

namespace naudit::output {
namespace {

constexpr std::size_t kMost = std::size_t{64} << 10;

bool is_token(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

bool is_password(const std::string& text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return (c >= '\0' && c < ' ') || c == '\x7f'; });
}

}  // namespace

std::string read_secret(const std::string& sink, SecretKind kind, const std::string& path) {
  const bool token = kind == SecretKind::kToken;
  const auto refuse = [&](const std::string& what) {
    throw base::Error("sink '" + sink + (token ? "': token_file: " : "': password_file: ") + path + ' ' + what);
  };
  const auto refuse_errno = [&] { refuse("cannot be read: " + std::generic_category().message(errno)); };

  const base::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat status{};
  if (!file || ::fstat(file.get(), &status) != 0) refuse_errno();
  if (!S_ISREG(status.st_mode)) refuse("is not a regular file");
  if (const auto unsafe = base::find_untrusted(path, base::PathPart::kWhole)) refuse("is not safe: " + unsafe->text());
  if ((status.st_mode & 077U) != 0) refuse("can be read by others; run: chmod 600 " + path);
  if (static_cast<std::uint64_t>(status.st_size) > kMost)
    refuse(std::string("is larger than 64 KiB: not a ") + (token ? "token" : "password"));
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  const ssize_t size = ::read(file.get(), text.data(), text.size());
  if (size < 0) refuse_errno();
  text.resize(static_cast<std::size_t>(size));
  constexpr const char* kBlank = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string::npos) refuse("is empty");
  text = text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
  if (token && !is_token(text)) refuse("has more than one word, or a character that is not ASCII; a token is one line");
  if (!token && !is_password(text)) refuse("has more than one line, or a control character; a password is one line");
  return text;
}

}  // namespace naudit::output
