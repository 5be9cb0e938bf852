import { fileURLToPath } from "node:url";
import type { Diagnostic } from "../definition/diagnostic.ts";
import type { PositionMap } from "./position-map.ts";
import { packageOf } from "./project-path.ts";

/** What a module threw while it was loaded, as a diagnostic at the line of the project that it came from. */
export function loadFault(
  root: string,
  configFile: string,
  positions: PositionMap,
  thrown: unknown,
): Diagnostic {
  const position = positions.thrown(thrown);
  const diagnostic = carriedDiagnostic(thrown);
  if (diagnostic) return { ...diagnostic, ...(position && { position }) };
  const where = position?.file ?? configFile;
  return {
    code: "module-not-loaded",
    severity: "error",
    message: `${where} cannot be loaded: ${messageOf(thrown, root)}`,
    ...(position && { position }),
    hint: hintFor(thrown),
  };
}

/** Whether the error says that a module or package which the bundle imports is not where it was. */
export function isModuleMissing(thrown: unknown): boolean {
  const code = (thrown as { code?: unknown } | undefined)?.code;
  return code === "ERR_MODULE_NOT_FOUND" || code === "ENOENT";
}

// Told by shape: the class of a copy of the framework is another class.
function carriedDiagnostic(thrown: unknown): Diagnostic | undefined {
  if (!(thrown instanceof Error) || thrown.name !== "DefinitionFault" || !("diagnostic" in thrown))
    return undefined;
  return thrown.diagnostic as Diagnostic;
}

function messageOf(thrown: unknown, root: string): string {
  if (!(thrown instanceof Error)) return `it throws ${shown(thrown)}`;
  const text = thrown.name === "Error" ? thrown.message : `${thrown.name}: ${thrown.message}`;
  // Packages are imported by their address; people know them by name.
  return text.replaceAll(/file:\/\/[^\s'"]+/g, (address) => {
    return packageOf(root, fileURLToPath(address))?.name ?? address;
  });
}

function shown(thrown: unknown): string {
  if (typeof thrown === "object" && thrown !== null) return "an object that is no error";
  return typeof thrown === "function" ? "a function" : String(thrown);
}

function hintFor(thrown: unknown): string {
  if (isModuleMissing(thrown)) return "install the packages with `npm ci`";
  if (thrown instanceof ReferenceError && thrown.message.includes("before initialization"))
    return "modules that import one another in a circle run before the other is ready; move what both need to a third module";
  return "mend what is thrown at this line; modules are run whenever the project is loaded";
}
