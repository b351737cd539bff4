# Catch2, version 2 or 3; tests/support/catch.hpp levels the difference.
include_guard(GLOBAL)

if(CMAKE_CROSSCOMPILING)
    # The build machine's package is for the build machine, but the one header of version 2 fits any. It is taken alone,
    # for the headers beside it are those of another system.
    include(${CMAKE_CURRENT_LIST_DIR}/foreign_headers.cmake)
    mqttwire_foreign_headers(catch2 catch.hpp)
    add_library(Catch2::Catch2 ALIAS mqttwire_foreign_catch2)
    return()
endif()

include(FetchContent)
FetchContent_Declare(Catch2
    GIT_REPOSITORY https://github.com/catchorg/Catch2.git
    GIT_TAG v3.8.1
    FIND_PACKAGE_ARGS)
FetchContent_MakeAvailable(Catch2)
