#pragma once

#include "events/ids.hpp"

#include <map>
#include <string>
#include <string_view>

namespace fc::projections::parquet {

/// What the dataset card tells.
struct card_facts {
  std::string license;
  events::position until = 0;
  std::size_t rows = 0;
  std::map<std::string, std::size_t> months;       ///< Rows by merge month.
  std::map<std::string, std::size_t> environments; ///< Rows by kind of place.
  std::map<std::string, std::size_t> policies;     ///< Rows by policy digest.
  std::map<std::string, std::size_t> admitted_by;  ///< Rows by what let it in.
};

/// The card as the HuggingFace hub reads it: YAML in front, then prose.
std::string dataset_card(const card_facts& x);

/// Whether a text was such a card, perhaps of an older program.
bool is_dataset_card(std::string_view text);

} // namespace fc::projections::parquet
