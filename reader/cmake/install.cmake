# What `cmake --install` lays down: headers, libraries, a CMake package and a pkg-config file.
include(CMakePackageConfigHelpers)

set(package_directory ${CMAKE_INSTALL_LIBDIR}/cmake/almanac)
install(DIRECTORY include/almanac TYPE INCLUDE FILES_MATCHING PATTERN "*.h")
install(TARGETS almanac_reader almanac_store EXPORT almanac-targets)
install(EXPORT almanac-targets NAMESPACE almanac:: DESTINATION ${package_directory})
configure_package_config_file(cmake/almanac-config.cmake.in almanac-config.cmake
  INSTALL_DESTINATION ${package_directory} NO_SET_AND_CHECK_MACRO)
# Until 1.0 a new minor version may change the interface.
write_basic_package_version_file(almanac-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  ${CMAKE_CURRENT_BINARY_DIR}/almanac-config.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/almanac-config-version.cmake
  DESTINATION ${package_directory})

# Relative to the .pc file, so that the package works under whatever prefix `cmake --install` was given.
set(pkgconfig_directory ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig)
cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_INCLUDEDIR BASE_DIRECTORY ${pkgconfig_directory} OUTPUT_VARIABLE pc_includedir)
cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_LIBDIR BASE_DIRECTORY ${pkgconfig_directory} OUTPUT_VARIABLE pc_libdir)
# A static library leaves its own dependency to whoever links it.
if(BUILD_SHARED_LIBS)
  set(pc_requires Requires.private)
  set(pc_define "")
else()
  set(pc_requires Requires)
  set(pc_define " -DALMANAC_STATIC")
endif()
configure_file(cmake/almanac.pc.in almanac.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/almanac.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
