// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/otlp/record.hpp"

#include <charconv>
#include <protozero/pbf_writer.hpp>

#include <rapidjson/document.h>

#include "base/json.hpp"
#include "base/utf8.hpp"

namespace naudit::output {
namespace {

constexpr int kWarning = 13;
constexpr int kError = 17;

std::string valid_utf8(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = base::first_character(text).size;
    if (size == 0)
      result += "\xef\xbf\xbd";
    else
      result += text.substr(0, size);
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return result;
}

// The attributes of one record.
class Attributes {
 public:
  Attributes(const EventHead& head, std::vector<OtlpAttribute>& out) : head_(head), out_(out) {}

  void text(std::string_view key, std::string_view value) {
    if (!value.empty()) out_.push_back({key, unescaped(head_.is_object, value), std::nullopt, {}});
  }
  void number(std::string_view key, std::string_view digits) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error == std::errc{} && end == digits.data() + digits.size()) out_.push_back({key, {}, value, {}});
  }
  void list(std::string_view key, std::string_view inside) {
    if (inside.empty()) return;
    const std::string array = '[' + std::string(inside) + ']';
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag>(array.data(), array.size());
    if (document.HasParseError() || !document.IsArray()) return;
    OtlpAttribute attribute{key, {}, std::nullopt, {}};
    for (const auto& item : document.GetArray())
      if (item.IsString()) attribute.list.push_back(valid_utf8(base::json_text(item)));
    if (!attribute.list.empty()) out_.push_back(std::move(attribute));
  }
  // "10.0.0.1:443", "[::1]:22"; a path or an abstract name is no peer.
  void peer(std::string_view address) {
    const std::size_t colon = address.rfind(':');
    if (address.empty() || address.front() == '/' || address.front() == '@') return;
    if (colon == std::string_view::npos || address.find_first_not_of("0123456789", colon + 1) != std::string_view::npos)
      return text("network.peer.address", address);
    std::string_view host = address.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    text("network.peer.address", host);
    number("network.peer.port", address.substr(colon + 1));
  }

 private:
  const EventHead& head_;
  std::vector<OtlpAttribute>& out_;
};

void append_json_attribute(const OtlpAttribute& attribute, std::string& body) {
  body += R"({"key":)";
  base::append_json_string(attribute.key, body);
  body += R"(,"value":{)";
  if (attribute.number) {
    body.append(R"("intValue":")").append(std::to_string(*attribute.number)).append("\"");
  } else if (!attribute.list.empty()) {
    body += R"("arrayValue":{"values":[)";
    for (const std::string& item : attribute.list) {
      body += R"({"stringValue":)";
      base::append_json_string(item, body);
      body += "},";
    }
    body.back() = ']';
    body += '}';
  } else {
    body += R"("stringValue":)";
    base::append_json_string(attribute.text, body);
  }
  body += "}}";
}

std::vector<OtlpAttribute> resource_of(const OtlpNode& node) {
  std::vector<OtlpAttribute> result;
  if (!node.name.empty()) result.push_back({"host.name", node.name, std::nullopt, {}});
  result.push_back({"service.name", "nauditd", std::nullopt, {}});
  result.push_back({"os.type", "linux", std::nullopt, {}});
  return result;
}

void append_json_attributes(const std::vector<OtlpAttribute>& attributes, std::string& body) {
  body += R"("attributes":[)";
  for (const OtlpAttribute& attribute : attributes) {
    append_json_attribute(attribute, body);
    body += ',';
  }
  if (!attributes.empty()) body.pop_back();
  body += ']';
}

// Numbers of fields, as the .proto files have them.
enum Request : protozero::pbf_tag_type { kResourceLogs = 1 };
enum ResourceLogs : protozero::pbf_tag_type { kResource = 1, kScopeLogs = 2 };
enum Resource : protozero::pbf_tag_type { kResourceAttributes = 1 };
enum ScopeLogs : protozero::pbf_tag_type { kScope = 1, kLogRecords = 2 };
enum Scope : protozero::pbf_tag_type { kScopeName = 1 };
enum LogRecord : protozero::pbf_tag_type {
  kTime = 1,
  kSeverity = 2,
  kBody = 5,
  kAttributes = 6,
  kObservedTime = 11,
  kEventName = 12
};
enum KeyValue : protozero::pbf_tag_type { kKey = 1, kValue = 2 };
enum AnyValue : protozero::pbf_tag_type { kString = 1, kInt = 3, kArray = 5 };
enum ArrayValue : protozero::pbf_tag_type { kValues = 1 };

void write_attribute(protozero::pbf_writer&& writer, const OtlpAttribute& attribute) {
  writer.add_string(kKey, attribute.key.data(), attribute.key.size());
  protozero::pbf_writer value(writer, kValue);
  if (attribute.number) return value.add_int64(kInt, *attribute.number);
  if (attribute.list.empty()) return value.add_string(kString, attribute.text);
  protozero::pbf_writer array(value, kArray);
  for (const std::string& item : attribute.list) protozero::pbf_writer(array, kValues).add_string(kString, item);
}

void write_record(protozero::pbf_writer&& writer, const OtlpRecord& record) {
  writer.add_fixed64(kTime, record.nanoseconds);
  writer.add_enum(kSeverity, record.severity);
  protozero::pbf_writer(writer, kBody).add_string(kString, record.body);
  for (const OtlpAttribute& one : record.attributes) write_attribute(protozero::pbf_writer(writer, kAttributes), one);
  writer.add_fixed64(kObservedTime, record.nanoseconds);
  if (!record.event_name.empty()) writer.add_string(kEventName, record.event_name);
}

}  // namespace

std::string unescaped(bool is_json, std::string_view text) {
  if (!is_json || text.find('\\') == std::string_view::npos) return valid_utf8(text);
  const std::string quoted = '"' + std::string(text) + '"';
  rapidjson::Document document;
  document.Parse(quoted.data(), quoted.size());
  return valid_utf8(document.HasParseError() ? text : base::json_text(document));
}

OtlpRecord otlp_record(const HttpEvent& event) {
  const EventHead& head = event.head;
  OtlpRecord record;
  record.nanoseconds = static_cast<std::uint64_t>(head.millis.value_or(0)) * 1'000'000;
  if (head.outcome == "failure") record.severity = kWarning;
  if (head.kind == "audit-daemon" && head.outcome == "failure") record.severity = kError;
  record.event_name = unescaped(head.is_object, head.action);
  record.body = valid_utf8(event.text);
  Attributes attributes(head, record.attributes);
  attributes.text("audit.id", head.id);
  attributes.text("audit.kind", head.kind);
  attributes.text("audit.outcome", head.outcome);
  attributes.list("audit.keys", head.keys);
  attributes.number("audit.auid", head.auid);
  attributes.text("user.id", head.uid);
  attributes.text("user.name", head.uid_name);
  attributes.number("process.pid", head.pid);
  attributes.number("process.parent_pid", head.ppid);
  attributes.text("process.executable.path", head.exe);
  attributes.text("file.path", head.path);
  attributes.peer(head.address);
  return record;
}

void append_otlp_json(const std::vector<OtlpNode>& nodes, std::string& body) {
  body += R"({"resourceLogs":[)";
  for (const OtlpNode& node : nodes) {
    body += R"({"resource":{)";
    append_json_attributes(resource_of(node), body);
    body += R"(},"scopeLogs":[{"scope":{"name":"nauditd"},"logRecords":[)";
    for (const OtlpRecord& record : node.records) {
      const std::string time = std::to_string(record.nanoseconds);
      body.append(R"({"timeUnixNano":")").append(time).append(R"(","observedTimeUnixNano":")").append(time);
      body.append(R"(","severityNumber":)").append(std::to_string(record.severity));
      if (!record.event_name.empty()) {
        body += R"(,"eventName":)";
        base::append_json_string(record.event_name, body);
      }
      body += R"(,"body":{"stringValue":)";
      base::append_json_string(record.body, body);
      body += "},";
      append_json_attributes(record.attributes, body);
      body += "},";
    }
    body.back() = ']';
    body += "}]},";
  }
  body.back() = ']';
  body += '}';
}

void append_otlp_protobuf(const std::vector<OtlpNode>& nodes, std::string& body) {
  protozero::pbf_writer request(body);
  for (const OtlpNode& node : nodes) {
    protozero::pbf_writer logs(request, kResourceLogs);
    {
      protozero::pbf_writer resource(logs, kResource);
      for (const OtlpAttribute& one : resource_of(node))
        write_attribute(protozero::pbf_writer(resource, kResourceAttributes), one);
    }
    protozero::pbf_writer scope_logs(logs, kScopeLogs);
    protozero::pbf_writer(scope_logs, kScope).add_string(kScopeName, "nauditd");
    for (const OtlpRecord& record : node.records) write_record(protozero::pbf_writer(scope_logs, kLogRecords), record);
  }
}

}  // namespace naudit::output
