/** Closes an exhaustive switch: a new member of a union that is not handled does not compile. */
export function unreachable(value: never): never {
  throw new Error(`Internal error: unexpected ${JSON.stringify(value)}`);
}
