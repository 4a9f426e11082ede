import type { Command } from 'commander';
import { listing } from '#libs/command-line/table.ts';
import type { Terminal } from '#libs/command-line/terminal.ts';
import { parseSignedHead, verifyHead } from '#libs/evidence/head.ts';
import { CannotDo } from '#libs/command-line/run-program.ts';
import { EvidenceInvalid } from '#libs/evidence/errors.ts';
import { commonOf, openApiOf, tell } from '../asking.ts';
import { verifyOffline } from '../offline/verify.ts';
import { publicKeyOf } from './certificate.ts';
import { addBundle } from './evidence-bundle.ts';

interface VerifyOptions {
  readonly key: string;
  readonly offline?: string;
}

export function addEvidence(program: Command, terminal: Terminal): void {
  const evidence = program.command('evidence').description('the signed log over the ledger; for everybody');
  addBundle(evidence, terminal);
  evidence
    .command('head')
    .description('the last signed head')
    .action(async (_options, command: Command) => {
      const { head: signed } = await openApiOf(command).get<{ head: string }>('/evidence/v1/head');
      const { head, signature } = parseSignedHead(signed);
      tell(command, terminal, { head: signed }, listing([...Object.entries(head), ['signature', signature]]));
    });
  evidence
    .command('verify')
    .description(
      'that the key signed the head; --offline also that a stopped folder, or a backup, is what its head says',
    )
    .requiredOption('--key <public>', 'the public key as you learnt it before: base64url, PEM, or a file')
    .option('--offline <folder>', 'a stopped data folder or a backup: every record and leaf is read')
    .action(async (_options, command: Command) => {
      const { key, offline } = commonOf<VerifyOptions>(command);
      const publicKey = publicKeyOf(key);
      try {
        if (offline !== undefined) {
          const found = await verifyOffline(offline, publicKey);
          return tell(command, terminal, found, `valid\n${listing(Object.entries(found))}`);
        }
        const { head: signed } = await openApiOf(command).get<{ head: string }>('/evidence/v1/head');
        const head = verifyHead(signed, publicKey);
        tell(command, terminal, { valid: true, head }, `valid\n${listing(Object.entries(head))}`);
      } catch (error) {
        if (error instanceof EvidenceInvalid) throw new CannotDo(`NOT VALID: ${error.message}`);
        throw error;
      }
    });
}
