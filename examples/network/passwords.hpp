// Users and their passwords, from a file as mosquitto_passwd writes it: NAME:$7$ITERATIONS$SALT$HASH, in base64; the
// hash is PBKDF2 with SHA-512.
#pragma once

#include <mqttwire/mqttwire.hpp>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <charconv>
#include <fstream>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace network {

class Passwords {
public:
    Passwords() = default;
    /// Throws if there is no such file or a line is not understood.
    explicit Passwords(const std::string& file)
    {
        std::ifstream lines(file);
        if (!lines) throw std::runtime_error("cannot read " + file);
        for (std::string line; std::getline(lines, line);) {
            if (line.empty() || line.starts_with('#')) continue;
            const std::size_t colon = line.find(':');
            if (colon == std::string::npos || !line.substr(colon + 1).starts_with("$7$"))
                throw std::runtime_error(file + " has a line that is not NAME:$7$...");
            users_[line.substr(0, colon)] = parse(std::string_view(line).substr(colon + 4));
        }
    }

    bool good(const mqttwire::Connect& connect) const
    {
        return connect.user_name && connect.password && good(connect.user_name->view(), connect.password->view());
    }
    bool good(std::string_view name, std::string_view password) const
    {
        const auto found = users_.find(name);
        if (found == users_.end()) return false;
        const User& user = found->second;
        std::vector<unsigned char> hash(user.hash.size());
        const int size = static_cast<int>(hash.size());
        return !hash.empty()
            && PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), user.salt.data(),
                   static_cast<int>(user.salt.size()), user.iterations, EVP_sha512(), size, hash.data())
            == 1
            && CRYPTO_memcmp(hash.data(), user.hash.data(), hash.size()) == 0;
    }

private:
    struct User {
        int iterations = 1;
        std::vector<unsigned char> salt{};
        std::vector<unsigned char> hash{};
    };

    static User parse(std::string_view text)
    {
        const std::size_t salt = text.find('$');
        const std::size_t hash = text.find('$', salt + 1);
        User user;
        if (salt == text.npos || hash == text.npos
            || std::from_chars(text.data(), text.data() + salt, user.iterations).ec != std::errc{}
            || user.iterations < 1)
            throw std::runtime_error("a password is not ITERATIONS$SALT$HASH");
        user.salt = from_base64(text.substr(salt + 1, hash - salt - 1));
        user.hash = from_base64(text.substr(hash + 1));
        return user;
    }
    static std::vector<unsigned char> from_base64(std::string_view text)
    {
        std::vector<unsigned char> bytes(text.size());
        const int size = EVP_DecodeBlock(
            bytes.data(), reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
        if (size < 0) throw std::runtime_error("a password is not base64");
        const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
        bytes.resize(static_cast<std::size_t>(size) - padding);
        return bytes;
    }

    std::map<std::string, User, std::less<>> users_;
};

} // namespace network
