// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace naudit::interpret {

// A user's or group's number.
struct NameId {
  enum class Kind : std::uint8_t { kUser, kGroup };

  Kind kind = Kind::kUser;
  std::uint32_t number = 0;

  friend bool operator==(const NameId&, const NameId&) = default;
};

// Asks the system for one name (base/accounts.hpp). May block for as long as a directory service likes. Nothing if
// there is no such id or no answer.
std::optional<std::string> system_name(NameId id);

// A thread that asks for names, one after the other, so that no other thread ever waits for a directory service longer
// than it wants to. The owner calls everything from one thread. Answers come in the order of the questions.
class Resolver {
 public:
  using Lookup = std::function<std::optional<std::string>(NameId)>;
  using Ticket = std::uint64_t;

  struct Answer {
    NameId id;
    std::optional<std::string> name;
  };

  static constexpr std::size_t kMostQuestions = 1024;

  // The look-up runs on the resolver's thread and must not throw.
  explicit Resolver(Lookup lookup, std::chrono::milliseconds longest_stop = std::chrono::seconds(1));
  // Waits for the look-up under way, but no longer than longest_stop: a thread that hangs in it is left behind with
  // all that it uses.
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // Nothing if too many questions are open.
  std::optional<Ticket> ask(NameId id);
  // True once that question has its answer or is forgotten. Returns as soon as it has, and after at most this long.
  bool wait(Ticket ticket, std::chrono::milliseconds longest);
  [[nodiscard]] bool has_answers() const noexcept;
  // Replaces the content of answers by all that came since the last call.
  void take(std::vector<Answer>& answers);
  // Forgets all questions; no answer to one of them will come any more.
  void forget();

 private:
  struct Shared;

  static void run(const std::shared_ptr<Shared>& shared);

  std::shared_ptr<Shared> shared_;
  std::chrono::milliseconds longest_stop_;
  std::thread thread_;
};

}  // namespace naudit::interpret
