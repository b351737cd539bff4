# Defines mqttwire_fmt: mqttwire with its formatters, for the tests and tools that print packets.
# fmt is used as headers alone, because an installed libfmt fits only one machine and one standard library.
include_guard(GLOBAL)
include(FetchContent)

if(CMAKE_CROSSCOMPILING)
    # The build machine's fmt package describes a library for the build machine, but its headers fit any.
    find_path(MQTTWIRE_FMT_INCLUDE_DIR fmt/format.h REQUIRED)
    add_library(mqttwire_fmt_headers INTERFACE)
    add_library(fmt::fmt-header-only ALIAS mqttwire_fmt_headers)
    target_compile_definitions(mqttwire_fmt_headers INTERFACE FMT_HEADER_ONLY=1)
    target_include_directories(mqttwire_fmt_headers SYSTEM INTERFACE ${MQTTWIRE_FMT_INCLUDE_DIR})
else()
    FetchContent_Declare(fmt
        GIT_REPOSITORY https://github.com/fmtlib/fmt.git
        GIT_TAG 11.2.0
        FIND_PACKAGE_ARGS GLOBAL)
    FetchContent_MakeAvailable(fmt)
endif()

add_library(mqttwire_fmt INTERFACE)
target_sources(mqttwire_fmt INTERFACE
    FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${PROJECT_SOURCE_DIR}/include/mqttwire/fmt.hpp)
target_link_libraries(mqttwire_fmt INTERFACE mqttwire::mqttwire fmt::fmt-header-only)
target_include_directories(mqttwire_fmt SYSTEM INTERFACE
    $<TARGET_PROPERTY:fmt::fmt-header-only,INTERFACE_INCLUDE_DIRECTORIES>)
set_target_properties(mqttwire_fmt PROPERTIES VERIFY_INTERFACE_HEADER_SETS ${MQTTWIRE_VERIFY_HEADERS})
