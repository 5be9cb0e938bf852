/** What DuckDB says when it refuses, in parts. */
export interface EngineError {
  /** "Binder", "Conversion", "IO", "INTERRUPT" …; empty where it does not say. */
  readonly type: string;
  readonly message: string;
  /** Where in the statement, in bytes of UTF-8 from 0. */
  readonly byteOffset?: number;
}

/** Takes an error of DuckDB apart. Its connections are set to write errors as JSON, sometimes after words of their own. */
export function readEngineError(thrown: unknown): EngineError {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const start = text.indexOf('{"exception_type"');
  if (start !== -1) {
    const parsed = parseJson(text.slice(start));
    if (parsed) return parsed;
  }
  const plain = /^(?:Failed to extract statements: )?([A-Za-z -]+) Error: ([\s\S]*)$/.exec(text);
  return plain ? { type: plain[1] ?? "", message: plain[2] ?? "" } : { type: "", message: text };
}

function parseJson(text: string): EngineError | undefined {
  try {
    const error = JSON.parse(text) as {
      exception_type: string;
      exception_message: string;
      position?: string;
    };
    const byteOffset = Number(error.position);
    return {
      type: error.exception_type,
      message: error.exception_message,
      ...(error.position !== undefined && Number.isSafeInteger(byteOffset) && { byteOffset }),
    };
  } catch {
    return undefined;
  }
}

/** The offset in characters of a JS string that has this many bytes of UTF-8 before it. */
export function characterOffset(text: string, byteOffset: number): number {
  return Buffer.from(text).subarray(0, byteOffset).toString().length;
}
