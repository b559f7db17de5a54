// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// No field is lost: every name and value of every record of every collected log is found in a token.
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>

#include "base/hex.hpp"
#include "interpret/record/field_class.hpp"
#include "tables/record_types.hpp"
#include "tests/support/bsm_trail.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/corpus.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::formats {
namespace {

namespace fs = std::filesystem;
namespace id = tests::bsm_token;
namespace type = tables::type;
using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::Field;
using tables::FieldClass;
using tests::BsmRead;
using tests::BsmToken;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// All that the tokens of one event say, as "name=value" in the words of the log.
class Said {
 public:
  explicit Said(const std::vector<BsmRead>& records) {
    for (const BsmRead& record : records)
      for (const BsmToken& token : record.tokens) add(token);
    flush_pieces();
  }

  [[nodiscard]] bool has(const std::string& text) const { return said_.contains(text); }
  [[nodiscard]] bool has_name(std::string_view name) const { return names_.contains(std::string(name)); }

 private:
  void say(std::string_view name, const std::string& value) {
    said_.insert(fmt::format("{}={}", name, value));
    names_.emplace(name);
  }

  void add(const BsmToken& token) {
    const auto& n = token.numbers;
    switch (token.id) {
      case id::kText:
        return add_text(token.texts[0]);
      case id::kPath:
        say("name", token.texts[0]);
        say("cwd", token.texts[0]);
        return;
      case id::kAttributes32:
        say("mode", n[0] == 0 ? "0" : fmt::format("0{:o}", n[0]));
        say("ouid", std::to_string(n[1]));
        say("ogid", std::to_string(n[2]));
        say("dev", device(n[3]));
        say("inode", std::to_string(n[4]));
        say("rdev", device(n[5]));
        return;
      case id::kExecArguments:
        for (const std::string& argument : token.texts) say(fmt::format("a{}", arguments_++), argument);
        say("argc", std::to_string(arguments_));
        return;
      case id::kArgument32:
      case id::kArgument64:
        say(fmt::format("a{}", n[0] - 1), fmt::format("{:x}", n[1]));
        return;
      case id::kSubject32:
        say_process(n, {"auid", "euid", "egid", "uid", "gid", "pid", "ses"});
        return;
      case id::kProcess32:
        say_process(n, {"oauid", "", "", "ouid", "", "opid", "oses"});
        return;
      case id::kReturn32:
        say("success", n[0] == 0 ? "yes" : "no");
        say("exit", std::to_string(static_cast<std::int32_t>(static_cast<std::uint32_t>(n[1]))));
        return;
      case id::kIpcPermissions:
        say("ouid", std::to_string(n[0]));
        say("ogid", std::to_string(n[1]));
        say("mode", n[4] == 0 ? "0" : fmt::format("0{:o}", n[4]));
        return;
      case id::kSocketInet:
        return say_socket(std::string("\2\0", 2), n[1], token.texts[0] + std::string(8, '\0'));
      case id::kSocketInet6:
        return say_socket(std::string("\12\0", 2), n[1], std::string(4, '\0') + token.texts[0] + std::string(4, '\0'));
      case id::kSocketUnix:
        for (std::size_t zeros = 0; zeros <= 110; ++zeros)
          say_hex("saddr", std::string("\1\0", 2) + token.texts[0] + std::string(zeros, '\0'));
        return;
      default:
        return;
    }
  }

  void say_process(const std::vector<std::uint64_t>& numbers, std::array<std::string_view, 7> names) {
    for (std::size_t i = 0; i < names.size(); ++i)
      if (!names.at(i).empty()) say(names.at(i), std::to_string(numbers[i]));
  }
  void say_socket(const std::string& family, std::uint64_t port, const std::string& rest) {
    say_hex("saddr", family + static_cast<char>(port >> 8U) + static_cast<char>(port & 0xFFU) + rest);
  }
  void say_hex(std::string_view name, const std::string& bytes) {
    std::string digits;
    base::append_hex(digits, bytes);
    say(name, digits);
  }

  // Majors of more than 8 bits and minors of more than 8 as new_encode_dev() of Linux puts them.
  static std::string device(std::uint64_t number) {
    return fmt::format("{:02x}:{:02x}", number >> 8U & 0xFFFU, (number & 0xFFU) | (number >> 12U & 0xFFF00U));
  }

  // With what stands before the name, and without it; pieces together.
  void add_text(const std::string& text) {
    const std::size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    const std::string value = equals == std::string::npos ? std::string() : text.substr(equals + 1);
    if (name == "part") return;  // a piece in the next record goes on
    if (name.ends_with(']') &&
        name == fmt::format("{}[{}]", piece_name_.empty() ? name.substr(0, name.find('[')) : piece_name_, pieces_)) {
      piece_name_ = name.substr(0, name.rfind('['));
      ++pieces_;
      piece_value_ += value;
    } else {
      flush_pieces();
    }
    say_names(name, value);
  }
  void say_names(std::string_view name, const std::string& value) {
    for (;;) {
      say(name, value);
      const std::size_t dot = name.find('.');
      if (dot == std::string_view::npos) return;
      name.remove_prefix(dot + 1);
    }
  }
  void flush_pieces() {
    if (pieces_ > 0) say_names(piece_name_, piece_value_);
    if (piece_name_ == "field") said_.insert(piece_value_);  // a name that is too long for one of its own
    pieces_ = 0;
    piece_name_.clear();
    piece_value_.clear();
  }

  std::unordered_set<std::string> said_, names_;
  std::size_t arguments_ = 0, pieces_ = 0;
  std::string piece_name_, piece_value_;
};

// The value as a reader of the log understands it.
std::string value_of(const DecodedRecord& record, const Field& field, std::string& scratch) {
  const FieldClass kind = interpret::field_class(record.type, field.id);
  const bool is_argument = record.type == type::kExecve && field.name.starts_with('a') && field.name != "argc" &&
                           !field.name.ends_with("_len");
  const bool is_text = kind == FieldClass::kEncoded || kind == FieldClass::kKeys || kind == FieldClass::kProctitle ||
                       kind == FieldClass::kTtyData || is_argument;
  std::string value(is_text ? interpret::decoded(field, scratch) : field.value);
  std::ranges::replace(value, '\0', ' ');
  return value;
}

struct Totals {
  std::size_t events = 0, fields = 0, records = 0;
};

class Check {
 public:
  void operator()(const correlate::Event& event) {
    const std::string bytes = encoding_(event);
    const tests::BsmTrail trail = tests::read_bsm(bytes);
    CHECK_THAT(trail.wrong, Catch::Matchers::Equals(""));
    REQUIRE(!trail.records.empty());
    ++totals.events;
    totals.records += trail.records.size();
    decoded_.decode(event);
    const Said said(trail.records);
    for (const DecodedRecord& record : decoded_.records()) {
      if ((record.type == 0 && record.type_name.empty()) || event.incomplete == correlate::Incomplete::kMalformed) {
        std::string text(record.text);
        std::ranges::replace(text, '\0', ' ');
        expect(said, "text=" + text, record);
        continue;
      }
      const std::string name(record.type_name.empty() ? tables::record_type_text(record.type)
                                                      : std::string(record.type_name));
      expect(said, "type=" + name, record);
      for (const auto& fields : {decoded_.fields(record), decoded_.claim(record)})
        for (const Field& field : fields) check_field(said, record, field);
      for (const auto& [word, value] :
           {std::pair{"seresult", record.tokens.avc_result}, std::pair{"seperms", record.tokens.avc_permissions},
            std::pair{"text", record.tokens.words}, std::pair{"text", record.tokens.claim_words}})
        if (!value.empty()) expect(said, fmt::format("{}={}", word, value), record);
      for (std::string_view rest = record.tokens.enriched; rest.find('=') != std::string_view::npos;) {
        const std::string_view told = rest.substr(0, rest.find('='));
        CHECK(said.has_name(told.substr(told.rfind(' ') + 1)));
        rest.remove_prefix(told.size() + 1);
        const std::size_t end = rest.starts_with('{') ? rest.find('}') : rest.starts_with('"') ? rest.find('"', 1) : 0;
        rest.remove_prefix(std::min(end, rest.size()));
      }
    }
  }

  Totals totals;

 private:
  void check_field(const Said& said, const DecodedRecord& record, const Field& field) {
    ++totals.fields;
    const std::string value = value_of(record, field, scratch_);
    if (interpret::field_class(record.type, field.id) == FieldClass::kKeys) {
      for (std::string_view rest = value;;) {
        const std::size_t end = rest.find('\1');
        expect(said, fmt::format("{}={}", field.name, rest.substr(0, end)), record);
        if (end == std::string_view::npos) return;
        rest.remove_prefix(end + 1);
      }
    }
    // Pieces of an argument are one argument in the token.
    if (record.type == type::kExecve && decoded_.execve().is_whole() && field.name != "argc" &&
        (field.name.ends_with(']') || field.name.ends_with("_len")))
      return;
    expect(said, fmt::format("{}={}", field.name, value), record);
  }
  static void expect(const Said& said, const std::string& text, const DecodedRecord& record) {
    if (said.has(text)) return;
    INFO(record.text.substr(0, 300));
    INFO(text.substr(0, 300));
    CHECK(said.has(text));
  }

  tests::Encoding encoding_{"bsm"};
  DecodedEvent decoded_;
  std::string scratch_;
};

TEST_CASE("no field is lost in a BSM record") {
  Check check;
  std::vector<fs::path> logs = tests::corpus_files("logs");
  for (const auto& entry : fs::directory_iterator(NAUDIT_SOURCE_DIR "/tests/data/records"))
    if (entry.path().extension() == ".txt") logs.push_back(entry.path());
  for (const fs::path& path : logs) {
    INFO(path.string());
    tests::StoredLog log;
    log.add_all(read_file(path));
    log.finish();
    for (const auto& event : log.events) check(*event);
  }
  CHECK(check.totals.events > (tests::has_larger_corpus() ? 5000 : 100));
  CHECK(check.totals.fields > (tests::has_larger_corpus() ? 100'000 : 2000));
}

// What the collected logs do not have.
TEST_CASE("nor one of an odd event") {
  Check check;
  const std::string call = "type=SYSCALL msg=audit(1.000:2): arch=c000003e syscall=59 success=yes exit=0 a0=1 pid=1 ";
  const std::string exec = "type=EXECVE msg=audit(1.000:2): ";
  const auto repeated = [](std::size_t count, const auto& part) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) all += part(i);
    return all;
  };
  const std::string long_value(70'000, 'x');
  const std::string nul_in_args = "argc=2 a0=61620063 a1=\"d\"\n";
  const std::string login =
      "type=USER_LOGIN msg=audit(1.000:2): pid=1 uid=0 auid=7 ses=1 msg='op=login acct=\"a b\" uid=1000 "
      "addr=10.0.0.9 res=failed'\n";
  const std::vector<std::string> texts = {
      call + "f=1 f=2 uid=007 gid=-1 ses=x exit=1\n",
      call + "proctitle=2F62696E2F7368002D63006563686F206869\n",
      "type=PROCTITLE msg=audit(1.000:2): proctitle=2F62696E2F7368002D63006563686F206869\n",
      call + "long=" + long_value + "\n",
      call + long_value + "=1\n",
      call + "\n" + exec + nul_in_args,
      call + "\n" + exec + "argc=1 a0=\"" + long_value + "\"\n",
      call + "\n" + exec + "argc=300" + repeated(300, [](std::size_t i) { return fmt::format(" a{}=\"v{}\"", i, i); }) +
          "\n",
      call + "\n" + exec + "argc=9000" +
          repeated(9000, [](std::size_t i) { return fmt::format(" a{}=\"value{}\"", i, i); }) + "\n",
      call + "\n" + exec + "argc=4 a0=\"x\" a2=\"y\" a2=\"z\"\n",
      call + "\n" +
          repeated(2000,
                   [](std::size_t i) {
                     return fmt::format(
                         "type=PATH msg=audit(1.000:2): item={} name=\"/f{}\" inode=1{} dev=08:0{:x} mode=0100644 "
                         "ouid=0 ogid=0 rdev=00:00 nametype=NORMAL\n",
                         i, i, i, i % 16);
                   }),
      call + "\ntype=PATH msg=audit(1.000:2): item=0 name=(null) inode=5 dev=103:1fffff mode=0100644 ouid=0 ogid=0\n",
      call + "\ntype=PATH msg=audit(1.000:2): item=0 name=\"x\" inode=5 dev=103:1ff mode=0100644 ouid=0 ogid=0\n",
      call + "\ntype=SOCKADDR msg=audit(1.000:2): saddr=01002F746D702F780061\n",
      call + "\ntype=SOCKADDR msg=audit(1.000:2): saddr=01000068696464656E\n",
      call + "\ntype=SOCKADDR msg=audit(1.000:2): saddr=0A0000500000000100000000000000000000000000000001000000FF\n",
      call + "\ntype=SOCKADDR msg=audit(1.000:2): saddr=0200\n",
      "type=FUTURE_TYPE msg=audit(1.000:2): a=b c=d\ntype=OTHER_TYPE msg=audit(1.000:2): a=e\n",
      "type=UNKNOWN[4999] msg=audit(99999999999.000:2): a=b\n",
      login,
      "node=" + std::string(300, 'n') + " type=CWD msg=audit(1.000:2): cwd=\"/\"\n",
      "not a record at all\n"};
  for (const std::string& text : texts) {
    INFO(text.substr(0, 200));
    tests::StoredLog log;
    log.add_all(text);
    log.finish();
    REQUIRE(!log.events.empty());
    for (const auto& event : log.events) check(*event);
  }
}

}  // namespace
}  // namespace naudit::formats
