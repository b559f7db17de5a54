# SPDX-License-Identifier: Apache-2.0
# One INTERFACE target carries the language level and the warnings for every target of ours.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE}")
endif()

add_library(naudit_flags INTERFACE)
target_include_directories(naudit_flags INTERFACE "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}/generated")
target_compile_definitions(naudit_flags INTERFACE BOOST_ASIO_NO_DEPRECATED)
target_compile_options(naudit_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  -Wformat=2 -Wimplicit-fallthrough $<$<BOOL:${NAUDIT_WERROR}>:-Werror>
  # GCC 12 sees overlapping copies in `string = "literal"` where there are none (its bug 105329).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)

# Set by the presets: a list of hardening or sanitizer flags for compiling and linking alike.
set(NAUDIT_EXTRA_FLAGS "" CACHE STRING "More flags, for compiling and linking (a semicolon list)")
target_compile_options(naudit_flags INTERFACE ${NAUDIT_EXTRA_FLAGS})
target_link_options(naudit_flags INTERFACE ${NAUDIT_EXTRA_FLAGS})
