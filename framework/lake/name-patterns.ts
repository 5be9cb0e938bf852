/*
 * What names in the lake's files must look like. Many become parts of object keys, and a damaged file must not lead
 * anywhere else.
 */

/** Version ids and run ids. */
export const identifierPattern = /^[a-z0-9][a-z0-9_-]{0,63}$/;
export const assetKeyPattern = /^(?=.{1,200}$)[a-z][a-z0-9_]*(?:\/[a-z][a-z0-9_]*)*$/;
export const partPattern = /^data\/[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*\/[a-z0-9][a-z0-9._-]*$/;
export const environmentNamePattern = /^[a-z0-9][a-z0-9_-]{0,99}$/;
