// Loaded into a measured process by NODE_OPTIONS: adds the process's peak memory (kB) to a file when it ends.
process.on("exit", () => {
  const { ASSETS_MEMORY_FILE: file } = process.env;
  if (file) require("node:fs").appendFileSync(file, `${process.resourceUsage().maxRSS}\n`);
});
