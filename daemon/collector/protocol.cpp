// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/collector/protocol.hpp"

#include "config/vocabulary.hpp"
#include "daemon/collector/auditd_protocol.hpp"
#include "daemon/collector/stream_protocol.hpp"

namespace naudit::daemon {
namespace {

template <typename Type>
std::unique_ptr<Protocol> make(std::uint64_t max_line) {
  return std::make_unique<Type>(max_line);
}

struct Row {
  config::SourceType type;
  std::unique_ptr<Protocol> (*make)(std::uint64_t max_line);
};

constexpr Row kRows[] = {
    {config::SourceType::kAuditd, make<AuditdProtocol>},
    {config::SourceType::kStream, make<StreamProtocol>},
};
static_assert(std::size(kRows) == config::kSourceTypes.size());

}  // namespace

std::unique_ptr<Protocol> make_protocol(config::SourceType type, std::uint64_t max_line) {
  for (const Row& row : kRows)
    if (row.type == type) return row.make(max_line);
  return nullptr;
}

}  // namespace naudit::daemon
