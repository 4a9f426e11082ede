const OLDEST = 22;

/** Ends the process with one line where Node is too old for the parts that follow. `npm run` brings its own Node on Linux. */
export function requireNode(): void {
  const [major] = process.versions.node.split('.').map(Number);
  if (major !== undefined && major >= OLDEST) return;
  process.stderr.write(
    `palmledger: Node ${process.versions.node} is too old; start it by npm run, or with Node ${OLDEST} or later\n`,
  );
  process.exit(1);
}
