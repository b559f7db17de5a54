// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/interpret/argument_differences.hpp"

#include <algorithm>

namespace naudit::tests {
namespace {

using Compared = ComparedArgument;

std::uint32_t word(const Compared& it) {
  return static_cast<std::uint32_t>(it.args[it.index]);
}

// Every element of one list is in the other.
bool is_part(std::string_view part, std::string_view whole) {
  const std::string all = '|' + std::string(whole) + '|';
  for (std::size_t at = 0; at <= part.size();) {
    const std::size_t end = std::min(part.find('|', at), part.size());
    if (all.find('|' + std::string(part.substr(at, end - at)) + '|') == std::string::npos) return false;
    at = end + 1;
  }
  return true;
}

// The same except for elements that stand in `differing`.
bool is_part_without(std::string_view part, std::string_view whole, std::string_view differing) {
  for (std::size_t at = 0; at <= part.size();) {
    const std::size_t end = std::min(part.find('|', at), part.size());
    const std::string_view one = part.substr(at, end - at);
    if (!is_part(one, whole) && !is_part(one, differing)) return false;
    at = end + 1;
  }
  return true;
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string result(text);
  const std::size_t at = result.find(from);
  if (at != std::string::npos) result.replace(at, from.size(), to);
  return result;
}

bool is_call(const Compared& it, std::string_view call, unsigned index) {
  return it.call == call && it.index == index;
}

bool is_protection(const Compared& it) {
  return is_call(it, "mmap", 2) || is_call(it, "mmap2", 2) || is_call(it, "mprotect", 2);
}

bool takes_open_flags(const Compared& it) {
  return is_call(it, "open", 1) || is_call(it, "mq_open", 1) || is_call(it, "openat", 2) ||
         is_call(it, "open_by_handle_at", 2);
}

struct Rule {
  std::string_view reason;
  bool (*applies)(const Compared& it);
};

// Each of these is one mistake of ausearch 3.0.9, and says how it is to be recognised.
constexpr Rule kRules[] = {
    {"SIGPWR is misspelled", [](const Compared& it) { return it.ours == "SIGPWR" && it.theirs == "IGPWR"; }},
    {"the third argument of clone is an address",
     [](const Compared& it) { return is_call(it, "clone", 2) && it.ours.empty(); }},
    {"namespaces come without a signal, and CLONE_STOPPED became CLONE_NEWCGROUP in Linux 4.6",
     [](const Compared& it) {
       const bool is_namespace = is_call(it, "unshare", 0) || is_call(it, "setns", 1);
       return is_namespace && (word(it) & 0x20000FFU) != 0;
     }},
    {"the third argument of readlinkat is an address",
     [](const Compared& it) { return is_call(it, "readlinkat", 2) && it.ours.empty(); }},
    {"bits that access does not have are not F_OK",
     [](const Compared& it) { return it.ours.empty() && it.theirs == "F_OK" && word(it) != 0; }},
    {"bits that mmap does not have are not PROT_NONE",
     [](const Compared& it) { return is_protection(it) && it.ours.empty() && it.theirs == "PROT_NONE"; }},
    {"PROT_SEM and the bits above it are left out by some calls",
     [](const Compared& it) {
       return is_protection(it) && it.theirs == "PROT_NONE" && (word(it) & 7U) == 0 && (word(it) & ~7U) != 0;
     }},
    {"the block of the old mmap is no list of arguments",
     [](const Compared& it) {
       return it.call == "mmap" && it.ours.empty() && it.arch != tables::kArchX86_64 &&
              it.arch != tables::kArchAarch64 && it.arch != tables::kArchPpc64;
     }},
    {"MAP_SHARED_VALIDATE is no union",
     [](const Compared& it) {
       return is_call(it, "mmap", 3) && it.ours.starts_with("MAP_SHARED_VALIDATE") && (word(it) & 3U) == 3;
     }},
    {"MAP_32BIT is of x86, and ppc has bits of its own",
     [](const Compared& it) {
       return (is_call(it, "mmap", 3) || is_call(it, "mmap2", 3)) && it.arch != tables::kArchX86_64 &&
              it.arch != tables::kArchI386 && is_part_without(it.theirs, it.ours, "MAP_32BIT|MAP_LOCKED|MAP_NORESERVE");
     }},
    {"a bit of mount has another name since Linux 5.12",
     [](const Compared& it) {
       return is_call(it, "mount", 3) && is_part(replaced(it.theirs, "MS_SNAP_STABLE", "MS_NOREMOTELOCK"), it.ours);
     }},
    {"MS_MGC_VAL is no flag", [](const Compared& it) { return is_call(it, "mount", 3) && word(it) >> 16U == 0xC0ED; }},
    {"arm and ppc have other numbers for O_DIRECT, O_DIRECTORY and O_NOFOLLOW",
     [](const Compared& it) {
       return takes_open_flags(it) && it.arch != tables::kArchX86_64 && it.arch != tables::kArchI386 &&
              it.arch != tables::kArchS390x && is_part_without(it.theirs, it.ours, "O_DIRECT|O_DIRECTORY|O_NOFOLLOW");
     }},
    {"ADDR_NO_RANDOMIZE is not its opposite",
     [](const Compared& it) {
       return is_call(it, "personality", 0) && is_part(replaced(it.theirs, "~ADDR_NO", "ADDR_NO"), it.ours);
     }},
    {"mknodat has a type as mknod has it",
     [](const Compared& it) { return is_call(it, "mknodat", 2) && it.ours.find(',') != std::string_view::npos; }},
    {"a policy of the scheduler has more than four bits",
     [](const Compared& it) { return is_call(it, "sched_setscheduler", 1) && it.ours.empty() && word(it) > 0xF; }},
    {"an origin of lseek has more than eight bits",
     [](const Compared& it) { return is_call(it, "lseek", 2) && it.ours.empty() && word(it) > 0xFF; }},
    {"F_SETOWN takes a process, not a user",
     [](const Compared& it) {
       return it.call.starts_with("fcntl") && it.index == 2 && it.args[1] == 8 && it.ours.empty();
     }},
    {"protocols of other families are not those of IP",
     [](const Compared& it) {
       return (it.call == "socket" || it.call == "socketpair") && it.index == 2 && it.args[0] != 2 && it.args[0] != 10;
     }},
    {"netfilter's options of getsockopt are not those of setsockopt",
     [](const Compared& it) {
       return it.call.ends_with("etsockopt") && it.index == 2 && (it.args[1] == 0 || it.args[1] == 41) &&
              it.theirs.find("_SO_") != std::string_view::npos;
     }},
    {"ppc's options of a socket stand in the table of all arches",
     [](const Compared& it) {
       const bool is_one = it.index == 2 && it.args[1] == 1 && it.call.ends_with("etsockopt");
       return is_one && ((it.args[2] >= 116 && it.args[2] <= 121 && it.ours.empty()) ||
                         (it.arch == tables::kArchPpc64 && it.args[2] >= 16 && it.args[2] <= 21));
     }},
    {"requests of ptrace that x86 has and the arch does not",
     [](const Compared& it) {
       return is_call(it, "ptrace", 0) && it.arch != tables::kArchX86_64 && it.arch != tables::kArchI386 &&
              word(it) >= 12 && word(it) <= 33;
     }},
    {"a request of ptrace is long",
     [](const Compared& it) { return is_call(it, "ptrace", 0) && it.ours.empty() && it.args[0] >> 32U != 0; }},
    {"requests of ioctl have other numbers on ppc",
     [](const Compared& it) { return is_call(it, "ioctl", 1) && it.arch == tables::kArchPpc64; }},
    {"the old calls take 16 bits of an id",
     [](const Compared& it) {
       const bool old = it.arch == tables::kArchI386 || it.arch == tables::kArchArm;
       return old && word(it) > 0xFFFE && (it.theirs.starts_with("unknown(") || it.theirs == "unset");
     }},
    {"a register may be wider than its argument",
     [](const Compared& it) { return it.args[it.index] >> 32U != 0 && it.theirs.starts_with("conversion error"); }},
};

}  // namespace

std::string_view difference(const ComparedArgument& it) {
  if (it.ours == it.theirs) return "equal";
  if (it.theirs.starts_with("0x")) return it.ours.empty() ? "equal: a number" : "ausearch has only the number";
  if (it.theirs.starts_with("unknown-") || it.theirs == "UNKNOWN")
    return it.ours.empty() ? "equal: not known" : "ausearch does not know it";
  const auto* rule = std::ranges::find_if(kRules, [&](const Rule& candidate) { return candidate.applies(it); });
  if (rule != std::end(kRules)) return rule->reason;
  if (!it.ours.empty() && is_part(it.theirs, it.ours)) return "ausearch leaves out what has no name for it";
  return "different";
}

}  // namespace naudit::tests
