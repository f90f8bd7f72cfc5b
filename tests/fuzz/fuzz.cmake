# fc_fuzzers(layer names...): a program fuzz_NAME of each NAME.cpp. In preset
# `fuzz` with libFuzzer, over those sources alone that fuzzers read with;
# elsewhere as a plain program over the layer's library, which replays the seeds
# as the test fuzz.NAME.
if(FC_FUZZ)
  # Without its precompiled headers clang takes minutes for a whole layer.
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS parsers.txt)
  file(STRINGS parsers.txt parsers REGEX "^[^#]")
  list(TRANSFORM parsers PREPEND "${PROJECT_SOURCE_DIR}/")
  add_library(fc_fuzz STATIC ${parsers})
  target_include_directories(fc_fuzz PUBLIC "${PROJECT_SOURCE_DIR}")
  target_link_libraries(
    fc_fuzz PUBLIC fc_settings fc::schemas caf::core OpenSSL::Crypto
                   CURL::libcurl nlohmann_json::nlohmann_json
                   tomlplusplus::tomlplusplus Threads::Threads)
  include(embed)
  fc_embed(fc_fuzz "${PROJECT_SOURCE_DIR}/events/policy/default.toml"
           "${CMAKE_CURRENT_BINARY_DIR}/default_policy.cpp"
           events/policy/policy.hpp fc::events::policy::shipped_policy)
  fc_embed_all(fc_fuzz "${PROJECT_SOURCE_DIR}/actors/services/github/queries"
               "*.graphql" "${CMAKE_CURRENT_BINARY_DIR}/graphql_texts.cpp"
               actors/services/github/queries.hpp
               fc::actors::services::graphql_texts
               fc::actors::services::graphql_text)
  add_custom_target(fuzzers)
  file(WRITE "${PROJECT_BINARY_DIR}/fuzzers.txt" "")
else()
  add_library(fc_fuzz_replay OBJECT replay.cpp)
  target_link_libraries(fc_fuzz_replay PRIVATE fc_settings caf::core)
endif()

function(fc_fuzzers layer)
  foreach(name IN LISTS ARGN)
    set(target fuzz_${name})
    add_executable(${target} ${name}.cpp)
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY
                                               "${PROJECT_BINARY_DIR}/bin")
    if(FC_FUZZ)
      target_link_libraries(${target} PRIVATE fc_fuzz)
      target_link_options(${target} PRIVATE -fsanitize=fuzzer)
      add_dependencies(fuzzers ${target})
      file(APPEND "${PROJECT_BINARY_DIR}/fuzzers.txt" "${name}\n")
      continue()
    endif()
    target_link_libraries(
      ${target} PRIVATE fc_settings fc_fuzz_replay fc::${layer}
                        nlohmann_json::nlohmann_json tomlplusplus::tomlplusplus)
    set(seeds "${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name}")
    if(name STREQUAL "canary")
      # Must fail; a signal is no failure to WILL_FAIL.
      add_test(NAME fuzz.canary COMMAND sh -c "! \"$0\" \"$1\""
               $<TARGET_FILE:${target}> "${seeds}/promise")
    else()
      add_test(NAME fuzz.${name} COMMAND ${target} "${seeds}")
    endif()
    set_tests_properties(fuzz.${name} PROPERTIES TIMEOUT 300 LABELS fuzz)
  endforeach()
endfunction()
