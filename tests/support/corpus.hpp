// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

// Logs and rules that others wrote: those in tests/data/corpus, and a larger collection of the same form beside the
// repository where there is one (CMake says when there is none).
#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <vector>

namespace naudit::tests {

inline std::vector<std::filesystem::path> corpus_folders(const std::filesystem::path& kind) {
  std::vector<std::filesystem::path> folders{std::filesystem::path(NAUDIT_SOURCE_DIR "/tests/data/corpus") / kind};
  const std::filesystem::path larger = std::filesystem::path(NAUDIT_SOURCE_DIR "/../shared/corpus") / kind;
  if (std::filesystem::exists(larger)) folders.push_back(larger);
  return folders;
}

inline bool has_larger_corpus() {
  return corpus_folders("").size() > 1;
}

// Every file of a kind ("logs", "rules", "golden/auditctl-3.0.9") in a fixed order.
inline std::vector<std::filesystem::path> corpus_files(const std::filesystem::path& kind) {
  std::vector<std::filesystem::path> files;
  for (const std::filesystem::path& folder : corpus_folders(kind)) {
    const auto first = static_cast<std::ptrdiff_t>(files.size());
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
      if (entry.is_regular_file()) files.push_back(entry.path());
    std::sort(files.begin() + first, files.end());
  }
  return files;
}

// Rule files have other names than what stands beside them.
inline std::vector<std::filesystem::path> corpus_rules() {
  std::vector<std::filesystem::path> files = corpus_files("rules");
  std::erase_if(files, [](const std::filesystem::path& file) {
    return file.extension() != ".rules" && file.extension() != ".conf" && file.extension() != ".txt";
  });
  return files;
}

}  // namespace naudit::tests
