import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const root = join(import.meta.dirname, "..", "..");

/**
 * Compiles each snippet as a module of its own that begins with `prelude`, all in one program since most of the time
 * goes into reading the standard library.
 *
 * @returns for each snippet the compiler's errors, each as what it underlines and what it says
 */
export function compileSnippets(
  prelude: string,
  snippets: Readonly<Record<string, string>>,
): Readonly<Record<string, readonly string[]>> {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const checked = { ...options, incremental: false, noUnusedLocals: false };
  delete checked.tsBuildInfoFile;

  const virtual = new Map<string, string>();
  for (const [name, text] of Object.entries(snippets)) {
    virtual.set(join(root, "tests", "definition", `${name}.snippet.ts`), `${prelude}\n${text}\nexport {};\n`);
  }
  const host = ts.createCompilerHost(checked);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (file) => virtual.has(file) || fileExists(file);
  host.readFile = (file) => virtual.get(file) ?? readFileSync(file, "utf8");
  host.getSourceFile = (file, languageVersion, ...rest) => {
    const text = virtual.get(file);
    return text === undefined
      ? getSourceFile(file, languageVersion, ...rest)
      : ts.createSourceFile(file, text, languageVersion);
  };
  const program = ts.createProgram([...virtual.keys()], checked, host);

  const errors: Record<string, readonly string[]> = {};
  for (const name of Object.keys(snippets)) {
    const file = program.getSourceFile(join(root, "tests", "definition", `${name}.snippet.ts`));
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    errors[name] = found.map(
      ({ start = 0, length = 0, messageText }) =>
        `${file?.text.slice(start, start + length)} <- ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );
  }
  return errors;
}
