#include "actors/core/deaths/death_book.hpp"

#include "events/catalog.hpp"

#include <array>
#include <fstream>

namespace fc::actors {

namespace {

using events::ec;
using events::error;
using events::make_error;
using events::program_died;

/// Two deaths: once may be anything, and a third would be one too many.
constexpr int enough = 2;

error write(events::log::event_log& log, const process_death& found,
            const events::digest& program, const std::string& run) {
  const events::stream_name stream{events::deaths_stream};
  const auto version = log.stream_version(stream);
  if (!version)
    return version.error();
  events::log::append_request request{stream, *version, {}};
  for (const auto& step : found.steps)
    request.events.push_back(events::make_event(program_died{
      step.stream, step.stage, found.cause, step.blamed, program}));
  auto results = log.append({std::move(request)}, {}, {run, {}});
  return results ? results->front().failure : results.error();
}

} // namespace

events::expected<std::shared_ptr<const death_book>>
death_book::keep(events::log::event_log& log,
                 const std::optional<process_death>& found,
                 const events::digest& program, const std::string& run) {
  if (found)
    if (auto err = write(log, *found, program, run))
      return err;
  auto records = log.read_stream(events::stream_name{events::deaths_stream});
  if (!records)
    return records.error();
  auto book = std::make_shared<death_book>();
  for (const auto& at : *records) {
    if (at.tag != program_died::tag)
      continue;
    auto x = events::event_in<program_died>(at);
    if (!x)
      return x.error();
    if (x->program != program)
      continue;
    auto& entry = book->entries_[x->stream];
    ++entry.deaths;
    entry.blamed += x->blamed ? 1 : 0;
    entry.last = x->cause + " in " + x->stage;
  }
  return std::shared_ptr<const death_book>{std::move(book)};
}

bool death_book::suspect(const events::stream_name& stream) const {
  return entries_.contains(stream);
}

std::string
death_book::why_left_alone(const events::stream_name& stream) const {
  const auto found = entries_.find(stream);
  if (found == entries_.end() || found->second.deaths < enough
      || found->second.blamed == 0)
    return {};
  return "the program died " + std::to_string(found->second.deaths)
         + " times over it (" + found->second.last
         + "); it is left alone until the program is another one";
}

events::expected<events::digest> own_program() {
  std::ifstream in{"/proc/self/exe", std::ios::binary};
  std::array<char, 1 << 16> buffer;
  events::sha256_stream sum;
  while (in.read(buffer.data(), buffer.size()) || in.gcount() > 0)
    sum.add(
      events::as_bytes({buffer.data(), static_cast<std::size_t>(in.gcount())}));
  if (!in.eof())
    return make_error(ec::storage_failure, "cannot read /proc/self/exe");
  return sum.end();
}

death_guard::death_guard(in_motion_ptr motion, death_book_ptr book,
                         std::shared_ptr<stage_performer> otherwise)
  : motion_(std::move(motion)), book_(std::move(book)),
    otherwise_(std::move(otherwise)) {}

stage_result death_guard::perform(const work& job) {
  if (auto why = book_->why_left_alone(job.stream); !why.empty()) {
    stage_result result;
    result.deferral = events::deferred{
      std::string{events::to_string(job.what)}, {}, std::move(why)};
    return result;
  }
  const motion_scope scope{motion_, job.stream, events::to_string(job.what)};
  return otherwise_->perform(job);
}

} // namespace fc::actors
