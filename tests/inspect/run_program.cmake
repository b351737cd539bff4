# Runs PROGRAM with the list ARGUMENTS and INPUT (a file) as its standard input. Its exit status must be STATUS, its
# output the text of the file EXPECTED, if one is given, and what it says on standard error must match COMPLAINT.
if(NOT INPUT)
    set(INPUT /dev/null)
endif()
execute_process(COMMAND ${PROGRAM} ${ARGUMENTS}
    INPUT_FILE ${INPUT}
    OUTPUT_VARIABLE output ERROR_VARIABLE complaint RESULT_VARIABLE status)
if(NOT status EQUAL STATUS)
    message(FATAL_ERROR "exit status ${status}, expected ${STATUS}\n${output}${complaint}")
endif()
if(EXPECTED)
    file(READ ${EXPECTED} expected)
    if(NOT output STREQUAL expected)
        message(FATAL_ERROR "${EXPECTED} is expected, and the output is\n${output}")
    endif()
endif()
if(NOT complaint MATCHES "^${COMPLAINT}$")
    message(FATAL_ERROR "the complaint is\n${complaint}")
endif()
