// What the other programs are compared with.
#include "device.hpp"

int main()
{
    device.seen_address = device.received().data();
    device.seen_address = device.to_send().data();
    device.seen_address = device.text.bytes();
    device.seen_address = device.binary.bytes();
    device.sent_size = device.number;
}
