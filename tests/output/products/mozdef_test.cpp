// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// What MozDef's own input and alerts ask of an event, each category over HTTPS to a server that takes nothing else.

#include <algorithm>
#include <array>
#include <regex>
#include <set>

#include <rapidjson/document.h>

#include "config/loader.hpp"
#include "formats/mozdef/options.hpp"
#include "output/router.hpp"
#include "output/sinks/http/sink.hpp"
#include "output/sinks/kinds.hpp"
#include "output/sinks/net/network.hpp"
#include "tests/output/products/product_support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::output {
namespace {

using tests::HttpServer;
using namespace std::chrono_literals;

constexpr auto kLong = 30'000ms;

std::string line(int serial, std::string_view type, std::string_view body) {
  return "type=" + std::string(type) + " msg=audit(1700000000.123:" + std::to_string(serial) +
         "): " + std::string(body) + '\n';
}

struct Case {
  std::string category, summary, records;
};

// One event of each category.
std::vector<Case> cases() {
  int serial = 0;
  const auto call = [&](const std::string& number, const std::string& more = "",
                        const std::string& arguments = "a0=2 a1=3 a2=0 a3=0") {
    ++serial;
    std::string text = line(serial, "SYSCALL",
                            "arch=c000003e syscall=" + number + " success=yes exit=0 " + arguments +
                                " items=1 ppid=2 pid=3 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 "
                                "fsgid=0 tty=pts1 ses=4 comm=\"vi\" exe=\"/usr/bin/vi\" key=\"audit\"");
    return text + more;
  };
  const auto path = [&] {
    return line(serial + 1, "PATH",
                "item=0 name=\"/x\" inode=1 dev=08:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL");
  };
  const auto address = [&] { return line(serial + 1, "SOCKADDR", "saddr=020000500A0000010000000000000000"); };
  std::vector<Case> all;
  const auto add = [&](const char* category, const char* summary, std::string records) {
    all.push_back({category, summary, std::move(records)});
  };
  add("execve", "Execve: cat -n", call("59", line(serial + 1, "EXECVE", "argc=2 a0=\"cat\" a1=\"-n\"")));
  add("write", "Write: /x", call("1", path()));
  add("read", "Read: /x", call("0", path()));
  add("attribute", "Attribute: /x", call("188", path()));
  add("chmod", "Chmod: /x", call("90", path()));
  add("chown", "Chown: /x", call("92", path()));
  add("ptrace", "Ptrace", call("101"));
  add("time", "time has been modified", call("159"));
  add("socket", "Socket", call("41"));
  add("listen", "Listen", call("50"));
  add("connect", "Connect: 10.0.0.1:80", call("42", address()));
  add("bind", "Bind: 10.0.0.1:80", call("49", address()));
  add("accept", "Accept: 10.0.0.1:80", call("43", address()));
  add("module", "Module: dummy", call("175", line(serial + 1, "KERN_MODULE", "name=\"dummy\"")));
  add("mount", "Mount: /x", call("165", path()));
  ++serial;
  add("promiscuous", "Promisc: Interface eth0 set promiscuous on",
      line(serial, "ANOM_PROMISCUOUS", "dev=eth0 prom=256 old_prom=0 auid=1000 uid=0 gid=0 ses=4"));
  ++serial;
  add("avc_apparmor", "Failed name lookup",
      line(serial, "AVC",
           "apparmor=\"DENIED\" operation=\"open\" info=\"Failed name lookup\" error=-13 profile=\"p\" name=\"/n\" "
           "pid=7 comm=\"x\""));
  ++serial;
  add("user", "logged-in jo",
      line(serial, "USER_LOGIN", "pid=1 uid=0 auid=1000 ses=1 msg='op=login acct=\"jo\" res=success'"));
  add("other", "", call("62"));
  return all;
}

// MozDef's standard for an event: what is wrong with it, or nothing.
std::string what_is_wrong(const std::string& body) {
  rapidjson::Document json;
  json.Parse<rapidjson::kParseValidateEncodingFlag>(body.data(), body.size());
  if (json.HasParseError() || !json.IsObject()) return "no object of JSON";
  static constexpr auto kTexts = std::to_array({"category", "summary", "severity", "hostname", "processid",
                                                "processname", "timestamp", "utctimestamp", "source"});
  std::set<std::string> wanted{"tags", "details"};
  for (const char* key : kTexts) {
    wanted.insert(key);
    if (!json.HasMember(key) || !json[key].IsString() || json[key].GetStringLength() == 0)
      return std::string("no text: ") + key;
  }
  std::set<std::string> seen;
  for (const auto& member : json.GetObject())
    if (!seen.insert(member.name.GetString()).second) return std::string("twice: ") + member.name.GetString();
  if (seen != wanted) return "other keys than the standard's";
  static const std::set<std::string> kSeverities = {"EMERGENCY", "ALERT",  "CRITICAL", "ERROR",
                                                    "WARNING",   "NOTICE", "INFO",     "DEBUG"};
  if (!kSeverities.contains(json["severity"].GetString())) return "no severity of RFC 5424";
  static const std::regex kTime(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d)");
  for (const char* key : {"timestamp", "utctimestamp"})
    if (!std::regex_match(json[key].GetString(), kTime)) return std::string("no time with its zone: ") + key;
  if (std::string_view(json["processid"].GetString()).find_first_not_of("0123456789") != std::string_view::npos ||
      std::string_view(json["processid"].GetString()) == "0")
    return "no process";
  if (!json["tags"].IsArray() || json["tags"].Size() != 3) return "not three tags";
  for (const auto& tag : json["tags"].GetArray())
    if (!tag.IsString()) return "a tag that is no text";
  if (!json["details"].IsObject()) return "details are no object";
  std::set<std::string> details;
  for (const auto& detail : json["details"].GetObject()) {
    if (!details.insert(detail.name.GetString()).second) return std::string("twice: ") + detail.name.GetString();
    if (!detail.value.IsString() || detail.value.GetStringLength() == 0)
      return std::string("no text: ") + detail.name.GetString();
    if (std::string_view(detail.value.GetString()) == "(null)")
      return std::string("(null): ") + detail.name.GetString();
  }
  return details.contains("auditserial") ? "" : "no auditserial";
}

TEST_CASE("MozDef's server gets an event of each category over HTTPS, and each is as its standard has it") {
  const tests::TempDir directory;
  const tests::Certificates certificates(directory.file("."));
  HttpServer server({}, tests::LoopbackServer::Tls{certificates.server.certificate, certificates.server.key, ""});
  // By its own authority, or by none.
  const std::string tls = GENERATE(0, 1) == 0 ? "ca: " + certificates.authority.certificate : "verify: false";
  const config::Config config =
      config::parse("sinks:\n  - {name: mozdef, type: https, url: 'https://" + server.server().address() +
                        "/events', format: mozdef, mozdef: {strict: true, paths: false}, tls: {" + tls + "}}\n",
                    "/etc/naudit/nauditd.yaml", kinds())
          .config;
  const config::Sink& wanted = config.sinks.at(0);
  Network network;
  tests::LossLog losses;
  const std::shared_ptr<Sink> sink = make_https_sink(wanted, network, losses.handler(), 1);
  interpret::Names names(tests::patient(), tests::fixed_name);
  formats::EncoderContext context{.names = names, .node = "web1.example", .live = false};
  Router router(context);
  router.set_routes({{.sink = sink, .format = wanted.format, .filter = {}, .options = wanted.format_options}});
  const std::vector<Case> all = cases();
  tests::StoredLog log;
  for (const Case& one : all) log.add_all(one.records);
  log.finish();
  for (const auto& event : log.events) router.add(*event);
  router.flush();
  sink->stop(kLong);
  const auto requests = server.requests();
  REQUIRE(requests.size() == all.size());
  std::map<std::string, std::string> summaries;
  for (const HttpServer::Request& request : requests) {
    INFO(request.body);
    CHECK(request.has("POST /events HTTP/1.1\r\n"));
    CHECK(request.has("Content-Type: application/json\r\n"));
    CHECK(what_is_wrong(request.body) == "");
    rapidjson::Document json;
    json.Parse(request.body.data(), request.body.size());
    summaries[json["category"].GetString()] = json["summary"].GetString();
  }
  for (const Case& one : all) {
    INFO(one.category);
    CHECK(summaries.contains(one.category));
    if (!one.summary.empty()) CHECK(summaries[one.category] == one.summary);
  }
}

TEST_CASE("the examples for MozDef in the documentation are right") {
  const std::string page = tests::read_file(NAUDIT_SOURCE_DIR "/docs/mozdef.md");
  const std::string begin = "```yaml\n";
  std::size_t examples = 0;
  for (std::size_t at = page.find(begin); at != std::string::npos; at = page.find(begin, at), ++examples) {
    at += begin.size();
    const std::string text = page.substr(at, page.find("```", at) - at);
    INFO(text);
    CHECK_NOTHROW(config::parse(text, "/etc/naudit/nauditd.yaml", kinds()));
  }
  CHECK(examples == 3);
}

}  // namespace
}  // namespace naudit::output
