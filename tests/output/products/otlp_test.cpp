// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <map>
#include <set>

#include <rapidjson/document.h>

#include "base/json.hpp"
#include "output/sinks/otlp/product.hpp"
#include "output/sinks/otlp/record.hpp"
#include "tests/output/products/product_support.hpp"
#include "tests/support/program.hpp"

namespace naudit::output {
namespace {

using Step = tests::HttpServer::Step;
using tests::kProductLong;
using tests::product_batch;
using tests::product_event;

const std::string kProtos = NAUDIT_SOURCE_DIR "/tests/data/otlp";

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

// As protoc reads it; empty if it does not.
std::string decoded(const std::string& body) {
  const tests::TempDir directory;
  const std::string file = directory.file("body");
  tests::write_file(file, body, std::filesystem::perms{0600});
  tests::Program protoc({"/bin/sh", "-c",
                         "protoc -I " + kProtos +
                             " --decode=opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest "
                             "opentelemetry/proto/collector/logs/v1/logs_service.proto < " +
                             file});
  std::string text = protoc.rest();
  INFO(text);
  CHECK(protoc.wait() == 0);
  return text;
}

HttpDecision decide(int status, const std::string& body, OtlpEncoding encoding = OtlpEncoding::kJson,
                    std::size_t events = 5) {
  return OtlpProduct({encoding}, "/").judge({status, "", "", body, "", ""}, events, {});
}

std::string body_of(const std::string& text, OtlpEncoding encoding) {
  OtlpProduct product({encoding}, "/");
  const HttpEvent event{text, read_event_head(text)};
  std::string body;
  product.write(std::span(&event, 1), body);
  return body;
}

const std::string kRich =
    R"({"id":"1700000000.001:1","time":"2023-11-14T22:13:20.001Z","node":"w\"1","complete":true,"keys":["k\\1","k2"],)"
    R"("action":"connected-to","kind":"audit-rule","outcome":"failure","subject":{"auid":1000,"uid":0,"uid_name":"root",)"
    R"("ppid":3,"pid":7},"object":{"kind":"socket","address":"[::1]:22","path":"/a"},"how":"/usr/bin/x","records":{}})";

}  // namespace

TEST_CASE("otlp: protoc reads what is sent in protobuf, and every record has its attributes") {
  tests::ProductFixture f;
  tests::HttpServer server;
  const auto sink = f.sink("otlp", "http://" + server.server().address());
  sink->push(product_batch(0, 3));
  sink->stop(kProductLong);
  const auto requests = server.requests();
  REQUIRE(requests.size() == 1);
  CHECK(requests[0].head.starts_with("POST /v1/logs HTTP/1.1\r\n"));
  CHECK(requests[0].has("Content-Type: application/x-protobuf\r\n"));
  CHECK(requests[0].has("Content-Encoding: gzip\r\n"));
  const std::string text = decoded(tests::plain_body(requests[0]));
  CHECK(count(text, "log_records {") == 3);
  CHECK(count(text, "resource_logs {") == 1);
  CHECK(count(text, "time_unix_nano: 1700000000002000000\n") == 2);
  CHECK(count(text, "event_name: \"opened-file\"") == 3);
  CHECK(count(text, "severity_number: SEVERITY_NUMBER_INFO\n") == 3);
  CHECK(sink->status().events_out == 3);
}

TEST_CASE("otlp: attributes are named by the semantic conventions, in both encodings") {
  const std::string text = decoded(body_of(kRich, OtlpEncoding::kProtobuf));
  for (const char* key : {"host.name", "service.name", "os.type", "process.pid", "process.parent_pid",
                          "process.executable.path", "user.id", "user.name", "file.path", "network.peer.address",
                          "network.peer.port", "audit.id", "audit.keys", "audit.auid", "audit.kind", "audit.outcome"})
    CHECK(count(text, "key: \"" + std::string(key) + "\"") == 1);
  CHECK(count(text, "string_value: \"w\\\"1\"") == 1);
  CHECK(count(text, "string_value: \"k\\\\1\"") == 1);
  CHECK(count(text, "string_value: \"::1\"") == 1);
  CHECK(count(text, "int_value: 22") == 1);
  CHECK(count(text, "SEVERITY_NUMBER_WARN") == 1);
  rapidjson::Document json;
  const std::string body = body_of(kRich, OtlpEncoding::kJson);
  json.Parse(body.data(), body.size());
  REQUIRE_FALSE(json.HasParseError());
  const auto& record = json["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0];
  CHECK(base::json_text(record, "timeUnixNano") == "1700000000001000000");
  CHECK(base::json_text(record, "eventName") == "connected-to");
  CHECK(base::json_number(record, "severityNumber") == 13);
  CHECK(base::json_text(record["body"], "stringValue") == kRich);
  CHECK(record["attributes"].Size() == 13);
  CHECK(base::json_text(json["resourceLogs"][0]["resource"]["attributes"][0]["value"], "stringValue") == "w\"1");
}

TEST_CASE("otlp: bytes that are not UTF-8 become a request that can be read") {
  const std::string text = "node=a\xff type=X msg=audit(1700000000.001:1): a=\"\xc3\x28\"";
  CHECK(count(decoded(body_of(text, OtlpEncoding::kProtobuf)), "log_records {") == 1);
  rapidjson::Document json;
  const std::string body = body_of(text, OtlpEncoding::kJson);
  json.Parse<rapidjson::kParseValidateEncodingFlag>(body.data(), body.size());
  CHECK_FALSE(json.HasParseError());
}

TEST_CASE("otlp: a partial success is counted, never sent again, and its request goes aside") {
  tests::ProductFixture f;
  tests::HttpServer server(
      {{200, "", R"({"partialSuccess":{"rejectedLogRecords":"3","errorMessage":"too old"}})", Step::kReply},
       {200, "", "{}", Step::kReply}});
  const std::string file = f.directory.file("refused.json");
  const auto sink =
      f.sink("otlp", "http://" + server.server().address(), "  encoding: json\n  dead_letter: " + file + "\n");
  sink->push(product_batch(0, 10));
  REQUIRE(f.losses.wait_for(1));
  sink->stop(kProductLong);
  CHECK(sink->status().events_out == 7);
  CHECK(sink->status().events_dropped == 3);
  CHECK(f.losses.losses().front().cause == "rejected by server, not said which");
  const auto lines = tests::split_lines(tests::read_file(file));
  CHECK(lines.size() == 10);
  for (const std::string& line : lines) CHECK(line.find("3 of 10 were rejected") != std::string::npos);
}

TEST_CASE("otlp: which answers are sent again, and which must not be") {
  using V = HttpVerdict;
  for (const int status : {0, 429, 502, 503, 504}) CHECK(decide(status, "").verdict == V::kRetry);
  for (const int status : {400, 408, 422, 500, 501}) CHECK(decide(status, "").verdict == V::kRefused);
  for (const int status : {301, 401, 403, 404, 405}) CHECK(decide(status, "").verdict == V::kConfiguration);
  CHECK(decide(413, "").verdict == V::kSplit);
  CHECK(decide(200, "{}").verdict == V::kDelivered);
  CHECK(decide(200, "").verdict == V::kRetry);
  CHECK(decide(200, "<html>").verdict == V::kRetry);
  CHECK(decide(200, R"({"partialSuccess":{"errorMessage":"a warning"}})").verdict == V::kDelivered);
  CHECK(decide(200, R"({"partialSuccess":{"rejectedLogRecords":2}})").refused == 2);
  CHECK(decide(200, R"({"partialSuccess":{"rejectedLogRecords":"99"}})").refused == 5);
  CHECK(decide(200, R"({"partialSuccess":{"rejectedLogRecords":"x"}})").verdict == V::kRetry);
  CHECK(decide(200, "", OtlpEncoding::kProtobuf).verdict == V::kDelivered);
  CHECK(decide(200, "<html>", OtlpEncoding::kProtobuf).verdict == V::kRetry);
  CHECK(decide(200, std::string("\x0a\x02\x08\x03", 4), OtlpEncoding::kProtobuf).refused == 3);
  CHECK(decide(200, std::string("\x0a\x05\x08", 3), OtlpEncoding::kProtobuf).verdict == V::kRetry);
}

}  // namespace naudit::output
