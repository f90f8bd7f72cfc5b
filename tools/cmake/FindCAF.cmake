# CAF 0.17 ships no CMake package: caf::core and caf::io from the Debian package.
find_path(CAF_INCLUDE_DIR caf/all.hpp)
find_library(CAF_CORE_LIBRARY caf_core)
find_library(CAF_IO_LIBRARY caf_io)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CAF REQUIRED_VARS CAF_INCLUDE_DIR
                                  CAF_CORE_LIBRARY CAF_IO_LIBRARY)
foreach(part core io)
  string(TOUPPER ${part} upper)
  if(CAF_FOUND AND NOT TARGET caf::${part})
    add_library(caf::${part} UNKNOWN IMPORTED)
    set_target_properties(
      caf::${part} PROPERTIES IMPORTED_LOCATION "${CAF_${upper}_LIBRARY}"
                              INTERFACE_INCLUDE_DIRECTORIES "${CAF_INCLUDE_DIR}")
  endif()
endforeach()
