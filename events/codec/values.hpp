#pragma once

#include "events/event.hpp"
#include "schemas/common_generated.h"

#include <flatbuffers/flatbuffers.h>

#include <bit>
#include <cstring>

/// How values are stored in a FlatBuffers table and read from it.
namespace fc::events {

using builder = flatbuffers::FlatBufferBuilder;

inline auto put(builder& b, const std::string& x) {
  return b.CreateString(x);
}

inline auto put(builder& b, const repo_name& x) {
  return b.CreateString(x.str());
}

inline auto put(builder& b, const digest& x) {
  return x ? b.CreateVector(x.value.data(), x.value.size()) : 0;
}

inline flatbuffers::Offset<fbs::BlobRefV1> put(builder& b, const blob_ref& x) {
  return x ? fbs::CreateBlobRefV1(b, put(b, x.id), x.size) : 0;
}

inline auto put(builder& b, const std::vector<std::string>& x) {
  return b.CreateVectorOfStrings(x);
}

inline auto put(builder& b, const std::vector<double>& x) {
  return b.CreateVector(x);
}

inline std::int64_t ticks(timestamp at) {
  return at.time_since_epoch().count();
}

inline auto put(builder&, timestamp x) {
  return ticks(x);
}

template <class T>
requires std::is_arithmetic_v<T> T put(builder&, T x) {
  return x;
}

template <class T>
requires std::is_arithmetic_v<T>
void get(T value, T& x) {
  x = value;
}

inline void get(std::int64_t value, timestamp& x) {
  x = timestamp{std::chrono::nanoseconds{value}};
}

inline void get(const flatbuffers::String* t, std::string& x) {
  if (t != nullptr)
    x.assign(t->c_str(), t->size());
}

inline void get(const flatbuffers::String* t, repo_name& x) {
  if (t == nullptr)
    return;
  if (auto parsed = repo_name::parse(t->str()))
    x = *parsed;
}

inline void get(const flatbuffers::Vector<std::uint8_t>* t, digest& x) {
  if (t != nullptr && t->size() == x.value.size())
    std::copy(t->begin(), t->end(), x.value.begin());
}

inline void get(const fbs::BlobRefV1* t, blob_ref& x) {
  if (t == nullptr)
    return;
  get(t->id(), x.id);
  x.size = t->size();
}

inline void get(const flatbuffers::Vector<double>* t, std::vector<double>& x) {
  static_assert(std::endian::native == std::endian::little);
  if (t == nullptr || t->size() == 0)
    return x.clear();
  // As bytes: the verifier does not look at the alignment of elements, and in
  // a damaged buffer they may lie anywhere.
  x.resize(t->size());
  std::memcpy(x.data(), t->Data(), x.size() * sizeof(double));
}

template <class Table, described T>
void get(const Table* t, T& x);

/// A vector of tables or strings, by the `get` of its element.
template <class Table, class T>
void get(const flatbuffers::Vector<flatbuffers::Offset<Table>>* t,
         std::vector<T>& xs) {
  if (t == nullptr)
    return;
  xs.resize(t->size());
  for (flatbuffers::uoffset_t i = 0; i < t->size(); ++i)
    get(t->Get(i), xs[i]);
}

template <class Table>
bytes finish(builder& b, flatbuffers::Offset<Table> root) {
  b.Finish(root);
  return {b.GetBufferPointer(), b.GetBufferPointer() + b.GetSize()};
}

/// The root table of a buffer that was verified first. `newest` is the version
/// this program writes.
template <class Table>
expected<const Table*> verified(byte_view raw, std::uint8_t version,
                                std::uint8_t newest, std::string_view name) {
  if (version > newest)
    return make_error(ec::too_new,
                      std::string{name} + " version " + std::to_string(version)
                        + " was written by a newer program; upgrade this one");
  flatbuffers::Verifier verifier{raw.data(), raw.size()};
  if (raw.empty() || !verifier.VerifyBuffer<Table>(nullptr))
    return make_error(ec::corrupt,
                      std::string{name} + ": the payload is not a valid table");
  return flatbuffers::GetRoot<Table>(raw.data());
}

} // namespace fc::events
