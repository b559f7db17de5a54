# SPDX-License-Identifier: Apache-2.0
# One INTERFACE target carries the language level and the warnings for every target of ours.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# The sanitizer presets have both: it saves CPU time, most of it in the tests. What is installed, and what clang-tidy and
# lint_headers_alone see, is built without, so that each file names what it needs.
option(NAUDIT_PCH "Compile the standard library's headers once for all" OFF)
option(NAUDIT_TEST_PCH "Compile the standard library's and Catch2's headers once for all tests" OFF)

# An empty cache only costs: each file is preprocessed once more (tools/test turns it off on a fresh machine).
option(NAUDIT_CCACHE "Compile through ccache where it is there" ON)
find_program(CCACHE ccache)
if(NAUDIT_CCACHE AND CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE}")
  if(NAUDIT_PCH OR NAUDIT_TEST_PCH)
    # Else it does not take what was compiled with a precompiled header.
    set(sloppiness "pch_defines,time_macros,include_file_mtime,include_file_ctime")
    set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env "CCACHE_SLOPPINESS=${sloppiness}" "${CCACHE}")
  endif()
endif()

add_library(naudit_flags INTERFACE)
# A program loads only the libraries that it calls: nauditctl none of the sinks'.
target_link_options(naudit_flags INTERFACE LINKER:--as-needed)
target_include_directories(naudit_flags INTERFACE "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}/generated")
target_compile_definitions(naudit_flags INTERFACE BOOST_ASIO_NO_DEPRECATED)
target_compile_options(naudit_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  -Wformat=2 -Wimplicit-fallthrough $<$<BOOL:${NAUDIT_WERROR}>:-Werror>
  # GCC 12 sees overlapping copies in `string = "literal"` where there are none (its bug 105329).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)

# Clang refuses functions of two of Debian's libraries that nobody calls, which assign to what is const: it gets copies without.
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  function(naudit_without header was is)
    if(EXISTS "${CMAKE_BINARY_DIR}/clang/${header}")
      return()
    endif()
    cmake_path(GET header PARENT_PATH folder)
    find_path(found "${header}" REQUIRED NO_CACHE)
    file(COPY "${found}/${folder}" DESTINATION "${CMAKE_BINARY_DIR}/clang")
    file(READ "${found}/${header}" text)
    string(REPLACE "${was}" "${is}" text "${text}")
    file(WRITE "${CMAKE_BINARY_DIR}/clang/${header}" "${text}")
  endfunction()
  naudit_without(rapidjson/document.h "const GenericStringRef& rhs) { s = rhs.s; length = rhs.length; }"
    "const GenericStringRef& rhs) = delete;")
  naudit_without(dtl/Diff.hpp "void enableTrivial () const {" "void enableTrivial () {")
  target_include_directories(naudit_flags SYSTEM BEFORE INTERFACE "${CMAKE_BINARY_DIR}/clang")
endif()

# Programs of tests are linked by the dozen, and a debug build's own linker takes seconds for each.
option(NAUDIT_FAST_LINK "Link with mold where it is there" OFF)
find_program(MOLD mold)
if(NAUDIT_FAST_LINK AND MOLD)
  target_link_options(naudit_flags INTERFACE -fuse-ld=mold)
endif()

# Set by the presets: a list of hardening or sanitizer flags for compiling and linking alike.
set(NAUDIT_EXTRA_FLAGS "" CACHE STRING "More flags, for compiling and linking (a semicolon list)")
if(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|i.86")
  list(REMOVE_ITEM NAUDIT_EXTRA_FLAGS -fcf-protection)  # of x86 only
endif()
target_compile_options(naudit_flags INTERFACE ${NAUDIT_EXTRA_FLAGS})
target_link_options(naudit_flags INTERFACE ${NAUDIT_EXTRA_FLAGS})
