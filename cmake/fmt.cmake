# Finds fmt for mqttwire_fmt, which the tests and tools that print packets link.
# fmt is used as headers alone, because an installed libfmt fits only one machine and one standard library.
include_guard(GLOBAL)
include(FetchContent)

if(CMAKE_CROSSCOMPILING)
    # The build machine's library is for the build machine, but its headers fit any.
    include(${CMAKE_CURRENT_LIST_DIR}/foreign_headers.cmake)
    mqttwire_foreign_headers(fmt format.h)
    target_compile_definitions(mqttwire_foreign_fmt INTERFACE FMT_HEADER_ONLY=1)
    add_library(fmt::fmt-header-only ALIAS mqttwire_foreign_fmt)
else()
    FetchContent_Declare(fmt
        GIT_REPOSITORY https://github.com/fmtlib/fmt.git
        GIT_TAG 11.2.0
        FIND_PACKAGE_ARGS GLOBAL)
    FetchContent_MakeAvailable(fmt)
endif()

target_link_libraries(mqttwire_fmt INTERFACE $<BUILD_INTERFACE:fmt::fmt-header-only>)
target_include_directories(mqttwire_fmt SYSTEM INTERFACE
    $<BUILD_INTERFACE:$<TARGET_PROPERTY:fmt::fmt-header-only,INTERFACE_INCLUDE_DIRECTORIES>>)

if(MQTTWIRE_VERIFY_HEADERS)
    add_library(mqttwire_fmt_header INTERFACE)
    target_link_libraries(mqttwire_fmt_header INTERFACE mqttwire_fmt)
    target_sources(mqttwire_fmt_header INTERFACE
        FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${PROJECT_SOURCE_DIR}/include/mqttwire/fmt.hpp)
    set_target_properties(mqttwire_fmt_header PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
endif()
