# Runs a program and holds what it prints against a file that says what it prints.
file(READ ${EXPECTED} expected)
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE printed COMMAND_ERROR_IS_FATAL ANY)
if(NOT printed STREQUAL expected)
    message(FATAL_ERROR "The program printed:\n${printed}but ${EXPECTED} says:\n${expected}")
endif()
