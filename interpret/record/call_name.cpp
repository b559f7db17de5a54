// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/record/call_name.hpp"

#include <cstdint>

#include "tables/record_types.hpp"
#include "tables/subcalls.hpp"
#include "tables/syscalls.hpp"

namespace naudit::interpret {

namespace field = tables::field;
namespace type = tables::type;

const DecodedRecord* call_record(const DecodedEvent& event) noexcept {
  const DecodedRecord* const call = event.find(type::kSyscall);
  return call != nullptr ? call : event.find(type::kUringop);
}

std::string_view call_name(const DecodedEvent& event) noexcept {
  const DecodedRecord* const call = call_record(event);
  if (call == nullptr) return {};
  if (call->type == type::kUringop) {
    std::uint32_t number = 0;
    const Field* const operation = event.find(*call, field::kUringOp);
    if (operation == nullptr || !parse_decimal(operation->value, number)) return {};
    return tables::uring_op_name(number);
  }
  if (!event.arch() || !event.syscall()) return {};
  const std::string_view name = tables::syscall_name(*event.arch(), *event.syscall());
  std::uint64_t first = 0;
  const Field* const argument = event.find(*call, field::kA0);
  if (argument == nullptr || !parse_hex(argument->value, first)) first = 0;
  const std::string_view behind = tables::subcall_name(name, first);
  return behind.empty() ? name : behind;
}

}  // namespace naudit::interpret
