import pc from "picocolors";

/** Where a command's words go, and what that place can show. */
export interface Output {
  /** Results: what another program may read. */
  out(text: string): void;
  /** What went wrong, and progress that is not part of the result. */
  err(text: string): void;
  /** Columns of the terminal; 120 where there is none. */
  readonly width: number;
  readonly isTerminal: boolean;
  readonly json: boolean;
  readonly glyphs: Glyphs;
  readonly paint: Paint;
}

/** State is always glyph and word; colour only helps. */
export interface Glyphs {
  readonly made: string;
  readonly fresh: string;
  readonly running: string;
  readonly waiting: string;
  readonly maybe: string;
  readonly warning: string;
  readonly failed: string;
  readonly skipped: string;
  readonly stale: string;
  readonly missing: string;
  readonly arrow: string;
  readonly dot: string;
}

export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  accent(text: string): string;
  /** Only for what needs the reader. */
  alarm(text: string): string;
}

const unicode: Glyphs = {
  made: "✓",
  fresh: "=",
  running: "⠸",
  waiting: "·",
  maybe: "?",
  warning: "!",
  failed: "✗",
  skipped: "-",
  stale: "~",
  missing: "∅",
  arrow: "→",
  dot: "·",
};

const ascii: Glyphs = {
  made: "ok",
  fresh: "=",
  running: ">",
  waiting: ".",
  maybe: "?",
  warning: "!",
  failed: "x",
  skipped: "-",
  stale: "~",
  missing: "o",
  arrow: "->",
  dot: "|",
};

export function createOutput(options: {
  readonly json: boolean;
  readonly variables: Readonly<Record<string, string | undefined>>;
}): Output {
  const { json, variables } = options;
  const isTerminal = process.stdout.isTTY === true;
  const plainLocale = /^(C|POSIX)$/.test(
    variables["LC_ALL"] ?? variables["LC_CTYPE"] ?? variables["LANG"] ?? "",
  );
  const isAscii =
    variables["ASSETS_ASCII"] === "1" || variables["TERM"] === "dumb" || (isTerminal && plainLocale);
  // Whoever reads us may stop reading (`assets list | head`): what is under way is done to its end all the same.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
  const color = pc.createColors(!json && pc.isColorSupported && isTerminal);
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    width: process.stdout.columns ?? 120,
    isTerminal,
    json,
    glyphs: isAscii ? ascii : unicode,
    paint: { bold: color.bold, dim: color.dim, accent: color.cyan, alarm: color.red },
  };
}
