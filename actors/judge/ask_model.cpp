#include "actors/judge/ask_model.hpp"

#include "actors/judge/known_answers.hpp"
#include "actors/judge/question.hpp"
#include "actors/judge/read_answer.hpp"
#include "actors/services/llm/dialect.hpp"
#include "actors/services/llm/utf8.hpp"
#include "events/failures/fingerprint.hpp"
#include "events/policy/judge_by_rules.hpp"
#include "events/policy/verdicts.hpp"

#include <functional>

namespace fc::actors {

using events::ec;
using events::error;
using events::make_error;

namespace {

/// Of the diff that fits: all, and half of it where that was too long.
constexpr double shares[]{1.0, 0.5};
constexpr std::size_t reason_bytes = 2000;

/// One of the two questions.
struct pass {
  std::string name; ///< The prompt's.
  std::string prompt;
  std::string schema;
  /// What is wrong with an answer, if anything is.
  std::function<error(std::string_view)> objection;
};

/// A question as it is sent, and by what its answer is known again.
struct ready_question {
  services::model_question sent;
  events::digest prompt;
  events::digest input;
  std::uint64_t left_out = 0;
};

/// An answer that can be read.
struct pass_answer {
  events::model_answered event;
  std::string text;
};

/// What an answer's end says against it.
error objection_to(const services::model_answer& x) {
  const auto why = "; the service says \"" + x.finish_reason + "\"";
  switch (x.finish) {
  case services::model_finish::whole:
    return {};
  case services::model_finish::cut:
    return make_error(ec::answer_cut, "the answer ended at its cap of tokens"
                                        + why + "; a larger cap may help");
  case services::model_finish::declined:
    return make_error(ec::declined, "the model declined to answer" + why);
  case services::model_finish::too_long:
    return make_error(ec::too_long, "the model's context was full" + why);
  case services::model_finish::other:
    break;
  }
  return make_error(ec::malformed, "the model did something else" + why);
}

/// One attempt at judging one pull request.
class judgement {
public:
  judgement(const model_judge& parts, const work& job)
    : parts_(parts), job_(job), facts_(*job.state->facts) {}

  stage_result run() {
    if (auto err = prepare())
      return failed(err);
    const auto first = answer_to(label_pass());
    if (!first)
      return std::move(result_);
    const auto label = read_label(first->text);
    events::answered x;
    x.judge = first->event.model;
    x.prompt = events::policy::prompts_digest(parts_.policy->judge);
    x.performance = label->performance;
    x.reason = label->reasoning;
    count(x, first->event);
    if (!label->performance)
      return answer(std::move(x));
    if (asked_ > 0) {
      // Stored before anything more is paid for.
      result_.goes_on = true;
      return std::move(result_);
    }
    return categorize(std::move(x));
  }

private:
  error prepare() {
    if (facts_.diff) {
      auto found = parts_.log->blob_of(facts_.diff.id);
      if (!found)
        return found.error();
      diff_ = std::move(*found);
    }
    auto known
      = known_answers::read(*parts_.log, parts_.recorded.get(), job_.stream);
    if (!known)
      return known.error();
    known_ = std::move(*known);
    return {};
  }

  pass label_pass() const {
    return {"classify", parts_.policy->judge.prompts.at("classify"),
            label_schema(), [](std::string_view text) {
              const auto x = read_label(text);
              return x ? error{} : x.error();
            }};
  }

  pass category_pass() const {
    const auto& rules = parts_.policy->judge;
    return {"judge", rules.prompts.at("judge"), category_schema(rules),
            [&rules](std::string_view text) {
              const auto x = read_category(text, rules);
              return x ? error{} : x.error();
            }};
  }

  stage_result categorize(events::answered x) {
    const auto second = answer_to(category_pass());
    if (!second && !result_.failure)
      return std::move(result_); // deferred
    if (!second)
      return without_category(std::move(x));
    const auto found = read_category(second->text, parts_.policy->judge);
    x.category = found->category;
    x.difficulty = found->difficulty;
    x.reason += (x.reason.empty() ? "" : " | ") + found->reasoning;
    count(x, second->event);
    return answer(std::move(x));
  }

  /// That it is performance work is known. Where no attempt is left to learn
  /// more, this is said instead of losing the pull request.
  stage_result without_category(events::answered x) {
    events::attempt_failed failure;
    failure.stage = events::to_string(job_.what);
    failure.attempt = job_.attempt;
    failure.cause = events::to_string(events::code_of(result_.failure));
    failure.message = events::describe(result_.failure);
    failure.fingerprint = events::fingerprint_of(failure.message);
    failure.log = result_.failure_log;
    auto then = *job_.state;
    then.apply(failure);
    const auto next
      = events::policy::after_failure(then, job_.what, 0, *parts_.policy);
    if (!std::holds_alternative<events::dropped>(next))
      return std::move(result_);
    x.category = "uncategorized";
    x.difficulty = "unknown";
    x.reason += (x.reason.empty() ? "" : " | ")
                + std::string{"performance work by the first pass; category "
                              "and difficulty are not known, as no answer of "
                              "the second pass could be used: "}
                + failure.message;
    result_.failure = {};
    result_.failure_log = {};
    result_.kept.push_back(events::make_event(std::move(failure)));
    return answer(std::move(x));
  }

  static void count(events::answered& x, const events::model_answered& from) {
    x.answer = from.answer;
    x.tokens_in += from.tokens_in;
    x.tokens_out += from.tokens_out;
    x.cost_usd += from.cost_usd;
  }

  stage_result answer(events::answered x) {
    x.reason = services::utf8_prefix(x.reason, reason_bytes);
    result_.evidence.push_back(events::make_event(std::move(x)));
    return std::move(result_);
  }

  events::expected<ready_question> compose(const pass& which, double share) {
    auto text = compose_question(facts_, events::as_text(diff_),
                                 which.prompt.size() + which.schema.size(),
                                 parts_.settings, share);
    if (!text)
      return text.error();
    ready_question x;
    x.prompt = events::sha256(events::as_bytes(which.prompt));
    x.input = events::sha256(events::as_bytes(text->text));
    x.left_out = text->left_out;
    x.sent = {which.prompt, std::move(text->text), which.schema, which.name,
              parts_.settings.output_tokens};
    return x;
  }

  /// The answer to a question: one on record, or a new one. Without one
  /// `result_` says why.
  std::optional<pass_answer> answer_to(const pass& which) {
    for (const auto share : shares) {
      const auto question = compose(which, share);
      if (!question)
        return fail(question.error());
      auto known = recall(which, *question);
      if (!known)
        return fail(known.error());
      if (*known)
        return std::move(**known);
    }
    const auto whole = compose(which, shares[0]);
    auto found = ask(which, *whole);
    if (events::code_of(result_.failure) != ec::too_long)
      return found;
    const auto half = compose(which, shares[1]);
    if (half->input == whole->input)
      return std::nullopt;
    result_.failure = {};
    return ask(which, *half);
  }

  events::expected<std::optional<pass_answer>>
  recall(const pass& which, const ready_question& question) {
    for (const auto& model : parts_.models) {
      auto answers = known_.to({question.prompt, question.input, model});
      if (!answers)
        return answers.error();
      for (auto& each : *answers) {
        const auto x
          = services::read_reply(each.event.api, events::as_text(each.reply));
        if (!x || objection_to(*x) || which.objection(x->text))
          continue;
        if (each.elsewhere) {
          result_.kept.push_back(events::make_event(each.event));
          result_.blobs.push_back(
            {each.event.answer.id, std::move(each.reply)});
        }
        return std::optional{pass_answer{each.event, x->text}};
      }
    }
    return std::optional<pass_answer>{};
  }

  std::optional<pass_answer>
  ask(const pass& which, const ready_question& question) {
    if (const auto closed = parts_.ledger->closed(); !closed.empty())
      return defer(closed);
    auto reply = parts_.model->ask(question.sent, job_.stop);
    asked_ += reply.cost.calls;
    result_.cost.calls += reply.cost.calls;
    result_.cost.tokens += reply.cost.tokens;
    result_.cost.cost_usd += reply.cost.usd;
    if (!reply.failure)
      return take(which, question, std::move(reply.answer));
    const auto code = events::code_of(reply.failure);
    if (code == ec::over_budget)
      return defer(parts_.ledger->closed());
    // It would say the same to every other question.
    if (code == ec::no_money || code == ec::no_access)
      parts_.ledger->close(std::string{events::to_string(code)});
    if (!reply.trace.empty()) {
      auto log = events::log::make_blob(reply.trace);
      result_.failure_log = {log.id, log.data.size()};
      result_.blobs.push_back(std::move(log));
    }
    return fail(std::move(reply.failure));
  }

  std::optional<pass_answer>
  take(const pass& which, const ready_question& question,
       services::model_answer x) {
    auto raw = events::log::make_blob(x.raw);
    const events::blob_ref ref{raw.id, raw.data.size()};
    result_.blobs.push_back(std::move(raw));
    const events::model_answered event{
      which.name,   x.model,          x.served_by,
      x.api,        question.prompt,  question.input,
      ref,          x.finish_reason,  x.tokens_in,
      x.tokens_out, !x.tokens_named,  x.cost_usd,
      x.seconds,    question.left_out};
    result_.kept.push_back(events::make_event(event));
    auto wrong = objection_to(x);
    if (!wrong)
      wrong = which.objection(x.text);
    if (!wrong)
      return pass_answer{event, std::move(x.text)};
    result_.failure_log = ref;
    return fail(std::move(wrong));
  }

  std::nullopt_t fail(error why) {
    result_.failure = std::move(why);
    return std::nullopt;
  }

  std::nullopt_t defer(const std::string& cause) {
    result_.failure = {};
    result_.deferral
      = events::deferred{std::string{events::to_string(job_.what)}, {}, cause};
    return std::nullopt;
  }

  const model_judge& parts_;
  const work& job_;
  const events::scraped& facts_;
  events::bytes diff_;
  known_answers known_;
  stage_result result_;
  std::uint32_t asked_ = 0; ///< Calls of this attempt.
};

} // namespace

ask_model::ask_model(model_judge parts) : parts_(std::move(parts)) {}

stage_result ask_model::perform(const work& job) {
  return judgement{parts_, job}.run();
}

} // namespace fc::actors
