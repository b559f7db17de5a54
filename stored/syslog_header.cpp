// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "stored/syslog_header.hpp"

#include <algorithm>

namespace naudit::stored {
namespace {

constexpr std::size_t npos = std::string_view::npos;
constexpr std::size_t kLongestHost = 255;

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digits(std::string_view word) noexcept {
  return !word.empty() && std::ranges::all_of(word, is_digit);
}

// "22:13:20", and what may stand behind it: a fraction, a zone.
bool is_clock(std::string_view word) noexcept {
  return word.size() >= 8 && is_digits(word.substr(0, 2)) && word[2] == ':' && is_digits(word.substr(3, 2)) &&
         word[5] == ':' && is_digits(word.substr(6, 2)) && std::ranges::all_of(word.substr(8), [](char c) {
           return is_digit(c) || c == '.' || c == ',' || c == ':' || c == '+' || c == '-' || c == 'Z';
         });
}
// "2023-11-14"
bool is_date(std::string_view word) noexcept {
  return word.size() == 10 && is_digits(word.substr(0, 4)) && word[4] == '-' && is_digits(word.substr(5, 2)) &&
         word[7] == '-' && is_digits(word.substr(8));
}
// Of words of three letters without anything between them.
bool is_one_of(std::string_view words, std::string_view word) noexcept {
  const std::size_t at = words.find(word);
  return word.size() == 3 && at != npos && at % 3 == 0;
}
bool is_month(std::string_view word) noexcept {
  return is_one_of("JanFebMarAprMayJunJulAugSepOctNovDec", word);
}
bool is_weekday(std::string_view word) noexcept {
  return is_one_of("MonTueWedThuFriSatSun", word);
}
// "UTC", "CEST", "+0200": behind a clock that stands alone.
bool is_zone(std::string_view word) noexcept {
  if (word.size() == 5 && (word[0] == '+' || word[0] == '-')) return is_digits(word.substr(1));
  return word.size() >= 2 && word.size() <= 5 && std::ranges::all_of(word, [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_host(std::string_view word) noexcept {
  return !word.empty() && word.size() <= kLongestHost && word != "-" && !word.ends_with(':') &&
         std::ranges::all_of(word, [](char c) {
           return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_' || c == ':' || c == '/' || c == '@' ||
                  c == '%' || static_cast<unsigned char>(c) >= 0x80;
         });
}

// The words of a line, one after the other.
class Words {
 public:
  explicit Words(std::string_view line) : line_(line) {}

  [[nodiscard]] std::string_view peek() const noexcept {
    return line_.substr(at_, std::min(line_.find(' ', at_), line_.size()) - at_);
  }
  void skip() noexcept {
    at_ = std::min(at_ + peek().size(), line_.size());
    while (at_ < line_.size() && line_[at_] == ' ') ++at_;
  }
  void skip(std::size_t bytes) noexcept { at_ += bytes; }
  [[nodiscard]] std::size_t at() const noexcept { return at_; }

 private:
  std::string_view line_;
  std::size_t at_ = 0;
};

// "<13>"; 0 if there is none.
std::size_t priority_size(std::string_view line) noexcept {
  if (!line.starts_with('<')) return 0;
  const std::size_t end = line.find('>');
  return end <= 4 && is_digits(line.substr(1, end - 1)) ? end + 1 : 0;
}

// Behind it stands the host. False: there is no stamp.
bool skip_stamp(Words& words) noexcept {
  if (is_weekday(words.peek())) words.skip();
  const std::string_view first = words.peek();
  if (is_date(first.substr(0, 10)) && first.size() > 11 && (first[10] == 'T' || first[10] == 't')) {
    if (!is_clock(first.substr(11))) return false;
    words.skip();
    return true;
  }
  if (is_date(first)) {
    words.skip();
    if (!is_clock(words.peek())) return false;
    words.skip();
    if (is_zone(words.peek())) words.skip();
    return true;
  }
  if (!is_month(first)) return false;
  words.skip();
  if (!is_digits(words.peek()) || words.peek().size() > 2) return false;
  words.skip();
  if (is_digits(words.peek()) && words.peek().size() == 4) words.skip();
  if (std::string_view clock = words.peek(); !is_clock(clock.substr(0, clock.size() - clock.ends_with(':'))))
    return false;
  words.skip();
  if (is_digits(words.peek()) && words.peek().size() == 4) words.skip();  // "Nov 14 22:13:20 2023"
  return true;
}

// "audit:", and a stamp as "[    1.5][ T99]", which may be several words.
bool is_console_word(std::string_view word) noexcept {
  if (word == "audit:" || word == "kernel:" || word == "msg=" || word == "-") return true;
  if (word.starts_with("audi") && word.ends_with(':')) return true;  // a program behind another one's name
  return word.find_first_not_of("[]0123456789.TC") == npos;
}

}  // namespace

bool read_syslog_header(std::string_view line, SyslogHeader& out) noexcept {
  out = {};
  Words words(line);
  const std::size_t priority = priority_size(line);
  words.skip(priority);
  // RFC 5424: a version behind the priority; its stamp may be missing.
  const bool has_version = priority > 0 && is_digits(words.peek()) && words.peek().size() <= 2;
  if (has_version) words.skip();
  const std::size_t begin = words.at();
  if (has_version && words.peek() == "-") {
    words.skip();
  } else if (skip_stamp(words)) {
    out.stamp = line.substr(begin, words.at() - begin);
    while (out.stamp.ends_with(' ')) out.stamp.remove_suffix(1);
  } else {
    return false;
  }
  if (is_host(words.peek())) {
    out.host = words.peek();
    words.skip();
  } else if (words.peek() == "-") {
    words.skip();
  }
  out.size = words.at();
  return true;
}

bool is_before_record(std::string_view between) noexcept {
  bool behind_program = false;
  for (Words words(between); words.at() < between.size(); words.skip()) {
    const std::string_view word = words.peek();
    if (behind_program && !word.empty() && !is_console_word(word)) return false;
    behind_program |= word.ends_with(':');
  }
  return true;
}

}  // namespace naudit::stored
