#include "tests/campaign/orders.hpp"

#include "events/catalog.hpp"

#include <algorithm>

namespace fc::campaign {

namespace {

using events::as_bytes;

/// Dice of one order: always the same.
std::mt19937_64 dice_of(const std::string& name) {
  const auto seed = events::sha256(as_bytes(name));
  std::uint64_t number = 0;
  for (const auto each : seed.value)
    number = number << 7U ^ each;
  return std::mt19937_64{number};
}

events::event_id id_of(const std::string& name) {
  const auto whole = events::sha256(as_bytes(name));
  events::event_id id;
  std::copy_n(whole.value.begin(), id.value.size(), id.value.begin());
  return id;
}

/// Mostly a few kilobytes, sometimes some megabytes, so that it has chunks.
events::log::blob random_blob(std::mt19937_64& dice) {
  const auto size = dice() % 60 == 0 ? dice() % (4U << 20U) : dice() % 20'000;
  std::string text;
  while (text.size() < size) {
    const auto word = dice();
    text.append(reinterpret_cast<const char*>(&word), sizeof word);
  }
  return events::log::make_blob(text);
}

std::string name_of(const events::stream_name& stream, std::uint64_t number) {
  return stream + "/" + std::to_string(number);
}

} // namespace

own_orders::own_orders(events::stream_name stream)
  : stream_(std::move(stream)) {}

std::uint32_t own_orders::size_of(std::uint64_t number) const {
  return 1
         + static_cast<std::uint32_t>(dice_of(name_of(stream_, number))() % 3);
}

bool own_orders::go_to(events::sequence length) {
  number_ = 0;
  length_ = 0;
  while (length_ < length)
    advance();
  return length_ == length;
}

void own_orders::advance() {
  length_ += size_of(number_++);
}

order own_orders::next() const {
  return at(number_, length_);
}

std::optional<order> own_orders::previous() const {
  if (number_ == 0)
    return std::nullopt;
  return at(number_ - 1, length_ - size_of(number_ - 1));
}

order own_orders::at(std::uint64_t number, events::sequence expected) const {
  const auto name = name_of(stream_, number);
  auto dice = dice_of(name);
  order x{{stream_, expected, {}}, {}};
  for (auto left = dice() % 3 + 1; left > 0; --left)
    x.request.events.push_back(events::make_event(
      events::symbolic_passed{name + std::string(dice() % 300, '.')}));
  if (dice() % 4 == 0) {
    x.blobs.push_back(random_blob(dice));
    events::scraped facts;
    facts.repo = *events::repo_name::parse("some/repo");
    facts.number = 1;
    facts.diff = {x.blobs.front().id, x.blobs.front().data.size()};
    x.request.events.back() = events::make_event(facts);
  }
  for (auto& each : x.request.events)
    each.id
      = id_of(name + "/" + std::to_string(&each - x.request.events.data()));
  return x;
}

order shared_order(events::stream_name stream, events::sequence expected,
                   const std::string& note) {
  return {{std::move(stream),
           expected,
           {events::make_event(events::symbolic_passed{note})}},
          {}};
}

} // namespace fc::campaign
