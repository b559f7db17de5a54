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
  if (name == "bpf") return ObjectKind::kBpf;
  return ObjectKind::kUnknown;
}

void decide(const Scene& scene, const RecordFields& fields, std::string_view decision, bool success, bool claimed) {
  fields.summary().add({.part = Part::kDecision, .claimed = claimed, .text = decision});
  // The call's own result is what came of it; without one the decision is all there is.
  if (scene.call == nullptr && !fields.summary().success) {
    fields.summary().success = success;
    if (claimed) fields.summary().claimed |= claim::kOutcome;
  }
}

// Says where: the record itself, else the event's PATH, SOCKADDR or OBJ_PID.
void take_place(const Scene& scene, const RecordFields& fields) {
  if (fields.add(Part::kPath, field::kPath)) return;
  const ObjectKind kind = fields.summary().object_kind;
  if (scene.path != nullptr && kind != ObjectKind::kSocket && kind != ObjectKind::kProcess) {
    take_file(scene, {.act = Act::kFile}, fields.summary());
    if (kind != ObjectKind::kUnknown) fields.set_kind(kind);
  }
}

void take_peer(const RecordFields& fields) {
  fields.add(Part::kAddress, {field::kFaddr, field::kDaddr, field::kLaddr});
  fields.add(Part::kPort, {field::kFport, field::kDport, field::kDst, field::kLport, field::kSrc, field::kSport});
}

// Records of AppArmor's own types say by the type what those of SELinux's type say by apparmor=.
std::string_view apparmor_word(std::uint16_t type) {
  switch (type) {
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

void take_apparmor(const Scene& scene, const RecordFields& fields, std::string_view what) {
  Summary& summary = fields.summary();
  const std::string_view operation = fields.value(field::kOperation);
  if (what == "STATUS") {
    summary.kind = EventKind::kMac;
    summary.object_kind = ObjectKind::kSecurityPolicy;
    if (operation == "profile_load") fields.set_verb("loaded-apparmor-profile");
    if (operation == "profile_replace") fields.set_verb("replaced-apparmor-profile");
    if (operation == "profile_remove") fields.set_verb("removed-apparmor-profile");
    fields.add(Part::kName, field::kName);
    fields.add(Part::kOperation, field::kOperation);
    return;
  }
  bool claimed = false;
  const Field* const name = fields.find(field::kName, claimed);
  if (operation.find("ptrace") != std::string_view::npos || operation.find("signal") != std::string_view::npos) {
    summary.object_kind = ObjectKind::kProcess;
    fields.add(Part::kName, {field::kPeer, field::kPeerProfile});
  } else if (name != nullptr && is_absolute(*name)) {
    summary.object_kind = ObjectKind::kFile;
    fields.add(Part::kPath, field::kName);
  } else if (operation == "capable") {
    summary.object_kind = ObjectKind::kProcess;
  } else if (!fields.value(field::kSockType).empty() || !fields.value(field::kFamily).empty()) {
    summary.object_kind = ObjectKind::kSocket;
    take_peer(fields);
  } else if (name != nullptr) {
    summary.object_kind = ObjectKind::kUnknown;
    fields.add(Part::kName, field::kName);
  }
  const bool rights = fields.add(Part::kPermissions, {field::kCapname, field::kDeniedMask, field::kRequestedMask,
                                                      field::kDenied, field::kRequested, field::kMask});
  // The capability itself, where it stands in the place of a name.
  if (!rights && operation == "capable") fields.add(Part::kPermissions, field::kName);
  fields.add(Part::kOperation, field::kOperation);
  fields.add(Part::kProfile, field::kProfile);
  if (what == "DENIED" || what == "KILLED") decide(scene, fields, "denied", false, false);
  if (what == "ALLOWED" || what == "AUDIT") decide(scene, fields, "allowed", true, false);
}

void take_landlock(const Scene& scene, const RecordFields& fields) {
  const std::string_view blockers = fields.value(field::kBlockers);
  if (blockers.starts_with("fs.")) fields.set_kind(ObjectKind::kFile);
  if (blockers.starts_with("net.")) fields.set_kind(ObjectKind::kSocket);
  if (blockers.starts_with("scope.") || blockers.starts_with("ptrace")) fields.set_kind(ObjectKind::kProcess);
  take_place(scene, fields);
  fields.add(Part::kPid, field::kOpid);
  fields.add(Part::kName, field::kOcomm);
  take_peer(fields);
  fields.add(Part::kPermissions, field::kBlockers);
  decide(scene, fields, "denied", false, false);
}

void take_ipe(const Scene& scene, const RecordFields& fields) {
  take_place(scene, fields);
  fields.add(Part::kPermissions, field::kIpeOp);
  fields.add(Part::kReason, field::kRule);
  const std::string_view rule = fields.value(field::kRule);
  const bool denied = rule.find("action=DENY") != std::string_view::npos;
  if (denied) decide(scene, fields, "denied", fields.is(field::kEnforcing, "0"), false);
}

void take_selinux(const Scene& scene, const RecordFields& fields) {
  const Tokens& tokens = fields.record().tokens;
  const std::string_view tclass = fields.value(field::kTclass);
  if (!tclass.empty()) fields.set_kind(kind_of_class(tclass));
  take_place(scene, fields);
  if (fields.summary().find(Part::kPath) == nullptr) fields.add(Part::kName, field::kName);
  if (fields.summary().object_kind == ObjectKind::kSocket) take_peer(fields);
  if (!tokens.avc_permissions.empty())
    fields.summary().add({.part = Part::kPermissions, .claimed = tokens.avc_in_claim, .text = tokens.avc_permissions});
  fields.add(Part::kClass, field::kTclass);
  fields.add(Part::kLabel, field::kTcontext);
  if (tokens.avc_result == "denied")
    decide(scene, fields, "denied", fields.is(field::kPermissive, "1"), tokens.avc_in_claim);
  else if (tokens.avc_result == "granted")
    decide(scene, fields, "granted", true, tokens.avc_in_claim);
}

}  // namespace

void take_mac_decision(const Scene& scene, const RecordFields& fields) noexcept {
  bool claimed = false;
  const Field* const apparmor = fields.find(field::kApparmor, claimed);
  const std::uint16_t type = fields.record().type;
  if (apparmor != nullptr)
    take_apparmor(scene, fields, apparmor->value);
  else if (tables::record_traits(type).category == tables::RecordCategory::kApparmor)
    take_apparmor(scene, fields, apparmor_word(type));
  else if (type == tables::type::kLandlockAccess)
    take_landlock(scene, fields);
  else if (type == tables::type::kIpeAccess)
    take_ipe(scene, fields);
  else
    take_selinux(scene, fields);
}

}  // namespace naudit::interpret
