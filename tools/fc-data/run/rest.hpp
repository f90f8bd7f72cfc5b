#pragma once

#include "actors/judge/ledger.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <ostream>
#include <string>

/// What a person is told of what a run could not bring to its end.
namespace fc::tools {

/// Says why pull requests were left open, if any were.
/// @param causes How many for which; an unknown one is empty.
/// @param ledger Null where the rules judge.
void explain_open(std::ostream& out,
                  const std::map<std::string, std::uint32_t>& causes,
                  const actors::judge_ledger* ledger,
                  const actors::judge_budget& budget);

/// Says how many sandboxes could not be removed, if any.
void explain_left_behind(std::ostream& out, std::uint32_t sandboxes,
                         const std::filesystem::path& work);

} // namespace fc::tools
