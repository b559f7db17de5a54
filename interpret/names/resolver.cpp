// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/names/resolver.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

#include "base/accounts.hpp"
#include "base/thread.hpp"

namespace naudit::interpret {
std::optional<std::string> system_name(NameId id) {
  return id.kind == NameId::Kind::kUser ? base::user_name(id.number) : base::group_name(id.number);
}

// Both threads hold it, so a thread that is left behind has its own.
struct Resolver::Shared {
  struct Question {
    Ticket ticket;
    NameId id;
  };

  explicit Shared(Lookup look_up) : lookup(std::move(look_up)) {}

  const Lookup lookup;
  std::atomic<bool> has_answers = false;

  std::mutex mutex;
  std::condition_variable asked;
  std::condition_variable answered;
  std::deque<Question> questions;
  std::vector<Answer> answers;
  Ticket last_asked = 0;
  Ticket last_answered = 0;
  Ticket last_forgotten = 0;  // an answer to it or to one before is dropped
  bool busy = false;
  bool stop = false;
  bool stopped = false;
};

Resolver::Resolver(Lookup lookup, std::chrono::milliseconds longest_stop)
    : shared_(std::make_shared<Shared>(std::move(lookup))),
      longest_stop_(longest_stop),
      thread_(base::start_thread("naudit-names", [shared = shared_] { run(shared); })) {}

Resolver::~Resolver() {
  std::unique_lock lock(shared_->mutex);
  shared_->stop = true;
  shared_->asked.notify_one();
  const bool stopped = shared_->answered.wait_for(lock, longest_stop_, [this] { return shared_->stopped; });
  lock.unlock();
  if (stopped)
    thread_.join();
  else
    thread_.detach();
}

std::optional<Resolver::Ticket> Resolver::ask(NameId id) {
  const std::lock_guard lock(shared_->mutex);
  if (shared_->questions.size() >= kMostQuestions) return std::nullopt;
  shared_->questions.push_back({++shared_->last_asked, id});
  shared_->asked.notify_one();
  return shared_->last_asked;
}

bool Resolver::wait(Ticket ticket, std::chrono::milliseconds longest) {
  std::unique_lock lock(shared_->mutex);
  return shared_->answered.wait_for(lock, longest, [&] { return shared_->last_answered >= ticket; });
}

bool Resolver::has_answers() const noexcept {
  return shared_->has_answers.load(std::memory_order_acquire);
}

void Resolver::take(std::vector<Answer>& answers) {
  answers.clear();
  const std::lock_guard lock(shared_->mutex);
  answers.swap(shared_->answers);
  shared_->has_answers.store(false, std::memory_order_release);
}

void Resolver::forget() {
  const std::lock_guard lock(shared_->mutex);
  shared_->questions.clear();
  shared_->answers.clear();
  shared_->has_answers.store(false, std::memory_order_release);
  shared_->last_forgotten = shared_->last_asked;
  if (!shared_->busy) shared_->last_answered = shared_->last_asked;
}

void Resolver::run(const std::shared_ptr<Shared>& shared) {
  std::unique_lock lock(shared->mutex);
  while (true) {
    shared->asked.wait(lock, [&] { return shared->stop || !shared->questions.empty(); });
    if (shared->stop) break;
    const Shared::Question question = shared->questions.front();
    shared->questions.pop_front();
    shared->busy = true;

    lock.unlock();
    std::optional<std::string> name = shared->lookup(question.id);
    lock.lock();

    shared->busy = false;
    if (question.ticket > shared->last_forgotten) {
      shared->answers.push_back({question.id, std::move(name)});
      shared->has_answers.store(true, std::memory_order_release);
    }
    shared->last_answered = std::max(question.ticket, shared->last_forgotten);
    shared->answered.notify_one();
  }
  shared->stopped = true;
  shared->answered.notify_one();
}

}  // namespace naudit::interpret
