import type { Diagnostic } from "../definition/diagnostic.ts";
import { digestOf } from "./file-stamp.ts";
import type { PlacedName, RunCall } from "./module-summary.ts";
import type { NameTarget } from "./name-targets.ts";
import { platformNames } from "./platform-names.ts";
import type { ProjectCode } from "./project-code.ts";
import { reachedCode } from "./reached-code.ts";

/** What the code of one function comes to: its version, and what keeps it from being told. */
export interface FunctionVersion {
  readonly version: string;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The version of an asset's `run`: the code that it reaches, and what loading the project does. Any of that may change
 * what `run` sees: a shared object, a global, a prototype.
 */
export function functionVersion(
  key: string,
  module: string,
  call: RunCall,
  code: ProjectCode,
): FunctionVersion {
  const diagnostics: Diagnostic[] = [];
  const reached = reachedCode(code, [{ module, trees: [call.run] }], report);
  return { version: `f1:${digestOf(JSON.stringify([reached, code.loadDigest()]))}`, diagnostics };

  /** Reports what keeps the version from being told; whether the name is one to be followed all the same. */
  function report(from: string, use: PlacedName, target: NameTarget): boolean {
    const fault = faultOf(key, module, use, target, code);
    const position = { file: from, line: use.line, column: use.column };
    if (fault) diagnostics.push({ severity: "error", position, ...fault });
    return fault === undefined;
  }
}

type Fault = Omit<Diagnostic, "severity" | "position">;

function faultOf(
  key: string,
  module: string,
  { name, from, maybe }: PlacedName,
  target: NameTarget,
  code: ProjectCode,
): Fault | undefined {
  if (from === "around") {
    return {
      code: "code-captured-value",
      message: `${key}: run uses \`${name}\` of the code around it, whose value no code version can tell`,
      hint: ["this", "super", "new.target"].includes(name)
        ? "read what run is given: inputs, config, signal, log"
        : `give it to run by config: \`config: { ${name} }\`, and read it there; a function belongs at the top of its module`,
    };
  }
  if (name === "import") {
    return {
      code: "code-free-name",
      message: `${key}: run imports a module whose name is computed`,
      hint: "write the name of the module as a plain text, so that it is known what code runs",
    };
  }
  if (target.to === "nowhere" && !maybe && !platformNames.has(name) && !name.startsWith("import ")) {
    return {
      code: "code-free-name",
      message: `${key}: run reaches \`${name}\`, which is declared nowhere`,
      hint: "import it, or declare it at the top of the module",
    };
  }
  if (target.to !== "declaration" && target.to !== "namespace") return undefined;
  const numbers = target.to === "declaration" ? target.numbers : [];
  const asset = numbers.map((number) => code.assetOf(target.module, number)).find(Boolean);
  if (asset !== undefined) {
    return {
      code: "code-helper-in-asset-module",
      message: `${key}: run uses the asset ${asset} as a value`,
      hint: `read it through an input: \`inputs: { ${name} }\`; move what else is needed to a module without assets`,
    };
  }
  if (target.module === module || !code.definesAssets(target.module)) return undefined;
  return {
    code: "code-helper-in-asset-module",
    message: `${key}: run uses \`${name}\` of ${target.module}, which defines assets`,
    hint: "move it to a module without assets; a module that defines assets exports assets and types",
  };
}
