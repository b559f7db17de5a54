// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/control/answer.hpp"

#include "base/json.hpp"

namespace naudit::daemon {

std::string ok_answer() {
  return "{\"ok\":true}\n";
}

std::string ok_answer(std::string_view name, std::string_view json) {
  base::JsonWriter out;
  out.begin_object();
  out.member("ok", true);
  out.key(name);
  out.raw_value(json);
  out.end_object();
  return out.take() + '\n';
}

std::string error_answer(std::string_view text) {
  base::JsonWriter out;
  out.begin_object();
  out.member("ok", false);
  out.member("error", text);
  out.end_object();
  return out.take() + '\n';
}

}  // namespace naudit::daemon
