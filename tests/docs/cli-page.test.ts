import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { exitCodes } from "../../cli/exit-codes.ts";
import { readPage, testedTable } from "./page-tables.ts";

const page = readPage("cli.md");
const bin = fileURLToPath(new URL("../../cli/bin/assets.js", import.meta.url));
const ofAll = optionsIn("all");

function optionsIn(section: string): readonly string[] {
  return testedTable(page, section).map(([option = ""]) => option);
}

async function helpOf(...words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [bin, ...words, "--help"]);
  return stdout;
}

describe("docs/cli.md", () => {
  it("has a section for every command", async () => {
    const commands = [...(await helpOf()).matchAll(/^ {2}assets (\w+)/gm)].map(([, name]) => name);
    const sections = [...page.matchAll(/^## (\w+)$/gm)].map(([, name]) => name);
    expect([...sections].sort()).toEqual([...commands].sort());
  });

  it.each(["materialize", "plan", "list", "graph", "show", "query", "runs", "explain"])(
    "lists the options of %s",
    async (command) => {
      const help = await helpOf(command);
      const options = [...help.matchAll(/^\s+(?:-\w, )?(--[\w-]+)/gm)].map(([, name]) => name);
      const own = page.includes(`<!-- tested: ${command} -->`) ? optionsIn(command) : [];
      expect([...ofAll, ...own].sort()).toEqual([...options].sort());
    },
  );

  it("lists the exit codes", () => {
    const listed = testedTable(page, "exit codes").map(([code]) => Number(code));
    expect(listed).toEqual(Object.values(exitCodes));
  });
});
