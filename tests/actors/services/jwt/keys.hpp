#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>

namespace fc::actors::services {

/// A pair of RSA keys made for a test.
class key_pair {
public:
  key_pair() : key_{::EVP_RSA_gen(2048), &::EVP_PKEY_free} {}

  std::string private_pem() const {
    const auto to = memory();
    ::PEM_write_bio_PrivateKey(to.get(), key_.get(), nullptr, nullptr, 0,
                               nullptr, nullptr);
    return text_of(to.get());
  }
  std::string public_pem() const {
    const auto to = memory();
    ::PEM_write_bio_PUBKEY(to.get(), key_.get());
    return text_of(to.get());
  }
  /// Whether a JWT was signed with it.
  bool signed_by(const std::string& jwt) const {
    const auto dot = jwt.rfind('.');
    const auto signature = decoded(jwt.substr(dot + 1));
    const std::unique_ptr<EVP_MD_CTX, decltype(&::EVP_MD_CTX_free)> context{
      ::EVP_MD_CTX_new(), &::EVP_MD_CTX_free};
    ::EVP_DigestVerifyInit(context.get(), nullptr, ::EVP_sha256(), nullptr,
                           key_.get());
    return ::EVP_DigestVerify(
             context.get(),
             reinterpret_cast<const unsigned char*>(signature.data()),
             signature.size(),
             reinterpret_cast<const unsigned char*>(jwt.data()), dot)
           == 1;
  }
  /// URL-safe base64 without padding.
  static std::string decoded(std::string x) {
    for (auto& c : x)
      c = c == '-' ? '+' : c == '_' ? '/' : c;
    const auto padding = (4 - x.size() % 4) % 4;
    x.append(padding, '=');
    std::string result(x.size() / 4 * 3, '\0');
    ::EVP_DecodeBlock(reinterpret_cast<unsigned char*>(result.data()),
                      reinterpret_cast<const unsigned char*>(x.data()),
                      static_cast<int>(x.size()));
    result.resize(result.size() - padding);
    return result;
  }

private:
  using memory_ptr = std::unique_ptr<BIO, decltype(&::BIO_free)>;
  static memory_ptr memory() {
    return {::BIO_new(::BIO_s_mem()), &::BIO_free};
  }
  static std::string text_of(BIO* from) {
    char* data = nullptr;
    const auto size = ::BIO_get_mem_data(from, &data);
    return {data, static_cast<std::size_t>(size)};
  }

  std::unique_ptr<EVP_PKEY, decltype(&::EVP_PKEY_free)> key_;
};

/// The claims of a JWT as text.
inline std::string claims_of(const std::string& jwt) {
  const auto first = jwt.find('.') + 1;
  return key_pair::decoded(jwt.substr(first, jwt.rfind('.') - first));
}

} // namespace fc::actors::services
