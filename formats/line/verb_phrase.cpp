// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/line/verb_phrase.hpp"

#include <algorithm>
#include <iterator>

namespace naudit::formats {
namespace {

struct Phrase {
  std::string_view action;
  std::string_view words;
};

// Sorted by action.
constexpr Phrase kPhrases[] = {
    {"accepted-connection-from", "accepted a connection from"},
    {"access-error", "got an access error for"},
    {"accessed-landlock-controlled-object", "was stopped by Landlock at"},
    {"acquired-credentials", "acquired credentials of"},
    {"added-group-account-to", "added group"},
    {"added-user-account", "added user"},
    {"authenticated", "authenticated"},
    {"bound-socket", "bound a socket to"},
    {"called-seccomp-controlled-syscall", "made the seccomp-controlled call"},
    {"caused-account-error", "caused an account error for"},
    {"changed-auditd-configuration", "changed the audit daemon's configuration"},
    {"changed-file-attributes-of", "changed attributes of"},
    {"changed-file-ownership-of", "changed ownership of"},
    {"changed-file-permissions-of", "changed permissions of"},
    {"changed-file-size-of", "changed size of"},
    {"changed-group-password", "changed password of group"},
    {"changed-login-id-to", "changed the login id to"},
    {"changed-password", "changed password of"},
    {"changed-promiscuous-mode-on-device", "changed promiscuous mode of device"},
    {"changed-role-to", "changed role"},
    {"changed-root", "changed root to"},
    {"changed-selinux-enforcement-to", "changed SELinux enforcement"},
    {"changed-system-name", "changed the system's name"},
    {"changed-system-time", "changed the system's time"},
    {"changed-to-runlevel", "changed runlevel"},
    {"crashed-program", "crashed"},
    {"created-memory-file", "created a file in memory"},
    {"created-namespace", "created a namespace"},
    {"created-process", "started process"},
    {"created-socket", "created a socket"},
    {"deleted-group-account-from", "deleted group"},
    {"deleted-user-account", "deleted user"},
    {"disposed-credentials", "disposed of credentials of"},
    {"ended-process", "ended"},
    {"ended-session", "ended session of"},
    {"entered-namespace", "entered a namespace"},
    {"exceeded-dac-failures", "exceeded the limit of access failures"},
    {"killed-list-of-pids", "killed"},
    {"killed-pid", "killed"},
    {"listened-for-connections", "listened for connections"},
    {"loaded-firewall-rule-to", "loaded firewall rules to"},
    {"modified-group-account", "modified group"},
    {"modified-user-account", "modified user"},
    {"opened-file", "opened"},
    {"ran-command", "ran"},
    {"refreshed-credentials", "refreshed credentials of"},
    {"removed-firewall-rule-from", "removed firewall rules from"},
    {"shutdown-audit", "shut the audit daemon down"},
    {"shutdown-system", "shut the system down"},
    {"started-audit", "started the audit daemon"},
    {"started-session", "started session of"},
    {"submitted-io", "submitted work to io_uring"},
    {"symlinked", "made symlink"},
    {"triggered-audit-rule", "triggered an audit rule"},
    {"was-authorized", "authorized"},
    {"watched-file", "watched"},
};
static_assert(std::ranges::is_sorted(kPhrases, {}, &Phrase::action));

std::string_view last_word(std::string_view words) {
  return words.substr(words.find_last_of(" -") + 1);
}

bool is_preposition(std::string_view word) {
  constexpr std::string_view kPrepositions[] = {"of", "to", "from", "for", "at"};
  return std::ranges::find(kPrepositions, word) != std::end(kPrepositions);
}

// Does a phrase need an object behind it?
bool leads_on(std::string_view words) {
  const std::string_view last = last_word(words);
  return is_preposition(last) || last == "user" || last == "group" || words == "opened" || words == "crashed";
}

}  // namespace

void append_verb_phrase(std::string_view action, bool object_follows, std::string& out) {
  const auto* const found = std::ranges::lower_bound(kPhrases, action, {}, &Phrase::action);
  const bool is_known = found != std::end(kPhrases) && found->action == action;
  if (is_known && (object_follows || !leads_on(found->words))) {
    out += found->words;
    return;
  }
  if (!object_follows && is_preposition(last_word(action))) action.remove_suffix(action.size() - action.rfind('-'));
  const std::size_t begin = out.size();
  out += action;
  std::replace(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), '-', ' ');
}

}  // namespace naudit::formats
