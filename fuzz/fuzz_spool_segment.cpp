// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// A segment of a spool, as a damaged disk or somebody else may have left it: it is read to its end, its blocks are
// unpacked, and each frame found is one that could have been written.
#include <sys/stat.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "output/batch.hpp"
#include "output/spool/batch_codec.hpp"
#include "output/spool/segment_file.hpp"
#include "output/spool/segment_reader.hpp"

namespace {

class Memory : public naudit::output::Disk {
 public:
  explicit Memory(std::string_view bytes) : bytes_(bytes) {}
  int open(const std::string& /*path*/, int /*flags*/, mode_t /*mode*/) override { return 1; }
  int close(int /*fd*/) override { return 0; }
  int fstat(int /*fd*/, struct stat* status) override {
    *status = {};
    status->st_mode = S_IFREG;
    status->st_size = static_cast<off_t>(bytes_.size());
    return 0;
  }
  ssize_t pread(int /*fd*/, void* buffer, std::size_t size, std::uint64_t offset) override {
    if (offset >= bytes_.size()) return 0;
    size = std::min<std::size_t>(size, bytes_.size() - offset);
    std::memcpy(buffer, bytes_.data() + offset, size);
    return static_cast<ssize_t>(size);
  }

 private:
  std::string_view bytes_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit::output;
  Memory memory({reinterpret_cast<const char*>(data), size});
  for (const bool all : {false, true}) {
    const auto loaded = load_segment(memory, "segment", 1, all);
    if (!loaded.segment || loaded.segment->frames_end > size) __builtin_trap();
  }
  BatchCodec codec(/*compress=*/false);
  SegmentReader reader(memory, 1, std::min(size, kSegmentHeader), size, 1);
  std::uint64_t end = 0;
  for (auto item = reader.next(); item.found == SegmentReader::Found::kFrame; item = reader.next()) {
    if (item.begin < end || item.end > size) __builtin_trap();
    end = item.end;
    std::string again;
    append_frame(item.frame, again);
    if (again != std::string_view(reinterpret_cast<const char*>(data) + item.begin, item.end - item.begin))
      __builtin_trap();
    Batch batch;
    if (item.frame.kind == FrameKind::kBlock && codec.decode(item.frame, 0, batch) &&
        batch.events() != content_of(item.frame)->events)
      __builtin_trap();
  }
  return 0;
}
