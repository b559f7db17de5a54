# SPDX-License-Identifier: Apache-2.0
# Headers that many files include and that take long: twice, since libraries are compiled with -fPIC and programs with -fPIE.
if(NAUDIT_PCH OR NAUDIT_TEST_PCH)
  file(WRITE "${CMAKE_BINARY_DIR}/pch.cpp" "int main() {}\n")
  set(naudit_pch_headers <algorithm> <array> <atomic> <charconv> <chrono> <condition_variable> <filesystem> <fstream>
    <functional> <iostream> <map> <memory> <mutex> <optional> <set> <span> <sstream> <string> <string_view> <system_error>
    <thread> <unordered_map> <utility> <variant> <vector>)
  # What ccache needs to see which precompiled header was used.
  set(naudit_pch_option $<IF:$<CXX_COMPILER_ID:GNU>,-fpch-preprocess,SHELL:-Xclang -fno-pch-timestamp>)
endif()
if(NAUDIT_PCH)
  target_compile_options(naudit_flags INTERFACE ${naudit_pch_option})
  add_library(naudit_pch OBJECT "${CMAKE_BINARY_DIR}/pch.cpp")
  target_link_libraries(naudit_pch PRIVATE naudit_flags)
  target_precompile_headers(naudit_pch PRIVATE ${naudit_pch_headers})
endif()
# What tests check is compiled as it is installed; the tests themselves need not be fast.
add_library(naudit_test_flags INTERFACE)
target_link_libraries(naudit_test_flags INTERFACE naudit_flags Catch2::Catch2)
target_compile_options(naudit_test_flags INTERFACE ${naudit_pch_option}
  $<$<CONFIG:Release>:-O0;-U_FORTIFY_SOURCE>)
if(MOLD)
  target_link_options(naudit_test_flags INTERFACE -fuse-ld=mold)
endif()
if(NAUDIT_TEST_PCH AND NAUDIT_TESTS)
  add_executable(naudit_test_pch "${CMAKE_BINARY_DIR}/pch.cpp")
  target_link_libraries(naudit_test_pch PRIVATE naudit_test_flags)
  target_precompile_headers(naudit_test_pch PRIVATE ${naudit_pch_headers} <catch2/catch.hpp>)
endif()

# naudit_library(<folder> SOURCES … [PUBLIC …] [PRIVATE …]): the static library of one folder.
function(naudit_library folder)
  cmake_parse_arguments(arg "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(naudit_${folder} STATIC ${arg_SOURCES})
  target_link_libraries(naudit_${folder} PUBLIC naudit_flags ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
  if(NAUDIT_PCH)
    target_precompile_headers(naudit_${folder} REUSE_FROM naudit_pch)
  endif()
endfunction()

# Tests of one thread show nothing under the thread sanitizer, where they are the slowest: they are not built there. That
# they have one thread is ascertained in all other builds: a second one is their failure.
set(NAUDIT_TSAN OFF)
if(NAUDIT_EXTRA_FLAGS MATCHES "-fsanitize=thread")
  set(NAUDIT_TSAN ON)
endif()
if(NAUDIT_TESTS)
  add_library(naudit_no_threads OBJECT "${PROJECT_SOURCE_DIR}/tests/support/no_threads.cpp")
  target_link_libraries(naudit_no_threads PRIVATE naudit_flags)
endif()

# naudit_test(<folder> [ROOT] [ONE_THREAD | NAMES_THREAD] SOURCES … [LIBRARIES …] [LABELS …] [PROPERTIES …]): one test program, linked only
# to what it tests. ROOT: some of its cases need root; they are tagged [.root] and are the test <folder>_root. ONE_THREAD:
# neither the tests nor what they test start a thread. NAMES_THREAD: none but the one that resolves names, which the test
# `names` has under the thread sanitizer.
function(naudit_test folder)
  cmake_parse_arguments(arg "ROOT;ONE_THREAD;NAMES_THREAD" "" "SOURCES;LIBRARIES;LABELS;PROPERTIES" ${ARGN})
  add_executable(${folder}_test ${arg_SOURCES})
  target_link_libraries(${folder}_test PRIVATE naudit_test_flags Catch2::Catch2WithMain ${arg_LIBRARIES})
  set_target_properties(${folder}_test PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  target_compile_definitions(${folder}_test PRIVATE
    NAUDIT_SOURCE_DIR="${PROJECT_SOURCE_DIR}" NAUDIT_BINARY_DIR="${PROJECT_BINARY_DIR}")
  if(NAUDIT_TEST_PCH)
    target_precompile_headers(${folder}_test REUSE_FROM naudit_test_pch)
  endif()
  if((arg_ONE_THREAD OR arg_NAMES_THREAD) AND NAUDIT_TSAN)
    set_target_properties(${folder}_test PROPERTIES EXCLUDE_FROM_ALL ON)
    return()
  endif()
  if(arg_ONE_THREAD)
    target_link_libraries(${folder}_test PRIVATE naudit_no_threads)
  endif()
  add_test(NAME ${folder} COMMAND ${folder}_test --order lex)
  set_tests_properties(${folder} PROPERTIES TIMEOUT 900 ${arg_PROPERTIES})
  if(arg_LABELS)
    set_tests_properties(${folder} PROPERTIES LABELS "${arg_LABELS}")
  endif()
  if(arg_ROOT)
    add_test(NAME ${folder}_root COMMAND ${folder}_test "[root]")
    set_tests_properties(${folder}_root PROPERTIES TIMEOUT 60 LABELS root)
  endif()
endfunction()

# naudit_left_out(<tests> <what is missing>): names what is not built in here. tools/test says it at the end, and fails where
# an input is missing that it has installed itself.
function(naudit_left_out tests missing)
  set_property(GLOBAL APPEND PROPERTY NAUDIT_LEFT_OUT "${tests}: no ${missing}\n")
endfunction()
