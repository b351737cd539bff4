// Room: where the parts of a session keep their entries: in themselves, or in the caller's memory.
#pragma once

#include "mqttwire/config.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mqttwire::inline MQTTWIRE_ABI::session {

/// The capacity of a part whose entries stand in the caller's memory, which is given to its constructor.
inline constexpr std::size_t in_callers_memory = static_cast<std::size_t>(-1);

/// Room for `Capacity` entries, inside. A copy is another session.
template <class T, std::size_t Capacity = in_callers_memory>
class Room {
public:
    static constexpr std::size_t size() noexcept { return Capacity; }
    constexpr T& operator[](std::size_t index) noexcept { return items_[index]; }
    constexpr const T& operator[](std::size_t index) const noexcept { return items_[index]; }
    constexpr T* data() noexcept { return items_; }
    constexpr const T* data() const noexcept { return items_; }

private:
    static_assert(Capacity <= 0xFFFF);
    T items_[Capacity]{};
};

/// No room.
template <class T>
class Room<T, 0> {
public:
    static constexpr std::size_t size() noexcept { return 0; }
    constexpr T& operator[](std::size_t) const noexcept { return *data(); }
    static constexpr T* data() noexcept { return nullptr; }
};

/// Room in the caller's memory, of up to 65,535 entries. A copy shares it.
template <class T>
class Room<T, in_callers_memory> {
public:
    constexpr Room() noexcept = default;
    constexpr Room(std::span<T> memory) noexcept
        : items_(memory.data()), size_(static_cast<std::uint16_t>(memory.size() < 0xFFFF ? memory.size() : 0xFFFF))
    {
    }
    constexpr std::size_t size() const noexcept { return size_; }
    constexpr T& operator[](std::size_t index) const noexcept { return items_[index]; }
    constexpr T* data() const noexcept { return items_; }

private:
    T* items_ = nullptr;
    std::uint16_t size_ = 0;
};

} // namespace mqttwire::inline MQTTWIRE_ABI::session
