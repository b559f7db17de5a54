// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/script.hpp"

#include <algorithm>
#include <array>

#include "base/hex.hpp"
#include "interpret/programs/interpreters.hpp"
#include "interpret/summary/paths.hpp"
#include "interpret/summary/summary.hpp"
#include "tables/record_types.hpp"

namespace naudit::interpret {
namespace {

namespace type = tables::type;
namespace field = tables::field;

// Appends what an argument says, `script`, which is the end of `out`, as a path in the place of what stands behind
// `begin`. A relative name is one in the caller's directory: the exec went well.
void make_path(const DecodedEvent& event, std::size_t begin, std::size_t script, std::string& out) {
  if (out[script] == '/') {
    out.erase(begin, script - begin);
  } else {
    const std::string name = out.substr(script);
    out.resize(begin);
    const DecodedRecord* const record = event.find(type::kCwd);
    const Field* const cwd = record == nullptr ? nullptr : event.find(*record, field::kCwd);
    if (cwd != nullptr) {
      append_decoded(*cwd, out);
      out += '/';
    }
    out += name;
  }
  const std::size_t size = out.size() - begin;
  out.reserve(out.size() + size + 1);
  append_normal_path(std::string_view(out).substr(begin, size), out);
  out.erase(begin, size);
}

// The number of an argument of EXECVE that stands in one piece.
bool is_argument(const Field& one, std::uint32_t& index) noexcept {
  return one.name.size() >= 2 && one.name[0] == 'a' && parse_decimal(one.name.substr(1), index);
}

// Was it a script that was executed, and not the interpreter under another name? The kernel puts the interpreter and
// the script before the script's own arguments (fs/binfmt_script.c), and writes all of them as it does the path.
bool is_script(const DecodedEvent& event, const Field& executed) {
  const DecodedRecord* const record = event.find(type::kExecve);
  if (record == nullptr) return true;
  for (const Field& one : event.fields(*record)) {
    std::uint32_t index = 0;
    if (!is_argument(one, index)) continue;
    if (index > 2) return false;
    if (index == 0 ? is_interpreter(one.value) : one.value == executed.value && one.spelling == executed.spelling)
      return true;
  }
  return false;
}

bool append_from_arguments(const DecodedEvent& event, std::string_view exe, std::string& out) {
  const DecodedRecord* const record = event.find(type::kExecve);
  if (record == nullptr) return false;
  const std::size_t begin = out.size();
  ScriptSearch search(exe);
  std::uint32_t wanted = 0;
  for (const Field& one : event.fields(*record)) {
    std::uint32_t index = 0;
    if (one.name == "argc") continue;
    if (!is_argument(one, index) || index != wanted++) return false;  // a piece of a long one, or one is missing
    append_decoded(one, out);
    const std::string_view script = search.take(std::string_view(out).substr(begin));
    if (!script.empty()) {
      const bool is_here = script[0] == '/' || !search.elsewhere();
      if (is_here) make_path(event, begin, out.size() - script.size(), out);
      if (!is_here) out.resize(begin);
      return is_here;
    }
    out.resize(begin);
    if (search.over()) return false;
  }
  return false;
}

bool append_from_title(const DecodedEvent& event, std::string_view exe, std::string& out) {
  // The kernel keeps 128 bytes: the last argument of a full title may be cut.
  constexpr std::size_t kLongest = 128;
  const DecodedRecord* const record = event.find(type::kProctitle);
  const Field* const title = record == nullptr ? nullptr : event.find(*record, field::kProctitle);
  if (title == nullptr || title->spelling != Spelling::kBare || title->value.size() > 2 * kLongest) return false;
  std::array<char, kLongest> bytes;
  if (!base::decode_hex(title->value, bytes.data())) return false;
  std::string_view rest(bytes.data(), title->value.size() / 2);
  const bool is_cut = rest.size() >= kLongest - 1;
  for (ScriptSearch search(exe); !rest.empty() && !search.over();) {
    const std::size_t end = std::min(rest.find('\0'), rest.size());
    if (end == rest.size() && is_cut) return false;
    const std::string_view script = search.take(rest.substr(0, end));
    if (!script.empty()) {
      if (search.elsewhere() && !script.starts_with('/')) return false;
      append_normal_path(script, out);
      return true;
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

}  // namespace

bool is_interpreter(std::string_view exe) noexcept {
  return find_interpreter(exe) != nullptr;
}

ScriptSource append_script(const DecodedEvent& event, const Summary& summary, std::string& out) {
  if (!summary.runs_script) return ScriptSource::kNone;
  const std::size_t begin = out.size();
  const std::string_view exe = summary.how->value;
  if (summary.executed != nullptr) {
    const ObjectPart* const path = summary.find(Part::kPath);
    if (path == nullptr) return ScriptSource::kNone;
    append_path(event, *summary.executed, path->as_is, out);
    const bool is_its_own = !is_interpreter(std::string_view(out).substr(begin)) && is_script(event, *summary.executed);
    if (is_its_own) return ScriptSource::kKernel;
    out.resize(begin);
    return append_from_arguments(event, exe, out) ? ScriptSource::kKernel : ScriptSource::kNone;
  }
  if (append_from_title(event, exe, out)) return ScriptSource::kProcess;
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
