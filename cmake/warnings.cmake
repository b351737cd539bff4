include_guard(GLOBAL)

# For mqttwire's own programs and tests: who uses the library keeps their own warnings.
function(mqttwire_warnings target)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wconversion)
    # In a unity build the names of one file stand around those of the next, which only g++ can tell from local ones.
    if(NOT CMAKE_UNITY_BUILD)
        target_compile_options(${target} PRIVATE -Wshadow)
    elseif(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        target_compile_options(${target} PRIVATE -Wshadow=local)
    endif()
    set_target_properties(${target} PROPERTIES COMPILE_WARNING_AS_ERROR ON)
endfunction()
