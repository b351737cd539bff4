# Counts the instructions that a Framer takes for packets of 0.5 MB and 1 MB fed byte by byte, and so what a further byte
# costs, however much lies before it. Needs valgrind.
#   cmake -D PROGRAM=... -D VALGRIND=... -P framer_cost.cmake
set(most_per_byte 150)

function(count_instructions size result)
    execute_process(
        COMMAND ${VALGRIND} --tool=callgrind --callgrind-out-file=/dev/null ${PROGRAM} ${size}
        RESULT_VARIABLE status ERROR_VARIABLE output)
    if(NOT status EQUAL 0 OR NOT output MATCHES "Collected : ([0-9]+)")
        message(FATAL_ERROR "valgrind could not run ${PROGRAM}: ${output}")
    endif()
    set(${result} ${CMAKE_MATCH_1} PARENT_SCOPE)
endfunction()

count_instructions(500000 half)
count_instructions(1000000 whole)
math(EXPR per_byte "(${whole} - ${half}) / 500000")
message(STATUS "${half} instructions for 0.5 MB, ${whole} for 1 MB: ${per_byte} for each further byte")
if(per_byte GREATER most_per_byte)
    message(FATAL_ERROR "more than ${most_per_byte} instructions a byte")
endif()
