#include "events/log/maintenance/survey.hpp"

#include "events/log/blob_refs.hpp"
#include "events/log/entry.hpp"
#include "events/log/fault.hpp"
#include "events/log/key.hpp"
#include "events/log/read_ahead.hpp"

#include <utility>

namespace fc::events::log {

namespace {

class surveyor {
public:
  surveyor(const log_storage& storage, blob_check how, survey_sink* sink)
    : storage_(storage), how_(how), sink_(sink) {}

  expected<survey_result> run() {
    auto walk = storage_.rows().walk(family::log, reading::bulk);
    walk.seek_first();
    {
      rows_ahead rows{walk};
      if (auto err = read(rows))
        return err;
    }
    result_.streams = versions_.size();
    if (result_.whole())
      check_total();
    return std::move(result_);
  }

private:
  /// Reads up to the first row that does not follow from those before.
  error read(rows_ahead& rows) {
    chain_reader reader{1, {}};
    while (const auto each = rows.next()) {
      const auto at = parse_position(each->key);
      auto x = at ? reader.read(*at, each->value)
                  : corrupt_record(reader.next(), "its key is not a position");
      if (!x && code_of(x.error()) == ec::too_new)
        return x.error();
      if (!x) {
        result_.broken = cause_of(x.error());
        return {};
      }
      auto& version = versions_[x->stream];
      if (x->seq != version + 1) {
        result_.broken = "record " + std::to_string(x->at)
                         + ": its stream was at sequence "
                         + std::to_string(version);
        return {};
      }
      version = x->seq;
      if (auto err = take(*x, each->value))
        return err;
    }
    if (const auto failure = rows.failure())
      result_.broken
        = "record " + std::to_string(reader.next()) + ": " + *failure;
    return {};
  }

  /// A record of the prefix.
  error take(const record& at, byte_view entry) {
    check_index(at);
    std::vector<digest> refs;
    const auto unread = visit(at, [&](const auto& x) {
      for_each_blob(x, [&](const blob_ref& ref) {
        if (ref)
          refs.push_back(ref.id);
      });
    });
    if (unread && result_.unread.empty())
      result_.unread
        = "record " + std::to_string(at.at) + ": " + text_of(unread);
    for (const auto& id : refs)
      if (result_.blobs.insert(id).second)
        if (auto err = take_blob(at.at, id))
          return err;
    result_.end = {at.at, at.chain};
    return sink_ != nullptr ? sink_->take(at, entry) : error{};
  }

  error take_blob(position at, const digest& id) {
    if (how_ == blob_check::none)
      return {};
    bytes all;
    if (const auto err = storage_.read_blob(id, [&](byte_view piece) {
          if (sink_ != nullptr)
            all.insert(all.end(), piece.begin(), piece.end());
          return true;
        })) {
      result_.lost.push_back({at, id, code_of(err) == ec::corrupt});
      return {};
    }
    return sink_ != nullptr ? sink_->take(id, all) : error{};
  }

  void check_index(const record& at) {
    if (!result_.index.empty())
      return;
    const auto row
      = storage_.rows().get(family::streams, stream_key(at.stream, at.seq));
    if (!row || !*row || parse_position(as_text(**row)) != at.at)
      result_.index = "stream index of " + at.stream + ": sequence "
                      + std::to_string(at.seq) + " does not name record "
                      + std::to_string(at.at);
  }

  /// Every record has its index row; are there others?
  void check_total() {
    if (const auto all = storage_.all_versions(result_.end.last); !all)
      result_.index = cause_of(all.error());
  }

  /// The text without the advice that is for programs that cannot repair.
  static std::string cause_of(const error& err) {
    auto text = text_of(err);
    return text.substr(0, text.rfind("; "));
  }

  const log_storage& storage_;
  const blob_check how_;
  survey_sink* sink_;
  stream_versions versions_;
  survey_result result_;
};

} // namespace

std::string to_string(const lost_blob& x) {
  return "blob " + x.id.hex() + " of record " + std::to_string(x.at)
         + (x.damaged ? " has other bytes" : " is not there");
}

expected<survey_result>
survey(const log_storage& storage, blob_check how, survey_sink* sink) {
  return surveyor{storage, how, sink}.run();
}

} // namespace fc::events::log
