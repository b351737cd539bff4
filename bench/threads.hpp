// Two threads at once. They share nothing, so together they do twice the work of one.
#pragma once

namespace bench {

/// Measures one thread and two, in turn, and prints how many times the work of one the two have done.
void print_threads();

} // namespace bench
