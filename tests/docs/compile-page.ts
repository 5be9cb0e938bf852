import { join } from "node:path";
import ts from "typescript";

const root = join(import.meta.dirname, "..", "..");

/**
 * Compiles the TypeScript of a page, in the place of the project that each block names in its first line, as in
 * `// assets/orders.ts`.
 *
 * @returns the compiler's errors by file, each as line, column (both from 1) and message
 */
export function compilePage(page: string): Readonly<Record<string, readonly string[]>> {
  const blocks = new Map<string, string>();
  for (const [, path = "", code = ""] of page.matchAll(/^```ts\n\/\/ (\S+)\n(.*?)^```$/gms)) {
    blocks.set(join(root, path), `// ${path}\n${code}`);
  }
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const checked = { ...options, incremental: false };
  delete checked.tsBuildInfoFile;
  const host = ts.createCompilerHost(checked);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (file) => blocks.has(file) || fileExists(file);
  host.getSourceFile = (file, languageVersion, ...rest) => {
    const code = blocks.get(file);
    return code === undefined
      ? getSourceFile(file, languageVersion, ...rest)
      : ts.createSourceFile(file, code, languageVersion);
  };
  const program = ts.createProgram([...blocks.keys()], checked, host);
  const errors: Record<string, readonly string[]> = {};
  for (const path of blocks.keys()) {
    const file = program.getSourceFile(path);
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    errors[path.slice(root.length + 1)] = found.map(({ start = 0, messageText }) => {
      const place = file?.getLineAndCharacterOfPosition(start) ?? { line: 0, character: 0 };
      return `${place.line + 1}:${place.character + 1} ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
    });
  }
  return errors;
}
