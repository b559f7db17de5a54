// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/doctor/check.hpp"

#include <algorithm>
#include <utility>

#include "ctl/doctor/looks.hpp"

namespace naudit::ctl {
namespace {

constexpr Check kChecks[] = {
    {"daemon", "nauditd runs, and is registered", Level::kCritical,
     "Without it what the kernel logs goes into the kernel's own log, or nowhere.",
     "nauditd is asked over its control socket (--socket). Where no nauditd answers, systemd is asked how its unit has "
     "ended. A registration that the kernel has dropped, or that another process has, is told too.",
     look_at_daemon},
    {"owner", "who is this machine's audit daemon", Level::kCritical,
     "The kernel sends its records to one process only: beside it nauditd can listen (mode: observe), and misses what "
     "the kernel's queue drops.",
     "The kernel tells which process has registered. auditd, auditbeat and osquery want the same place. It is a "
     "warning as long as no nauditd runs, and critical when one runs and wants the place.",
     look_at_owner},
    {"config", "nauditd.yaml and what it names can be read", Level::kCritical,
     "nauditd does not start with a configuration that is wrong, or that others can write.",
     "The configuration (--config) is read as nauditd reads it, for root with the check of who else could write it. "
     "'nauditd --check' looks at the rule files, too.",
     look_at_config},
    {"auditing", "auditing is on", Level::kCritical, "While it is off, the kernel makes no events at all.",
     "The kernel's 'enabled', and audit=0 on its command line, which cannot be undone while it runs.",
     look_at_auditing},
    {"never-task", "no rule '-a never,task'", Level::kCritical,
     "A task that such a rule fits makes no system call events, whatever the other rules say; some distributions ship "
     "it in audit.rules.",
     "Rules of the list 'task' with the action 'never', as the kernel lists them. Without a condition it is critical. "
     "The kernel decides when a task begins: what runs already keeps what it has, so restart services after the rule "
     "is gone.",
     look_at_never_task},
    {"lost", "the kernel has lost no records", Level::kCritical, "What the kernel loses is in no log.",
     "The kernel's counter 'lost': its queue was full, its rate limit was reached, or nobody was there. It is read "
     "twice (--interval), and critical if it grew meanwhile.",
     look_at_lost},
    {"gaps", "no gaps in the kernel's serials", Level::kCritical,
     "These events are in no log, and the kernel's counter 'lost' does not have them.",
     "nauditd's counter gap_events (docs/operations.md, Gaps): what was logged while nobody was registered, and what "
     "the kernel gave up sending.",
     look_at_gaps},
    {"stall", "audited programs do not wait for the audit queue", Level::kCritical,
     "While the kernel's queue is full, each program that makes an event is put to sleep for up to backlog_wait_time.",
     "The kernel's counter backlog_wait_time_actual is read twice (--interval): critical if it grew meanwhile, a note "
     "if programs have waited since boot. backlog_wait_time 0 never holds a program, and loses records instead.",
     look_at_stall},
    {"backlog", "the kernel's queue is large enough, and has room", Level::kCritical,
     "When the queue is full, programs wait or records are lost.",
     "backlog_limit below 8192 is a warning (the kernel begins with 64); more than half of the queue in use is "
     "critical: nauditd gets too little CPU, or the rules make too many events.",
     look_at_backlog},
    {"receive-buffer", "nauditd's socket has room for a burst", Level::kCritical,
     "A full buffer makes the kernel try again later, and then give up.",
     "nauditd's counter of overruns, read twice, and the size of its socket's buffer as the kernel has it "
     "(sock_diag). Less than 4 MiB, or less than kernel.receive_buffer, is a warning: without CAP_NET_ADMIN a process "
     "gets no more than net.core.rmem_max.",
     look_at_receive_buffer},
    {"rate-limit", "no rate limit in the kernel", Level::kWarning,
     "It throws records away in the moments when they matter most.",
     "The kernel's 'rate_limit'. To make less noise, narrow the rules, or limit a sink (rate_limit: of a sink counts "
     "and tells what it leaves out).",
     look_at_rate_limit},
    {"failure-panic", "a lost record does not stop the machine", Level::kWarning,
     "Then a full queue, or a daemon that is killed, stops the machine at once, without a clean shutdown.",
     "The kernel's 'failure' is 2 (panic). nauditd never sets it; rule files with '-f 2' do.", look_at_failure},
    {"journald-socket", "journald does not take the records, too", Level::kWarning,
     "Each record is copied to journald as well, which writes it to the journal and perhaps to syslog: auditing costs "
     "about three times as much, and the kernel logs each listener.",
     "Who listens to the multicast copies of the records (/proc/net/netlink, and whose the socket is), and how "
     "systemd-journald-audit.socket is set by its files.",
     look_at_journald},
    {"listeners", "who else takes copies of the records", Level::kNote,
     "Each one costs the kernel a copy of every record.",
     "Sockets in the audit multicast group that are neither nauditd's nor journald's.", look_at_listeners},
    {"boot-audit", "audit=1 on the kernel's command line", Level::kWarning,
     "Without it the kernel frees, uncounted, what it cannot send while nobody is registered, and processes that "
     "started before auditing make no system call events.",
     "/proc/cmdline. See docs/operations.md, Gaps.", look_at_boot_audit},
    {"boot-backlog", "audit_backlog_limit on the kernel's command line", Level::kWarning,
     "From boot until the audit daemon sets its limit the queue holds 64 records, and the rest is lost.",
     "/proc/cmdline. 8192 or more is well; so is 0, which is no limit.", look_at_boot_backlog},
    {"no-rules", "the kernel has rules", Level::kWarning, "No file and no system call is watched.",
     "The kernel's list of rules is empty. No rule is active that nobody chose: take a set into use.",
     look_at_no_rules},
    {"rules-missing", "the rules are those of the files", Level::kWarning,
     "What a missing rule would catch is not recorded.",
     "nauditd compares the kernel's rules with the rule files, and tells what it could not load.",
     look_at_missing_rules},
    {"rules-arch", "rules with system calls name the arch", Level::kWarning,
     "The kernel compares numbers: without arch, the same number is another call for 32-bit programs, which is missed "
     "or mistaken.",
     "Rules of the kernel's list 'exit' that name system calls and have no field arch. 'nauditctl rules check' names "
     "the file and line.",
     look_at_arch},
    {"noisy-key", "no key makes nearly all events", Level::kWarning,
     "It hides everything else, and costs the most of CPU, disk and network.",
     "nauditd counts the events of each key over the last minute: a key with 90 % of them, and at least one a second, "
     "is told.",
     look_at_noisy_key},
    {"sinks", "every sink delivers", Level::kCritical,
     "What a sink cannot deliver waits in its queue or spool, and is lost when that is full.",
     "nauditd's state of each sink, and its count of lost events, read twice (--interval): critical if it does not "
     "work, or is losing; a warning if it has lost since it was started.",
     look_at_sinks},
    {"disk", "room on the disks of logs and spools", Level::kCritical, "On a full disk nothing is recorded.",
     "Free bytes and inodes of the file systems on which file sinks, spools and the state are: less than 1 % is "
     "critical; less than 5 %, less than keep_free, or less than the log may still grow to, is a warning.",
     look_at_disk},
    {"permissions", "logs and state belong to root alone", Level::kWarning,
     "Who can write there can forge or remove events; nauditd refuses such paths, and then the sink does not work.",
     "Each folder and link on the way to the files that nauditd writes, and the files themselves: missing, writable or "
     "readable by others.",
     look_at_paths},
    {"clock", "the time is right", Level::kCritical,
     "Events with a wrong time cannot be put beside those of other machines.",
     "Whether the kernel was told that its clock is synchronised (adjtimex), whether the hardware clock is more than a "
     "minute off, and whether the latest event is stamped more than 2 s in the future.",
     look_at_clock},
    {"locked", "rules and settings can be changed", Level::kNote,
     "A changed rule file takes effect at the next boot only.",
     "'enabled' is 2: somebody has locked it on purpose ('-e 2').", look_at_lock},
    {"namespaces", "this is the host's pid and user namespace", Level::kCritical,
     "The kernel lets nobody control auditing from another pid or user namespace.",
     "The namespaces of doctor itself (/proc/self/ns).", look_at_namespaces},
    {"container", "this is no container", Level::kNote,
     "Auditing is the host's: its rules and events are those of all containers together, and paths in rules are "
     "resolved as the loader sees them.",
     "The marks that container managers leave (/run/systemd/container, /.dockerenv, /run/.containerenv, the variable "
     "'container' of process 1).",
     look_at_container},
    {"login-id", "this session has a login id", Level::kNote,
     "Rules commonly ask for 'auid >= 1000 and auid != unset', to tell people from services; such a session is like a "
     "service.",
     "/proc/self/loginuid. It is unset in containers, in cron jobs, in services, and where pam_loginuid is missing.",
     look_at_login_id},
};

}  // namespace

std::string_view level_text(Level level) noexcept {
  switch (level) {
    case Level::kNote:
      return "note";
    case Level::kWarning:
      return "warning";
    case Level::kCritical:
      return "critical";
  }
  return "";
}

Outcome Outcome::found(Level level, std::string what, std::vector<std::string> fix) {
  Outcome outcome;
  outcome.add(level, std::move(what), std::move(fix));
  return outcome;
}

Outcome Outcome::unknown(std::string why) {
  return {.result = Result::kUnknown, .why = std::move(why), .findings = {}};
}

Outcome Outcome::unrelated(std::string why) {
  return {.result = Result::kUnrelated, .why = std::move(why), .findings = {}};
}

void Outcome::add(Level level, std::string what, std::vector<std::string> fix) {
  result = Result::kFound;
  findings.push_back({level, std::move(what), std::move(fix)});
}

std::span<const Check> all_checks() {
  return kChecks;
}

const Check* find_check(std::string_view id) {
  const auto* const found = std::ranges::find(kChecks, id, &Check::id);
  return found == std::end(kChecks) ? nullptr : found;
}

}  // namespace naudit::ctl
