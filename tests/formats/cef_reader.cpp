// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/formats/cef_reader.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <set>

namespace naudit::tests {
namespace {

enum class Type { kText, kInt, kLong, kPort, kIp4, kIp6, kMillis };

struct Key {
  Type type;
  std::size_t most = 0;
};

const std::map<std::string, Key>& dictionary() {
  static const std::map<std::string, Key> kKeys = {
      {"act", {Type::kText, 63}},
      {"app", {Type::kText, 31}},
      {"c6a2", {Type::kIp6}},
      {"c6a2Label", {Type::kText, 1023}},
      {"c6a3", {Type::kIp6}},
      {"c6a3Label", {Type::kText, 1023}},
      {"cat", {Type::kText, 1023}},
      {"cn1", {Type::kLong}},
      {"cn1Label", {Type::kText, 1023}},
      {"cn2", {Type::kLong}},
      {"cn2Label", {Type::kText, 1023}},
      {"cn3", {Type::kLong}},
      {"cn3Label", {Type::kText, 1023}},
      {"cnt", {Type::kInt}},
      {"cs1", {Type::kText, 4000}},
      {"cs1Label", {Type::kText, 1023}},
      {"cs2", {Type::kText, 4000}},
      {"cs2Label", {Type::kText, 1023}},
      {"cs3", {Type::kText, 4000}},
      {"cs3Label", {Type::kText, 1023}},
      {"cs4", {Type::kText, 4000}},
      {"cs4Label", {Type::kText, 1023}},
      {"cs5", {Type::kText, 4000}},
      {"cs5Label", {Type::kText, 1023}},
      {"cs6", {Type::kText, 4000}},
      {"cs6Label", {Type::kText, 1023}},
      {"deviceDirection", {Type::kInt}},
      {"dhost", {Type::kText, 1023}},
      {"dpid", {Type::kInt}},
      {"dpriv", {Type::kText, 1023}},
      {"dproc", {Type::kText, 1023}},
      {"dpt", {Type::kPort}},
      {"dst", {Type::kIp4}},
      {"duid", {Type::kText, 1023}},
      {"duser", {Type::kText, 1023}},
      {"dvchost", {Type::kText, 100}},
      {"end", {Type::kMillis}},
      {"externalId", {Type::kText, 40}},
      {"fileId", {Type::kText, 1023}},
      {"filePath", {Type::kText, 1023}},
      {"filePermission", {Type::kText, 1023}},
      {"fileType", {Type::kText, 1023}},
      {"flexString1", {Type::kText, 1023}},
      {"flexString1Label", {Type::kText, 128}},
      {"flexString2", {Type::kText, 1023}},
      {"flexString2Label", {Type::kText, 128}},
      {"fname", {Type::kText, 1023}},
      {"msg", {Type::kText, 1023}},
      {"oldFilePath", {Type::kText, 1023}},
      {"outcome", {Type::kText, 63}},
      {"proto", {Type::kText, 31}},
      {"reason", {Type::kText, 1023}},
      {"rt", {Type::kMillis}},
      {"shost", {Type::kText, 1023}},
      {"spid", {Type::kInt}},
      {"sproc", {Type::kText, 1023}},
      {"spt", {Type::kPort}},
      {"src", {Type::kIp4}},
      {"suid", {Type::kText, 1023}},
      {"suser", {Type::kText, 1023}},
  };
  return kKeys;
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool fits(std::string_view text, const Key& key) {
  const std::string value(text);
  std::array<unsigned char, 16> address{};
  switch (key.type) {
    case Type::kText:
      return key.most == 0 || value.size() <= key.most;
    case Type::kInt:
      return is_digits(value) && value.size() <= 10 && std::stoll(value) <= INT32_MAX;
    case Type::kLong:
      return is_digits(value.starts_with('-') ? text.substr(1) : text) && value.size() <= 19;
    case Type::kPort:
      return is_digits(value) && value.size() <= 5 && std::stoi(value) <= 65535;
    case Type::kIp4:
      return inet_pton(AF_INET, value.c_str(), address.data()) == 1;
    case Type::kIp6:
      return inet_pton(AF_INET6, value.c_str(), address.data()) == 1;
    case Type::kMillis:
      return is_digits(value);
  }
  return false;
}

// Of one line nothing may look like its end, and nothing may be other than UTF-8.
std::string what_is_wrong(std::string_view line) {
  if (!line.ends_with('\n')) return "no newline at the end";
  line.remove_suffix(1);
  for (std::size_t at = 0; at < line.size();) {
    const auto c = static_cast<unsigned char>(line[at]);
    if ((c < 0x20 && c != '\t') || c == 0x7F) return "a control character";
    const std::size_t size = c < 0x80 ? 1 : c < 0xC2 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF5 ? 4 : 0;
    if (size == 0 || at + size > line.size()) return "not UTF-8";
    for (std::size_t i = 1; i < size; ++i)
      if ((static_cast<unsigned char>(line[at + i]) & 0xC0U) != 0x80U) return "not UTF-8";
    const std::string_view one = line.substr(at, size);
    if (one == "\xC2\x85" || one == "\xE2\x80\xA8" || one == "\xE2\x80\xA9") return "a line separator";
    at += size;
  }
  return {};
}

// From `at` up to an unescaped `end`; npos, where there is none.
bool take_header(std::string_view line, std::size_t& at, std::string& out, std::string& wrong) {
  for (; at < line.size(); ++at) {
    if (line[at] == '|') {
      ++at;
      return true;
    }
    if (line[at] == '\\') {
      ++at;
      if (at == line.size() || (line[at] != '\\' && line[at] != '|')) {
        wrong = "an escape in the header that there is not";
        return false;
      }
    }
    out += line[at];
  }
  wrong = "a header without its end";
  return false;
}

bool is_key(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c) != 0; });
}

}  // namespace

FlatLine read_cef(std::string_view line) {
  FlatLine out;
  out.wrong = what_is_wrong(line);
  if (!out.wrong.empty()) return out;
  line.remove_suffix(1);
  if (!line.starts_with("CEF:0|")) return out.wrong = "does not begin with CEF:0|", out;
  std::size_t at = 6;
  for (int i = 0; i < 6; ++i) {
    out.header.emplace_back();
    if (!take_header(line, at, out.header.back(), out.wrong)) return out;
    if (out.header.back().empty()) return out.wrong = "an empty field of the header", out;
  }
  const std::string& severity = out.header.back();
  if (!is_digits(severity) || std::stoi(severity) > 10) return out.wrong = "a severity of " + severity, out;
  if (line.ends_with(' ')) return out.wrong = "a blank at the end", out;
  // A key is the word before an = that has no backslash before it.
  std::string_view rest = line.substr(at);
  std::string key;
  while (!rest.empty()) {
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) return out.wrong = "a pair without =", out;
    key = rest.substr(0, equals);
    if (!is_key(key)) return out.wrong = "no key: '" + key + "'", out;
    rest.remove_prefix(equals + 1);
    std::string value;
    std::size_t last_blank = std::string::npos;  // in value; behind it the next key may stand
    std::size_t blank_at = 0;                    // in rest
    std::size_t i = 0;
    bool ends = true;
    for (; i < rest.size(); ++i) {
      const char c = rest[i];
      if (c == '\\') {
        ++i;
        if (i == rest.size()) return out.wrong = "a backslash at the end", out;
        if (rest[i] != '\\' && rest[i] != '=' && rest[i] != 'n' && rest[i] != 'r')
          return out.wrong = "an escape that there is not", out;
        value += rest[i] == 'n' ? '\n' : rest[i] == 'r' ? '\r' : rest[i];
        continue;
      }
      if (c == '=') {
        ends = false;
        break;
      }
      if (c == ' ') last_blank = value.size(), blank_at = i;
      value += c;
    }
    if (!ends) {
      if (last_blank == std::string::npos) return out.wrong = "an = that is not escaped", out;
      value.resize(last_blank);
      rest.remove_prefix(blank_at + 1);
    } else {
      rest = {};
    }
    if (value.empty()) return out.wrong = "an empty " + key, out;
    if (value.front() == ' ' || value.back() == ' ' || value.back() == '\t')
      return out.wrong = "a blank at an end of " + key, out;
    const auto known = dictionary().find(key);
    if (known == dictionary().end()) return out.wrong = "a key that the dictionary does not have: " + key, out;
    if (!fits(value, known->second)) return out.wrong = "no value for " + key + ": " + value, out;
    if (!out.pairs.emplace(key, value).second) return out.wrong = "twice: " + key, out;
  }
  for (const auto& [name, value] : out.pairs) {
    const bool is_custom =
        name.starts_with("cs") || name.starts_with("cn") || name.starts_with("c6a") || name.starts_with("flexString");
    if (!is_custom || name == "cnt" || name.ends_with("Label")) continue;
    if (!out.pairs.contains(name + "Label")) return out.wrong = "no label for " + name, out;
  }
  for (const auto& [name, value] : out.pairs)
    if (name.ends_with("Label") && !out.pairs.contains(name.substr(0, name.size() - 5)))
      return out.wrong = "a label of nothing: " + name, out;
  return out;
}

FlatLine read_leef(std::string_view line) {
  FlatLine out;
  out.wrong = what_is_wrong(line);
  if (!out.wrong.empty()) return out;
  line.remove_suffix(1);
  const bool is_two = line.starts_with("LEEF:2.0|");
  if (!is_two && !line.starts_with("LEEF:1.0|")) return out.wrong = "does not begin with LEEF:", out;
  line.remove_prefix(9);
  for (int i = 0; i < (is_two ? 5 : 4); ++i) {
    const std::size_t bar = line.find('|');
    if (bar == std::string_view::npos) return out.wrong = "a header without its end", out;
    out.header.emplace_back(line.substr(0, bar));
    if (out.header.back().empty()) return out.wrong = "an empty field of the header", out;
    line.remove_prefix(bar + 1);
  }
  char delimiter = '\t';
  if (is_two) {
    const std::string& field = out.header.back();
    delimiter = field.size() == 1 ? field.front()
                                  : static_cast<char>(std::stoi(field.substr(field.find('x') + 1), nullptr, 16));
  }
  while (!line.empty()) {
    const std::size_t end = std::min(line.find(delimiter), line.size());
    const std::string_view pair = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || !is_key(pair.substr(0, equals)))
      return out.wrong = "no pair: '" + std::string(pair) + "'", out;
    if (!out.pairs.emplace(pair.substr(0, equals), pair.substr(equals + 1)).second)
      return out.wrong = "twice: " + std::string(pair), out;
  }
  for (const char* must : {"devTime", "devTimeFormat", "cat", "sev", "id", "msg"})
    if (!out.pairs.contains(must)) return out.wrong = std::string("no ") + must, out;
  if (!is_digits(out.pairs["sev"]) || std::stoi(out.pairs["sev"]) < 1 || std::stoi(out.pairs["sev"]) > 10)
    return out.wrong = "a severity of " + out.pairs["sev"], out;
  return out;
}

std::string with_bytes(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const bool is_byte =
        at + 4 <= text.size() && byte(0) == 0xF4 && byte(1) == 0x8F && byte(2) >= 0xB8 && byte(2) <= 0xBB;
    if (!is_byte) {
      out += text[at++];
      continue;
    }
    out += static_cast<char>((byte(2) & 0x3U) << 6U | (byte(3) & 0x3FU));
    at += 4;
  }
  return out;
}

}  // namespace naudit::tests
