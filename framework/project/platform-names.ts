/**
 * Names that Node and the language give to all code. A fixed list: what is a name of nobody's must not depend on the
 * version of Node that happens to run.
 */
export const platformNames: ReadonlySet<string> = new Set(
  (
    "AbortController AbortSignal AggregateError Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Blob " +
    "Boolean BroadcastChannel Buffer ByteLengthQueuingStrategy CompressionStream CountQueuingStrategy Crypto CryptoKey " +
    "CustomEvent DataView Date DecompressionStream Error EvalError Event EventTarget File FinalizationRegistry " +
    "Float32Array Float64Array FormData Function Headers Infinity Int16Array Int32Array Int8Array Intl Iterator JSON " +
    "Map Math MessageChannel MessageEvent MessagePort NaN Navigator Number Object Performance PerformanceEntry " +
    "PerformanceMark PerformanceMeasure PerformanceObserver Promise Proxy RangeError ReadableByteStreamController " +
    "ReadableStream ReadableStreamBYOBReader ReadableStreamBYOBRequest ReadableStreamDefaultController " +
    "ReadableStreamDefaultReader ReferenceError Reflect RegExp Request Response Set SharedArrayBuffer String " +
    "SubtleCrypto Symbol SyntaxError TextDecoder TextDecoderStream TextEncoder TextEncoderStream TransformStream " +
    "TransformStreamDefaultController TypeError URIError URL URLSearchParams Uint16Array Uint32Array Uint8Array " +
    "Uint8ClampedArray WeakMap WeakRef WeakSet WebAssembly WebSocket WritableStream WritableStreamDefaultController " +
    "WritableStreamDefaultWriter arguments atob btoa clearImmediate clearInterval clearTimeout console crypto " +
    "decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval fetch global globalThis isFinite isNaN " +
    "navigator parseFloat parseInt performance process queueMicrotask setImmediate setInterval setTimeout " +
    "structuredClone undefined unescape"
  ).split(" "),
);
