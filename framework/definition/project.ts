import type { Asset } from "./asset.ts";
import type { ForeignKey } from "./relations.ts";
import type { SourceResource } from "./resource.ts";

/** All that a project declares. */
export interface Definitions {
  readonly name: string;
  readonly assets: readonly Asset[];
  readonly relations: readonly ForeignKey[];
}

/** Lists a project's assets and the relations among them. Nothing registers itself: what is not listed does not exist. */
export function defineProject(project: {
  readonly name: string;
  readonly assets: readonly Asset[];
  readonly relations?: readonly ForeignKey[];
}): Definitions {
  return Object.freeze({
    name: project.name,
    assets: Object.freeze([...project.assets]),
    relations: Object.freeze([...(project.relations ?? [])]),
  });
}

/** What a config's functions can decide by: the environment's name, and the variables of the process and of `.env`. */
export interface ConfigContext {
  readonly environment: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** What `assets.config.ts` says, under the name `config`. */
export interface Config {
  readonly definitions: Definitions;
  /** The environment when neither `--env` nor ASSETS_ENV names one; "dev" unless told. */
  readonly environment?: string;
  /** Where the lake is when ASSETS_LAKE does not say so: a folder, relative to the config's; ".assets/lake" unless told. */
  readonly lake?: string | ((context: ConfigContext) => string);
  /** Connections, by the name of the source. Never hashed. */
  readonly resources: (context: ConfigContext) => Resources;
}

export interface Resources {
  readonly sources: Readonly<Record<string, SourceResource>>;
  /** How many steps of each named pool run at once. */
  readonly pools?: Readonly<Record<string, number>>;
}

export function defineConfig(config: Config): Config {
  return Object.freeze(config);
}
