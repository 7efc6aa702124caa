/** An edition of a functions module: its default export maps names to functions, and one kind of process has them all. */
import { type Catalog, catalogOf } from "./catalog.ts";
import { type Edition, editionOf, notFound } from "./edition.ts";
import { type LoadedFunctions, type PoolOptions, startPool } from "./pool.ts";

export interface ModuleEditionOptions extends Omit<PoolOptions, "load" | "environment"> {
  /** File URL of the module. */
  readonly url: string;
  /** See CatalogOptions. */
  readonly strict: boolean;
}

/** Starts the first process at once. */
export function moduleEdition({ url, strict, ...options }: ModuleEditionOptions): Edition {
  const pool = startPool({ ...options, load: { kind: "module", url } });
  const catalogs = new WeakMap<LoadedFunctions, Catalog>();
  let names: readonly string[] = [];

  /** Every process loads the module anew, and may have got something else. */
  function catalogIn(loaded: LoadedFunctions): Catalog {
    const known = catalogs.get(loaded);
    if (known !== undefined) return known;
    const catalog = catalogOf({
      names: new Map(loaded.names.map((name) => [name, name])),
      aliases: loaded.aliases,
      owner: ["The functions module", "exports"],
      strict,
    });
    catalogs.set(loaded, catalog);
    return catalog;
  }

  const loaded = pool.loaded.then((first) => {
    if ("problem" in first) return { catalog: undefined, problems: new Map([["", first.problem]]) };
    names = first.names;
    return { catalog: catalogIn(first), problems: new Map() };
  });

  return editionOf({
    loaded,
    pools: [pool],
    names: () => names,
    placeOf: (resource) => ({
      pool,
      memoryMb: options.memoryMb,
      pick(processHas) {
        const found = catalogIn(processHas).find(resource);
        return "missing" in found ? notFound(found.missing) : found;
      },
    }),
  });
}
