// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/script.hpp"

#include <algorithm>
#include <array>

#include "base/hex.hpp"
#include "interpret/summary/paths.hpp"
#include "interpret/summary/summary.hpp"
#include "tables/perfect_hash.hpp"
#include "tables/record_types.hpp"

namespace naudit::interpret {
namespace {

namespace type = tables::type;
namespace field = tables::field;

constexpr std::array<std::string_view, 28> kInterpreters = {
    "",       "sh",    "bash",   "dash", "ash",     "zsh",  "ksh",  "mksh", "fish",   "csh",
    "tcsh",   "rbash", "python", "pypy", "perl",    "ruby", "php",  "lua",  "luajit", "node",
    "nodejs", "tclsh", "expect", "wish", "Rscript", "awk",  "gawk", "mawk"};
constexpr tables::PerfectHash<kInterpreters.size(), 128> kInterpreterHash(kInterpreters);

std::string_view file_name(std::string_view path) noexcept {
  return path.substr(path.rfind('/') + 1);
}

// What an interpreter's option means for the search of its script.
enum class Option { kNone, kTakesNext, kNoScript };

Option option_of(std::string_view argument) noexcept {
  if (argument.size() < 2 || argument[0] != '-') return Option::kNone;
  constexpr std::string_view kWithValue[] = {"-W", "-X", "-O",       "-o",          "+O",
                                             "-I", "-r", "--rcfile", "--init-file", "--require"};
  if (std::ranges::find(kWithValue, argument) != std::end(kWithValue)) return Option::kTakesNext;
  if (argument[1] == '-') return Option::kNone;
  // -c "…", -e "…", -m module, -lc "…": what is run is no file.
  return argument.find_first_of("cemE") != std::string_view::npos ? Option::kNoScript : Option::kNone;
}

// Fed with the arguments behind the first; says when it has found the script.
class ScriptSearch {
 public:
  // True: this one is the script.
  bool take(std::string_view argument) noexcept {
    if (over_) return false;
    if (skip_) {
      skip_ = false;
      return false;
    }
    if (argument == "--") {
      options_over_ = true;
      return false;
    }
    if (argument == "-") {
      over_ = true;  // standard input
      return false;
    }
    if (options_over_ || !argument.starts_with('-')) {
      over_ = true;
      return !argument.empty();
    }
    const Option option = option_of(argument);
    skip_ = option == Option::kTakesNext;
    over_ = option == Option::kNoScript;
    return false;
  }
  [[nodiscard]] bool over() const noexcept { return over_; }

 private:
  bool options_over_ = false;
  bool skip_ = false;
  bool over_ = false;
};

// From the first EXECVE record, argument 1 on.
bool append_from_arguments(const DecodedEvent& event, std::string& out) {
  const DecodedRecord* const record = event.find(type::kExecve);
  if (record == nullptr) return false;
  const std::size_t begin = out.size();
  ScriptSearch search;
  for (const Field& one : event.fields(*record)) {
    if (one.name.size() < 2 || one.name[0] != 'a' || one.name == "argc" || one.name == "a0") continue;
    std::uint32_t index = 0;
    if (!parse_decimal(one.name.substr(1), index)) continue;  // a piece of a long one
    append_decoded(one, out);
    const bool found = search.take(std::string_view(out).substr(begin));
    out.resize(begin);
    // The exec went well, so a relative name is one in the caller's directory.
    if (found) append_path(event, one, false, out);
    if (found || search.over()) return found;
  }
  return false;
}

bool append_from_title(const DecodedEvent& event, std::string& out) {
  // The kernel keeps 128 bytes: the last argument of a full title may be cut.
  constexpr std::size_t kLongest = 128;
  const DecodedRecord* const record = event.find(type::kProctitle);
  const Field* const title = record == nullptr ? nullptr : event.find(*record, field::kProctitle);
  if (title == nullptr || title->spelling != Spelling::kBare || title->value.size() > 2 * kLongest) return false;
  std::array<char, kLongest> bytes;
  if (!base::decode_hex(title->value, bytes.data())) return false;
  std::string_view rest(bytes.data(), title->value.size() / 2);
  const bool is_cut = rest.size() >= kLongest - 1;
  rest.remove_prefix(std::min(rest.find('\0'), rest.size() - 1) + 1);
  for (ScriptSearch search; !rest.empty() && !search.over();) {
    const std::size_t end = std::min(rest.find('\0'), rest.size());
    if (end == rest.size() && is_cut) return false;
    if (search.take(rest.substr(0, end))) {
      append_normal_path(rest.substr(0, end), out);
      return true;
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

}  // namespace

bool is_interpreter(std::string_view exe) noexcept {
  std::string_view name = file_name(exe);
  while (!name.empty() && (name.back() == '.' || (name.back() >= '0' && name.back() <= '9'))) name.remove_suffix(1);
  return kInterpreterHash.find(name) != 0;
}

ScriptSource append_script(const DecodedEvent& event, const Summary& summary, std::string& out) {
  if (!summary.runs_script) return ScriptSource::kNone;
  const std::size_t begin = out.size();
  if (summary.executed != nullptr) {
    const ObjectPart* const path = summary.find(Part::kPath);
    if (path == nullptr) return ScriptSource::kNone;
    append_path(event, *summary.executed, path->as_is, out);
    if (!is_interpreter(std::string_view(out).substr(begin))) return ScriptSource::kKernel;
    out.resize(begin);
    return append_from_arguments(event, out) ? ScriptSource::kKernel : ScriptSource::kNone;
  }
  if (append_from_title(event, out)) return ScriptSource::kProcess;
  // Without a command line: a script that was executed itself gives the process its name.
  if (summary.comm == nullptr || summary.comm == summary.how || event.find(type::kProctitle) != nullptr)
    return ScriptSource::kNone;
  append_decoded(*summary.comm, out);
  const std::string_view name = std::string_view(out).substr(begin);
  if (name.find('.') != std::string_view::npos && !is_interpreter(name)) return ScriptSource::kProcess;
  out.resize(begin);
  return ScriptSource::kNone;
}

}  // namespace naudit::interpret
