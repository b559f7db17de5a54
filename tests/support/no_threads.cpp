// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// Linked into tests that are not built for the thread sanitizer, because they have one thread (cmake/Library.cmake): a
// second one ends them. A program's own function stands before the C library's, for the C++ library's calls as well.
#include <pthread.h>

#include <cstdlib>
#include <iostream>

extern "C" int pthread_create(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*) noexcept {
  std::cerr << "this test has ONE_THREAD in its CMakeLists.txt, and starts a second one: remove the word\n";
  std::abort();
}
