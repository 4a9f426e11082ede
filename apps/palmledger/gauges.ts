import type { Telemetry } from '#libs/runtime/telemetry.ts';
import type { EvidenceKept } from './evidence.ts';
import type { Parts } from './parts.ts';

/** What the parts say of themselves when somebody reads /metrics. */
export function askParts(telemetry: Telemetry, parts: Parts): void {
  const { ledger, views, contacts, outbox, recognition, keyring } = parts;
  const ask = telemetry.asked.bind(telemetry);
  ask('ledger_position', "The ledger's last position.", async () => Number(await ledger.head()));
  ask('views_position', 'The ledger position that the views have passed.', async () => Number(await views.position()));
  ask('contacts_position', 'The ledger position that the index of phones and accounts has passed.', () =>
    Number(contacts.position),
  );
  ask('parked_messages', 'Messages that wait for an admin.', async () => (await views.status()).parked);
  ask('views_rebuilding', '1 while views are built anew.', async () => ((await views.status()).rebuilding ? 1 : 0));
  ask('outbox_waiting', 'Messages to people that are not sent yet.', () => outbox.waiting());
  ask('outbox_failed', 'Tries to send that failed since the start.', () => outbox.counts().failed);
  ask('palms', 'Palms in the matching index.', () => recognition.ready().palms);
  ask('recognition_ready', '1 while the recognition zone answers.', () => (recognition.ready().ready ? 1 : 0));
  ask('keyring_epoch', 'Walks that destroyed keys.', async () => (await keyring.status()).epoch);
  ask('keyring_copies_away', 'Copies of the keyring that have missed something.', async () => {
    const { copies } = await keyring.status();
    return copies.filter(({ state }) => state === 'away').length;
  });
}

/** How far the ledger is verified against its heads. */
export function askEvidence(telemetry: Telemetry, { verification }: Pick<EvidenceKept, 'verification'>): void {
  const ask = telemetry.asked.bind(telemetry);
  ask('evidence_leaves', 'Leaves of the head that the ledger is verified against.', () => Number(verification().of));
  ask('evidence_verified_leaves', 'Leaves of it that are verified in the pass that runs, or ran last.', () =>
    Number(verification().done),
  );
  ask('evidence_found', '1 where the ledger is not what its leaves and heads say.', () =>
    verification().found === undefined ? 0 : 1,
  );
}
