// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/plan/call_plan.hpp"

#include <iterator>

namespace naudit::interpret {
namespace {

using enum From;

// In the order of From.
constexpr FromInfo kFroms[] = {
    {"is of this kind"},
    {"`path` of PATH (CREATE, else DELETE, else NORMAL), or `inode` and `device`; the kind is the file's mode"},
    {"`path` of PATH, if there is one"},
    {"`path` of PATH item 0; the kind is the file's mode"},
    {"`path` of PATH NORMAL, the mount point; the kind is its mode"},
    {"`source` of the other PATH NORMAL"},
    {"`old_path` of PATH DELETE, the lowest item"},
    {"`old_path` of PATH NORMAL"},
    {"`target` of PATH UNKNOWN"},
    {"`target` of the second PATH NORMAL"},
    {"`path` is `exe`, after success and without PATH records"},
    {"`created` where PATH says CREATE"},
    {"`access` of the flags in %a"},
    {"`access` of `oflag` of OPENAT2"},
    {"`access` is write"},
    {"`mode` is %a"},
    {"`%p` is %a; −1 is none"},
    {"the kind is the type in %a"},
    {"`address` of SOCKADDR"},
    {"`pid`, `name`, `pids` of OBJ_PID"},
    {"else `pid` is %a"},
    {"`name` and `pid` of the caller"},
    {"0 in %a is the caller"},
    {"`signal` is %a"},
    {"`pid` is `exit`"},
    {"`%p` is %a, else a0; −1 is none"},
    {"`name` of KERN_MODULE"},
    {"`address` of SOCKADDR, else `pid` and `name` of OBJ_PID, else `path` of PATH, else of AVC_PATH"},
};
static_assert(std::size(kFroms) == static_cast<std::size_t>(kLast));

constexpr CallStep kind(ObjectKind kind) {
  return {.from = kKind, .kind = kind};
}

constexpr CallStep kOtherSteps[] = {{kWhateverIsTold}};
constexpr CallStep kFileSteps[] = {{kFile}};
constexpr CallStep kOpenSteps[] = {{kFile}, {kCreated}, {kOpenFlags, Part::kAccess, kOfDetail}};
constexpr CallStep kOpenHowSteps[] = {{kFile}, {kCreated}, {kOpenHowFlags}};
constexpr CallStep kCreateSteps[] = {{kFile}, {kCreated}, {kForWriting}};
constexpr CallStep kExecSteps[] = {{kFirstFile}, {kExe}};
constexpr CallStep kRenameSteps[] = {{kFile}, {kDeletedName}};
constexpr CallStep kLinkSteps[] = {{kFile}, {kLinkedName}};
constexpr CallStep kSymlinkSteps[] = {{kFile}, {kLinkText}};
constexpr CallStep kMountSteps[] = {{kMountPoint}, {kMountSource}};
constexpr CallStep kRootSteps[] = {{kFile}, {kSecondFile}};
constexpr CallStep kModeSteps[] = {{kFile}, {kModeBits, Part::kMode, kOfDetail}};
constexpr CallStep kOwnerSteps[] = {
    {kFile}, {kUserOrGroup, Part::kOwner, kOfDetail}, {kUserOrGroup, Part::kOwnerGroup, kBehindDetail}};
constexpr CallStep kNodeSteps[] = {{kFile}, {kNodeType, Part::kLast, kOfDetail}};
constexpr CallStep kSocketSteps[] = {kind(ObjectKind::kSocket), {kSockaddr}};
constexpr CallStep kSignalSteps[] = {kind(ObjectKind::kProcess),
                                     {kProcesses},
                                     {kPidElse, Part::kPid, kBeforeDetail},
                                     {kSignalNumber, Part::kSignal, kOfDetail}};
constexpr CallStep kSignalOfDescriptorSteps[] = {
    kind(ObjectKind::kProcess), {kProcesses}, {kSignalNumber, Part::kSignal, kOfDetail}};
constexpr CallStep kProcessSteps[] = {kind(ObjectKind::kProcess),
                                      {kProcesses},
                                      {kPidElse, Part::kPid, kOfDetail},
                                      {kCallerIfZero, Part::kPid, kOfDetail}};
constexpr CallStep kTraceSteps[] = {kind(ObjectKind::kProcess), {kProcesses}, {kPidElse, Part::kPid, kOfDetail}};
constexpr CallStep kForkSteps[] = {kind(ObjectKind::kProcess), {kChild}};
constexpr CallStep kSelfSteps[] = {kind(ObjectKind::kProcess), {kCaller}};
constexpr CallStep kUserSteps[] = {kind(ObjectKind::kProcess), {kCaller}, {kEffectiveId, Part::kNewId, kOfDetail}};
constexpr CallStep kGroupSteps[] = {
    kind(ObjectKind::kProcess), {kCaller}, {kEffectiveId, Part::kNewGroupId, kOfDetail}};
constexpr CallStep kMemorySteps[] = {kind(ObjectKind::kMemory), {kCaller}};
constexpr CallStep kModuleSteps[] = {{kModuleName}, {kFileIfAny}, kind(ObjectKind::kKernelModule)};
constexpr CallStep kBpfSteps[] = {kind(ObjectKind::kBpf), {kFileIfAny}};
constexpr CallStep kSystemSteps[] = {kind(ObjectKind::kSystem)};
constexpr CallStep kSecuritySteps[] = {kind(ObjectKind::kSecurityModules)};

// In the order of Act.
constexpr CallPlan kPlans[] = {
    {"other", kOtherSteps},
    {"file", kFileSteps},
    {"open", kOpenSteps},
    {"open-how", kOpenHowSteps},
    {"create", kCreateSteps},
    {"exec", kExecSteps},
    {"rename", kRenameSteps},
    {"link", kLinkSteps},
    {"symlink", kSymlinkSteps},
    {"mount", kMountSteps},
    {"root", kRootSteps},
    {"mode", kModeSteps},
    {"owner", kOwnerSteps},
    {"node", kNodeSteps},
    {"socket", kSocketSteps},
    {"signal", kSignalSteps},
    {"signal-of-descriptor", kSignalOfDescriptorSteps},
    {"process", kProcessSteps},
    {"trace", kTraceSteps},
    {"fork", kForkSteps},
    {"self", kSelfSteps},
    {"user", kUserSteps},
    {"group", kGroupSteps},
    {"memory", kMemorySteps},
    {"module", kModuleSteps},
    {"bpf", kBpfSteps},
    {"system", kSystemSteps},
    {"security", kSecuritySteps},
    {"socketcall", kSocketSteps},
};
static_assert(std::size(kPlans) == static_cast<std::size_t>(Act::kSocketcall) + 1);

}  // namespace

const FromInfo& from_info(From from) noexcept {
  return kFroms[static_cast<std::size_t>(from)];
}

int argument_of(const CallStep& step, const CallAction& action) noexcept {
  if (step.argument >= kNoArgument) return step.argument;
  if (action.detail < 0) return -1;
  return step.argument == kOfDetail       ? action.detail
         : step.argument == kBehindDetail ? action.detail + 1
                                          : action.detail - 1;
}

const CallPlan& call_plan(Act act) noexcept {
  return kPlans[static_cast<std::size_t>(act)];
}

}  // namespace naudit::interpret
