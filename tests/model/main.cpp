// Explores every state that a client's and a server's session can come to together, over a link that loses connections,
// with either side losing at any moment what is not durable; see README.md of this folder.
//
//   mqttwire_model --small | --large | --all      the scopes of that size; prints states, transitions and depth
//   mqttwire_model_faulty --faults                switches twenty-two faults on, one after another, and finds each
//   mqttwire_model --list                         the scopes
//   mqttwire_model SCOPE...                       scopes by name
//
// Exits with 1, and prints the shortest way there, if a rule is broken.
#include "world.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace model;

struct Named {
    std::string_view name;
    bool large;
    Scope scope;
};

constexpr Version v5 = Version::v5;
constexpr Version v4 = Version::v3_1_1;

/// The names tell the version, the identifiers, the two Receive Maximums, who publishes, and what else there is.
constexpr Named scopes[] = {
    {"5.0, 1 id, both", false, {.version = v5, .ids = 1, .receive_maximum = {1, 1}}},
    {"3.1.1, 1 id, both", false, {.version = v4, .ids = 1}},
    {"5.0, 2 ids, maximum shrinks, client", false, {.version = v5, .ids = 2, .sends = {true, false}, .shrinks = true}},
    {"5.0, 2 ids, maximum shrinks, server", false, {.version = v5, .ids = 2, .sends = {false, true}, .shrinks = true}},
    {"5.0, 1 id, server forgets", false, {.version = v5, .ids = 1, .receive_maximum = {1, 1}, .loses_session = true}},
    {"5.0, 2 ids, maximum 1, both", false, {.version = v5, .ids = 2, .receive_maximum = {1, 1}}},
    {"3.1.1, 2 ids, client", false, {.version = v4, .ids = 2, .sends = {true, false}}},
    {"3.1.1, 2 ids, server", false, {.version = v4, .ids = 2, .sends = {false, true}}},
    {"5.0, 1 id, QoS 0 as well", false,
        {.version = v5, .ids = 1, .receive_maximum = {1, 1}, .sends = {true, false}, .qos = {true, true, true}}},
    {"5.0, 3 ids, maximum 2, client", false, {.version = v5, .ids = 3, .sends = {true, false}}},
    {"5.0, 3 ids, maximum 3, client", false,
        {.version = v5, .ids = 3, .receive_maximum = {3, 3}, .sends = {true, false}}},
    {"3.1.1, 2 ids, both", true, {.version = v4, .ids = 2}},
    {"5.0, 3 ids, maximum 1, both", true, {.version = v5, .ids = 3, .receive_maximum = {1, 1}}},
    {"5.0, 3 ids, maximum shrinks, client", true,
        {.version = v5, .ids = 3, .receive_maximum = {3, 3}, .sends = {true, false}, .shrinks = true}},
    {"5.0, 2 ids, both, short link", true, {.version = v5, .ids = 2, .link = 1}},
    {"3.1.1, 3 ids, client", true, {.version = v4, .ids = 3, .sends = {true, false}}},
    {"3.1.1, 3 ids, server", true, {.version = v4, .ids = 3, .sends = {false, true}}},
    {"3.1.1, 3 ids, both, QoS 1", true, {.version = v4, .ids = 3, .qos = {false, true, false}}},
    {"5.0, 3 ids, maximum 2 and 1, both", true, {.version = v5, .ids = 3, .receive_maximum = {2, 1}}},
    {"5.0, 3 ids, maximum 1 and 2, both", true, {.version = v5, .ids = 3, .receive_maximum = {1, 2}}},
    {"5.0, 3 ids, both, QoS 1", true, {.version = v5, .ids = 3, .qos = {false, true, false}}},
    {"5.0, 3 ids, both, QoS 2, short link", true, {.version = v5, .ids = 3, .qos = {false, false, true}, .link = 1}},
};

const bool progress = std::getenv("MQTTWIRE_MODEL_PROGRESS") != nullptr;
std::uint64_t total_states = 0;
std::uint64_t total_transitions = 0;

__extension__ using Hash = unsigned __int128;

/// Two independent multiplicative hashes of the words of a snapshot.
Hash hash_of(const Snapshot& snapshot)
{
    static_assert(sizeof(Snapshot) % 8 == 0);
    std::uint64_t a = 0x9E3779B97F4A7C15U;
    std::uint64_t b = 0xC2B2AE3D27D4EB4FU;
    const auto* bytes = reinterpret_cast<const unsigned char*>(&snapshot);
    for (std::size_t i = 0; i < sizeof snapshot; i += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes + i, 8);
        if (word == 0) continue; // cheap, and the place is hashed with the word
        const std::uint64_t mixed = (word ^ (i * 0xD6E8FEB86659FD93U)) * 0xFF51AFD7ED558CCDU;
        a = (a ^ mixed ^ (mixed >> 32U)) * 0x9FB21C651E98DF25U;
        a ^= a >> 29U;
        b = (b + (mixed ^ (mixed >> 27U))) * 0xBF58476D1CE4E5B9U;
        b ^= b >> 31U;
    }
    return static_cast<Hash>(a) << 64U | b;
}

/// Hashes seen, by open addressing. Of a state only its 128-bit hash is kept: that two of 10^8 states share one has a
/// chance of 10^-23.
class Seen {
public:
    Seen() : places_(std::size_t{1} << 16U) {}

    /// True if it was new.
    bool insert(Hash hash)
    {
        if (2 * count_ >= places_.size()) grow();
        if (!put(places_, hash)) return false;
        ++count_;
        return true;
    }
    std::size_t size() const { return count_; }

private:
    static bool put(std::vector<Hash>& places, Hash hash)
    {
        if (hash == 0) hash = 1;
        std::size_t at = static_cast<std::size_t>(hash) & (places.size() - 1);
        while (places[at] != 0) {
            if (places[at] == hash) return false;
            at = (at + 1) & (places.size() - 1);
        }
        places[at] = hash;
        return true;
    }
    void grow()
    {
        std::vector<Hash> larger(2 * places_.size());
        for (const Hash hash : places_)
            if (hash != 0) put(larger, hash);
        places_ = std::move(larger);
    }

    std::vector<Hash> places_;
    std::size_t count_ = 0;
};

/// Snapshots in a queue, without the bytes in which they do not differ from the first one.
class Queue {
public:
    explicit Queue(const Snapshot& base) : base_(base) {}

    void push(const Snapshot& snapshot)
    {
        const auto* bytes = reinterpret_cast<const unsigned char*>(&snapshot);
        const auto* base = reinterpret_cast<const unsigned char*>(&base_);
        const std::size_t header = bytes_.size();
        bytes_.insert(bytes_.end(), words / 8, 0);
        for (std::size_t i = 0; i < words; ++i) {
            if (std::memcmp(bytes + 4 * i, base + 4 * i, 4) == 0) continue;
            bytes_[header + i / 8] = static_cast<unsigned char>(bytes_[header + i / 8] | 1U << (i % 8));
            bytes_.insert(bytes_.end(), bytes + 4 * i, bytes + 4 * i + 4);
        }
        ++size_;
    }
    bool pop(Snapshot& snapshot)
    {
        if (size_ == 0) return false;
        --size_;
        snapshot = base_;
        auto* bytes = reinterpret_cast<unsigned char*>(&snapshot);
        unsigned char present[words / 8];
        for (unsigned char& each : present) each = take();
        for (std::size_t i = 0; i < words; ++i)
            if ((present[i / 8] >> (i % 8) & 1U) != 0)
                for (std::size_t byte = 0; byte < 4; ++byte) bytes[4 * i + byte] = take();
        return true;
    }
    std::size_t size() const { return size_; }
    void clear()
    {
        bytes_.clear();
        at_ = 0;
    }

private:
    static constexpr std::size_t words = (sizeof(Snapshot) / 4 + 7) / 8 * 8;
    static_assert(sizeof(Snapshot) % 32 == 0, "a whole number of flag bytes");

    unsigned char take() { return bytes_[at_++]; }

    Snapshot base_;
    std::vector<unsigned char> bytes_;
    std::size_t at_ = 0;
    std::size_t size_ = 0;
};

/// With no more messages, losses and crashes, everything comes to rest. Gives what is wrong, or nothing.
const char* come_to_rest(World& world)
{
    constexpr Action fair[] = {Action::connect, Action::deliver_to_client, Action::deliver_to_server,
        Action::client_resends, Action::server_resends};
    for (int steps = 0; steps < 1000; ++steps) {
        bool moved = false;
        for (const Action action : fair) moved = world.act(action) || moved;
        if (!world.broken.empty()) return world.broken.c_str();
        if (!moved) return world.at_rest() ? nullptr : "everything ends";
    }
    return "everything ends soon";
}

struct Found {
    std::uint64_t transitions = 0;
    unsigned depth = 0;
    std::string broken{};
    Snapshot where{};
    Action how{};
};

/// `first` is the world as it begins. (Its sessions know where their entries stand, so there is but one World.)
Found explore(World& world, const Snapshot& first, Seen& seen, std::size_t limit)
{
    auto now = std::make_unique<Snapshot>();
    auto next = std::make_unique<Snapshot>();
    Found found;
    Queue level(first);
    Queue following(first);
    seen.insert(hash_of(first));
    level.push(first);
    while (level.size() != 0) {
        while (level.pop(*now)) {
            for (unsigned action = 0; action < action_count; ++action) {
                world.restore(*now);
                if (!world.act(static_cast<Action>(action))) continue;
                ++found.transitions;
                if (world.broken.empty()) {
                    world.keep(*next);
                    if (!seen.insert(hash_of(*next))) continue;
                    if (const char* const rule = come_to_rest(world)) world.broken = rule;
                    else following.push(*next);
                }
                if (!world.broken.empty()) {
                    found.broken = world.broken;
                    found.where = *now;
                    found.how = static_cast<Action>(action);
                    return found;
                }
            }
            if (seen.size() > limit) {
                found.broken = "more states than the limit";
                return found;
            }
        }
        level.clear();
        std::swap(level, following);
        if (level.size() != 0) ++found.depth;
        if (progress) std::fprintf(stderr, "depth %u: %zu states, %zu new\n", found.depth, seen.size(), level.size());
    }
    return found;
}

/// The shortest way to a snapshot, found again with every state's origin kept.
void print_way(World& world, const Snapshot& first, const Found& found)
{
    struct Origin {
        Snapshot snapshot;
        std::size_t from;
        Action action;
    };
    std::deque<Origin> all;
    Seen seen;
    Snapshot snapshot = first;
    seen.insert(hash_of(snapshot));
    all.push_back({snapshot, 0, {}});
    const Hash wanted = hash_of(found.where);
    std::size_t at = 0;
    for (; at < all.size() && hash_of(all[at].snapshot) != wanted; ++at) {
        for (unsigned action = 0; action < action_count; ++action) {
            world.restore(all[at].snapshot);
            if (!world.act(static_cast<Action>(action))) continue;
            world.keep(snapshot);
            if (seen.insert(hash_of(snapshot))) all.push_back({snapshot, at, static_cast<Action>(action)});
        }
    }
    std::vector<Action> way{found.how};
    for (; at != 0; at = all[at].from) way.push_back(all[at].action);
    for (auto action = way.rbegin(); action != way.rend(); ++action) std::printf("    %s\n", name(*action));
}

bool run(const Named& named)
{
    const auto start = std::chrono::steady_clock::now();
    Seen seen;
    const auto world = std::make_unique<World>(named.scope);
    const auto first = std::make_unique<Snapshot>();
    world->keep(*first);
    const Found found = explore(*world, *first, seen, 400000000);
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    std::printf("%-36.*s %11zu states %12llu transitions  depth %3u  %6.1f s\n", static_cast<int>(named.name.size()),
        named.name.data(), seen.size(), static_cast<unsigned long long>(found.transitions), found.depth, time.count());
    std::fflush(stdout);
    total_states += seen.size();
    total_transitions += found.transitions;
    if (found.broken.empty()) return true;
    std::printf("  broken: %s, after\n", found.broken.c_str());
    std::fflush(stdout);
    if (seen.size() < 3000000) print_way(*world, *first, found);
    return false;
}

#ifdef MQTTWIRE_MODEL_FAULTS
/// Switches one fault on after the other; each must break a rule in some small scope.
int find_faults()
{
    bool good = true;
    const int count = static_cast<int>(std::size(model_fault::texts)) - 1;
    for (int fault = 1; fault <= count; ++fault) {
        bool found = false;
        for (const Named& named : scopes) {
            if (named.large || found) continue;
            Seen seen;
            model_fault::active = 0;
            const auto world = std::make_unique<World>(named.scope);
            const auto first = std::make_unique<Snapshot>();
            world->keep(*first);
            model_fault::active = fault;
            const Found result = explore(*world, *first, seen, 400000000);
            if (result.broken.empty()) continue;
            found = true;
            std::printf("%2d %s\n     found after %zu states of \"%.*s\": %s\n", fault, model_fault::texts[fault],
                seen.size(), static_cast<int>(named.name.size()), named.name.data(), result.broken.c_str());
            std::fflush(stdout);
        }
        if (!found) std::printf("%2d %s\n     NOT FOUND\n", fault, model_fault::texts[fault]);
        good = good && found;
    }
    return good ? 0 : 1;
}
#endif

} // namespace

int main(int argc, char** argv)
{
    bool good = argc > 1;
    bool any = false;
    const std::string_view what = argc > 1 ? argv[1] : "";
#ifdef MQTTWIRE_MODEL_FAULTS
    if (what == "--faults") return find_faults();
#endif
    for (const Named& named : scopes) {
        bool wanted = what == "--all" || what == (named.large ? "--large" : "--small");
        for (int i = 1; i < argc; ++i) wanted = wanted || named.name == argv[i];
        if (what == "--list") std::printf("%.*s\n", static_cast<int>(named.name.size()), named.name.data());
        if (!wanted) continue;
        any = true;
        good = run(named) && good;
        if (!good) break;
    }
    if (!any && what != "--list") {
        std::fprintf(stderr, "usage: mqttwire_model --small | --large | --all | --list | SCOPE...\n");
        return 2;
    }
    if (any)
        std::printf("%-36s %11llu states %12llu transitions\n", "in all", static_cast<unsigned long long>(total_states),
            static_cast<unsigned long long>(total_transitions));
    return good ? 0 : 1;
}
