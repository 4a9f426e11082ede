import type { Command } from 'commander';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { listing } from '#libs/command-line/table.ts';
import { CannotDo } from '#libs/command-line/run-program.ts';
import type { Terminal } from '#libs/command-line/terminal.ts';
import { verifyCertificate } from '#libs/evidence/certificate.ts';
import type { CertificateBody } from '#libs/evidence/certificate-fields.ts';
import { EvidenceInvalid } from '#libs/evidence/errors.ts';
import { commonOf, tell } from '../asking.ts';

export function addCertificate(program: Command, terminal: Terminal): void {
  program
    .command('certificate')
    .description('erasure certificates')
    .command('verify')
    .description('verifies one, offline: by its file and the public key, with no other data')
    .argument('<file>')
    .requiredOption('--key <public>', 'the public key of /evidence/v1/key: base64url, or a file with it or with PEM')
    .action((file: string, _options, command: Command) => {
      const { key } = commonOf<{ key: string }>(command);
      const body = verified(read(file), publicKeyOf(key));
      tell(command, terminal, { valid: true, certificate: body }, shown(body));
    });
}

function verified(file: Uint8Array, key: KeyObject): CertificateBody {
  try {
    return verifyCertificate(file, key);
  } catch (error) {
    if (error instanceof EvidenceInvalid) throw new CannotDo(`NOT VALID: ${error.message}`);
    throw error;
  }
}

export function publicKeyOf(text: string): KeyObject {
  const said = existsSync(text) ? read(text).toString('utf8').trim() : text;
  try {
    if (/^[A-Za-z0-9_-]{43}$/.test(said))
      return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: said }, format: 'jwk' });
    const key = createPublicKey(said);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Said below.
  }
  throw new CannotDo('--key takes an Ed25519 public key: raw in base64url, or PEM, or a file with one of them');
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw new CannotDo(`${file} cannot be read`);
  }
}

function shown(body: CertificateBody): string {
  const { reason, requestedAt, destroyedAt, issuedAt, epoch, keysDestroyed, recordsPruned, copies, retiredCopies } =
    body;
  const { acknowledged, overdue } = body.subscribers;
  return [
    'valid: the key signed exactly this, and the erasure stands in the log of its head',
    listing([
      ['reason', reason],
      ['requested at', requestedAt],
      ['destroyed at', destroyedAt],
      ['issued at', issuedAt],
      ['keys destroyed', `${keysDestroyed} (epoch ${epoch})`],
      ...body.destroyed.map(({ what, how }) => [`gone: ${what}`, how] as const),
      ['records pruned', recordsPruned],
      ...copies.map(({ name, medium, proves }) => [`copy ${name}`, `${medium}: ${proves}`] as const),
      ...retiredCopies.map(({ name, medium }) => [`lost copy ${name}`, `${medium}: did not take it`] as const),
      ...body.kept.map(({ what, basis, until }) => [`kept: ${what}`, `${basis}, until ${until}`] as const),
      ['acknowledged by', acknowledged.map(({ subscriber }) => subscriber).join(', ') || 'no subscriber was asked'],
      ...(overdue.length === 0
        ? []
        : [['never answered', overdue.map(({ subscriber }) => subscriber).join(', ')] as const]),
      ['commitment', body.commitment],
    ]),
  ].join('\n');
}
