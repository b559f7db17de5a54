// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/aushape/xml_writer.hpp"

namespace naudit::formats {

void AushapeXmlWriter::put_attribute(std::string_view start, std::string_view value) {
  xml_ += start;
  append_xml(value, xml_);
  xml_ += '"';
}

// The start tag stays open: what was trimmed is told in it. The first member, or the end, closes it.
void AushapeXmlWriter::put_head(const AushapeHead& head) {
  append_opening(base_level(), xml_);
  xml_ += "<event serial=\"";
  xml_ += std::to_string(head.serial);
  xml_ += '"';
  put_attribute(" time=\"", head.time);
  if (!head.node.empty()) put_attribute(" node=\"", head.node);
  if (!head.error.empty()) put_attribute(" error=\"", head.error);
}

void AushapeXmlWriter::end_start_tag() {
  if (levels().empty() && members_here() == 0) xml_ += '>';
}

void AushapeXmlWriter::put_open(std::string_view name, Kind /*kind*/) {
  end_start_tag();
  append_opening(depth(), xml_);
  ((xml_ += '<') += name) += '>';
}

void AushapeXmlWriter::put_close(const Level& level) {
  if (level.members > 0) append_closing(depth(), xml_);
  ((xml_ += "</") += level.name) += '>';
}

void AushapeXmlWriter::put_field(std::string_view name, std::string_view value, std::string_view raw, bool has_raw) {
  append_opening(depth(), xml_);
  (xml_ += '<') += name;
  put_attribute(" i=\"", value);
  if (has_raw) put_attribute(" r=\"", raw);
  xml_ += "/>";
}

void AushapeXmlWriter::put_text(std::string_view name, std::string_view value) {
  append_opening(depth(), xml_);
  ((xml_ += '<') += name) += '>';
  append_xml(value, xml_);
  ((xml_ += "</") += name) += '>';
}

void AushapeXmlWriter::put_end() {
  if (members_here() == 0) {
    xml_ += "/>";
    return;
  }
  append_closing(base_level(), xml_);
  xml_ += "</event>";
}

std::size_t AushapeXmlWriter::closing_size(std::string_view name) const noexcept {
  return 4 + name.size() + space(depth());
}

// An XPath, relative to the event: "data/path/item[2]"; "." is the event.
std::string AushapeXmlWriter::path() const {
  std::string path;
  bool is_item = false;
  for (const Level& level : levels()) {
    if (!path.empty()) path += '/';
    path += level.name;
    if (is_item) ((path += '[') += std::to_string(level.number + 1)) += ']';
    is_item = level.kind == Kind::kList;
  }
  return path.empty() ? "." : path;
}

// All of them in one expression.
void AushapeXmlWriter::append_trimmed(const std::vector<std::string>& paths, std::string& out) const {
  out += " trimmed=\"";
  for (const std::string& path : paths) {
    if (&path != paths.data()) out += '|';
    out += path;
  }
  out += '"';
}

void AushapeXmlWriter::begin_document(std::string& out) const {
  out += kXmlDeclaration;
  if (options_.fold > 0) out += '\n';
  out += "<log>";
}

void AushapeXmlWriter::end_document(std::string& out) const {
  append_closing(0, out);
  out += "</log>\n";
}

}  // namespace naudit::formats
