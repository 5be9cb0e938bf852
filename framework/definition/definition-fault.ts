import type { Diagnostic } from "./diagnostic.ts";

/** Carries a diagnostic out of a place where a value cannot (a property read, a template tag) to the definition around it. */
export class DefinitionFault extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.hint === undefined ? diagnostic.message : `${diagnostic.message} (${diagnostic.hint})`);
    this.name = "DefinitionFault";
    this.diagnostic = diagnostic;
  }
}
