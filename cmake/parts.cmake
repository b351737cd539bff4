# What AUTO means: a part of this repository is built where the packages that it needs are installed, and is left out
# with a message where one is not, so that who wants the headers only needs none of them. ON fetches what is missing.
include_guard(GLOBAL)

#   mqttwire_resolve_auto(MQTTWIRE_BUILD_TESTS "the tests" fmt Catch2)
# makes the option ON or OFF for the rest of the configuration.
function(mqttwire_resolve_auto option part)
    if(NOT ${option} STREQUAL AUTO)
        return()
    endif()
    set(${option} ON PARENT_SCOPE)
    foreach(package IN LISTS ARGN)
        find_package(${package} QUIET)
        if(NOT ${package}_FOUND)
            message(STATUS "mqttwire: ${part} will not be built, for there is no ${package}; "
                "to have it fetched, configure with -D ${option}=ON")
            set(${option} OFF PARENT_SCOPE)
            return()
        endif()
    endforeach()
endfunction()

mqttwire_resolve_auto(MQTTWIRE_BUILD_EXAMPLES "mqttwire-inspect" fmt)
mqttwire_resolve_auto(MQTTWIRE_BUILD_TESTS "the tests" fmt Catch2)
