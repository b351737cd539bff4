include_guard(GLOBAL)

# For mqttwire's own programs and tests: who uses the library keeps their own warnings.
function(mqttwire_warnings target)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wconversion -Wshadow)
    set_target_properties(${target} PROPERTIES COMPILE_WARNING_AS_ERROR ON)
endfunction()
