// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "config/yaml/check.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <sstream>
#include <string_view>
#include <vector>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include "base/error.hpp"

namespace naudit::config {
namespace {

constexpr std::size_t kMostDepth = 64;
constexpr std::uint64_t kMostValues = 1'000'000;
constexpr std::uint64_t kStillOpen =
    0;  // the weight of an anchor whose value has not ended; a closed one has 1 or more

// The length of the UTF-8 sequence at the front, or 0.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0U) != 0x80U) return 0;
  // Overlong forms, surrogates, and what lies beyond U+10FFFF.
  if (first == 0xe0 && byte(1) < 0xa0) return 0;
  if (first == 0xed && byte(1) > 0x9f) return 0;
  if (first == 0xf0 && byte(1) < 0x90) return 0;
  if (first == 0xf4 && byte(1) > 0x8f) return 0;
  return length;
}

void check_text(std::string_view text, const std::string& name) {
  base::Place place{name, 1, 1};
  while (!text.empty()) {
    const auto first = static_cast<unsigned char>(text.front());
    const bool line_end = first == '\n' || text.starts_with("\r\n");  // yaml-cpp keeps a lone \r as part of a value
    const bool allowed = first >= 0x20 ? first != 0x7f : line_end || first == '\t';
    if (!allowed) throw base::Error(place, "has a control character here; the file has to be plain UTF-8 text");
    const std::size_t length = sequence_length(text);
    if (length == 0) throw base::Error(place, "is not UTF-8 text from here on; save it in that encoding");
    ++place.column;
    if (first == '\n') {
      ++place.line;
      place.column = 1;
    }
    text.remove_prefix(length);
  }
}

bool is_indented_by_tab(std::string_view text, int line) {
  for (; line > 0 && !text.empty(); --line) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  const std::size_t end = text.find_first_not_of(" \t");
  return text.substr(0, end).find('\t') != std::string_view::npos;
}

// Counts what each anchor stands for, aliases inside it multiplied out.
class Weigher : public YAML::EventHandler {
 public:
  explicit Weigher(const std::string& name) : name_(name) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { leaf(mark, anchor); }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, const std::string&) override {
    leaf(mark, anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto known = weights_.find(anchor);
    const std::uint64_t weight = known == weights_.end() ? kStillOpen : known->second;
    if (weight == kStillOpen) fail(mark, "this alias stands inside the value that it names");
    add(mark, weight);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    YAML::anchor_t anchor;
    std::uint64_t before;
  };

  [[noreturn]] void fail(const YAML::Mark& mark, const char* message) const {
    throw base::Error(base::Place{name_, mark.line + 1, mark.column + 1}, message);
  }
  void add(const YAML::Mark& mark, std::uint64_t weight) {
    total_ += weight;  // both are at most a million
    if (total_ > kMostValues) fail(mark, "has more than a million values up to here, aliases multiplied out");
  }
  void leaf(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != 0) weights_[anchor] = 1;
    add(mark, 1);
  }
  void open(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (open_.size() >= kMostDepth) fail(mark, "is nested more than 64 levels deep here");
    if (anchor != 0) weights_[anchor] = kStillOpen;
    open_.push_back({anchor, total_});
    add(mark, 1);
  }
  void close() {
    const Open closed = open_.back();
    open_.pop_back();
    if (closed.anchor != 0) weights_[closed.anchor] = total_ - closed.before;
  }

  const std::string& name_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, std::uint64_t> weights_;
  std::uint64_t total_ = 0;
};

}  // namespace

void check_yaml(const std::string& text, const std::string& name) {
  check_text(text, name);
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    Weigher weigher(name);
    if (!parser.HandleNextDocument(weigher)) return;
    if (parser.HandleNextDocument(weigher)) {
      throw base::Error(base::Place{name},
                        "holds more than one YAML document; remove the line '---' that starts the second");
    }
  } catch (const YAML::Exception& error) {
    const bool known = !error.mark.is_null();
    if (known && is_indented_by_tab(text, error.mark.line)) {
      throw base::Error(base::Place{name, error.mark.line + 1, 1},
                        "has a tab in its indentation; YAML takes spaces only");
    }
    throw base::Error(base::Place{name, known ? error.mark.line + 1 : 0, known ? error.mark.column + 1 : 0},
                      "is not YAML here: " + error.msg);
  }
}

}  // namespace naudit::config
