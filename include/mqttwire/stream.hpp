// PUBLISH packets of any size in little memory, in pieces: StreamReader reads, encode_head and StreamWriter write.
#pragma once

#include "mqttwire/stream_reader.hpp"
#include "mqttwire/stream_writer.hpp"
