// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/undo/record.hpp"

#include <algorithm>
#include <array>
#include <new>

#include <openssl/evp.h>
#include <rapidjson/document.h>

#include "base/error.hpp"
#include "base/json.hpp"

namespace naudit::migrate {
namespace {

constexpr std::size_t kMostEntries = 100'000;
constexpr std::size_t kDigestLetters = 64;

// Below its folder, and no way out of it.
bool is_below(std::string_view path) {
  if (path.empty() || path.starts_with('/') || path.find('\0') != std::string_view::npos) return false;
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    if (part.empty() || part == "." || part == "..") return false;
    path.remove_prefix(std::min(part.size() + 1, path.size()));
  }
  return true;
}

class Reader {
 public:
  explicit Reader(const std::string& name) : name_(name) {}

  [[noreturn]] void fail(const std::string& what) const {
    throw base::Error({name_, 0, 0}, "is no record of a migration: " + what);
  }

  [[nodiscard]] const rapidjson::Value& list(const rapidjson::Value& object, const char* key) const {
    const auto found = object.FindMember(key);
    if (found == object.MemberEnd() || !found->value.IsArray() || found->value.Size() > kMostEntries)
      fail(std::string("there is no list '") + key + "'");
    return found->value;
  }

  [[nodiscard]] std::string text(const rapidjson::Value& value) const {
    if (!value.IsString()) fail("a text is missing");
    return {value.GetString(), value.GetStringLength()};
  }

  [[nodiscard]] std::string text(const rapidjson::Value& object, const char* key) const {
    if (!object.IsObject()) fail("an entry is no object");
    const auto found = object.FindMember(key);
    if (found == object.MemberEnd()) fail(std::string("'") + key + "' is missing");
    return text(found->value);
  }

  [[nodiscard]] std::string path(std::string text) const {
    if (!is_below(text)) fail("a path leads out of its folder");
    return text;
  }

 private:
  const std::string& name_;
};

}  // namespace

const ChangeRecord::File* ChangeRecord::find(std::string_view path) const {
  const auto found = std::ranges::find(files, path, &File::path);
  return found == files.end() ? nullptr : &*found;
}

std::string record_text(const ChangeRecord& record) {
  base::JsonWriter out;
  out.begin_object();
  out.member("version", 1);
  out.begin_list("files");
  for (const ChangeRecord::File& file : record.files) {
    out.begin_object();
    out.member("path", file.path);
    out.member("written", file.written);
    out.member("before", file.before);
    out.end_object();
  }
  out.end_list();
  out.begin_list("folders");
  for (const std::string& folder : record.folders) out.value(folder);
  out.end_list();
  out.end_object();
  return out.take() + '\n';
}

ChangeRecord read_record(const std::string& text, const std::string& name) {
  const Reader reader(name);
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(text.data(), text.size());
  if (document.HasParseError() || !document.IsObject()) reader.fail("it is no JSON object");
  ChangeRecord record;
  for (const rapidjson::Value& one : reader.list(document, "files").GetArray()) {
    ChangeRecord::File file{reader.path(reader.text(one, "path")), reader.text(one, "written"),
                            reader.text(one, "before")};
    if (!file.written.empty() && (file.written.size() != kDigestLetters ||
                                  file.written.find_first_not_of("0123456789abcdef") != std::string::npos))
      reader.fail("a sum is none");
    if (!file.before.empty() && (!is_below(file.before) || file.before.find('/') != std::string::npos))
      reader.fail("a name leads out of its folder");
    record.files.push_back(std::move(file));
  }
  for (const rapidjson::Value& one : reader.list(document, "folders").GetArray())
    record.folders.push_back(reader.path(reader.text(one)));
  return record;
}

std::string sha256(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) throw std::bad_alloc();
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (unsigned i = 0; i < size; ++i) {
    out += kDigits[digest[i] >> 4U];
    out += kDigits[digest[i] & 15U];
  }
  return out;
}

}  // namespace naudit::migrate
