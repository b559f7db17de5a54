// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// For ThreadSanitizer, which knows POSIX threads only and crashes in a thread that C11's thrd_create() has made, as
// librdkafka does: the same functions by those that it knows, before the C library's. glibc's own types are the same.

#if defined(__SANITIZE_THREAD__)  // GCC's
#define NAUDIT_THREAD_SANITIZER
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define NAUDIT_THREAD_SANITIZER
#endif
#endif

#if defined(NAUDIT_THREAD_SANITIZER)

#include <pthread.h>
#include <threads.h>

#include <cerrno>
#include <cstdint>
#include <memory>

namespace {

struct Start {
  thrd_start_t run;
  void* argument;
};

void* run_it(void* given) {
  const std::unique_ptr<Start> start(static_cast<Start*>(given));
  const Start copy = *start;
  return reinterpret_cast<void*>(static_cast<std::intptr_t>(copy.run(copy.argument)));
}

int result_of(int error) {
  if (error == 0) return thrd_success;
  if (error == ETIMEDOUT) return thrd_timedout;
  if (error == EBUSY) return thrd_busy;
  return thrd_error;
}

pthread_mutex_t* as_posix(mtx_t* mutex) {
  static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t));
  return reinterpret_cast<pthread_mutex_t*>(mutex);
}

pthread_cond_t* as_posix(cnd_t* condition) {
  static_assert(sizeof(cnd_t) == sizeof(pthread_cond_t));
  return reinterpret_cast<pthread_cond_t*>(condition);
}

}  // namespace

extern "C" {

void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
void AnnotateIgnoreWritesBegin(const char* file, int line);
void AnnotateIgnoreWritesEnd(const char* file, int line);
}

namespace {

// The same for the mutexes and conditions that it makes: by name they could be suppressed only where a symbolizer is.
class Unseen {
 public:
  Unseen() {
    AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
    AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
  }
  ~Unseen() {
    AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
    AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;
};

}  // namespace

extern "C" {

// What librdkafka does with its own memory is its own business: its counts are atomic, where nobody sees it. What our
// threads do is seen as ever.
const char* __tsan_default_suppressions() {  // NOLINT: ThreadSanitizer's name
  return "called_from_lib:librdkafka.so\n";
}

int thrd_create(thrd_t* thread, thrd_start_t run, void* argument) {
  auto start = std::make_unique<Start>(Start{run, argument});
  const int error = pthread_create(thread, nullptr, run_it, start.get());
  if (error == 0) static_cast<void>(start.release());
  return result_of(error);
}

int thrd_join(thrd_t thread, int* result) {
  void* value = nullptr;
  const int error = pthread_join(thread, &value);
  if (result != nullptr) *result = static_cast<int>(reinterpret_cast<std::intptr_t>(value));
  return result_of(error);
}

int mtx_init(mtx_t* mutex, int type) {
  const Unseen unseen;
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  if ((type & mtx_recursive) != 0) pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  const int error = pthread_mutex_init(as_posix(mutex), &attributes);
  pthread_mutexattr_destroy(&attributes);
  return result_of(error);
}
int mtx_lock(mtx_t* mutex) {
  const Unseen unseen;
  return result_of(pthread_mutex_lock(as_posix(mutex)));
}
int mtx_trylock(mtx_t* mutex) {
  const Unseen unseen;
  return result_of(pthread_mutex_trylock(as_posix(mutex)));
}
int mtx_unlock(mtx_t* mutex) {
  const Unseen unseen;
  return result_of(pthread_mutex_unlock(as_posix(mutex)));
}
void mtx_destroy(mtx_t* mutex) {
  const Unseen unseen;
  pthread_mutex_destroy(as_posix(mutex));
}

int cnd_init(cnd_t* condition) {
  const Unseen unseen;
  return result_of(pthread_cond_init(as_posix(condition), nullptr));
}
int cnd_signal(cnd_t* condition) {
  const Unseen unseen;
  return result_of(pthread_cond_signal(as_posix(condition)));
}
int cnd_broadcast(cnd_t* condition) {
  const Unseen unseen;
  return result_of(pthread_cond_broadcast(as_posix(condition)));
}
int cnd_wait(cnd_t* condition, mtx_t* mutex) {
  const Unseen unseen;
  return result_of(pthread_cond_wait(as_posix(condition), as_posix(mutex)));
}
int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* until) {
  const Unseen unseen;
  return result_of(pthread_cond_timedwait(as_posix(condition), as_posix(mutex), until));
}
void cnd_destroy(cnd_t* condition) {
  const Unseen unseen;
  pthread_cond_destroy(as_posix(condition));
}

}  // extern "C"

#endif
