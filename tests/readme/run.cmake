# Runs a program of the README and holds what it prints against what the README says that it prints.
file(READ ${EXPECTED} expected)
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE printed COMMAND_ERROR_IS_FATAL ANY)
if(NOT printed STREQUAL expected)
    message(FATAL_ERROR "The program printed:\n${printed}but the README says:\n${expected}")
endif()
