// Put into the bundle by build.js. string-width makes a segmenter and a regular expression over all emoji when it is
// loaded: 25 ms for Unicode data that most commands never use. These stand-ins wait until they are asked.

const { Segmenter } = Intl;

/** Stands in for Intl.Segmenter. */
export class LazySegmenter {
  /** @type {ConstructorParameters<typeof Segmenter>} */
  #parameters;
  /** @type {Intl.Segmenter | undefined} */
  #segmenter;

  /** @param {ConstructorParameters<typeof Segmenter>} parameters */
  constructor(...parameters) {
    this.#parameters = parameters;
  }

  /** @param {string} text */
  segment(text) {
    this.#segmenter ??= new Segmenter(...this.#parameters);
    return this.#segmenter.segment(text);
  }
}

/** Stands in for a regular expression that is only tested. */
export class LazyRegExp {
  /** @type {ConstructorParameters<typeof RegExp>} */
  #parameters;
  /** @type {RegExp | undefined} */
  #expression;

  /** @param {ConstructorParameters<typeof RegExp>} parameters */
  constructor(...parameters) {
    this.#parameters = parameters;
  }

  /** @param {string} text */
  test(text) {
    this.#expression ??= new RegExp(...this.#parameters);
    return this.#expression.test(text);
  }
}
