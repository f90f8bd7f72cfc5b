#include "actors/services/jwt/jwt.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

namespace fc::actors::services {

using events::ec;
using events::expected;
using events::make_error;

namespace {

struct openssl_deleter {
  void operator()(EVP_PKEY* x) const noexcept {
    ::EVP_PKEY_free(x);
  }
  void operator()(EVP_MD_CTX* x) const noexcept {
    ::EVP_MD_CTX_free(x);
  }
  void operator()(BIO* x) const noexcept {
    ::BIO_free(x);
  }
};

/// Nobody is asked for a pass phrase at a terminal.
int no_pass_phrase(char*, int, int, void*) {
  return -1;
}

events::error cannot_sign() {
  ::ERR_clear_error();
  return make_error(ec::internal, "OpenSSL cannot sign with this key");
}

} // namespace

struct signing_key::state {
  std::unique_ptr<EVP_PKEY, openssl_deleter> key;
};

expected<signing_key>
signing_key::read(std::string_view pem, std::string_view origin) {
  const std::unique_ptr<BIO, openssl_deleter> from{
    ::BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  auto held = std::make_shared<state>();
  held->key.reset(
    ::PEM_read_bio_PrivateKey(from.get(), nullptr, &no_pass_phrase, nullptr));
  ::ERR_clear_error();
  if (!held->key || ::EVP_PKEY_base_id(held->key.get()) != EVP_PKEY_RSA)
    return make_error(ec::invalid_argument,
                      std::string{origin}
                        + " holds no private RSA key in PEM form without a "
                          "pass phrase");
  signing_key result;
  result.state_ = std::move(held);
  return result;
}

expected<std::string> signing_key::jwt(std::string_view claims) const {
  auto token = base64url(events::as_bytes(R"({"alg":"RS256","typ":"JWT"})"))
               + "." + base64url(events::as_bytes(claims));
  const std::unique_ptr<EVP_MD_CTX, openssl_deleter> context{
    ::EVP_MD_CTX_new()};
  const auto* data = reinterpret_cast<const unsigned char*>(token.data());
  std::size_t size = 0;
  if (!context
      || ::EVP_DigestSignInit(context.get(), nullptr, ::EVP_sha256(), nullptr,
                              state_->key.get())
           != 1
      || ::EVP_DigestSign(context.get(), nullptr, &size, data, token.size())
           != 1)
    return cannot_sign();
  events::bytes signature(size);
  if (::EVP_DigestSign(context.get(), signature.data(), &size, data,
                       token.size())
      != 1)
    return cannot_sign();
  signature.resize(size);
  return token + "." + base64url(signature);
}

std::int64_t unix_seconds(events::timestamp at) {
  return std::chrono::floor<std::chrono::seconds>(at)
    .time_since_epoch()
    .count();
}

std::string base64url(events::byte_view data) {
  constexpr std::string_view letters
    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  std::uint32_t bits = 0;
  int held = 0;
  for (const auto byte : data) {
    bits = bits << 8U | byte;
    for (held += 8; held >= 6; held -= 6)
      text += letters[bits >> static_cast<unsigned>(held - 6) & 63U];
  }
  if (held > 0)
    text += letters[bits << static_cast<unsigned>(6 - held) & 63U];
  return text;
}

} // namespace fc::actors::services
