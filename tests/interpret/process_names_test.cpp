// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/names/process_names.hpp"

#include <unistd.h>

#include <vector>

#include "tests/support/catch.hpp"

namespace naudit::interpret {
namespace {

TEST_CASE("a process that runs has a name, and one that does not has none") {
  CHECK_FALSE(process_comm(static_cast<std::uint32_t>(getpid())).empty());
  // Beyond the largest pid of the kernel (PID_MAX_LIMIT).
  CHECK(process_comm(4'194'305).empty());
  CHECK(process_comm(0xFFFFFFFF).empty());
}

TEST_CASE("a container is the 64 digits in the path of a control group") {
  const std::string id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  CHECK(container_in("0::/system.slice/docker-" + id + ".scope\n") == id);
  CHECK(container_in("12:pids:/docker/" + id + "\n11:cpu:/\n") == id);
  CHECK(container_in("0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-" + id + ".scope") == id);
  CHECK(container_in("0::/" + id) == id);
  CHECK(container_in("0::/user.slice/" + id + "0\n0::/" + id.substr(1) + "\n").empty());
  CHECK(container_in("").empty());
  CHECK_FALSE(process_container(static_cast<std::uint32_t>(getpid())).empty());
  CHECK(process_container(0xFFFFFFFF).empty());
}

TEST_CASE("a name is asked for once in its lifetime, and that there is none as well") {
  std::vector<std::uint32_t> asked;
  ProcessNames names([&](std::uint32_t pid) {
    asked.push_back(pid);
    return pid == 7 ? std::string("sh") : std::string();
  });
  const ProcessNames::Time start{};
  const auto later = start + ProcessNames::kLifetime;
  CHECK(names.name(7, start) == "sh");
  CHECK(names.name(8, start).empty());
  CHECK(names.name(7, later - std::chrono::nanoseconds(1)) == "sh");
  CHECK(names.name(8, later - std::chrono::nanoseconds(1)).empty());
  CHECK(asked == std::vector<std::uint32_t>{7, 8});
  CHECK(names.name(7, later) == "sh");
  CHECK(asked.size() == 3);
}

TEST_CASE("what is kept of process names is bounded") {
  std::size_t asked = 0;
  ProcessNames names([&](std::uint32_t pid) {
    ++asked;
    return std::to_string(pid);
  });
  const ProcessNames::Time now{};
  for (std::uint32_t pid = 1; pid <= 2 * ProcessNames::kPlaces; ++pid)
    CHECK(names.name(pid, now) == std::to_string(pid));
  CHECK(names.name(1, now) == "1");
  CHECK(asked == 2 * ProcessNames::kPlaces + 1);
  CHECK(names.name(0, now).empty());
}

}  // namespace
}  // namespace naudit::interpret
