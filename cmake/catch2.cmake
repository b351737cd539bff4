# Catch2, version 2 or 3; tests/support/catch.hpp levels the difference.
include_guard(GLOBAL)
include(FetchContent)

FetchContent_Declare(Catch2
    GIT_REPOSITORY https://github.com/catchorg/Catch2.git
    GIT_TAG v3.8.1
    FIND_PACKAGE_ARGS)
FetchContent_MakeAvailable(Catch2)
