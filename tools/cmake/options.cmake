# Options, language level and the settings every target of ours links.
option(FC_BUILD_TESTS "Build the tests" ON)
option(FC_BUILD_BENCHMARKS "Build the benchmarks" ON)
option(FC_WARNINGS_AS_ERRORS "Treat warnings as errors" OFF)
set(FC_SANITIZE "" CACHE STRING "Sanitizers, e.g. address,undefined")
option(FC_FUZZ "Build the fuzzers with libFuzzer; needs clang" OFF)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

# -O2: within noise of -O3 here, and half the compile time.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

find_program(FC_CCACHE ccache)
if(FC_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros "${FC_CCACHE}")
endif()

add_library(fc_settings INTERFACE)
target_include_directories(fc_settings INTERFACE "${PROJECT_SOURCE_DIR}"
                                                 "${PROJECT_BINARY_DIR}")
target_compile_options(
  fc_settings
  INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor
            -Woverloaded-virtual -Werror=return-type -Werror=switch
            # g++ 12 reports std::string's own copies under optimisation.
            $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds>
            $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overflow>
            $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
            $<$<BOOL:${FC_WARNINGS_AS_ERRORS}>:-Werror>
            $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
if(FC_SANITIZE)
  target_compile_options(fc_settings INTERFACE -fsanitize=${FC_SANITIZE}
                                               # CAF and FlatBuffers, on purpose
                                               -fno-sanitize=null,alignment
                                               -fno-omit-frame-pointer)
  target_link_options(fc_settings INTERFACE -fsanitize=${FC_SANITIZE})
endif()
if(FC_FUZZ)
  target_compile_options(fc_settings INTERFACE -fsanitize=fuzzer-no-link
                                               -fno-sanitize-recover=all)
endif()
