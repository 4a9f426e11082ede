import type { Command } from 'commander';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Problem } from '#libs/device-protocol/client-errors.ts';
import { listing } from '#libs/command-line/table.ts';
import type { Terminal } from '#libs/command-line/terminal.ts';
import { CannotDo } from '#libs/command-line/run-program.ts';
import { verifyBundleStream } from '#libs/evidence/bundle.ts';
import { EvidenceInvalid } from '#libs/evidence/errors.ts';
import { apiOf, commonOf, tell } from '../asking.ts';
import { publicKeyOf } from './certificate.ts';

interface ExportOptions {
  readonly stream?: string;
  readonly from?: string;
  readonly to?: string;
  readonly reason?: string;
  readonly out: string;
}

export function addBundle(evidence: Command, terminal: Terminal): void {
  evidence
    .command('export')
    .description('events as stored, with everything that it takes to verify them elsewhere; for auditors')
    .option('--stream <name>', 'of a stream; a member’s own takes a --reason, and is a look')
    .option('--from <position>', 'or from this position of the ledger')
    .option('--to <position>', 'to that one, both inclusive')
    .option('--reason <code>', 'why')
    .requiredOption('--out <file>', 'where to')
    .action(async (_options, command: Command) => {
      const { out, stream, from, to, reason } = commonOf<ExportOptions>(command);
      const asked = Object.entries({ stream, from, to, reason }).filter(([, value]) => value !== undefined);
      const query = new URLSearchParams(asked as [string, string][]).toString();
      await download(await apiOf(command).fetch('GET', `/auditor/v1/evidence/bundle?${query}`), out);
      tell(
        command,
        terminal,
        { file: out },
        `written to ${out}; palmctl evidence check ${out} --key PUBLIC verifies it`,
      );
    });
  evidence
    .command('prove')
    .description('that an event is in the log of a signed head; for auditors and admins')
    .requiredOption('--stream <name>', 'its stream')
    .requiredOption('--id <event>', 'its id')
    .action(async (_options, command: Command) => {
      const { stream, id } = commonOf<{ stream: string; id: string }>(command);
      const query = new URLSearchParams({ stream, id }).toString();
      const proof = await apiOf(command).get<object>(`/evidence/v1/proof?${query}`);
      tell(command, terminal, proof, JSON.stringify(proof, null, 2));
    });
  evidence
    .command('check')
    .description('verifies an exported bundle, offline: by its file and the public key, with no other data')
    .argument('<file>')
    .requiredOption('--key <public>', 'the public key as you learnt it before: base64url, PEM, or a file')
    .action(async (file: string, _options, command: Command) => {
      const key = publicKeyOf(commonOf<{ key: string }>(command).key);
      const facts = await verifyBundleStream(createReadStream(file), key).catch((error: unknown) => {
        if (error instanceof EvidenceInvalid) throw new CannotDo(`NOT VALID: ${error.message}`);
        throw new CannotDo(`${file} cannot be read`);
      });
      const { of, madeAt, events, pruned, heads } = facts;
      const sizes = heads.map(({ treeSize, at }) => `${treeSize} leaves at ${at}`).join(', ');
      const shown = listing([
        ...Object.entries(of),
        ['made at', madeAt],
        ['events', events],
        ['pruned', pruned],
        ['heads', sizes],
      ]);
      tell(command, terminal, { valid: true, ...facts }, `valid\n${shown}`);
    });
}

/** Whole, or not at all. */
async function download(answer: Response, out: string): Promise<void> {
  if (!answer.ok || answer.body === null)
    throw new Problem(answer.status, (await answer.json().catch(() => ({}))) as Record<string, unknown>);
  const half = `${out}.half`;
  try {
    await pipeline(Readable.from(answer.body), createWriteStream(half, { mode: 0o600 }));
    await rename(half, out);
  } catch {
    await rm(half, { force: true });
    throw new CannotDo(`${out} could not be written, or the download was cut off`);
  }
}
