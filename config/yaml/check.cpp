// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "config/yaml/check.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
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

constexpr std::string_view kBlanks = " \t";

base::Place place_at(std::string_view text, std::size_t at, const std::string& name) {
  const std::string_view before = text.substr(0, at);
  const std::size_t line_start = before.rfind('\n') + 1;  // 0 without one
  return {name, static_cast<int>(std::ranges::count(before, '\n')) + 1, static_cast<int>(at - line_start) + 1};
}

int line_at(std::string_view text, std::size_t at) {
  return static_cast<int>(std::ranges::count(text.substr(0, at), '\n')) + 1;
}

std::size_t indentation(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

// A quoted text goes on in lines that are indented deeper than the key or dash that it belongs to (YAML 1.2, 6.1);
// yaml-cpp does not look at that, and takes a text that the end of the file cuts. `at` is the opening quote, `least`
// how deep the lines have to be. Throws base::Error at the quote; else the place behind the closing one.
std::size_t quote_end(std::string_view text, std::size_t at, std::size_t least, const std::string& name) {
  const char quote = text[at];
  const auto fail = [&](const std::string& why) {
    throw base::Error(place_at(text, at, name),
                      std::string("is not YAML: the quote ") + quote + " that opens here has no end " + why);
  };
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      if (quote == '"' || i + 1 == text.size() || text[i + 1] != quote) return i + 1;
      ++i;  // two single quotes are one
    } else if (text[i] == '\n') {
      std::string_view line = text.substr(i + 1, text.find('\n', i + 1) - i - 1);
      const bool empty = line.find_first_not_of(" \t\r") == std::string_view::npos;
      if (!empty && indentation(line) < least)
        fail("before line " + std::to_string(line_at(text, i + 1)) + ", which is not indented as a part of the text");
    }
  }
  fail("in this file");
  return text.size();
}

// For text at which the parser gave up, at `to`, before it told of the value in hand: whether that is a quote without
// its end. Throws as quote_end() does.
void look_for_open_quote(std::string_view text, std::size_t from, std::size_t to, const std::string& name) {
  std::size_t line_start = text.rfind('\n', from == 0 ? 0 : from - 1);
  line_start = line_start == std::string_view::npos ? 0 : line_start + 1;
  std::size_t least = 0;
  char before = '\n';  // the last character that is no blank
  for (std::size_t i = line_start; i < std::min(to, text.size());) {
    const char c = text[i];
    const bool at_start = i == line_start || text[i - 1] == '\n';
    if (at_start) {
      std::size_t content = i + indentation(text.substr(i, text.find('\n', i) - i));
      while (text.substr(content, 2) == "- ") content += 2;
      least = content - i + 1;
    }
    const bool opens = (c == '"' || c == '\'') && std::string_view("\n:[{,-").find(before) != std::string_view::npos;
    if (opens) {
      i = quote_end(text, i, least, name);
      before = c;
      continue;
    }
    if (c == '#' && (at_start || kBlanks.find(text[i - 1]) != std::string_view::npos)) {
      i = std::min(text.find('\n', i), text.size());
      continue;
    }
    if (kBlanks.find(c) == std::string_view::npos) before = c;
    ++i;
  }
}

// Counts what each anchor stands for, aliases inside it multiplied out, and looks at where quoted texts end.
class Weigher : public YAML::EventHandler {
 public:
  Weigher(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  // What was open when the parser gave up.
  struct Open {
    YAML::anchor_t anchor = 0;
    std::uint64_t before = 0;
    YAML::Mark mark;
    bool flow = false;
    // The column of a block's keys or dashes, from 0; not known before the first of them.
    std::optional<std::size_t> column;
    bool is_map = false;
  };
  [[nodiscard]] const std::vector<Open>& still_open() const noexcept { return open_; }
  // Of the block that ended last: a line behind it may have been meant for it.
  [[nodiscard]] std::optional<std::size_t> closed_column() const noexcept { return closed_column_; }
  [[nodiscard]] std::size_t last() const noexcept { return last_; }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { leaf(mark, anchor); }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, const std::string&) override {
    leaf(mark, anchor);
    const std::size_t at = behind_properties(offset(mark));
    if (at < text_.size() && (text_[at] == '"' || text_[at] == '\'')) quote_end(text_, at, least_indentation(), name_);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    child(mark);
    const auto known = weights_.find(anchor);
    const std::uint64_t weight = known == weights_.end() ? kStillOpen : known->second;
    if (weight == kStillOpen) fail(mark, "this alias stands inside the value that it names");
    add(mark, weight);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(mark, anchor, style);
    // The mark of a list with an anchor is the anchor's.
    const std::size_t at = offset(mark);
    if (!open_.back().flow && at < text_.size() && text_[at] == '-') open_.back().column = column(mark);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(mark, anchor, style);
    open_.back().is_map = true;
  }
  void OnMapEnd() override { close(); }

 private:
  static std::size_t column(const YAML::Mark& mark) { return static_cast<std::size_t>(mark.column); }

  // yaml-cpp does not count a byte order mark.
  [[nodiscard]] std::size_t offset(const YAML::Mark& mark) const {
    return static_cast<std::size_t>(mark.pos) + (text_.starts_with("\xEF\xBB\xBF") ? 3 : 0);
  }

  // The mark of a value with an anchor or a tag is theirs.
  [[nodiscard]] std::size_t behind_properties(std::size_t at) const {
    while (at < text_.size() && (text_[at] == '&' || text_[at] == '!')) {
      at = std::min(text_.find_first_of(" \t\r\n", at), text_.size());
      at = std::min(text_.find_first_not_of(" \t\r\n", at), text_.size());
    }
    return at;
  }

  [[nodiscard]] std::size_t least_indentation() const {
    for (auto open = open_.rbegin(); open != open_.rend(); ++open)
      if (!open->flow && open->column) return *open->column + 1;
    return 0;
  }

  // The first thing in a block map is its first key.
  void child(const YAML::Mark& mark) {
    last_ = offset(mark);
    if (!open_.empty() && open_.back().is_map && !open_.back().flow && !open_.back().column)
      open_.back().column = column(mark);
  }

  [[noreturn]] void fail(const YAML::Mark& mark, const char* message) const {
    throw base::Error(base::Place{name_, mark.line + 1, mark.column + 1}, message);
  }
  void add(const YAML::Mark& mark, std::uint64_t weight) {
    total_ += weight;  // both are at most a million
    if (total_ > kMostValues) fail(mark, "has more than a million values up to here, aliases multiplied out");
  }
  void leaf(const YAML::Mark& mark, YAML::anchor_t anchor) {
    child(mark);
    if (anchor != 0) weights_[anchor] = 1;
    add(mark, 1);
  }
  void open(const YAML::Mark& mark, YAML::anchor_t anchor, YAML::EmitterStyle::value style) {
    child(mark);
    if (open_.size() >= kMostDepth) fail(mark, "is nested more than 64 levels deep here");
    if (anchor != 0) weights_[anchor] = kStillOpen;
    open_.push_back(
        {.anchor = anchor, .before = total_, .mark = mark, .flow = style != YAML::EmitterStyle::Block, .column = {}});
    add(mark, 1);
  }
  void close() {
    const Open closed = open_.back();
    if (!closed.flow && closed.column) closed_column_ = closed.column;
    open_.pop_back();
    if (closed.anchor != 0) weights_[closed.anchor] = total_ - closed.before;
  }

  std::string_view text_;
  const std::string& name_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, std::uint64_t> weights_;
  std::uint64_t total_ = 0;
  std::optional<std::size_t> closed_column_;
  std::size_t last_ = 0;  // where the last value begins
};

// "column 3 or 5": where a line may begin that goes on with what is open.
std::string open_columns(const Weigher& weigher) {
  std::vector<std::size_t> columns;
  for (const Weigher::Open& open : weigher.still_open())
    if (!open.flow && open.column) columns.push_back(*open.column + 1);
  if (weigher.closed_column()) columns.push_back(*weigher.closed_column() + 1);
  std::ranges::sort(columns);
  columns.erase(std::ranges::unique(columns).begin(), columns.end());
  std::string text;
  for (std::size_t i = 0; i < columns.size(); ++i)
    text += (i == 0 ? "column " : i + 1 == columns.size() ? " or " : ", ") + std::to_string(columns[i]);
  return text;
}

// What the parser's words mean to the author of the file.
[[noreturn]] void explain(const YAML::Exception& error, std::string_view text, const Weigher& weigher,
                          const std::string& name) {
  const bool known = !error.mark.is_null();
  look_for_open_quote(text, weigher.last(), known ? static_cast<std::size_t>(error.mark.pos) : text.size(), name);
  base::Place place{name, known ? error.mark.line + 1 : 0, known ? error.mark.column + 1 : 0};
  if (known && is_indented_by_tab(text, error.mark.line)) {
    place.column = 1;
    throw base::Error(std::move(place), "has a tab in its indentation; YAML takes spaces only");
  }
  const bool list = error.msg == YAML::ErrorMsg::END_OF_SEQ_FLOW;
  const bool flow = list || error.msg == YAML::ErrorMsg::END_OF_MAP_FLOW;
  const auto& open = weigher.still_open();
  const auto bracket = std::ranges::find(open.rbegin(), open.rend(), true, &Weigher::Open::flow);
  if (flow && bracket != open.rend() && (!known || error.mark.line > bracket->mark.line)) {
    const bool at_end =
        !known || text.find_first_not_of(" \t\r\n", static_cast<std::size_t>(error.mark.pos)) == std::string_view::npos;
    const std::string where = at_end ? "in this file" : "before line " + std::to_string(place.line);
    throw base::Error(base::Place{name, bracket->mark.line + 1, bracket->mark.column + 1},
                      std::string("is not YAML: the ") + (list ? "'['" : "'{'") + " that opens here has no " +
                          (list ? "']' " : "'}' ") + where);
  }
  std::string what = error.msg;
  if (flow) {
    what = std::string("expected ',' or ") + (list ? "']'" : "'}'");
  } else if (error.msg == YAML::ErrorMsg::END_OF_SEQ || error.msg == YAML::ErrorMsg::END_OF_MAP ||
             error.msg == YAML::ErrorMsg::BLOCK_ENTRY) {
    const std::string columns = open_columns(weigher);
    what = "this goes on with nothing above it" +
           (columns.empty() ? "; look at its indentation" : "; expected a line that begins in " + columns);
  } else if (error.msg == YAML::ErrorMsg::MAP_VALUE) {
    what = "no ': ' may stand here; is the line indented deeper than the key above it, or does the text want quotes?";
  }
  throw base::Error(std::move(place), "is not YAML here: " + what);
}

}  // namespace

void check_yaml(const std::string& text, const std::string& name) {
  check_text(text, name);
  Weigher weigher(text, name);
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(weigher)) return;
    if (parser.HandleNextDocument(weigher)) {
      throw base::Error(base::Place{name},
                        "holds more than one YAML document; remove the line '---' that starts the second");
    }
  } catch (const YAML::Exception& error) {
    explain(error, text, weigher, name);
  }
}

}  // namespace naudit::config
