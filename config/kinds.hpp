// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string_view>
#include <vector>

#include "config/option.hpp"

namespace naudit::config {

// A type of sink, as the configuration sees it.
struct SinkKind {
  std::string_view name;  // `type: file`
  std::string_view help;  // whole sentences
  OptionTable options;
  bool takes_binary = false;     // formats whose events are no lines
  std::string_view format = {};  // unless it is chosen; empty: that of all sinks
};

// A format, as the configuration sees it. Its options stand in a map of the format's name: `mozdef: {…}`.
struct FormatKind {
  std::string_view name;
  std::string_view help;  // without an end, as in a list
  OptionTable options;
  bool one_event_a_request = false;  // unless the sink says otherwise
  bool binary = false;               // its events are no lines
};

// Everything that a sink may be. config/ stands below the folders that know it, so the loader is given it
// (output/sinks/kinds.hpp has the product's). Immutable; any thread.
struct Kinds {
  std::vector<SinkKind> sinks;
  std::vector<FormatKind> formats;
  std::string_view default_sinks = "[]";  // YAML: what `sinks:` is when the file has none

  // Null if there is none of that name.
  [[nodiscard]] const SinkKind* sink(std::string_view name) const;
  [[nodiscard]] const FormatKind* format(std::string_view name) const;
};

}  // namespace naudit::config
