# One helper per kind of target; sources are globbed, so a new file needs no
# CMake edit.

# fc_library(name [PUBLIC libs...] [PRIVATE libs...] [PCH headers...])
# One library of all sources below the current folder.
function(fc_library name)
  cmake_parse_arguments(ARG "" "" "PUBLIC;PRIVATE;PCH" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  add_library(fc_${name} STATIC ${sources})
  add_library(fc::${name} ALIAS fc_${name})
  target_link_libraries(fc_${name} PUBLIC ${ARG_PUBLIC}
                        PRIVATE fc_settings ${ARG_PRIVATE})
  target_include_directories(fc_${name} PUBLIC "${PROJECT_SOURCE_DIR}")
  if(ARG_PCH)
    target_precompile_headers(fc_${name} PRIVATE ${ARG_PCH})
  endif()
endfunction()

# fc_program(name libs...): one program of all sources below the current folder.
function(fc_program name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE fc_settings ${ARGN})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY
                                           "${PROJECT_BINARY_DIR}/bin")
  install(TARGETS ${name})
endfunction()

# fc_tests(name libs...): one test program of the current folder's *_test.cpp.
function(fc_tests name)
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*_test.cpp")
  add_executable(${name}_tests ${sources})
  target_link_libraries(${name}_tests PRIVATE fc_settings fc_test_support
                                              GTest::gmock_main ${ARGN})
  target_precompile_headers(${name}_tests REUSE_FROM fc_test_support)
  set_target_properties(${name}_tests PROPERTIES RUNTIME_OUTPUT_DIRECTORY
                                                 "${PROJECT_BINARY_DIR}/bin")
  gtest_discover_tests(${name}_tests DISCOVERY_TIMEOUT 60
                       PROPERTIES TIMEOUT 300 LABELS ${name})
endfunction()

# fc_schemas(): C++ of every .fbs in the current folder, as a header-only target.
function(fc_schemas)
  file(GLOB schemas CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.fbs")
  find_program(FC_FLATC flatc REQUIRED)
  set(outputs)
  foreach(schema IN LISTS schemas)
    get_filename_component(stem "${schema}" NAME_WE)
    set(output "${PROJECT_BINARY_DIR}/schemas/${stem}_generated.h")
    add_custom_command(
      OUTPUT "${output}"
      COMMAND "${FC_FLATC}" --cpp --cpp-std c++17 --scoped-enums
              --cpp-static-reflection --require-explicit-ids
              -o "${PROJECT_BINARY_DIR}/schemas" "${schema}"
      DEPENDS "${schema}"
      VERBATIM)
    list(APPEND outputs "${output}")
  endforeach()
  add_custom_target(fc_schemas_generated DEPENDS ${outputs})
  add_library(fc_schemas INTERFACE)
  add_library(fc::schemas ALIAS fc_schemas)
  add_dependencies(fc_schemas fc_schemas_generated)
  target_include_directories(fc_schemas SYSTEM INTERFACE "${PROJECT_BINARY_DIR}")
  target_link_libraries(fc_schemas INTERFACE flatbuffers::flatbuffers_shared)
endfunction()

# fc_thrift(target idl sources...): C++ of a Thrift file, as part of `target`.
# Only the sources named see the generated header. Call it where the target is
# made.
function(fc_thrift target idl)
  find_program(FC_THRIFT thrift REQUIRED)
  get_filename_component(stem "${idl}" NAME_WE)
  set(folder "${PROJECT_BINARY_DIR}/thrift/${stem}")
  set(outputs "${folder}/${stem}_types.h" "${folder}/${stem}_types.cpp")
  add_custom_command(
    OUTPUT ${outputs}
    COMMAND "${CMAKE_COMMAND}" -E make_directory "${folder}"
    COMMAND "${FC_THRIFT}" --gen cpp:no_skeleton -out "${folder}" "${idl}"
    DEPENDS "${idl}"
    VERBATIM)
  target_sources(${target} PRIVATE ${outputs})
  # Not our code: no warnings, and our headers are none of its business.
  set_source_files_properties("${folder}/${stem}_types.cpp" PROPERTIES
    COMPILE_OPTIONS "-w" SKIP_PRECOMPILE_HEADERS ON)
  set_source_files_properties(${ARGN} PROPERTIES
    COMPILE_OPTIONS "-isystem${folder}"
    OBJECT_DEPENDS "${folder}/${stem}_types.h")
endfunction()
