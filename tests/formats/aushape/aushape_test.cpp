// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "config/option_words.hpp"
#include "formats/aushape/encoder.hpp"
#include "formats/aushape/options.hpp"
#include "formats/aushape/xml_text.hpp"
#include "tables/record_types.hpp"
#include "tests/support/aushape_check.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/corpus.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::formats {
namespace {

using Catch::Contains;
using Catch::StartsWith;

std::string line(std::string_view type, std::string_view body) {
  return "type=" + std::string(type) + " msg=audit(1470138233.093:7629): " + std::string(body) + '\n';
}

const std::string kCall = line("SYSCALL",
                               "arch=c000003e syscall=59 success=yes exit=0 auid=1000 uid=0 exe=\"/usr/bin/bash\" "
                               "key=\"exec\"");

std::string encoded(std::string_view format, std::string_view records, const AushapeOptions& options = {}) {
  tests::Encoding encoding(format, options);
  std::string text = encoding(records);
  INFO(text);
  REQUIRE(text.ends_with('\n'));
  REQUIRE(text.find('\n') == text.size() - 1);
  text.pop_back();
  CHECK((format == "aushape-xml" ? tests::wrong_in_aushape_xml(text) : tests::wrong_in_aushape_json(text)) == "");
  return text;
}

std::string json(std::string_view records, const AushapeOptions& options = {}) {
  return encoded("aushape-json", records, options);
}

std::string xml(std::string_view records, const AushapeOptions& options = {}) {
  return encoded("aushape-xml", records, options);
}

TEST_CASE("an event is shaped as aushape shapes it") {
  const std::string records = "node=web1.example " + kCall + "node=web1.example " +
                              line("EXECVE", "argc=3 a0=\"/bin/sh\" a1=\"-c\" a2=6563686F206869") +
                              "node=web1.example " + line("CWD", "cwd=\"/home/jo\"") + "node=web1.example " +
                              line("PATH", "item=0 name=\"/bin/sh\" inode=16858884 mode=0100755 nametype=NORMAL");
  CHECK(json(records) ==
        R"({"serial":7629,"time":"2016-08-02T11:43:53.093+00:00","node":"web1.example","data":{"syscall":{)"
        R"("arch":["x86_64","c000003e"],"syscall":["execve","59"],"success":["yes"],"exit":["0"],)"
        R"("auid":["jo","1000"],"uid":["root","0"],"exe":["/usr/bin/bash"],"key":["exec"]},"cwd":{"cwd":["/home/jo"]},)"
        R"("execve":["/bin/sh","-c","echo hi"],"path":[{"name":["/bin/sh"],"inode":["16858884"],)"
        R"("mode":["file,755","0100755"],"nametype":["NORMAL"]}]}})");
  CHECK(
      xml(records) ==
      R"(<event serial="7629" time="2016-08-02T11:43:53.093+00:00" node="web1.example"><data><syscall>)"
      R"(<arch i="x86_64" r="c000003e"/><syscall i="execve" r="59"/><success i="yes"/><exit i="0"/>)"
      R"(<auid i="jo" r="1000"/><uid i="root" r="0"/><exe i="/usr/bin/bash"/><key i="exec"/></syscall>)"
      R"(<cwd><cwd i="/home/jo"/></cwd><execve><a>/bin/sh</a><a>-c</a><a>echo hi</a></execve><path><item>)"
      R"(<name i="/bin/sh"/><inode i="16858884"/><mode i="file,755" r="0100755"/><nametype i="NORMAL"/></item></path>)"
      R"(</data></event>)");
}

TEST_CASE("values are spelled as auparse interprets them") {
  const auto syscall = [](std::string_view body) { return json(line("SYSCALL", body)); };
  CHECK_THAT(syscall("arch=c000003e syscall=257 exit=-13 a0=ffffff9c a1=1fdcea0 a2=80241 a3=1b6"),
             Contains(R"~("exit":["EACCES(Permission denied)","-13"])~") &&
                 Contains(R"("a1":["0x1fdcea0","1fdcea0"])") &&
                 Contains(R"("a2":["O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC","80241"])"));
  CHECK_THAT(syscall("auid=4294967295 uid=77 ses=4294967295 key=\"a\" tty=(none)"),
             Contains(R"~("auid":["unset","4294967295"],"uid":["unknown(77)","77"],"ses":["unset","4294967295"])~") &&
                 Contains(R"~("tty":["(none)"])~"));
  CHECK_THAT(json(line("ANOM_PROMISCUOUS", "dev=eth0 prom=256 old_prom=0")),
             Contains(R"("prom":["yes","256"],"old_prom":["no","0"])"));
  CHECK_THAT(json(line("PROCTITLE", "proctitle=6D76006100")), Contains(R"("proctitle":["mv a ","6D76006100"])"));
  CHECK_THAT(syscall("key=657865630166696C6573"), Contains(R"("key":["exec,files","657865630166696C6573"])"));
  // Names behind the record are for its numbers, and are no fields.
  CHECK_THAT(json(line("SYSCALL",
                       "auid=1234 key=(null)\x1D"
                       "AUID=\"eva\"")),
             Contains("\"auid\":[\"eva\",\"1234\"],\"key\":[\"(null)\"]}}"));
  CHECK_THAT(json(line("USER_LOGIN", "pid=9 uid=0 msg='op=login acct=\"jo\" addr=10.0.0.9 res=success'")),
             Contains(R"("op":["login"],"acct":["jo"],"addr":["10.0.0.9"],"res":["success"])"));
  CHECK_THAT(json(line("AVC", "avc:  denied  { read write } for  pid=7 comm=\"x\" tclass=file")),
             Contains(R"("avc":[{"seresult":["denied"],"seperms":["read,write"],"pid":["7"],"comm":["x"])"));
}

TEST_CASE("lists stand behind the single records, and paths by their item") {
  const std::string records = line("OBJ_PID", "opid=1 ocomm=\"a\"") + line("PATH", "item=1 name=\"/b\"") +
                              line("PATH", "item=0 name=\"/a\"") + line("OBJ_PID", "opid=2") +
                              line("NETFILTER_CFG", "table=nat family=2 entries=4") + line("CWD", "cwd=\"/\"") +
                              line("EOE", "");
  CHECK_THAT(json(records),
             Contains(R"("data":{"cwd":{"cwd":["/"]},"path":[{"name":["/a"]},{"name":["/b"]}],)"
                      R"("obj_pid":[{"opid":["1"],"ocomm":["a"]},{"opid":["2"]}],"netfilter_cfg":[{"table":["nat"])"));
  correlate::Event event;
  event.id = {1470138233, 93, 7629};
  event.append(tables::type::kEoe, "audit(1470138233.093:7629): ", 28);
  tests::Encoding encoding("aushape-json", AushapeOptions{});
  CHECK(encoding(event) == "{\"serial\":7629,\"time\":\"2016-08-02T11:43:53.093+00:00\",\"data\":{}}\n");
}

TEST_CASE("pieces of arguments are joined, and missing arguments are empty") {
  CHECK_THAT(json(line("EXECVE", "argc=4 a0=\"x\" a1_len=4 a1[0]=\"ab\" a1[1]=\"cd\"") + line("EXECVE", "a3=\"y\"")),
             Contains(R"("error":"Invalid execve record sequence encountered")") &&
                 Contains(R"("execve":["x","abcd","","y"])") && Contains("a3=\\\"y\\\""));
  CHECK_THAT(json(line("EXECVE", "argc=4294967295 a0=\"x\"")), Contains(R"("execve":["x",)"));
  CHECK_THAT(json(line("EXECVE", "argc=1 a0=\"x\" other=1")), Contains("Invalid execve") && Contains("other=1"));
  CHECK_THAT(json(line("PATH", "item=1 name=\"/a\"")), Contains("Invalid path record sequence") && Contains("item=1"));
}

TEST_CASE("fields that the schema does not know stand in the record's msg") {
  CHECK_THAT(json(line("PATH", "item=0 name=\"/a\" cap_frootid=0 nametype=NORMAL")),
             Contains(R"("path":[{"name":["/a"],"nametype":["NORMAL"],"msg":["cap_frootid=0"]}])"));
  CHECK_THAT(xml(line("PATH", "item=0 name=\"/a\" cap_frootid=0 oauid=1000 foo=\"a b\"")),
             Contains(R"(<msg i="cap_frootid=0 foo=&quot;a b&quot;"/>)"));
  // What a program says again does not replace what the kernel says.
  CHECK_THAT(json(line("USER_AUTH", "pid=9 uid=0 msg='op=x uid=1000 res=success'")),
             Contains(R"("uid":["root","0"],"op":["x"],"res":["success"],"msg":["uid=jo","uid=1000"])"));
  CHECK_THAT(json(line("USER", "pid=9 msg='just some words'")), Contains(R"("msg":["just some words"])"));
  CHECK_THAT(xml(line("USER", "pid=9 <b>=1 \xC3\xA4=2 1=3")), Contains(R"(<msg i="&lt;b&gt;=1 )"));
}

TEST_CASE("records that the schema has no place for are told as they came") {
  const std::string twice = line("CONFIG_CHANGE", "op=a") + line("CONFIG_CHANGE", "op=b");
  CHECK_THAT(json(twice),
             Contains(R"("error":"An unexpected repeated record type encountered","text":["type=CONFIG_CHANGE )") &&
                 Contains(R"("data":{"config_change":{"op":["a"]}})") && Contains("op=b"));
  CHECK_THAT(xml(twice), Contains("op=b</line></text><data><config_change>"));
  // JSON's schema allows other types, that of XML does not.
  CHECK_THAT(json(line("BPF", "prog-id=3 op=LOAD")), Contains(R"("data":{"bpf":{"prog-id":["3"],"op":["LOAD"]}})"));
  CHECK_THAT(xml(line("BPF", "prog-id=3 op=LOAD")),
             Contains(R"(error="A record type that the schema does not know encountered"><text><line>type=BPF )"));
  CHECK_THAT(json(line("UNKNOWN[1499]", "a=b")), Contains(R"("data":{"unknown[1499]":{"a":["b"]}})"));
  CHECK_THAT(json(line("NO\"SUCH", "a=b a=c")), Contains(R"(:{"a":["b"],"msg":["a=c"]}})"));
  CHECK_THAT(json("type=USER msg=audit(1470138233.093:0): pid=1\n"),
             StartsWith(R"({"serial":1,)") && Contains("Serial 0") && Contains(".093:0): pid=1"));
}

TEST_CASE("text and norm are there when they are asked for") {
  CHECK_THAT(json(line("CWD", "cwd=\"/\""), {.text = true}),
             Contains(R"("text":["type=CWD msg=audit(1470138233.093:7629): cwd=\"/\""],"data":{)"));
  const std::string records =
      line("SYSCALL",
           "arch=c000003e syscall=90 success=no exit=-1 a0=7f a1=1a4 a2=0 a3=0 items=1 ppid=1 pid=2 auid=1000 uid=0 "
           "gid=0 tty=pts1 ses=4 comm=\"chmod\" exe=\"/usr/bin/chmod\" key=\"perm\"") +
      line("CWD", "cwd=\"/root\"") + line("PATH", "item=0 name=\"x\" inode=9 mode=0100644 ouid=0 nametype=NORMAL");
  CHECK_THAT(json(records, {.norm = true}),
             Contains(R"("norm":{"event_kind":["audit-rule"],"session":["4"],"subject_kind":["privileged-acct"],)"
                      R"("subject_primary":["jo","1000"],"subject_secondary":["root","0"],)"
                      R"("subject_attrs":[["1"],["2"],["root","0"],["pts1"]],"action":["changed-file-permissions-of"],)"
                      R"("object_kind":["file"],"object_primary":["x"],"object_secondary":["9"],)"
                      R"("object_primary2":["0644","1a4"],)"
                      R"("object_attrs":[["/root"],["file,644","0100644"],["root","0"],["NORMAL"]],)"
                      R"("result":["no"],"how":["/usr/bin/chmod"],"key":["perm"]}})"));
  CHECK_THAT(xml(records, {.norm = true}), Contains(R"(<subject_attrs><attr i="1"/><attr i="2"/>)"));
}

TEST_CASE("an event that is too large loses whole values, and says of what") {
  std::string arguments = "argc=40";
  for (int i = 0; i < 40; ++i) arguments += " a" + std::to_string(i) + "=\"" + std::string(50, 'x') + '"';
  const std::string records = kCall + line("EXECVE", arguments) + line("PATH", "item=0 name=\"/bin/sh\"");
  const AushapeOptions options{.text = true, .norm = true, .max_event_size = 1024};
  for (const auto& shaped : {json(records, options), xml(records, options)}) {
    INFO(shaped);
    CHECK(shaped.size() < 1024);
    CHECK_THAT(shaped, Contains("trimmed"));
    CHECK_THAT(shaped, Contains("xxxxx") || Contains("type=SYSCALL"));
  }
  const AushapeOptions small{.max_event_size = 1024};
  CHECK_THAT(json(records, small), Contains(R"("trimmed":["data.execve"],"data":{)") && Contains(R"("path":[)"));
  CHECK_THAT(xml(records, small), Contains(R"( trimmed="data/execve)"));
  CHECK_THAT(json(kCall, small), !Contains("trimmed"));
  const std::string node = "node=" + std::string(5000, 'n') + ' ';
  CHECK_THAT(json(node + kCall, small), StartsWith(R"({"serial":7629,)") && Contains(R"("trimmed":[""])"));
  for (std::uint64_t limit = 1024; limit < 2200; limit += 7) {
    const AushapeOptions some{.text = limit % 2 == 0, .norm = true, .max_event_size = limit};
    CHECK(json(records, some).size() < limit);
    CHECK(xml(records, some).size() < limit);
  }
}

TEST_CASE("documents hold as many events as were asked for") {
  using Kind = AushapeDocuments::Kind;
  const auto shaped = [&](std::string_view format, Kind kind, std::uint64_t most, int events, std::uint32_t fold = 0) {
    interpret::Names users{tests::patient(), tests::fixed_name};
    EncoderContext context{.names = users, .node = {}};
    const auto encoder =
        make_encoder(format, context, AushapeOptions{.events_per_doc = {kind, most}, .fold = fold, .indent = 1});
    CHECK(encoder->is_stateful());
    tests::StoredLog log;
    for (int i = 0; i < events; ++i)
      log.add_all("type=CWD msg=audit(1." + std::to_string(100 + i) + ":9): cwd=\"/\"\n");
    log.finish();
    std::string out;
    interpret::DecodedEvent decoded;
    for (const auto& one : log.events) {
      decoded.decode(*one);
      encoder->encode(decoded, out);
    }
    encoder->finish(out);
    return out;
  };
  const auto count = [](std::string_view text, std::string_view part) {
    int found = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string_view::npos; ++at) ++found;
    return found;
  };
  const std::string all = shaped("aushape-json", Kind::kAll, 0, 3);
  CHECK(all.starts_with("[{"));
  CHECK(all.ends_with("}]\n"));
  CHECK(count(all, "},{") == 2);
  CHECK(shaped("aushape-json", Kind::kAll, 0, 0) == "[]\n");
  CHECK(shaped("aushape-xml", Kind::kAll, 0, 0) ==
        std::string(R"(<?xml version="1.0" encoding="UTF-8"?><log></log>)") + '\n');
  CHECK(count(shaped("aushape-json", Kind::kEvents, 2, 5), "]\n") == 3);
  CHECK(count(shaped("aushape-json", Kind::kEvents, 2, 4), "]\n") == 2);
  CHECK(count(shaped("aushape-xml", Kind::kEvents, 1, 4), "<?xml ") == 4);
  const std::string one = shaped("aushape-json", Kind::kAll, 0, 1);
  const std::string two = shaped("aushape-json", Kind::kAll, 0, 2);
  CHECK(count(shaped("aushape-json", Kind::kBytes, two.size(), 4), "]\n") == 2);
  CHECK(count(shaped("aushape-json", Kind::kBytes, two.size() - 1, 4), "]\n") == 4);
  CHECK(count(shaped("aushape-json", Kind::kBytes, 1, 4), "]\n") == 4);
  CHECK(one.size() < two.size());
  CHECK(shaped("aushape-json", Kind::kAll, 0, 1, 2) ==
        "[\n {\n  \"serial\":9,\n  \"time\":\"1970-01-01T00:00:01.100+00:00\",\n  "
        "\"data\":{\"cwd\":{\"cwd\":[\"/\"]}}\n }\n]\n");
  CHECK(shaped("aushape-xml", Kind::kAll, 0, 1, 3) ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<log>\n <event serial=\"9\" "
        "time=\"1970-01-01T00:00:01.100+00:00\">\n"
        "  <data>\n   <cwd><cwd i=\"/\"/></cwd>\n  </data>\n </event>\n</log>\n");
}

TEST_CASE("text for XML comes back as it was") {
  const auto made = [](std::string_view text) {
    std::string out;
    append_xml(text, out);
    return out;
  };
  CHECK(made("a <b> & \"c\" 'd'") == "a &lt;b&gt; &amp; &quot;c&quot; &apos;d&apos;");
  CHECK(made("\t\n\r") == "&#x9;&#xa;&#xd;");
  CHECK(made(std::string_view("\0\x01\x1F", 3)) == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(made("\x7F\xC2\x85\xE2\x80\xAE") == "&#x7f;&#x85;&#x202e;");
  CHECK(made("\xC3\xA4\xF0\x9F\x98\x80") == "\xC3\xA4\xF0\x9F\x98\x80");
  CHECK(made("\xFFx\xC3") == "&#x10feff;x&#x10fec3;");
  CHECK(made("\xEF\xBF\xBF") == "\xEF\xBF\xBD");
  // U+10FEFF itself stands for a byte.
  CHECK(made("\xF4\x8F\xBB\xBF") == "&#x10fef4;&#x10fe8f;&#x10febb;&#x10febf;");
  CHECK(is_xml_text("a\tb\n\xC3\xBF\xBF"));
  CHECK_FALSE(is_xml_text("a\x01"));
  CHECK_FALSE(is_xml_text(std::string_view("\0", 1)));
  CHECK_FALSE(is_xml_text("x\xEF\xBF\xBE"));
}

TEST_CASE("what XML cannot say stands beside it as it was") {
  CHECK_THAT(xml(line("CWD", "cwd=2F0161")), Contains("<cwd i=\"/\xEF\xBF\xBD"
                                                      "a\" r=\"2F0161\"/>"));
  CHECK_THAT(json(line("CWD", "cwd=2F0161")), Contains(R"("cwd":["/\u0001a"])"));
  CHECK_THAT(xml(line("EXECVE", "argc=1 a0=6101")), Contains("a0=6101</line>") && Contains("<a>a\xEF\xBF\xBD</a>"));
}

TEST_CASE("times are local where that is asked for") {
  setenv("TZ", "IST-5:30", 1);  // NOLINT(concurrency-mt-unsafe): one thread
  tzset();
  tests::Encoding encoding("aushape-json", AushapeOptions{});
  encoding.set_local_time();
  CHECK_THAT(encoding(line("CWD", "cwd=\"/\"")), Contains(R"("time":"2016-08-02T17:13:53.093+05:30")"));
  unsetenv("TZ");  // NOLINT(concurrency-mt-unsafe): one thread
  tzset();
}

TEST_CASE("the options of aushape have aushape's words") {
  const auto read = [](std::vector<std::string> words) {
    return config::read_words(aushape_options(), words, "--option", "the format aushape-json").as<AushapeOptions>();
  };
  using Kind = AushapeDocuments::Kind;
  CHECK(read({}) == AushapeOptions{});
  CHECK(read({"events_per_doc=none"}).events_per_doc == AushapeDocuments{Kind::kNone, 0});
  CHECK(read({"events_per_doc=0"}).events_per_doc == AushapeDocuments{Kind::kNone, 0});
  CHECK(read({"events_per_doc=all"}).events_per_doc == AushapeDocuments{Kind::kAll, 0});
  CHECK(read({"events_per_doc=12"}).events_per_doc == AushapeDocuments{Kind::kEvents, 12});
  CHECK(read({"events_per_doc=-4096"}).events_per_doc == AushapeDocuments{Kind::kBytes, 4096});
  CHECK(read({"fold=none", "indent=2"}).fold == AushapeOptions::kUnfolded);
  CHECK(read({"fold=4"}).fold == 4);
  CHECK(read({"max_event_size=64KiB", "text=true", "norm=true"}) ==
        AushapeOptions{.text = true, .norm = true, .max_event_size = 65536});
  CHECK(read({"max_event_size=none"}).max_event_size == 0);
  CHECK_THROWS(read({"max_event_size=1000"}));
  CHECK_THROWS(read({"events_per_doc=-"}));
  CHECK_THROWS(read({"events_per_doc=some"}));
  CHECK_THROWS(read({"fold=-1"}));
}

TEST_CASE("every collected log becomes events that the schemas' rules allow") {
  for (const auto& file : tests::corpus_files("logs")) {
    if (tests::has_larger_corpus() && std::filesystem::file_size(file) > 200'000) continue;
    std::ifstream stream(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    tests::StoredLog log;
    log.add_all(text);
    log.finish();
    INFO(file.string());
    tests::Encoding to_json("aushape-json", AushapeOptions{.norm = true});
    tests::Encoding to_xml("aushape-xml", AushapeOptions{.text = true, .norm = true});
    for (const auto& event : log.events) {
      std::string shaped = to_json(*event);
      shaped.pop_back();
      CHECK(tests::wrong_in_aushape_json(shaped) == "");
      shaped = to_xml(*event);
      shaped.pop_back();
      CHECK(tests::wrong_in_aushape_xml(shaped) == "");
    }
  }
}

}  // namespace
}  // namespace naudit::formats
