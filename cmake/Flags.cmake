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

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
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
