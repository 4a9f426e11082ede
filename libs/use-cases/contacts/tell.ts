import type { NoticeTemplate } from '#libs/notices/templates.ts';
import type { NoticeValues } from '#libs/notices/port.ts';
import type { Deps } from '../deps.ts';
import { contactsOf } from './contacts.ts';

/**
 * Tells a member something on every verified phone but those named. `step` names what causes it, so that a step that runs
 * twice tells once. The message waits sealed under the phone's own key.
 */
export async function tell<T extends NoticeTemplate>(
  deps: Pick<Deps, 'ledger' | 'keyring' | 'outbox'>,
  stream: string,
  step: string,
  template: T,
  values: NoticeValues<T>,
  except: readonly string[] = [],
): Promise<number> {
  const { contacts, language } = await contactsOf(deps, stream);
  const told = contacts.filter(({ phone }) => !except.includes(phone));
  for (const { phone, number, key } of told) {
    await deps.outbox.enqueue({ id: `${step}/${phone}`, key, channel: 'sms', to: number, template, language, values });
  }
  return told.length;
}
