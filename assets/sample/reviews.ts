import { comment, title } from "./comments.ts";
import { draw, drawSmall, id, pick, shuffledRank } from "./draw.ts";
import { moment } from "./orders.ts";
import { sizes } from "./sizes.ts";

/** Orders that are reviewed twice, and orders whose review is at the same time that of the order before. */
const reviewedTwice = 550;
const sharedPerThousand = 8;
const reviewed = sizes.reviews - reviewedTwice;

/** A number for each review: an order has at most two. */
const review = "subject * 2 + n";

/**
 * Reviews of nearly all orders. The score follows what happened: parcels on time please, late or lost ones do not. A
 * few reviews speak of two orders that were placed one after the other: the same id, score and words stand in two rows.
 */
export const reviewsQuery = `
with ranked as (
  select i, ${shuffledRank("review", "i")} as place from olist_sample.order_facts
), written as (
  select i, 0 as n from ranked where place <= ${reviewed}
  union all
  select i, 1 as n from ranked where place <= ${reviewedTwice}
), about as (
  select i, n, case when n = 0 and i > 0 and ${draw("shared", "i", 1000)} < ${sharedPerThousand} then i - 1 else i end
    as subject
  from written
), experienced as (
  select about.*, coalesce(received, promised) // 86400 * 86400 + 86400 * (1 + n) as asked,
    case when status = 'delivered' and received <= promised + 86399 then 'punctual'
      when status = 'delivered' then 'late' else 'missing' end as delivery
  from about join olist_sample.order_facts as facts on facts.i = about.subject
), scored as (
  select *, case delivery
      when 'punctual' then ${pick("punctual score", review, { 5: 62, 4: 20, 3: 8, 2: 3, 1: 7 })}
      when 'late' then ${pick("late score", review, { 5: 20, 4: 12, 3: 12, 2: 8, 1: 48 })}
      else ${pick("missing score", review, { 5: 9, 4: 6, 3: 10, 2: 10, 1: 65 })} end as score
  from experienced
), spoken as (
  select *, case when score >= 4 then 'good' when score = 3 then 'fair' when delivery = 'punctual' then 'bad'
      else 'late' end as mood
  from scored
)
select ${id("review", `(${review})`)} as review_id, ${id("order", "i")} as order_id, score as review_score,
  case when ${draw("has title", review, 100)} < (case when score <= 2 then 17 else 10 end)
    then ${title("mood", review)} end as review_comment_title,
  case when ${draw("has comment", review, 100)} < (case when score <= 2 then 74 when score = 3 then 44 else 34 end)
    then ${comment("mood", review)} end as review_comment_message,
  ${moment("asked")} as review_creation_date,
  ${moment(`asked + 7200 + ${drawSmall("answer", review, 8 * 86_400)}`)} as review_answer_timestamp
from spoken`;
