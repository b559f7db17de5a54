// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/programs/interpreters.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "tables/perfect_hash.hpp"

namespace naudit::interpret {
namespace {

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

constexpr Interpreter kRows[] = {
    // shell.c of bash, options.c of dash: the value of -o and -O is the next argument, also in "-eo pipefail".
    {.names = "sh bash rbash dash ash",
     .flags = "abefhiklmnpqrtuvxBCDEHIPTV",
     .next = "oO",
     .ends = "cs",
     .long_flags = "debug debugger dump-po-strings dump-strings login noediting noprofile norc posix pretty-print "
                   "protected restricted verbose wordexp",
     .long_value = "rcfile init-file",
     .traits = trait::kPlus | trait::kDashEnds},
    {.names = "zsh rzsh",  // zshmisc(1), INVOCATION
     .flags = "adefghijklmnpqrtuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
     .value = "o",
     .ends = "cs",
     .long_value = "emulate",
     .long_ends = "help version",
     .traits = trait::kPlus | trait::kDashEnds | trait::kOtherLong | trait::kEndsOptions},
    {.names = "ksh rksh mksh lksh pdksh oksh",  // ksh(1), mksh(1)
     .flags = "abefhiklmnprtuvxBCDEGHPUX",
     .value = "oT",
     .ends = "cs",
     .traits = trait::kPlus | trait::kDashEnds},
    {.names = "csh tcsh",  // tcsh(1)
     .flags = "defilmnqvxFVX",
     .ends = "cst",
     .traits = trait::kEndsOptions},
    {.names = "fish",  // fish(1)
     .flags = "ilnNP",
     .value = "CdDfop",
     .ends = "chv",
     .long_flags = "interactive login no-config no-execute private print-debug-categories print-rusage-self",
     .long_value = "debug debug-output debug-stack-frames features init-command profile profile-startup",
     .long_ends = "command help version"},
    {.names = "busybox", .traits = trait::kApplets},
    {.names = "python pypy",  // Python/getopt.c, Modules/main.c
     .flags = "bBdEiIOPqRsStuvx3",
     .value = "QWX",
     .ends = "cmhV?",
     .long_value = "check-hash-based-pycs jit",
     .long_ends = "help help-all help-env help-xoptions info version"},
    {.names = "perl",  // perlrun(1); the blank and the dash: the kernel passes "#!/usr/bin/perl -w -T" as one argument
     .flags = "acfglnpstuwSTUWX0123456789 -",
     .value = "I",
     .rest = "CdDFimMx",
     .ends = "eEhvV?",
     .traits = trait::kSearchesPath},
    {.names = "ruby jruby",  // ruby(1)
     .flags = "acdlnpsvwySU0123456789 -",
     .value = "CEIrX",
     .rest = "FiKTWx",
     .ends = "eh",
     .long_value = "disable dump enable encoding external-encoding internal-encoding parser",
     .long_ends = "copyright help version",
     .moves = "CX",
     .traits = trait::kSearchesPath | trait::kOtherLong},
    {.names = "php",  // php(1); behind "--" PHP reads standard input
     .flags = "CeHlnqsw",
     .value = "bcdgStTz",
     .ends = "aBEhimrRv",
     .file = "fF",
     .long_flags = "hide-args no-header no-php-ini profile-info strip syntax-check syntax-highlight",
     .long_value = "bindpath define docroot global php-ini server zend-extension",
     .long_ends = "help info ini interactive modules process-begin process-code process-end rc rclass re rextension rf "
                  "rfunction ri rextinfo run rz rzendextension version",
     .long_file = "file process-file",
     .traits = trait::kDoubleDashEnds},
    {.names = "node nodejs",  // node(1); those of its options that take a value
     .flags = "ci",
     .next = "Cr",
     .ends = "ehpv",
     .long_value =
         "allow-fs-read allow-fs-write build-snapshot-config conditions cpu-prof-dir cpu-prof-interval cpu-prof-name "
         "debug-port diagnostic-dir disable-proto disable-warning dns-result-order env-file env-file-if-exists "
         "es-module-specifier-resolution experimental-config-file experimental-default-type experimental-loader "
         "experimental-policy experimental-specifier-resolution heap-prof-dir heap-prof-interval heap-prof-name "
         "heapsnapshot-near-heap-limit heapsnapshot-signal icu-data-dir import input-type inspect-port "
         "inspect-publish-uid loader localstorage-file max-http-header-size "
         "network-family-autoselection-attempt-timeout openssl-config policy-integrity redirect-warnings "
         "report-dir report-directory report-filename report-signal require secure-heap secure-heap-min snapshot-blob "
         "stack-trace-limit title tls-cipher-list tls-keylog trace-event-categories trace-event-file-pattern "
         "trace-require-module unhandled-rejections use-largepages v8-pool-size watch-kill-signal watch-path",
     .long_ends = "build-sea completion-bash eval experimental-sea-config help print prof-process run test v8-options "
                  "version",
     .traits = trait::kOtherLong | trait::kInspect},
    {.names = "lua luajit",  // lua(1); a script may follow -e
     .flags = "ivEW",
     .value = "ejl",
     .rest = "O",
     .ends = "b"},
    {.names = "tclsh wish",  // tclsh(1): any other word with a dash belongs to the program
     .long_value = "encoding",
     .traits = trait::kOneDash | trait::kDoubleDashEnds},
    {.names = "expect",  // expect(1); a script may follow -c
     .flags = "dinN",
     .value = "cD",
     .ends = "v",
     .file = "bf"},
    {.names = "awk gawk mawk nawk original-awk",  // gawk(1), mawk(1)
     .flags = "bcCgIkMnNOPrsStV",
     .value = "FilvW",
     .rest = "dDLop",
     .ends = "eh",
     .file = "fE",
     .long_flags = "bignum characters-as-bytes compat csv debug dump-variables gen-pot lint lint-old no-optimize "
                   "non-decimal-data optimize posix pretty-print profile re-interval sandbox traditional trace "
                   "use-lc-numeric",
     .long_value = "assign field-separator include load",
     .long_ends = "copyright help source version",
     .long_file = "exec file",
     .traits = trait::kTextFirst},
    {.names = "sed gsed",  // sed(1)
     .flags = "nrsuzE",
     .value = "el",
     .rest = "i",
     .file = "f",
     .long_flags = "debug follow-symlinks in-place null-data posix quiet regexp-extended sandbox separate silent "
                   "unbuffered zero-terminated",
     .long_value = "expression line-length",
     .long_ends = "help version",
     .long_file = "file",
     .traits = trait::kNoOperand},
    {.names = "make gmake",  // make(1)
     .flags = "bBdeikLmnpqrRsStw",
     .value = "CEIoW",
     .rest = "jlO",
     .ends = "hv",
     .file = "f",
     .long_value = "assume-new assume-old directory eval include-dir new-file old-file what-if",
     .long_ends = "help version",
     .long_file = "file makefile",
     .moves = "C",
     .traits = trait::kNoOperand | trait::kOtherLong},
    {.names = "java",  // java(1)
     .long_value = "add-exports add-modules add-opens add-reads class-path classpath cp limit-modules module-path p "
                   "patch-module source upgrade-module-path",
     .long_ends = "? X d describe-module fullversion h help list-modules m module validate-modules version",
     .long_file = "jar",
     .traits = trait::kOneDash | trait::kOtherLong | trait::kJava},
    {.names = "Rscript",  // Rscript(1)
     .ends = "e",
     .long_flags = "no-echo no-environ no-init-file no-restore no-save no-site-file quiet silent slave vanilla verbose",
     .long_ends = "help version"},
    {.names = "R",  // R(1); Rscript becomes "R --no-echo --no-restore --file=x.R --args ..."
     .flags = "q",
     .value = "dg",
     .ends = "eh",
     .file = "f",
     .long_value = "debugger encoding gui",
     .long_ends = "args help version",
     .long_file = "file",
     .traits = trait::kNoOperand | trait::kOtherLong},
};
static_assert(std::size(kRows) < 255);

// Is `word` one of these, with a blank between them?
constexpr bool has_word(std::string_view words, std::string_view word) noexcept {
  if (word.empty()) return false;
  for (std::size_t at = words.find(word); at != std::string_view::npos; at = words.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || words[at - 1] == ' ') && (end == words.size() || words[end] == ' ')) return true;
  }
  return false;
}

constexpr bool has(std::string_view letters, char letter) noexcept {
  return letters.find(letter) != std::string_view::npos;
}

// No letter may mean two things.
constexpr bool letters_are_unique() {
  for (const Interpreter& row : kRows)
    for (const char letter : kLetters)
      if (has(row.flags, letter) + has(row.value, letter) + has(row.next, letter) + has(row.rest, letter) +
              has(row.ends, letter) + has(row.file, letter) >
          1)
        return false;
  return true;
}
static_assert(letters_are_unique());

constexpr std::size_t count_names() {
  std::size_t count = 0;
  for (const Interpreter& row : kRows) count += static_cast<std::size_t>(std::ranges::count(row.names, ' ')) + 1;
  return count;
}

// All names, with the number of each one's row; the first is the answer for a name that is not here.
struct Names {
  std::array<std::string_view, count_names() + 1> names{};
  std::array<std::uint8_t, count_names() + 1> rows{};
};
constexpr Names kNames = [] {
  Names all;
  all.names[0] = "";
  std::size_t at = 1;
  for (std::size_t row = 0; row < std::size(kRows); ++row) {
    for (std::string_view rest = kRows[row].names; !rest.empty(); ++at) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      all.names[at] = rest.substr(0, end);
      all.rows[at] = static_cast<std::uint8_t>(row);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return all;
}();
constexpr auto kNameList = kNames.names;
constexpr tables::PerfectHash<kNameList.size(), 512> kNameHash(kNameList);

}  // namespace

const Interpreter* find_interpreter(std::string_view path) noexcept {
  std::string_view name = path.substr(path.rfind('/') + 1);
  if (name.starts_with('-')) name.remove_prefix(1);  // a login shell's argv[0]
  while (!name.empty() && (name.back() == '.' || (name.back() >= '0' && name.back() <= '9'))) name.remove_suffix(1);
  const std::uint16_t found = kNameHash.find(name);
  return found == 0 ? nullptr : &kRows[kNames.rows[found]];
}

std::string_view ScriptSearch::end() noexcept {
  over_ = true;
  return {};
}

std::string_view ScriptSearch::found(std::string_view script) noexcept {
  over_ = true;
  // Standard input, by whichever name.
  if (script == "-" || script.starts_with("/dev/stdin") || script.starts_with("/dev/fd/") ||
      script.starts_with("/proc/self/fd/"))
    return {};
  return script;
}

std::string_view ScriptSearch::take(std::string_view argument) noexcept {
  if (over_) return {};
  if (next_ == Next::kName) {
    take_name(argument);
    return {};
  }
  if (next_ == Next::kFile) return found(argument);
  if (values_ > 0) {
    --values_;
    return {};
  }
  if (next_ == Next::kOperand) return take_operand(argument);
  if (argument == "--") {
    if ((how_->traits & trait::kDoubleDashEnds) != 0) return end();
    next_ = Next::kOperand;
    return {};
  }
  if (argument == "-") {
    if ((how_->traits & trait::kNoOperand) != 0) return {};
    if ((how_->traits & trait::kDashEnds) == 0) return end();
    next_ = Next::kOperand;
    return {};
  }
  if (argument.starts_with("--")) return take_word(argument.substr(2));
  if (argument.starts_with('-'))
    return (how_->traits & trait::kOneDash) != 0 ? take_word(argument.substr(1)) : take_letters(argument.substr(1));
  if (argument.starts_with('+') && (how_->traits & trait::kPlus) != 0 && argument.size() > 1)
    return take_letters(argument.substr(1));
  return take_operand(argument);
}

// A busybox is what it is called by; under its own name its first argument says it.
void ScriptSearch::take_name(std::string_view name) noexcept {
  if ((how_->traits & trait::kApplets) != 0) {
    how_ = find_interpreter(name);
    over_ = how_ == nullptr;
    if (over_ || (how_->traits & trait::kApplets) != 0) return;
  }
  next_ = Next::kArgument;
}

std::string_view ScriptSearch::take_letters(std::string_view letters) noexcept {
  for (std::size_t at = 0; at < letters.size(); ++at) {
    const char letter = letters[at];
    const std::string_view rest = letters.substr(at + 1);
    if (letter == 'S' && (how_->traits & trait::kSearchesPath) != 0) elsewhere_ = true;
    if (letter == 'b' && (how_->traits & trait::kEndsOptions) != 0) {
      next_ = Next::kOperand;
      continue;
    }
    if (has(how_->flags, letter)) continue;
    if (has(how_->next, letter)) {
      ++values_;
      continue;
    }
    if (has(how_->rest, letter)) return {};
    if (has(how_->value, letter)) {
      if (has(how_->moves, letter)) elsewhere_ = true;
      if (rest.empty()) ++values_;
      return {};
    }
    if (has(how_->file, letter)) {
      if (!rest.empty()) return found(rest);
      next_ = Next::kFile;
      return {};
    }
    return end();
  }
  return {};
}

std::string_view ScriptSearch::take_word(std::string_view word) noexcept {
  const std::size_t equals = word.find('=');
  const std::string_view name = word.substr(0, equals);
  const bool has_value = equals != std::string_view::npos;
  if (has_word(how_->long_file, name)) {
    if (has_value) return found(word.substr(equals + 1));
    next_ = Next::kFile;
    return {};
  }
  if (has_word(how_->long_ends, name)) return end();
  if (has_word(how_->long_value, name)) {
    // --directory of make, as -C.
    if (name == "directory") elsewhere_ = true;
    if (!has_value) ++values_;
    return {};
  }
  if (has_word(how_->long_flags, name) || (how_->traits & trait::kOtherLong) != 0) return {};
  return end();
}

std::string_view ScriptSearch::take_operand(std::string_view argument) noexcept {
  if ((how_->traits & trait::kNoOperand) != 0) return {};
  if ((how_->traits & trait::kTextFirst) != 0) return end();
  if ((how_->traits & trait::kInspect) != 0 && (argument == "inspect" || argument == "debug")) return {};
  if ((how_->traits & trait::kJava) != 0 && !argument.ends_with(".java")) return end();
  return found(argument);
}

}  // namespace naudit::interpret
