# The package has no dependencies, so its exported targets are its whole configuration file.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(version_file ${CMAKE_CURRENT_BINARY_DIR}/mqttwire-config-version.cmake)
set(package_folder ${CMAKE_INSTALL_DATADIR}/cmake/mqttwire)

write_basic_package_version_file(${version_file} COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(TARGETS mqttwire EXPORT mqttwire FILE_SET HEADERS FILE_SET parts FILE_SET fmt)
install(EXPORT mqttwire FILE mqttwire-config.cmake NAMESPACE mqttwire:: DESTINATION ${package_folder})
install(FILES ${version_file} DESTINATION ${package_folder})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
