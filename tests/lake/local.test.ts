import { join } from "node:path";
import { openLocalStore } from "../../framework/lake/storage/local.ts";
import { storeContract } from "./store-contract.ts";
import { temporaryFolder } from "./temporary-folder.ts";

storeContract("a folder", async () => {
  const root = join(await temporaryFolder(), "a", "lake");
  return {
    store: openLocalStore(root),
    opener: {
      module: join(import.meta.dirname, "../../framework/lake/storage/local.ts"),
      name: "openLocalStore",
      with: [root],
    },
  };
});
