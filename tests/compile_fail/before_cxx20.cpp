#include <mqttwire/mqttwire.hpp>
