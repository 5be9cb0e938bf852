import type { AssetState } from "../../framework/definition/asset-state.ts";
import type { Output } from "./output.ts";

/** A state as glyph and word. */
export function stateMark({ glyphs, paint }: Output, state: AssetState): string {
  switch (state) {
    case "fresh":
      return `${glyphs.fresh} fresh`;
    case "failed":
      return paint.alarm(`${glyphs.failed} failed`);
    case "missing":
    case "new":
      return `${glyphs.missing} missing`;
    default:
      return `${glyphs.stale} ${state}`;
  }
}
