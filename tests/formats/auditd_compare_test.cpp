// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// Our raw and enriched text against what Debian's auditd writes for the same records. auditd runs without a kernel
// (tests/support/auditd_shim.cpp). Built only where auditd is installed.
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "correlate/header.hpp"
#include "formats/registry.hpp"
#include "interpret/record/decoded_event.hpp"
#include "tables/record_types.hpp"
#ifdef NAUDIT_AUSEARCH
#include "tests/support/ausearch.hpp"
#endif
#include "tests/support/catch.hpp"
#include "tests/support/corpus.hpp"
#include "tests/support/pipeline.hpp"
#include "tests/support/program.hpp"
#include "tests/support/stored_log.hpp"
#include "tests/support/temp_dir.hpp"

namespace naudit::formats {
namespace {

namespace fs = std::filesystem;
namespace type = tables::type;

struct Record {
  std::uint16_t type = 0;
  std::string text;
};

constexpr std::string_view kEnd = "audit(9999999999.999:99): end=1";

void put_frame(std::ostream& out, std::uint32_t type, std::string_view text) {
  const std::uint32_t head[] = {type, static_cast<std::uint32_t>(text.size())};
  out.write(reinterpret_cast<const char*>(head), sizeof head);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
}

void write_configuration(const tests::TempDir& home, std::string_view format, std::string_view node) {
  fs::create_directory(home.file("plugins"));
  std::ofstream(home.file("auditd.conf")) << fmt::format(
      "log_file = {}\nlog_format = {}\nflush = NONE\nname_format = {}\n{}\npriority_boost = 0\nmax_log_file = 4000\n"
      "num_logs = 0\nmax_log_file_action = IGNORE\nspace_left = 2\nspace_left_action = IGNORE\nadmin_space_left = 1\n"
      "admin_space_left_action = IGNORE\ndisk_full_action = IGNORE\ndisk_error_action = IGNORE\nuse_libwrap = no\n"
      "plugin_dir = {}\noverflow_action = IGNORE\n",
      home.file("audit.log"), format, node.empty() ? "NONE" : "USER",
      node.empty() ? "" : fmt::format("name = {}", node), home.file("plugins"));
  fs::permissions(home.file("auditd.conf"), fs::perms::owner_read | fs::perms::owner_write);
}

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

// What auditd writes for these, without what it says of itself.
std::vector<std::string> auditd_lines(const std::vector<Record>& records, std::string_view format,
                                      std::string_view node = {}) {
  const tests::TempDir home;
  write_configuration(home, format, node);
  {
    std::ofstream file(home.file("records"), std::ios::binary);
    // libaudit takes one message for granted when it registers, whatever it is. An EOE leaves no line.
    put_frame(file, type::kEoe, "audit(1.000:1): ");
    for (const Record& one : records) put_frame(file, one.type, one.text);
    put_frame(file, type::kUser, kEnd);
  }
  tests::Program auditd({"/usr/bin/env", "LD_PRELOAD=" NAUDIT_AUDITD_SHIM,
                         "NAUDIT_SHIM_RECORDS=" + home.file("records"), "NAUDIT_SHIM_PID=" + home.file("pid"),
                         NAUDIT_AUDITD, "-n", "-c", home.file("")});
  std::vector<std::string> lines;
  const auto is_last = [](const std::string& line) { return line.ends_with(kEnd); };
  for (int tries = 0; tries < 600; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    lines = lines_of(home.file("audit.log"));
    if (!lines.empty() && is_last(lines.back())) break;
  }
  auditd.signal(SIGTERM);
  const std::string complaints = auditd.rest();
  INFO(complaints);
  REQUIRE(!lines.empty());
  REQUIRE(is_last(lines.back()));
  lines.pop_back();
  std::erase_if(lines, [](const std::string& line) { return line.find("type=DAEMON_START") != std::string::npos; });
  return lines;
}

// The users of the shim.
std::optional<std::string> name_of(interpret::NameId id) {
  if (id == interpret::NameId{interpret::NameId::Kind::kGroup, 1000}) return "staff";
  if (id.number == 1002) return "EXAMPLE\\jo ann";
  if (id.number == 1003) return "j\xC3\xB6rg";
  return tests::fixed_name(id);
}

std::vector<std::string> our_lines(const std::vector<Record>& records, std::string_view format,
                                   std::string_view node = {}) {
  interpret::Names names(tests::patient(), name_of);
  EncoderContext context{.names = names, .node = std::string(node), .live = true};
  const auto encoder = make_encoder(format, context);
  interpret::DecodedEvent decoded;
  std::vector<std::string> lines;
  for (const Record& one : records) {
    correlate::Event event;
    correlate::Header header;
    correlate::parse_header(one.text, header);
    event.append(one.type, one.text, header.size);
    decoded.decode(event);
    std::string out;
    encoder->encode(decoded, out);
    for (std::size_t at = 0; at < out.size(); at = out.find('\n', at) + 1)
      lines.push_back(out.substr(at, out.find('\n', at) - at));
  }
  return lines;
}

// The kernel's part of the records of a stored log.
void collect(const fs::path& path, std::vector<Record>& records) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  tests::StoredLog log;
  log.add_all(text);
  log.finish();
  for (const auto& event : log.events) {
    if (event->incomplete == correlate::Incomplete::kMalformed) continue;
    for (const auto& span : event->records()) {
      std::string_view record = event->text(span);
      record = record.substr(0, record.find('\x1d'));
      // Replies to requests, and records of auditd's own kind, it takes for no event.
      const bool is_event = span.type == type::kUser || span.type == type::kLogin || span.type >= type::kUserFirst;
      if (!is_event || (span.type >= type::kDaemonStart && span.type < type::kSyscall)) continue;
      // Made by hand: it takes every word for 0, and so for root.
      if (std::regex_search(record.begin(), record.end(), std::regex("[ug]id=[a-z(]|arch=x"))) continue;
      // Of families that it does not know it says less; a scope it tells by the name of this machine's interface; and a
      // program's saddr, which is an address as text, it decodes.
      const std::regex others("saddr=(1100|2800|0A00\\w+02000000)|msg='.*saddr=");
      if (std::regex_search(record.begin(), record.end(), others)) continue;
      if (record.find('\0') == std::string_view::npos) records.push_back({span.type, std::string(record)});
    }
  }
}

// Where we differ on purpose: a record type may have got its name since auditd 3.0.9, which tells the system call of a
// SYSCALL record only, and of io_uring none.
std::string adapted(std::string line) {
  constexpr std::string_view kUnknown = "type=UNKNOWN[";
  if (const std::size_t at = line.find(kUnknown); at != std::string::npos) {
    const std::size_t start = at + 5, size = line.find(']', at) + 1 - start;
    if (const auto number = tables::record_type(line.substr(start, size)))
      line.replace(start, size, tables::record_type_text(*number));
  }
  const auto without = [&](std::string_view name) {
    const std::size_t at = line.find(name, line.find('\x1d'));
    if (at == std::string::npos) return;
    line.erase(at, std::min(line.find(' ', at + 1), line.size()) - at);
  };
  const std::string type = line.substr(line.find("type="), 13);
  if (type != "type=SYSCALL ") without(" SYSCALL=");
  if (type == "type=URINGOP ") {
    without("URING_OP=");
    if (const std::size_t mark = line.find("\x1d "); mark != std::string::npos) line.erase(mark + 1, 1);
  }
  return line;
}

// What auditd 3.0.9 says of addresses that it does not know, of a zone, of a program's saddr and of one that is no
// number; and a space that it leaves at the end when there is a node.
std::string bettered(std::string line, const std::string& ours) {
  const std::size_t end = std::min(line.find('\x1d'), line.size());
  if (line.starts_with("node=") && line[end - 1] == ' ') line.erase(end - 1, 1);
  if (line.find("(unsupported) }") != std::string::npos && ours.starts_with(line.substr(0, line.find('(', end))))
    return ours;
  if (line.find("type=SOCKADDR ") == std::string::npos) return std::regex_replace(line, std::regex(" SADDR=.*"), "");
  static const std::regex no_number("\x1dSADDR=malformed-host\\(([0-9a-fA-F]?|.*[^0-9a-fA-F].*)\\)$");
  if (std::regex_search(line, no_number)) return line.substr(0, end);
  static const std::regex zone("(laddr=fe80[^% ]*%)[^ ]+");
  std::smatch found;
  return std::regex_search(ours, found, zone) ? std::regex_replace(line, zone, found.str()) : line;
}

void compare(const std::vector<Record>& records, std::string_view format, std::string_view node = {}) {
  INFO(format);
  const std::vector<std::string> theirs = auditd_lines(records, format == "raw" ? "RAW" : "ENRICHED", node);
  const std::vector<std::string> ours = our_lines(records, format, node);
  REQUIRE(theirs.size() == ours.size());
  for (std::size_t i = 0; i < ours.size(); ++i) CHECK(adapted(bettered(theirs[i], ours[i])) == adapted(ours[i]));
}

Record record(std::uint16_t type, std::string_view body) {
  return {type, fmt::format("audit(1700000000.123:77): {}", body)};
}

TEST_CASE("auditd writes the records of our own logs as we do") {
  std::vector<Record> records;
  for (const auto& entry : fs::directory_iterator(NAUDIT_SOURCE_DIR "/tests/data/records"))
    if (entry.path().extension() == ".txt") collect(entry.path(), records);
  CHECK(records.size() > 50);
  for (const char* format : {"raw", "enriched"}) {
    compare(records, format);
    compare(records, format, "web1.example");
  }
}

#ifdef NAUDIT_AUSEARCH
TEST_CASE("ausearch finds no fewer events in our enriched log than in auditd's") {
  std::vector<Record> records;
  for (const auto& entry : fs::directory_iterator(NAUDIT_SOURCE_DIR "/tests/data/records"))
    if (entry.path().extension() == ".txt") collect(entry.path(), records);
  // auditd 3.0.9 writes numbers for the types that have a name since (device mapper, IPE, Landlock, several
  // security modules).
  std::erase_if(records, [](const Record& one) {
    return (one.type >= 1420 && one.type <= 1426) || one.type == 1338 || one.type == 1339;
  });
  const tests::TempDir home;
  const auto write = [&](const char* name, const std::vector<std::string>& lines) {
    std::ofstream file(home.file(name), std::ios::binary);
    for (const std::string& line : lines) file << line << '\n';
    return home.file(name);
  };
  const std::string theirs = write("theirs", auditd_lines(records, "ENRICHED"));
  const std::string ours = write("ours", our_lines(records, "enriched"));
  const auto events = [](const std::string& log) { return std::ranges::count(tests::ausearch(log, "-i"), "----"); };
  CHECK(events(ours) > 20);
  CHECK(events(ours) >= events(theirs));
}
#endif

TEST_CASE("auditd folds, trims and cuts a line as we do") {
  std::vector<Record> records;
  for (const char* body : {"msg='a\nb'", "msg='a\n\nb\n'", "msg='a'\n", "msg='a' ", "msg='a'  ", "msg='a' \n", "a", "",
                           "msg='a\tb\x01'", "uid=0 ", "uid=0\n", "uid=0  \n"}) {
    records.push_back(record(type::kUserFirst, body));
  }
  // Around the longest line, with and without a node, a space at the cut among them.
  constexpr std::size_t kHead = std::string_view("type=USER_AUTH msg=audit(1700000000.123:77): ").size();
  for (const std::size_t size : {8900U, 8936U, 8937U, 8938U, 8939U, 8970U, 8990U}) {
    const std::size_t letters = size - kHead;
    records.push_back(record(type::kUserFirst, std::string(letters, 'x')));
    records.push_back(record(type::kUserFirst, "uid=0 " + std::string(letters - 6, 'x')));
    records.push_back(record(type::kUserFirst, std::string(letters - 1, 'x') + " "));
    records.push_back(record(type::kUserFirst, std::string(letters - 2, 'x') + "  "));
  }
  for (const char* format : {"raw", "enriched"}) {
    compare(records, format);
    compare(records, format, "web1.example");
    compare(records, format, std::string(120, 'n'));
  }
}

TEST_CASE("auditd names everything as we do") {
  std::vector<Record> records;
  for (int call = 0; call < 30; ++call) {
    for (const int multiplexer : {102, 117}) {
      records.push_back(record(
          type::kSyscall, fmt::format("arch=40000003 syscall={} success=yes exit=0 a0={:x} a1=0", multiplexer, call)));
    }
  }
  for (const char* arch : {"c000003e", "40000003", "c00000b7"})
    for (int call = 0; call < 283; ++call)
      records.push_back(record(type::kSyscall, fmt::format("arch={} syscall={} success=no exit=-1", arch, call)));
  for (const char* arch : {"40000028", "80000016", "16", "c0000015", "14"})
    records.push_back(record(type::kSyscall, fmt::format("arch={} syscall=3 success=no exit=-1", arch)));
  for (const char* id : {"0", "1000", "1001", "1002", "1003", "65534", "4294967294", "4294967295", "-1"}) {
    records.push_back(record(type::kSyscall, fmt::format("auid={0} uid={0} gid={0} fsgid={0} ses={0}", id)));
    records.push_back(record(type::kPath, fmt::format("name=\"/x\" ouid={0} ogid={0} cap_frootid={0}", id)));
    records.push_back(record(type::kObjPid, fmt::format("opid=1 oauid={0} ouid={0} oses=1 ocomm=\"x\"", id)));
    records.push_back(record(type::kIpc, fmt::format("ouid={0} ogid={0} mode=0600 iuid={0} igid={0}", id)));
    records.push_back(record(type::kLogin, fmt::format("pid=1 uid=0 old-auid={0} auid={0} ses=3 res=1", id)));
    records.push_back(record(type::kLogin, fmt::format("login pid=1 uid=0 old auid={0} new auid={0}", id)));
    for (const std::uint16_t one : {type::kAddUser, type::kAddGroup, type::kDelGroup, type::kGrpMgmt}) {
      records.push_back(record(
          one,
          fmt::format("pid=1 uid=0 auid={0} msg='op=x id={0} new_gid={0} acct=\"jo\" sauid={0} res=success'", id)));
    }
  }
  for (const char* address :
       {"01002F72756E2F7800", "010000616273007472616374000000", "0100", "01002F6120622263", "01000000",
        "020000507F0000010000000000000000", "02000035000000000000000000000000", "0200",
        "0A0001BB000000000000000000000000000000000000000100000000", "0A0001BB", "100000004D00000001000000", "1000",
        "0000", "00000000000000000000000000000000", "xyz", "0", ""}) {
    records.push_back(record(type::kSockaddr, fmt::format("saddr={}", address)));
  }
  records.push_back(record(type::kAvc, "apparmor=\"DENIED\" operation=\"bind\" saddr=127.0.0.1 src=22"));
  records.push_back(record(type::kSyscall, "arch=c000003e syscall=2 gid= uid=0"));
  compare(records, "enriched");
}

TEST_CASE("auditd writes the records of the collected logs as we do", "[corpus]") {
  std::vector<Record> records;
  for (const fs::path& log : tests::corpus_files("logs")) collect(log, records);
  CHECK(records.size() > (tests::has_larger_corpus() ? 5000 : 100));
  compare(records, "raw");
  compare(records, "enriched");
}

}  // namespace
}  // namespace naudit::formats
