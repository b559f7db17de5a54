// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/registry.hpp"
#include "library/border.hpp"

const char* naudit_version(void) {
  return NAUDIT_VERSION;
}

const char* naudit_result_text(int result) {
  switch (result) {
    case NAUDIT_OK:
      return "success";
    case NAUDIT_ERROR_MEMORY:
      return "out of memory";
    case NAUDIT_ERROR_ARGUMENT:
      return "an argument that cannot be";
    case NAUDIT_ERROR_STATE:
      return "not possible now";
    case NAUDIT_ERROR_SYSTEM:
      return "the system refused";
    case NAUDIT_ERROR_INTERNAL:
      return "a fault of libnaudit";
    default:
      return "a result that libnaudit does not know";
  }
}

naudit_text naudit_format_name(size_t index) {
  const auto formats = naudit::formats::all_formats();
  return index < formats.size() ? naudit::library::text_of(formats[index].name) : naudit_text{nullptr, 0};
}
