import { LANGUAGES } from '#libs/notices/templates.ts';
import type { Channel } from '#libs/notices/port.ts';
import { aboutErasure, loadErasure, oneIdOfErasure } from '#libs/use-cases/erasure/about.ts';
import { oneIds } from '#libs/use-cases/stream/aggregates.ts';
import { load } from '#libs/use-cases/stream/load.ts';
import type { WorkflowDeps } from '../deps.ts';
import { Later } from '../later.ts';
import { belongingsOf } from './belongings.ts';
import { recordStep } from './record.ts';

const SOON_MS = 200;
const PURGED_AT_ONCE = 500;

/** Once the index has read that the keys are going, nothing that comes before can put a signature back: then it is overwritten. */
export async function clearIndex(deps: WorkflowDeps, erasure: string): Promise<void> {
  const oneId = await oneIdOfErasure(deps, erasure);
  const { position } = await load(deps.ledger, oneIds, oneId);
  if (deps.recognition.ready().position < position) throw new Later('the matching index', SOON_MS);
  const { epoch } = await deps.keyring.status();
  const bare = oneId.slice('oneId-'.length);
  await deps.recognition.forget(epoch, { oneIds: [bare], palms: [] });
  deps.contacts.removeOneId(bare);
  await recordStep(deps, erasure, { type: 'RecordIndexCleared', epoch });
}

/** What views keep of the person is ciphertext; it goes from their files as well. */
export async function purgeViews(deps: WorkflowDeps, erasure: string): Promise<void> {
  const belongings = await belongingsOf(deps, await oneIdOfErasure(deps, erasure), erasure);
  const ids = belongings?.inViews ?? [];
  for (let from = 0; from < ids.length; from += PURGED_AT_ONCE) {
    await deps.views.purge(ids.slice(from, from + PURGED_AT_ONCE));
  }
  await recordStep(deps, erasure, { type: 'RecordViewsPurged' });
}

/**
 * Under the erasure's own key, which lives until the subscribers have answered; so a message that cannot go out now is not
 * lost with the person's keys. Who did not ask for the erasure finds the receipt in it.
 */
export async function sendLastMessage(deps: WorkflowDeps, erasure: string): Promise<void> {
  const about = await aboutErasure(deps, erasure);
  const contacts = about?.contacts ?? [];
  const { reason } = (await loadErasure(deps, erasure.slice('erasure-'.length))).state.about;
  const receipt = about === undefined || about.receipt === '' ? {} : { receipt: about.receipt };
  for (const [at, { channel, to, language }] of contacts.entries()) {
    await deps.outbox.enqueue({
      id: `erased/${erasure}/${at}`,
      key: erasure,
      channel: channel as Channel,
      to,
      template: 'erased',
      language: LANGUAGES.find((one) => one === language) ?? 'en',
      values: { ...receipt, reason },
    });
  }
  await deps.outbox.deliver();
  await recordStep(deps, erasure, { type: 'RecordLastMessageSent', messages: contacts.length });
}
