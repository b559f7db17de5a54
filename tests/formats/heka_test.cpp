// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <protozero/pbf_reader.hpp>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <rapidjson/document.h>

#include "base/hex.hpp"
#include "config/option_words.hpp"
#include "formats/heka/options.hpp"
#include "formats/registry.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/corpus.hpp"
#include "tests/support/pipeline.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temp_dir.hpp"

namespace naudit::formats {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;

struct HekaMessage {
  std::string uuid, type, logger, payload, hostname;
  std::int64_t timestamp = 0;
  std::int32_t severity = 7, pid = 0;
  std::map<std::string, std::vector<std::string>> fields;
};

// Frames as Heka's splitter and decoder take them: 1E, the header's length, the header, 1F, the message; whatever does
// not fit is skipped there, and an error here.
class HekaReader {
 public:
  static constexpr std::size_t kMostMessage = std::size_t{64} * 1024;

  explicit HekaReader(std::map<std::string, std::string> keys = {}) : keys_(std::move(keys)) {}

  std::vector<HekaMessage> read(std::string_view bytes) {
    std::vector<HekaMessage> messages;
    while (!bytes.empty()) {
      REQUIRE(bytes.size() > 3);
      REQUIRE(bytes[0] == '\x1E');
      const auto header_size = static_cast<unsigned char>(bytes[1]);
      REQUIRE(bytes.size() > header_size + std::size_t{2});
      REQUIRE(bytes[header_size + std::size_t{2}] == '\x1F');
      const Header header = read_header(bytes.substr(2, header_size));
      bytes.remove_prefix(header_size + std::size_t{3});
      REQUIRE(header.size <= kMostMessage);
      REQUIRE(bytes.size() >= header.size);
      const std::string_view message = bytes.substr(0, header.size);
      check_signature(header, message);
      messages.push_back(read_message(message));
      raw.emplace_back(message);
      bytes.remove_prefix(header.size);
    }
    return messages;
  }

  std::vector<std::string> raw;

 private:
  struct Header {
    std::optional<std::uint32_t> length;
    std::size_t size = 0;
    int hash = 0;
    std::string signer, hmac;
    std::uint32_t version = 0;
  };

  static Header read_header(std::string_view bytes) {
    Header header;
    protozero::pbf_reader reader(bytes.data(), bytes.size());
    while (reader.next()) {
      switch (reader.tag()) {
        case 1:
          header.length = reader.get_uint32();
          break;
        case 3:
          header.hash = reader.get_enum();
          break;
        case 4:
          header.signer = reader.get_string();
          break;
        case 5:
          header.version = reader.get_uint32();
          break;
        case 6:
          header.hmac = reader.get_bytes();
          break;
        default:
          FAIL("a field of the header that Heka does not have");
      }
    }
    REQUIRE(header.length);
    header.size = *header.length;
    return header;
  }

  // A signer whose key is not known is refused, and so is a frame without a signature where keys are.
  void check_signature(const Header& header, std::string_view message) {
    if (header.signer.empty()) {
      REQUIRE(keys_.empty());
      return;
    }
    const auto key = keys_.find(header.signer + '_' + std::to_string(header.version));
    REQUIRE(key != keys_.end());
    unsigned char hmac[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    REQUIRE(HMAC(header.hash == 0 ? EVP_md5() : EVP_sha1(), key->second.data(), static_cast<int>(key->second.size()),
                 reinterpret_cast<const unsigned char*>(message.data()), message.size(), hmac, &size) != nullptr);
    CHECK(header.hmac == std::string(reinterpret_cast<const char*>(hmac), size));
  }

  static HekaMessage read_message(std::string_view bytes) {
    HekaMessage message;
    protozero::pbf_reader reader(bytes.data(), bytes.size());
    while (reader.next()) {
      switch (reader.tag()) {
        case 1:
          message.uuid = reader.get_bytes();
          break;
        case 2:
          message.timestamp = reader.get_int64();
          break;
        case 3:
          message.type = reader.get_string();
          break;
        case 4:
          message.logger = reader.get_string();
          break;
        case 5:
          message.severity = reader.get_int32();
          break;
        case 6:
          message.payload = reader.get_string();
          break;
        case 8:
          message.pid = reader.get_int32();
          break;
        case 9:
          message.hostname = reader.get_string();
          break;
        case 10:
          read_field(reader.get_message(), message);
          break;
        default:
          FAIL("a field of the message that Heka does not have");
      }
    }
    REQUIRE(message.uuid.size() == 16);
    REQUIRE(message.timestamp >= 0);
    return message;
  }

  static void read_field(protozero::pbf_reader reader, HekaMessage& message) {
    std::string name;
    int type = 0;
    std::vector<std::string> values;
    while (reader.next()) {
      switch (reader.tag()) {
        case 1:
          name = reader.get_string();
          break;
        case 2:
          type = reader.get_enum();
          break;
        case 4:
          CHECK(type == 0);
          values.push_back(reader.get_string());
          break;
        case 6:
          CHECK(type == 2);
          for (const std::int64_t value : reader.get_packed_int64()) values.push_back(std::to_string(value));
          break;
        default:
          FAIL("a value that is not ours");
      }
    }
    REQUIRE_FALSE(name.empty());
    CHECK(message.fields.emplace(name, std::move(values)).second);
  }

  std::map<std::string, std::string> keys_;
};

std::string line(std::string_view type, std::string_view body) {
  return "type=" + std::string(type) + " msg=audit(1470138233.093:7630): " + std::string(body) + '\n';
}

const std::string kExec =
    line("SYSCALL",
         "arch=c000003e syscall=59 success=no exit=-13 a0=0 a1=0 a2=0 a3=0 items=2 ppid=2686 pid=2690 auid=1000 uid=0 "
         "gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts1 ses=4 comm=\"vi\" exe=\"/usr/bin/vi\" key=\"k\"") +
    line("EXECVE", "argc=3 a0=\"vi\" a1=\"a b\" a2=FF0A22") + line("CWD", "cwd=\"/root\"") +
    line("PATH", "item=0 name=\"/usr/bin/vi\" inode=1 mode=0100755 nametype=NORMAL") +
    line("PATH", "item=1 name=\"/lib/ld.so\" inode=2 mode=0100755 nametype=NORMAL");

std::string encode(const std::string& records, const HekaOptions& options = {}) {
  tests::Encoding encoding("heka", options);
  encoding.set_node("web1");
  return encoding(records);
}

// As protoc reads it.
std::string decoded(const std::string& message, const std::string& type) {
  const tests::TempDir directory;
  const std::string file = directory.file("message");
  std::ofstream(file, std::ios::binary) << message;
  tests::Program protoc(
      {"/bin/sh", "-c",
       "protoc -I " NAUDIT_SOURCE_DIR "/tests/data/heka --decode=heka." + type + " message.proto < " + file});
  std::string text = protoc.rest();
  INFO(text);
  CHECK(protoc.wait() == 0);
  return text;
}

TEST_CASE("a message of Heka has an envelope, MozDef's event as payload, and its details as fields") {
  HekaReader reader;
  const auto messages = reader.read(encode(kExec));
  REQUIRE(messages.size() == 1);
  const HekaMessage& message = messages[0];
  CHECK(message.type == "audit_log");
  CHECK(message.logger == "auditd");
  CHECK(message.severity == 6);
  CHECK(message.pid == 2690);
  CHECK(message.hostname == "web1");
  CHECK(message.timestamp == 1470138233093000000);
  CHECK((message.uuid[6] & 0xF0) == 0x40);
  CHECK(reader.read(encode(kExec)).at(0).uuid == message.uuid);
  tests::Encoding mozdef("mozdef");
  mozdef.set_node("web1");
  CHECK(message.payload + '\n' == mozdef(kExec));
  using Values = std::vector<std::string>;
  const auto& fields = message.fields;
  CHECK(fields.at("type") == Values{"SYSCALL", "EXECVE", "CWD", "PATH", "PATH"});
  CHECK(fields.at("serialNum") == Values{"7630"});
  CHECK(fields.at("exit") == Values{"-13"});
  CHECK(fields.at("paths") == Values{"/usr/bin/vi", "/lib/ld.so"});
  CHECK(fields.at("argv") == Values{"vi", "a b", "\xF4\x8F\xBB\xBF\n\""});
  rapidjson::Document json;
  json.Parse(message.payload.data(), message.payload.size());
  for (const auto& detail : json["details"].GetObject()) {
    const std::string name = detail.name.GetString();
    INFO(name);
    if (detail.value.IsString()) CHECK(fields.at(name) == Values{detail.value.GetString()});
  }
}

TEST_CASE("protoc reads Heka's frames") {
  const std::string frame = encode(kExec);
  const auto header = static_cast<std::size_t>(static_cast<unsigned char>(frame[1]));
  CHECK_THAT(decoded(frame.substr(2, header), "Header"),
             Contains("message_length: " + std::to_string(frame.size() - header - 3)));
  CHECK_THAT(decoded(frame.substr(header + 3), "Message"),
             Contains("type: \"audit_log\"") && Contains("value_integer: -13") && Contains("name: \"argv\""));
}

TEST_CASE("Heka's frames are signed with the signer's key") {
  for (const HekaHash hash : {HekaHash::kMd5, HekaHash::kSha1}) {
    HekaReader reader(std::map<std::string, std::string>{{"ops_7", "s3cret"}});
    HekaOptions options;
    options.signer = "ops";
    options.key_version = 7;
    options.hash = hash;
    options.key = {"/k", "s3cret"};
    CHECK(reader.read(encode(kExec, options)).size() == 1);
    CHECK(encode(kExec, options).find("s3cret") == std::string::npos);
  }
}

TEST_CASE("the key of Heka's signatures is read from a file that nobody else can read, and is not printed") {
  const tests::TempDir directory;
  const std::string file = directory.file("key");
  std::ofstream(file) << "s3cret\n";
  fs::permissions(file, fs::perms{0600});
  const auto table = heka_options();
  const auto read = [&](const std::vector<std::string>& words) {
    return config::read_words(table, words, "--option", "the format heka").as<HekaOptions>();
  };
  const HekaOptions options = read({"signer=ops", "hash=md5", "key_file=" + file});
  CHECK(options.key.bytes == "s3cret");
  for (const config::OptionRow& row : table.rows()) {
    const config::Printed printed = row.print(&options);
    if (const auto* text = std::get_if<std::string>(&printed)) CHECK(text->find("s3cret") == std::string::npos);
  }
  CHECK_THROWS_WITH(read({"signer=ops"}), Contains("a signer needs a key"));
  CHECK_THROWS_WITH(read({"signer=ops", "key_file=" + directory.file("none")}), Contains("cannot be read"));
  fs::permissions(file, fs::perms{0644});
  CHECK_THROWS_WITH(read({"signer=ops", "key_file=" + file}), Contains("can be read by others"));
}

TEST_CASE("a message that is too long for Heka has parts left out, and says which") {
  HekaReader reader;

  const auto messages = reader.read(encode(line("PATH", "item=0 name=\"/" + std::string(40'000, 'x') + "\"")));
  CHECK(messages[0].payload.empty());
  CHECK(messages[0].fields.at("left_out") == std::vector<std::string>{"payload,fields"});
  CHECK_FALSE(reader.read(encode(kExec)).at(0).fields.contains("left_out"));
  // The least that there is.
  HekaOptions small;
  small.max_message = 1024;
  CHECK(reader.read(encode(kExec, small)).at(0).fields.contains("left_out"));
}

TEST_CASE("Heka's reader takes every event of our logs and of the collected ones", "[corpus]") {
  std::vector<fs::path> logs = tests::corpus_files("logs");
  for (const auto& entry : fs::directory_iterator(NAUDIT_SOURCE_DIR "/tests/data/records"))
    if (entry.path().extension() == ".txt") logs.push_back(entry.path());
  std::size_t events = 0;
  for (const fs::path& log : logs) {
    std::ifstream in(log, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    INFO(log.string());
    events += HekaReader().read(encode(text)).size();
  }
  CHECK(events > 50);
}

}  // namespace
}  // namespace naudit::formats
