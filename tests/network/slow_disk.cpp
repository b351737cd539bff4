// Loaded before the C library (LD_PRELOAD): a disk that takes MQTTWIRE_DISK_MS milliseconds to keep a file, adds a byte
// to the file MQTTWIRE_DISK_LOG each time, and fails from the moment on at which the file MQTTWIRE_DISK_BROKEN is
// there.
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <thread>
#include <unistd.h>

extern "C" int fdatasync(int descriptor)
{
    const char* const milliseconds = std::getenv("MQTTWIRE_DISK_MS");
    const char* const log = std::getenv("MQTTWIRE_DISK_LOG");
    const char* const broken = std::getenv("MQTTWIRE_DISK_BROKEN");
    if (milliseconds != nullptr) std::this_thread::sleep_for(std::chrono::milliseconds(std::stoi(milliseconds)));
    if (log != nullptr) {
        const int file = ::open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
        static_cast<void>(!::write(file, "x", 1));
        ::close(file);
    }
    if (broken != nullptr && ::access(broken, F_OK) == 0) {
        errno = EIO;
        return -1;
    }
    return ::fsync(descriptor);
}
