// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/object_of_mac.hpp"

#include "interpret/summary/object_of_call.hpp"
#include "interpret/summary/paths.hpp"
#include "tables/record_types.hpp"

namespace naudit::interpret {
namespace {

namespace field = tables::field;

// SELinux's classes (security/selinux/include/classmap.h); sockets of all families end alike.
ObjectKind kind_of_class(std::string_view name) noexcept {
  if (name == "file") return ObjectKind::kFile;
  if (name == "dir") return ObjectKind::kDirectory;
  if (name == "lnk_file") return ObjectKind::kSymlink;
  if (name == "chr_file") return ObjectKind::kCharacterDevice;
  if (name == "blk_file") return ObjectKind::kBlockDevice;
  if (name == "fifo_file") return ObjectKind::kFifo;
  if (name == "sock_file" || name.ends_with("socket")) return ObjectKind::kSocket;
  if (name == "filesystem") return ObjectKind::kFileSystem;
  if (name == "process" || name == "process2" || name.starts_with("cap")) return ObjectKind::kProcess;
  if (name == "security") return ObjectKind::kSecurityPolicy;
  if (name == "system") return ObjectKind::kSystem;
  if (name == "service") return ObjectKind::kService;
  if (name == "memprotect") return ObjectKind::kMemory;
  if (name == "key") return ObjectKind::kKey;
  if (name == "fd") return ObjectKind::kDescriptor;
  if (name == "anon_inode" || name == "memfd_file") return ObjectKind::kFile;
  if (name == "shm" || name == "sem" || name == "msg" || name == "msgq" || name == "ipc") return ObjectKind::kMemory;
  if (name == "peer" || name == "packet" || name == "node" || name == "netif" || name == "association")
    return ObjectKind::kSocket;
  if (name == "dbus" || name == "binder") return ObjectKind::kProcess;  // whoever the message goes to
  if (name == "passwd") return ObjectKind::kAccount;
  if (name == "bpf") return ObjectKind::kBpf;
  return ObjectKind::kUnknown;
}

// What a module decided, in the words of the summary.
enum class Verdict { kNone, kDenied, kGranted, kWouldDeny };

void decide(const Scene& scene, const RecordFields& fields, Verdict verdict, bool claimed) {
  Summary& summary = fields.summary();
  if (verdict == Verdict::kNone) {
    // Nothing says that there was an access.
    if (summary.action == "accessed-mac-policy-controlled-object") summary.action = "reported-mac-event";
    return;
  }
  const bool is_access = summary.action.starts_with("accessed-") || summary.action.starts_with("reported-");
  const auto tell = [&](std::string_view decision, std::string_view verb) {
    summary.add({.part = Part::kDecision, .claimed = claimed, .text = decision});
    if (!is_access) return;
    summary.action = verb;
    summary.kind = EventKind::kMacDecision;
  };
  if (verdict == Verdict::kDenied) tell("denied", "was-denied");
  if (verdict == Verdict::kGranted) tell("granted", "was-granted");
  if (verdict == Verdict::kWouldDeny) {
    tell("would-deny", "would-be-denied");
    summary.add({.part = Part::kPermissive, .claimed = claimed});
    return;
  }
  // The call's own result is what came of it; without one the decision is all there is. What was only recorded says
  // nothing of what came of it.
  if (scene.call != nullptr || summary.success) return;
  summary.success = verdict == Verdict::kGranted;
  if (claimed) summary.claimed |= claim::kOutcome;
}

bool is_about_file(ObjectKind kind) noexcept {
  return kind != ObjectKind::kSocket && kind != ObjectKind::kProcess && kind != ObjectKind::kMemory;
}

// A call names a file, and what was refused may be a directory on the way to it.
void take_place_of_call(const Scene& scene, const RecordFields& fields) {
  Summary& summary = fields.summary();
  const ObjectKind kind = summary.object_kind;
  if (scene.path == nullptr || !is_about_file(kind)) return;
  bool claimed = false;
  const Field* const inode = fields.find(field::kIno, claimed);
  const Field* const name = fields.find(field::kName, claimed);
  if (inode != nullptr)
    take_file_of_inode(scene, inode->value, summary);
  else if (name == nullptr || is_file_called(scene, *name))
    take_file(scene, {.act = Act::kFile}, summary);
  if (kind != ObjectKind::kUnknown) fields.set_kind(kind);
}

// Says where: the record itself, else its AVC_PATH, else the event's PATH records; else there is the last name alone.
void take_place(const Scene& scene, const RecordFields& fields) {
  if (fields.add(Part::kPath, {field::kPath})) return;
  if (scene.avc_path != nullptr) {
    const RecordFields companion(scene.event, *scene.avc_path, fields.summary());
    if (companion.add(Part::kPath, {field::kPath})) return;
  }
  take_place_of_call(scene, fields);
  if (fields.summary().find(Part::kPath) == nullptr) fields.add(Part::kName, {field::kName});
}

// The kernel knows both ends of a connection, or one of them.
void take_peer(const RecordFields& fields) {
  const bool is_far = fields.add(Part::kAddress, {field::kFaddr, field::kDaddr, field::kPeerAddr});
  const bool has_port = fields.add(Part::kPort, {field::kFport, field::kDest, field::kDport, field::kPortNum});
  // AppArmor's word for a socket that has no address.
  if (!fields.is(field::kAddr, "none"))
    fields.add(is_far ? Part::kSourceAddress : Part::kAddress, {field::kLaddr, field::kSaddr, field::kAddr});
  fields.add(has_port ? Part::kSourcePort : Part::kPort, {field::kLport, field::kSrc, field::kSport});
  // The numbers of protocols are those of IP; sockets of other families have their own.
  const std::string_view family = fields.value(field::kFamily);
  if (family.empty() || family.starts_with("inet")) fields.add(Part::kProtocol, {field::kProtocol});
  fields.add(Part::kFamily, {field::kFamily});
  fields.add(Part::kNetif, {field::kNetif});
}

// Without a whole path the number is what a file can be found by.
void take_unnamed_inode(const RecordFields& fields) {
  const ObjectPart* const path = fields.summary().find(Part::kPath);
  if (path != nullptr || fields.summary().find(Part::kInode) != nullptr) return;
  fields.add(Part::kDevice, {field::kDev});
  fields.add(Part::kInode, {field::kIno});
}

// Records of AppArmor's own types say by the type what those of SELinux's type say by apparmor=.
std::string_view apparmor_word(const RecordFields& fields) {
  const std::string_view word = fields.value(field::kApparmor);
  if (!word.empty()) return word;
  switch (fields.record().type) {
    case tables::type::kApparmorAudit:
      return "AUDIT";
    case tables::type::kApparmorAllowed:
      return "ALLOWED";
    case tables::type::kApparmorDenied:
      return "DENIED";
    case tables::type::kApparmorStatus:
      return "STATUS";
    case tables::type::kApparmorKill:
      return "KILLED";
    default:
      return {};
  }
}

void take_apparmor_status(const RecordFields& fields) {
  Summary& summary = fields.summary();
  const std::string_view operation = fields.value(field::kOperation);
  summary.kind = EventKind::kMac;
  summary.object_kind = ObjectKind::kSecurityPolicy;
  fields.set_verb("changed-apparmor-status");
  if (operation == "profile_load") fields.set_verb("loaded-apparmor-profile");
  if (operation == "profile_replace") fields.set_verb("replaced-apparmor-profile");
  if (operation == "profile_remove") fields.set_verb("removed-apparmor-profile");
  // security/apparmor/policy.c, aa_replace_profiles(): one that is there already is left as it is.
  if (fields.value(field::kInfo) == "same as current profile, skipping") fields.set_verb("kept-apparmor-profile");
  // security/apparmor/audit.c, audit_pre(): written where it is not 0 only.
  if (const std::string_view error = fields.value(field::kError); !error.empty() && error != "0")
    summary.success = false;
}

void take_apparmor_object(const RecordFields& fields) {
  Summary& summary = fields.summary();
  const std::string_view operation = fields.value(field::kOperation);
  bool claimed = false;
  const Field* const name = fields.find(field::kName, claimed);
  if (operation.find("ptrace") != std::string_view::npos || operation.find("signal") != std::string_view::npos) {
    summary.object_kind = ObjectKind::kProcess;
    fields.add(Part::kName, {field::kPeer, field::kPeerProfile});
    fields.add(Part::kLabel, {field::kPeer, field::kPeerProfile});
  } else if (name != nullptr && is_absolute(*name)) {
    summary.object_kind = ObjectKind::kFile;
    fields.add(Part::kPath, {field::kName});
  } else if (operation == "capable") {
    summary.object_kind = ObjectKind::kProcess;
  } else if (!fields.value(field::kSockType).empty() || !fields.value(field::kFamily).empty()) {
    summary.object_kind = ObjectKind::kSocket;
    take_peer(fields);
    fields.add(Part::kLabel, {field::kPeer});
  } else if (name != nullptr) {
    summary.object_kind = ObjectKind::kUnknown;
    fields.add(Part::kName, {field::kName});
  }
}

Verdict apparmor_verdict(std::string_view word) noexcept {
  if (word == "DENIED" || word == "KILLED") return Verdict::kDenied;
  if (word == "AUDIT") return Verdict::kGranted;
  return word == "ALLOWED" ? Verdict::kWouldDeny : Verdict::kNone;
}

void take_apparmor_decision(const Scene& scene, const RecordFields& fields) {
  bool claimed = false;
  if (fields.find(field::kApparmor, claimed) == nullptr) claimed = false;
  decide(scene, fields, apparmor_verdict(apparmor_word(fields)), claimed);
}

void take_landlock_kind(const RecordFields& fields) {
  const std::string_view blockers = fields.value(field::kBlockers);
  if (blockers.starts_with("fs.")) fields.set_kind(ObjectKind::kFile);
  if (blockers.starts_with("net.")) fields.set_kind(ObjectKind::kSocket);
  if (blockers.starts_with("scope.") || blockers.starts_with("ptrace")) fields.set_kind(ObjectKind::kProcess);
}

void take_ipe_decision(const Scene& scene, const RecordFields& fields) {
  const std::string_view rule = fields.value(field::kRule);
  Verdict verdict = Verdict::kNone;
  if (rule.find("action=ALLOW") != std::string_view::npos) verdict = Verdict::kGranted;
  if (rule.find("action=DENY") != std::string_view::npos)
    verdict = fields.is(field::kEnforcing, "0") ? Verdict::kWouldDeny : Verdict::kDenied;
  decide(scene, fields, verdict, false);
}

void take_smack_kind(const RecordFields& fields) {
  ObjectKind kind = ObjectKind::kFile;
  if (!fields.value(field::kOpid).empty()) kind = ObjectKind::kProcess;
  for (const tables::FieldId id :
       {field::kFaddr, field::kDaddr, field::kLaddr, field::kSaddr, field::kDest, field::kSrc})
    if (!fields.value(id).empty()) kind = ObjectKind::kSocket;
  if (!fields.value(field::kKeySerial).empty()) kind = ObjectKind::kKey;
  fields.set_kind(kind);
}

// In bring-up mode the kernel lets pass what the rules refuse and marks it (security/smack/smack_access.c, smack_log).
void take_smack_decision(const Scene& scene, const RecordFields& fields) {
  const std::string_view requested = fields.value(field::kRequested);
  Verdict verdict = Verdict::kNone;
  if (fields.is(field::kAction, "denied")) verdict = Verdict::kDenied;
  if (fields.is(field::kAction, "granted"))
    verdict = requested.ends_with("(US)") || requested.ends_with("(UO)") ? Verdict::kWouldDeny : Verdict::kGranted;
  decide(scene, fields, verdict, false);
}

void take_avc_permissions(const RecordFields& fields) {
  const Tokens& tokens = fields.record().tokens;
  if (tokens.avc_permissions.empty()) return;
  fields.summary().add({.part = Part::kPermissions, .claimed = tokens.avc_in_claim, .text = tokens.avc_permissions});
}

void take_avc_decision(const Scene& scene, const RecordFields& fields) {
  const Tokens& tokens = fields.record().tokens;
  bool claimed = tokens.avc_in_claim;
  std::string_view word = tokens.avc_result;
  if (word.empty()) {
    const Field* const result = fields.find(field::kSeresult, claimed);
    if (result != nullptr) word = result->value;
  }
  Verdict verdict = Verdict::kNone;
  if (word == "denied") verdict = fields.is(field::kPermissive, "1") ? Verdict::kWouldDeny : Verdict::kDenied;
  if (word == "granted") verdict = Verdict::kGranted;
  decide(scene, fields, verdict, claimed);
}

void take_class_kind(const RecordFields& fields) {
  const std::string_view tclass = fields.value(field::kTclass);
  if (!tclass.empty()) fields.set_kind(kind_of_class(tclass));
}

void take_manager_kind(const RecordFields& fields) {
  take_class_kind(fields);
  if (fields.value(field::kOperation).starts_with("dbus_")) fields.set_kind(ObjectKind::kProcess);
}

// libselinux tells whoever asks it that a policy was loaded, or that the mode has changed, in the records of decisions
// ("avc:  received setenforce notice (enforcing=0)") or in those of its own types ("avc:  op=setenforce lsm=selinux").
enum class Notice { kNone, kPolicy, kMode };

Notice notice_of(std::string_view words, std::string_view op) noexcept {
  if (words.find("policyload notice") != std::string_view::npos || op == "load_policy") return Notice::kPolicy;
  if (words.find("setenforce notice") != std::string_view::npos || op == "setenforce") return Notice::kMode;
  return Notice::kNone;
}

void take_notice(const RecordFields& fields) {
  const Tokens& tokens = fields.record().tokens;
  Notice notice = notice_of(tokens.claim_words, fields.value(field::kOp));
  if (fields.record().type == tables::type::kUserMacPolicyLoad) notice = Notice::kPolicy;
  if (fields.record().type == tables::type::kUserMacStatus) notice = Notice::kMode;
  fields.set_verb(notice == Notice::kPolicy ? "received-policy-load-notice" : "received-enforcement-notice");
  fields.set_kind(ObjectKind::kSecurityPolicy);
  fields.summary().kind = EventKind::kMac;
  fields.add(Part::kVersion, {field::kSeqno});
  fields.add(Part::kOld, {field::kOldEnforcing});
  fields.add(Part::kNew, {field::kEnforcing});
}

}  // namespace

Shape speaking_module(const Scene& scene, Shape shape) noexcept {
  if (shape != Shape::kMac && shape != Shape::kManager && shape != Shape::kApparmor) return shape;
  const DecodedRecord& record = *scene.headline;
  const Field* apparmor = scene.event.find(record, field::kApparmor);
  if (apparmor == nullptr) apparmor = scene.event.find_claim(record, field::kApparmor);
  if (shape == Shape::kManager) {
    if (apparmor != nullptr) return Shape::kManagerApparmor;
    const Field* const op = scene.event.find_claim(record, field::kOp);
    const bool is_notice = notice_of(record.tokens.claim_words, op == nullptr ? "" : op->value) != Notice::kNone;
    return is_notice ? Shape::kNotice : Shape::kManager;
  }
  if (apparmor != nullptr) return apparmor->value == "STATUS" ? Shape::kApparmorStatus : Shape::kApparmor;
  if (shape == Shape::kApparmor) return shape;
  const Field* const module = scene.event.find(record, field::kLsm);
  return module != nullptr && module->value == "SMACK" ? Shape::kSmack : Shape::kSelinux;
}

bool apply_mac_rule(Rule rule, const Scene& scene, const RecordFields& fields) noexcept {
  switch (rule) {
    case Rule::kClassKind:
      take_class_kind(fields);
      return true;
    case Rule::kPlace:
      take_place(scene, fields);
      return true;
    case Rule::kUnnamedInode:
      take_unnamed_inode(fields);
      return true;
    case Rule::kPeer:
      take_peer(fields);
      return true;
    case Rule::kAvcPermissions:
      take_avc_permissions(fields);
      return true;
    case Rule::kAvcDecision:
      take_avc_decision(scene, fields);
      return true;
    case Rule::kApparmorObject:
      take_apparmor_object(fields);
      return true;
    case Rule::kApparmorCapability:
      if (fields.is(field::kOperation, "capable") && fields.summary().find(Part::kPermissions) == nullptr)
        fields.add(Part::kPermissions, {field::kName});
      return true;
    case Rule::kApparmorDecision:
      take_apparmor_decision(scene, fields);
      return true;
    case Rule::kApparmorStatus:
      take_apparmor_status(fields);
      return true;
    case Rule::kLandlockKind:
      take_landlock_kind(fields);
      return true;
    case Rule::kLandlockDecision:
      decide(scene, fields, Verdict::kDenied, false);
      return true;
    case Rule::kIpeDecision:
      take_ipe_decision(scene, fields);
      return true;
    case Rule::kSmackKind:
      take_smack_kind(fields);
      return true;
    case Rule::kSmackDecision:
      take_smack_decision(scene, fields);
      return true;
    case Rule::kManagerKind:
      take_manager_kind(fields);
      return true;
    case Rule::kManagerNotice:
      take_notice(fields);
      return true;
    default:
      return false;
  }
}

}  // namespace naudit::interpret
