# SPDX-License-Identifier: Apache-2.0
# naudit_library(<folder> SOURCES … [PUBLIC …] [PRIVATE …]): the static library of one folder.
function(naudit_library folder)
  cmake_parse_arguments(arg "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(naudit_${folder} STATIC ${arg_SOURCES})
  target_link_libraries(naudit_${folder} PUBLIC naudit_flags ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
endfunction()

# naudit_test(<folder> [ROOT] SOURCES … [LIBRARIES …] [LABELS …] [PROPERTIES …]): one test program, linked only to what it
# tests. ROOT: some of its cases need root; they are tagged [.root] and are the test <folder>_root.
function(naudit_test folder)
  cmake_parse_arguments(arg "ROOT" "" "SOURCES;LIBRARIES;LABELS;PROPERTIES" ${ARGN})
  add_executable(${folder}_test ${arg_SOURCES})
  target_link_libraries(${folder}_test PRIVATE naudit_flags Catch2::Catch2WithMain ${arg_LIBRARIES})
  set_target_properties(${folder}_test PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  target_compile_definitions(${folder}_test PRIVATE
    NAUDIT_SOURCE_DIR="${PROJECT_SOURCE_DIR}" NAUDIT_BINARY_DIR="${PROJECT_BINARY_DIR}")
  add_test(NAME ${folder} COMMAND ${folder}_test --order lex)
  set_tests_properties(${folder} PROPERTIES TIMEOUT 300 ${arg_PROPERTIES})
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
