#include "tools/fc-data/run/rest.hpp"

#include "tools/fc-data/terminal/diagnostics.hpp"

#include <iomanip>
#include <sstream>

namespace fc::tools {

namespace {

/// Further causes were told when their pull requests were left.
constexpr std::size_t max_causes = 5;

std::string usd(double x) {
  std::ostringstream out;
  out << '$' << std::fixed << std::setprecision(4) << x;
  return out.str();
}

void explain_budget(std::ostream& out, const actors::judge_ledger& ledger,
                    const actors::judge_budget& budget) {
  const auto spent = ledger.spent();
  out << "the next question could exceed the judge's budget ("
      << usd(spent.usd);
  if (budget.usd)
    out << " of " << usd(*budget.usd);
  out << " and " << spent.tokens;
  if (budget.tokens)
    out << " of " << *budget.tokens;
  out << " tokens spent);\n  start the same command again with a higher one to "
         "go on\n";
}

} // namespace

void explain_open(std::ostream& out,
                  const std::map<std::string, std::uint32_t>& causes,
                  const actors::judge_ledger* ledger,
                  const actors::judge_budget& budget) {
  std::uint32_t sum = 0;
  for (const auto& [cause, count] : causes)
    sum += count;
  if (sum == 0)
    return;
  out << sum << (sum == 1 ? " pull request is" : " pull requests are")
      << " left open:\n";
  std::size_t listed = 0;
  for (const auto& [cause, count] : causes) {
    if (listed++ == max_causes) {
      out << "  and for " << causes.size() - max_causes
          << " more causes, each named above\n";
      return;
    }
    out << "  ";
    if (causes.size() > 1)
      out << count << ": ";
    if (cause == "budget" && ledger != nullptr)
      explain_budget(out, *ledger, budget);
    else
      out << (cause.empty() ? "the cause is not known" : printable_line(cause))
          << "; start the same command again when that is fixed\n";
  }
}

void explain_left_behind(std::ostream& out, std::uint32_t sandboxes,
                         const std::filesystem::path& work) {
  if (sandboxes == 0)
    return;
  out << sandboxes << (sandboxes == 1 ? " sandbox" : " sandboxes")
      << " could not be removed from "
      << printable_line((work / "sandboxes").string())
      << "; each is named above\n";
}

} // namespace fc::tools
