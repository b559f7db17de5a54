// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/scene.hpp"

#include "tables/record_types.hpp"

namespace naudit::interpret {

namespace type = tables::type;

Scene::Scene(const DecodedEvent& of) noexcept : event(of) {
  const auto first = [](const DecodedRecord*& place, const DecodedRecord& record) {
    if (place == nullptr) place = &record;
  };
  for (const DecodedRecord& record : event.records()) {
    switch (record.type) {
      case type::kSyscall:
        if (call == nullptr || is_uring) call = &record;
        is_uring = false;
        break;
      case type::kUringop:
        if (call == nullptr) {
          call = &record;
          is_uring = true;
        }
        break;
      case type::kPath:
        first(path, record);
        break;
      case type::kSockaddr:
        first(sockaddr, record);
        break;
      case type::kObjPid:
        first(process, record);
        ++processes;
        break;
      case type::kExecve:
        first(execve, record);
        break;
      case type::kProctitle:
        first(proctitle, record);
        break;
      case type::kKernModule:
        first(module, record);
        break;
      case type::kSocketcall:
        first(socketcall, record);
        break;
      case type::kAvcPath:
        first(avc_path, record);
        break;
      case type::kOpenat2:
        first(open_how, record);
        break;
      default:
        if (headline == nullptr && !tables::record_traits(record.type).auxiliary) headline = &record;
        break;
    }
  }
  if (call == nullptr && headline == nullptr && !event.records().empty()) headline = &event.records().front();
}

std::optional<std::uint64_t> Scene::argument(int index) const noexcept {
  std::uint64_t value = 0;
  if (index < 0 || index > 3 || arguments[static_cast<std::size_t>(index)] == nullptr) return std::nullopt;
  if (!parse_hex(arguments[static_cast<std::size_t>(index)]->value, value)) return std::nullopt;
  return value;
}

}  // namespace naudit::interpret
