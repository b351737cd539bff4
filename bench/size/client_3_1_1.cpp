// A 3.1.1 client.
#include "client_3_1_1.hpp"

int main() { run_client(); }
