// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/http/secret_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
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

bool are_headers(const std::string& text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    if (!is_header(base::trimmed(rest.substr(0, end)))) return false;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return true;
}

// What an option has to hold.
struct KindRow {
  const char* option;
  const char* noun;
  bool (*fits)(const std::string& text);
  const char* otherwise;
};
constexpr KindRow kKinds[] = {
    {"token_file", "token", is_token, "has more than one word, or a character that is not ASCII; a token is one line"},
    {"password_file", "password", is_password,
     "has more than one line, or a control character; a password is one line"},
    {"shared_key_file", "key", is_password, "has more than one line, or a control character; a key is one line"},
    {"headers_file", "list of headers", are_headers, "has a line that is no header like 'X-Api-Key: 12345'"},
};

// Null: this process has no credentials.
const char* credentials_folder() {
  return std::getenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe): nobody sets it
}

}  // namespace

bool is_header(std::string_view line) noexcept {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";  // RFC 9110, section 5.6.2
  const std::size_t colon = line.find(':');
  if (colon == 0 || colon == std::string_view::npos) return false;
  const std::string_view name = line.substr(0, colon);
  const auto is_name = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos;
  };
  return std::ranges::all_of(name, is_name) &&
         std::ranges::all_of(line.substr(colon), [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_out_of_reach(const std::string& path) {
  return path.starts_with(kCredential) && credentials_folder() == nullptr;
}

std::string read_secret(const std::string& sink, SecretKind kind, const std::string& wanted) {
  const KindRow& row = kKinds[static_cast<std::size_t>(kind)];
  const auto refuse = [&](const std::string& what) {
    throw base::Error("sink '" + sink + "': " + row.option + ": " + wanted + ' ' + what);
  };
  const auto refuse_errno = [&] { refuse("cannot be read: " + std::generic_category().message(errno)); };

  std::string path = wanted;
  const bool is_credential = wanted.starts_with(kCredential);
  if (is_credential) {
    const std::string name = wanted.substr(kCredential.size());
    if (is_out_of_reach(wanted))
      refuse("is not there: the unit has no credentials; add LoadCredential=" + name + ":FILE to it");
    path = std::string(credentials_folder()) + '/' + name;
  }
  const base::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat status{};
  if (!file || ::fstat(file.get(), &status) != 0) refuse_errno();
  if (!S_ISREG(status.st_mode)) refuse("is not a regular file");
  // systemd alone writes there; an ACL for the unit's user shows as rights of the group.
  if (!is_credential) {
    if (const auto unsafe = base::find_untrusted(path, base::PathPart::kWhole))
      refuse("is not safe: " + unsafe->text());
    if ((status.st_mode & 077U) != 0) refuse("can be read by others; run: chmod 600 " + path);
  }
  if (static_cast<std::uint64_t>(status.st_size) > kMost)
    refuse(std::string("is larger than 64 KiB: not a ") + row.noun);
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  const ssize_t size = ::read(file.get(), text.data(), text.size());
  if (size < 0) refuse_errno();
  text.resize(static_cast<std::size_t>(size));
  text = base::trimmed(text);
  if (text.empty()) refuse("is empty");
  if (!row.fits(text)) refuse(row.otherwise);
  return text;
}

}  // namespace naudit::output
