import type { Failure } from "../definition/failure.ts";
import type { Json } from "../definition/json.ts";
import { err, ok, type Result } from "../definition/result.ts";
import { damaged, parseStored } from "./parse-record.ts";
import { formatVersion, type RunId } from "./records.ts";
import { placeOf, segmentObject } from "./runs.ts";
import type { Store } from "./storage/store.ts";
import { writeOnce } from "./write-once.ts";

/** Where the events of one run go: into numbered segments of the lake, and only then to whoever shows them. */
export interface Journal<Event extends object> {
  append(event: Event): void;
  /** Waits until all that was appended before is in the lake. */
  flush(): Promise<Result<void, Failure>>;
  /** The same, for the last time: nothing may be appended after. */
  close(): Promise<Result<void, Failure>>;
}

export interface JournalOptions<Event extends object> {
  /** Called with events, in their order, as soon as they are in the lake. */
  readonly onWritten: (events: readonly Event[]) => void;
  /** Called when events could not be written. They are kept and tried again; until then nobody sees them. */
  readonly onFailed?: (failure: Failure) => void;
}

const firstWaitMs = 5;
const shortestWaitMs = 100;
const longestWaitMs = 2000;
const afterFailureMs = 1000;
/** The longer a run has gone on, the longer a segment waits for more events: a thirtieth of the run's time. */
const shareOfTime = 30;

/** Opens the journal of a new run. Nothing is written before the first event. */
export function openJournal<Event extends object>(
  store: Store,
  run: RunId,
  options: JournalOptions<Event>,
): Journal<Event> {
  return new SegmentedJournal(store, run, options);
}

/** An event, and the line of the segment that it is. */
interface Line<Event> {
  readonly event: Event;
  readonly text: string;
}

class SegmentedJournal<Event extends object> implements Journal<Event> {
  readonly #store: Store;
  readonly #run: RunId;
  readonly #options: JournalOptions<Event>;
  readonly #opened = performance.now();
  #waiting: Line<Event>[] = [];
  /** What could not be written. Tried again as it is: the segment may be there all the same. */
  #unwritten: readonly Line<Event>[] | undefined;
  #appended = 0;
  #written = 0;
  #segments = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<Result<void, Failure>> | undefined;
  #closed = false;

  constructor(store: Store, run: RunId, options: JournalOptions<Event>) {
    this.#store = store;
    this.#run = run;
    this.#options = options;
  }

  append(event: Event): void {
    if (this.#closed)
      throw new Error(`Internal error: an event of run ${this.#run} after its journal was closed`);
    this.#waiting.push({ event, text: JSON.stringify(event) });
    this.#appended++;
    this.#schedule();
  }

  async flush(): Promise<Result<void, Failure>> {
    const target = this.#appended;
    while (this.#written < target) {
      const done = await this.#write();
      if (!done.ok) return done;
    }
    return ok(undefined);
  }

  async close(): Promise<Result<void, Failure>> {
    this.#closed = true;
    const done = await this.flush();
    clearTimeout(this.#timer);
    return done;
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#writing !== undefined || this.#closed) return;
    this.#timer = setTimeout(() => void this.#write(), this.#wait());
  }

  #wait(): number {
    if (this.#unwritten) return afterFailureMs;
    if (this.#segments === 0) return firstWaitMs;
    const elapsed = performance.now() - this.#opened;
    return Math.min(longestWaitMs, Math.max(shortestWaitMs, elapsed / shareOfTime));
  }

  /** Writes what waits as one segment; joins a write that is under way. */
  #write(): Promise<Result<void, Failure>> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing ??= this.#writeSegment().finally(() => {
      this.#writing = undefined;
      if (this.#unwritten || this.#waiting.length > 0) this.#schedule();
    });
    return this.#writing;
  }

  async #writeSegment(): Promise<Result<void, Failure>> {
    const batch = this.#unwritten ?? this.#waiting;
    if (batch === this.#waiting) this.#waiting = [];
    const segment = this.#segments + 1;
    const head = JSON.stringify({ formatVersion, run: this.#run, segment, events: batch.length });
    const content = [head, ...batch.map(({ text }) => text), ""].join("\n");
    const done = await writeOnce(
      this.#store,
      segmentObject(this.#run, segment),
      new TextEncoder().encode(content),
    );
    this.#unwritten = done.ok ? undefined : batch;
    if (!done.ok) {
      this.#options.onFailed?.(done.error);
      return done;
    }
    this.#segments = segment;
    this.#written += batch.length;
    this.#options.onWritten(batch.map(({ event }) => event));
    return ok(undefined);
  }
}

/** Events that were read, and the segment to go on with once there is more. */
export interface ReadEvents {
  readonly events: readonly Json[];
  readonly nextSegment: number;
}

const readAtOnce = 16;

/** The events of a run from a segment on (from 1), as far as they are written. */
export async function readEvents(
  store: Store,
  run: RunId,
  fromSegment = 1,
): Promise<Result<ReadEvents, Failure>> {
  const events: Json[] = [];
  for (let segment = fromSegment; ; segment += readAtOnce) {
    const objects = Array.from({ length: readAtOnce }, (_, index) => segmentObject(run, segment + index));
    const found = await Promise.all(objects.map((object) => store.get(object)));
    for (const [index, bytes] of found.entries()) {
      if (!bytes.ok) return bytes;
      // Segments are written one after the other: there is none after the first that is missing.
      if (bytes.value === undefined) return ok({ events, nextSegment: segment + index });
      const parsed = parseSegment(store, objects[index] ?? "", bytes.value);
      if (!parsed.ok) return parsed;
      for (const event of parsed.value) events.push(event);
    }
  }
}

function parseSegment(store: Store, object: string, bytes: Uint8Array): Result<readonly Json[], Failure> {
  const place = placeOf(store, object);
  const lines = new TextDecoder().decode(bytes).split("\n");
  const head = parseStored(new TextEncoder().encode(lines[0]), place);
  if (!head.ok) return head;
  const events: Json[] = [];
  // Each line ends in a line feed, so that what comes after the last one must be nothing.
  const torn = lines.pop() !== "";
  for (const [index, line] of lines.slice(1).entries()) {
    try {
      events.push(JSON.parse(line));
    } catch {
      return err(damaged(place, `line ${index + 2} is not whole JSON`));
    }
  }
  if (torn) return err(damaged(place, `line ${lines.length + 1} is torn off`));
  if (events.length !== head.value["events"]) {
    const count = JSON.stringify(head.value["events"]);
    return err(
      damaged(place, `${events.length} events are left of ${count}: it ends after line ${lines.length}`),
    );
  }
  return ok(events);
}
