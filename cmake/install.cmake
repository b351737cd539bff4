include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(version_file ${CMAKE_CURRENT_BINARY_DIR}/mqttwire-config-version.cmake)
set(package_folder ${CMAKE_INSTALL_DATADIR}/cmake/mqttwire)

write_basic_package_version_file(${version_file} COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
set_target_properties(mqttwire_fmt PROPERTIES EXPORT_NAME fmt)
install(TARGETS mqttwire mqttwire_fmt EXPORT mqttwire INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT mqttwire FILE mqttwire-targets.cmake NAMESPACE mqttwire:: DESTINATION ${package_folder})
install(FILES cmake/mqttwire-config.cmake ${version_file} DESTINATION ${package_folder})
install(DIRECTORY include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp" PATTERN "*.inc")
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

# The folders are told relative to the file itself, so that what was installed can be moved.
file(RELATIVE_PATH include_from_pc ${CMAKE_INSTALL_FULL_DATADIR}/pkgconfig ${CMAKE_INSTALL_FULL_INCLUDEDIR})
configure_file(cmake/mqttwire.pc.in ${CMAKE_CURRENT_BINARY_DIR}/mqttwire.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/mqttwire.pc DESTINATION ${CMAKE_INSTALL_DATADIR}/pkgconfig)

# Where it is built: the headers can be installed without a build.
if(TARGET mqttwire-inspect)
    install(TARGETS mqttwire-inspect RUNTIME OPTIONAL)
endif()
