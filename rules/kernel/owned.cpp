// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/kernel/owned.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>

#include "base/error.hpp"
#include "base/written_file.hpp"
#include "rules/auditctl/listing.hpp"

namespace naudit::rules {
namespace {

constexpr std::string_view kHead = "# nauditd: the audit rules that it has loaded (fingerprint, rule)\n";
constexpr std::size_t kDigits = 16;

}  // namespace

std::uint64_t fingerprint(const Rule& rule) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : identity(rule)) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

void OwnedRules::add(const Rule& rule) {
  fingerprints_.insert(fingerprint(rule));
}

bool OwnedRules::contains(const Rule& rule) const {
  return fingerprints_.contains(fingerprint(rule));
}

std::string OwnedRules::text(std::span<const Rule> rules, std::uint32_t native_arch) {
  std::string text(kHead);
  for (const Rule& rule : rules) {
    std::array<char, kDigits + 1> digits{};
    std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(fingerprint(rule)));
    text += digits.data();
    text += ' ';
    std::string line = rule_line(rule, native_arch);
    std::replace(line.begin(), line.end(), '\n', '?');
    text += line;
    text += '\n';
  }
  return text;
}

OwnedRules OwnedRules::parse(std::string_view text) {
  OwnedRules owned;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.size() < kDigits) continue;
    std::uint64_t number = 0;
    const auto read = std::from_chars(line.data(), line.data() + kDigits, number, 16);
    if (read.ptr == line.data() + kDigits && read.ec == std::errc()) owned.fingerprints_.insert(number);
  }
  return owned;
}

std::string owned_path(const std::string& state_directory) {
  return state_directory + "/rules.loaded";
}

OwnedRules read_owned(const std::string& path) {
  const base::OwnFile own = base::open_own_file(path, base::OwnUse::kRead);
  std::string text;
  std::string piece(std::size_t{64} << 10U, '\0');
  while (own.file) {
    const ssize_t count = ::read(own.file.get(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    text.append(piece, 0, static_cast<std::size_t>(count));
  }
  return OwnedRules::parse(text);
}

void write_owned(const std::string& path, std::span<const Rule> rules, std::uint32_t native_arch) {
  base::make_own_folder(std::filesystem::path(path).parent_path().string());
  // What others have made there says nothing that may be believed at the next load, so it is not quietly replaced.
  if (const std::string problem = base::open_own_file(path, base::OwnUse::kRead).problem; !problem.empty())
    throw base::Error("the list of our rules is not written: " + problem);
  try {
    base::write_file(path, OwnedRules::text(rules, native_arch), 0600);
  } catch (const base::Error& error) {
    throw base::Error({path, 0, 0}, "the list of our rules " + error.problems().front().message +
                                        "; make the directory, or name another one");
  }
}

}  // namespace naudit::rules
