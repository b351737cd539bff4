# mqttwire::mqttwire needs nothing. mqttwire::fmt needs fmt: a project that asks for the component gets an answer here,
#   find_package(mqttwire 0.1 REQUIRED COMPONENTS fmt)
# and one that does not is not bothered.
if("fmt" IN_LIST mqttwire_FIND_COMPONENTS)
    find_package(fmt QUIET)
    set(mqttwire_fmt_FOUND ${fmt_FOUND})
endif()
foreach(component IN LISTS mqttwire_FIND_COMPONENTS)
    if(mqttwire_FIND_REQUIRED_${component} AND NOT mqttwire_${component}_FOUND)
        set(mqttwire_FOUND FALSE)
        set(mqttwire_NOT_FOUND_MESSAGE "the component ${component} needs a package of that name")
    endif()
endforeach()

include(${CMAKE_CURRENT_LIST_DIR}/mqttwire-targets.cmake)
