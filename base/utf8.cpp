// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "base/utf8.hpp"

#include <rapidjson/encodings.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/stringbuffer.h>

namespace naudit::base {

std::string valid_utf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    rapidjson::MemoryStream in(text.data(), text.size());
    rapidjson::StringBuffer unused;
    if (rapidjson::UTF8<>::Validate(in, unused) && in.Tell() <= text.size()) {
      out += text.substr(0, in.Tell());
      text.remove_prefix(in.Tell());
    } else {
      out += "\xEF\xBF\xBD";
      text.remove_prefix(1);
    }
  }
  return out;
}

}  // namespace naudit::base
