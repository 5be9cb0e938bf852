import { describe, expect, it } from "vitest";
import type { AssetKey } from "../../framework/definition/asset-key.ts";
import type { AssetState } from "../../framework/definition/asset-state.ts";
import type { StateOf } from "../../framework/selection/evaluate-selection.ts";
import { parseSelection } from "../../framework/selection/parse-selection.ts";
import { resolveSelection } from "../../framework/selection/resolve-selection.ts";
import { needsState } from "../../framework/selection/selection.ts";
import { shopGraph } from "./shop-graph.ts";

const graph = shopGraph();

const states: Readonly<Record<string, readonly AssetState[]>> = {
  orders: ["stale", "modified"],
  payments: ["missing", "new"],
  daily_revenue: ["stale", "failed"],
};
const stateOf: StateOf = (key) => new Set(states[key] ?? ["fresh"]);
const changedSince = (range: string): ReadonlySet<AssetKey> | undefined =>
  ({ main: new Set(["orders" as AssetKey]), HEAD: new Set<AssetKey>() })[range];

/** The keys that a text selects, or the faults as `message @column (hint)`. */
function resolve(text: string): readonly string[] {
  const parsed = parseSelection(text);
  const resolved = parsed.ok
    ? resolveSelection(parsed.value, graph, stateOf, changedSince)
    : { ok: false as const, error: [parsed.error] };
  if (resolved.ok) return resolved.value.keys;
  return resolved.error.map(
    ({ message, offset, length, hint }) =>
      `${message} @${offset + 1}-${offset + length}${hint === undefined ? "" : ` (${hint})`}`,
  );
}

const all = graph.order;

describe("a selection resolves to", () => {
  it.each<readonly [text: string, keys: string]>([
    // one asset
    ["orders", "orders"],
    ["warehouse/orders", "warehouse/orders"],
    ["key:orders", "orders"],
    ["key:and", "and"],
    ['key:"orders"', "orders"],
    ["  orders\n", "orders"],
    // wildcards of keys
    ["order*", "order_items orders"],
    ["*orders", "orders"],
    [
      "*",
      "and customers order_items orders payments people sellers teams daily_revenue zip_index monthly_revenue",
    ],
    ["warehouse/*", "warehouse/customers warehouse/orders"],
    ["warehouse/**", "warehouse/customers warehouse/orders warehouse/marts/fct_orders"],
    ["**/*orders", "orders warehouse/orders warehouse/marts/fct_orders"],
    ["**orders", "orders warehouse/orders warehouse/marts/fct_orders"],
    ["**/orders", "orders warehouse/orders"],
    ["*/*/*", "warehouse/marts/fct_orders"],
    ["w*e/**/fct_*", "warehouse/marts/fct_orders"],
    ["key:*_revenue", "daily_revenue monthly_revenue"],
    // traversal
    [
      "orders+",
      "order_items orders payments daily_revenue warehouse/orders monthly_revenue warehouse/marts/fct_orders",
    ],
    ["+daily_revenue", "customers orders payments daily_revenue"],
    ["+monthly_revenue", "customers orders payments daily_revenue monthly_revenue"],
    ["1+monthly_revenue", "daily_revenue monthly_revenue"],
    ["2+monthly_revenue", "orders payments daily_revenue monthly_revenue"],
    ["3+monthly_revenue", "customers orders payments daily_revenue monthly_revenue"],
    ["0+monthly_revenue", "monthly_revenue"],
    ["customers+1", "customers orders warehouse/customers zip_index"],
    [
      "+orders+",
      "customers order_items orders payments daily_revenue warehouse/orders monthly_revenue warehouse/marts/fct_orders",
    ],
    ["1+orders+1", "customers order_items orders payments daily_revenue warehouse/orders"],
    ["0+orders+1", "order_items orders payments daily_revenue warehouse/orders"],
    ["+orders+1", "customers order_items orders payments daily_revenue warehouse/orders"],
    ["@payments", "customers orders payments daily_revenue monthly_revenue"],
    ["@sellers", "customers order_items orders sellers"],
    ["people+", "people teams"],
    ["+people", "people teams"],
    ["@teams", "people teams"],
    ["warehouse/*+", "warehouse/customers warehouse/orders warehouse/marts/fct_orders"],
    ["key:and+", "and"],
    ["tag:core+1,kind:sql", "daily_revenue warehouse/customers warehouse/orders monthly_revenue"],
    // groups and functions take part in traversal
    ["(daily_revenue or zip_index)+", "daily_revenue zip_index monthly_revenue"],
    ["1+(daily_revenue zip_index)", "customers orders payments daily_revenue zip_index"],
    ["(1+monthly_revenue)+1", "daily_revenue monthly_revenue"],
    ["1+(1+monthly_revenue)", "orders payments daily_revenue monthly_revenue"],
    ["@(sellers and key:sellers)", "customers order_items orders sellers"],
    ["roots(+daily_revenue)", "customers"],
    ["sinks(+daily_revenue)", "daily_revenue"],
    ["roots(group:insights)", "daily_revenue zip_index"],
    ["sinks(group:insights)", "monthly_revenue zip_index"],
    ["roots(customers monthly_revenue)", "customers"],
    ["sinks (customers monthly_revenue)", "monthly_revenue"],
    ["roots(people teams)", "people teams"],
    ["sinks(people teams)", "people teams"],
    ["roots(teams)", "teams"],
    ["+sinks(orders daily_revenue)", "customers orders payments daily_revenue"],
    ["roots(tag:core)+1", "customers orders warehouse/customers zip_index"],
    ["roots(sinks(+monthly_revenue))", "monthly_revenue"],
    // methods
    ["tag:core", "customers orders daily_revenue monthly_revenue"],
    ["tag:nightly", "daily_revenue monthly_revenue"],
    [
      "tag:nightly*",
      "daily_revenue warehouse/customers warehouse/orders monthly_revenue warehouse/marts/fct_orders",
    ],
    ["group:warehouse", "warehouse/customers warehouse/orders warehouse/marts/fct_orders"],
    [
      "group:*t*",
      "and customers order_items orders payments people sellers teams daily_revenue zip_index monthly_revenue",
    ],
    ["kind:function", "zip_index"],
    [
      "kind:s*",
      "daily_revenue warehouse/customers warehouse/orders monthly_revenue warehouse/marts/fct_orders",
    ],
    ["owner:ana@shop.com", "orders"],
    ['owner:"data team",group:insights', "daily_revenue monthly_revenue"],
    ["owner:*@shop.com", "orders"],
    ["path:assets/insights", "daily_revenue zip_index monthly_revenue"],
    ["path:assets/insights/", "daily_revenue zip_index monthly_revenue"],
    ["path:./assets/insights", "daily_revenue zip_index monthly_revenue"],
    ["path:assets/insights/**", "daily_revenue zip_index monthly_revenue"],
    ["path:assets/insights/zip_index.ts", "zip_index"],
    ["path:assets/warehouse/*", "warehouse/customers warehouse/orders"],
    ["path:assets/*/marts", "warehouse/marts/fct_orders"],
    ["path:assets/*/marts/", "warehouse/marts/fct_orders"],
    ["path:assets/w*/", "warehouse/customers warehouse/orders warehouse/marts/fct_orders"],
    ["path:**/z*.ts", "zip_index"],
    // states and git
    ["state:stale", "orders daily_revenue"],
    ["state:new", "payments"],
    ["state:modified+1", "order_items orders payments daily_revenue warehouse/orders"],
    ["state:failed", "daily_revenue"],
    ["not state:fresh", "orders payments daily_revenue"],
    ["git:main", "orders"],
    ["git:main+1 and state:missing", "payments"],
    // the boolean grammar
    ["orders customers", "customers orders"],
    ["orders or customers", "customers orders"],
    ["tag:core,kind:copy", "customers orders"],
    ["tag:core , kind:copy", "customers orders"],
    ["tag:core and kind:copy", "customers orders"],
    ["people tag:core and kind:copy", "customers orders people"],
    ["(people or tag:core) and kind:copy", "customers orders people"],
    ["tag:core and not kind:copy", "daily_revenue monthly_revenue"],
    ["tag:core and not (kind:copy or monthly_revenue)", "daily_revenue"],
    ["not orders+ and kind:sql", "warehouse/customers"],
    ["not not orders", "orders"],
    ["group:batch and not orders+ and not key:and", "customers people sellers teams"],
    ["(orders)(customers)", "customers orders"],
    ["not(**)or(orders)", "orders"],
    ["((orders))", "orders"],
  ])("%s", (text, keys) => {
    const found = resolve(text);
    expect([...found].sort()).toEqual(keys.split(" ").sort());
    expect(found).toEqual(all.filter((key) => found.includes(key)));
  });
});

describe("a faulty selection says what is wrong, where and what to do:", () => {
  const names = "states are new, modified, stale, fresh, missing, failed";
  const kinds = "kinds are copy, sql, function, load, effect, dbt-model, dbt-seed, dbt-snapshot";
  const onPlus = "+orders has all that orders is made from, orders+ all that is made from it";
  const onAt = "@orders is orders, all that is made from it, and all that those are made from";
  const onTwo = "one + on each side, or one @ in front; parentheses allow more: (x+1)+";
  const onComma = "a comma keeps what is in both its sides; a space joins them";
  const onClose = "take it away, or add the ( it belongs to";
  const onBetween = "put a space on one side: x+ y follows what is made from x, x +y what y is made from";
  const named = (word: string): string => `an asset of that name is written key:${word}`;
  const onEmpty = "name assets, like orders+ or tag:core; ** is all of them";
  it.each<readonly [text: string, ...faults: readonly string[]]>([
    // nothing of that name
    ["order+", 'no asset "order" @1-5 (did you mean orders, order_items?)'],
    ["+ordrs", 'no asset "ordrs" @2-6 (did you mean orders?)'],
    ["fct_orders", 'no asset "fct_orders" @1-10 (did you mean warehouse/marts/fct_orders?)'],
    ["warehouse", 'no asset "warehouse" @1-9 (warehouse is a group: write group:warehouse)'],
    ["core", 'no asset "core" @1-4 (core is a tag: write tag:core)'],
    ["zzzzzzzz", 'no asset "zzzzzzzz" @1-8'],
    ["Orders", 'no asset "Orders" @1-6 (did you mean orders?)'],
    ["../secrets", 'no asset "../secrets" @1-10'],
    ["warehose/*", 'no asset matches "warehose/*" @1-10 (did you mean warehouse/*, warehouse/**?)'],
    ["key:ordr", 'no asset "ordr" @1-8 (did you mean orders?)'],
    ["tag:cor", 'no asset has the tag "cor" @1-7 (did you mean core?)'],
    ["tag:x*", 'no asset has a tag like "x*" @1-6 (tags of this project are core, nightly, nightly-load)'],
    ["group:btch", 'no asset is in the group "btch" @1-10 (did you mean batch?)'],
    ["kind:effect", 'no asset is of the kind "effect" @1-11 (kinds of this project are copy, function, sql)'],
    ["owner:ana", 'no asset has the owner "ana" @1-9 (did you mean ana@shop.com?)'],
    ["path:asets/batch", 'no asset is declared in "asets/batch" @1-16 (did you mean assets/batch?)'],
    [
      "path:/assets/**",
      'no asset is declared in a file like "/assets/**" @1-15 (did you mean assets/**, assets/*?)',
    ],
    [
      "ordrs or (tag:cor and not +peple)",
      'no asset "ordrs" @1-5 (did you mean orders?)',
      'no asset has the tag "cor" @11-17 (did you mean core?)',
      'no asset "peple" @28-32 (did you mean people?)',
    ],
    ["git:nowhere", 'git knows no "nowhere" @1-11 (name a branch, a tag or a commit, as in git:main...HEAD)'],
    // words of the language
    ["tg:core", 'there is no method "tg" @1-2 (did you mean tag?)'],
    ["a::b", 'there is no method "a" @1-1 (did you mean tag?)'],
    [
      "source:shop",
      'there is no method "source" @1-6 (methods are key, tag, group, kind, state, path, owner, git)',
    ],
    [":core", "a method is missing before the colon @1-5 (for example tag:core)"],
    ["tag:", "tag: needs a value @1-4 (for example tag:core)"],
    ['orders or tag:""', "tag: needs a value @11-16 (for example tag:core)"],
    ["orders+ state:stal", `there is no state "stal" @9-18 (${names})`],
    ["state:*", `there is no state "*" @1-7 (${names})`],
    ["kind:view", `there is no kind "view" @1-9 (${kinds})`],
    ["kind:v*", `no kind matches "v*" @1-7 (${kinds})`],
    ["root(orders)", 'there is no function "root" @1-4 (did you mean roots?)'],
    ["children(orders)", 'there is no function "children" @1-8 (functions are roots, sinks)'],
    ["tag:core(orders)", '"(" touches a value @9-9 (put a space before it, or quotes around the value)'],
    ["roots", `"roots" needs parentheses @1-5 (write roots(…); ${named("roots")})`],
    ["+sinks or orders", `"sinks" needs parentheses @2-6 (write sinks(…); ${named("sinks")})`],
    ["and", `"and" has nothing on its left @1-3 (${named("and")})`],
    ["+and", `"and" has nothing on its left @2-4 (${named("and")})`],
    ["orders and", `"and" has nothing on its right @8-10 (${named("and")})`],
    ["orders or or people", `"or" has nothing on its right @8-9 (${named("or")})`],
    ["(orders or)", `"or" has nothing on its right @9-10 (${named("or")})`],
    ["orders not", `"not" has nothing after it @8-10 (${named("not")})`],
    ["+not orders", '"not" follows an operator @2-4 (write +(not x))'],
    ["orders,", `"," has nothing on its right @7-7 (${onComma})`],
    ["orders,,people", `"," has nothing on its right @7-7 (${onComma})`],
    [",orders", `"," has nothing on its left @1-1 (${onComma})`],
    ["orders AND people", '"AND" is no operator @8-10 (write and)'],
    ["orders && people", '"&&" is no operator @8-9 (write and)'],
    ["!orders", '"!orders" is not an asset key @1-7 (write not x)'],
    // traversal
    ["+", `"+" touches no name @1-1 (${onPlus})`],
    ["+ orders", `"+" touches no name @1-1 (${onPlus})`],
    ["orders +", `"+" touches no name @8-8 (${onPlus})`],
    ["2+", `"+" touches no name @2-2 (${onPlus})`],
    ["(+)", `"+" touches no name @2-2 (${onPlus})`],
    ["@ orders", `"@" touches no name @1-1 (${onAt})`],
    ["++orders", `"+" follows another operator @2-2 (${onTwo})`],
    ["orders++", `"+" follows another operator @8-8 (${onTwo})`],
    ["orders+1+", `"+" follows another operator @9-9 (${onTwo})`],
    ["@orders+", `"+" follows another operator @8-8 (${onTwo})`],
    ["+@orders", `"@" follows another operator @2-2 (${onTwo})`],
    ["orders+@people", `"@" follows another operator @8-8 (${onTwo})`],
    ["orders+people", `"+" stands between two names @7-7 (${onBetween})`],
    ["orders+(people)", `"+" stands between two names @7-7 (${onBetween})`],
    ["orders+1st", '"1st" is not a number of steps @8-10 (write x+1, or put a space after x+)'],
    [
      "orders+1000001",
      '"1000001" is more steps than 1000000 @8-14 (without a number, + follows all of them)',
    ],
    // parentheses, quotes, length
    ["", `the selection is empty @1-0 (${onEmpty})`],
    [" \t\n", `the selection is empty @1-0 (${onEmpty})`],
    ["(orders", '"(" is not closed @1-1 (add its ))'],
    ["roots(orders", '"(" is not closed @6-6 (add its ))'],
    ["roots(", '"(" is not closed @6-6 (add its ))'],
    ["orders)", `")" closes nothing @7-7 (${onClose})`],
    [")", `")" closes nothing @1-1 (${onClose})`],
    ["orders or ()", "the parentheses hold nothing @11-12"],
    ["sinks( )", "the parentheses hold nothing @6-8"],
    ['owner:"data team', 'the quote is not closed @7-7 (a value ends with ": owner:"data team")'],
    [
      '"orders"',
      'a quote stands where no value begins @1-1 (quotes go around a value, after the colon: owner:"data team")',
    ],
    [
      'owner:"data "team',
      'text follows the closing quote @14-17 (put the whole value into the quotes: owner:"data team")',
    ],
    [
      `${"(".repeat(201)}orders${")".repeat(201)}`,
      "the selection is nested more than 200 deep @201-201 (take parentheses away)",
    ],
    [
      "orders ".repeat(15_000),
      "the selection is 105000 characters long @100001-100000 (100000 are the most; give the assets a tag, or use wildcards)",
    ],
  ])("%s", (text, ...faults) => {
    expect(resolve(text)).toEqual(faults);
  });
});

describe("states", () => {
  const parsed = (text: string) => {
    const result = parseSelection(text);
    if (!result.ok) throw new Error(result.error.message);
    return result.value;
  };
  const refuse = (): never => {
    throw new Error("asked for a state");
  };

  it("are not asked for unless the selection has a state", () => {
    for (const text of ["orders+ and not tag:core", "roots(**)", "orders,people"]) {
      expect(needsState(parsed(text))).toBe(false);
      expect(resolveSelection(parsed(text), graph, refuse).ok).toBe(true);
    }
    expect(needsState(parsed("orders and not +roots(state:stale)"))).toBe(true);
  });

  it("are asked for once per asset", () => {
    const asked: string[] = [];
    const counting: StateOf = (key) => {
      asked.push(key);
      return stateOf(key);
    };
    resolveSelection(parsed("state:stale or state:missing or not state:fresh"), graph, counting);
    expect(asked.sort()).toEqual([...all].sort());
  });

  it("git: is a fault where nobody can tell what changed", () => {
    const resolved = resolveSelection(parsed("orders or git:main"), graph, stateOf);
    expect(resolved).toEqual({
      ok: false,
      error: [{ reason: "selection-invalid", message: "git: is not available here", offset: 10, length: 8 }],
    });
  });

  it.each<readonly [text: string, emptiedBy: "state" | "selection" | undefined]>([
    ["orders", undefined],
    ["state:fresh", undefined],
    ["orders and state:fresh", "state"],
    ["orders and not state:stale", "state"],
    ["git:HEAD", "state"],
    ["git:HEAD+ and kind:sql", "state"],
    ["roots(git:HEAD orders,people)", "state"],
    ["orders,people", "selection"],
    ["orders and not orders", "selection"],
    ["not **", "selection"],
    ["orders,people,state:stale", "selection"],
    ["(state:fresh or orders) and not **", "selection"],
    // Whatever the states are, daily_revenue has orders upstream, so it cannot be a root.
    ["roots(orders or daily_revenue or state:failed),daily_revenue", "selection"],
    ["roots(daily_revenue or git:main),daily_revenue", "state"],
  ])("%s is emptied by %s", (text, emptiedBy) => {
    const resolved = resolveSelection(parsed(text), graph, stateOf, changedSince);
    expect(resolved.ok && resolved.value.emptiedBy).toBe(emptiedBy);
  });
});
