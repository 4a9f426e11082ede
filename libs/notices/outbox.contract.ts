import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NoticeInvalid, type CarriedNotice, type Notice, type Outbox } from './port.ts';

export interface OutboxUnderTest {
  readonly outbox: Outbox;
  /** What has gone out, in order. */
  readonly carried: CarriedNotice[];
  /** While true, the carrier fails. */
  fail(failing: boolean): void;
  destroyKey(key: string): void;
  pass(milliseconds: number): void;
  /** The same outbox, opened again after the process ended. */
  restart(): Promise<Outbox>;
  close(): Promise<void>;
}

const NOTICE: Notice<'phone-code'> = {
  id: 'enrolment-1/code-1',
  key: 'oneId-a',
  channel: 'sms',
  to: '+491700000001',
  template: 'phone-code',
  language: 'en',
  values: { code: '481516', minutes: 10 },
};

/** What every outbox must do. */
export function outboxContract(name: string, open: () => Promise<OutboxUnderTest>): void {
  describe(`an outbox (${name})`, () => {
    let under: OutboxUnderTest;
    let outbox: Outbox;

    beforeEach(async () => {
      under = await open();
      outbox = under.outbox;
    });
    afterEach(() => under.close());

    it('delivers what was given to it, once, in order', async () => {
      await outbox.enqueue(NOTICE);
      await outbox.enqueue({ ...NOTICE, id: 'second', to: '+491700000002' });
      expect(await outbox.waiting()).toBe(2);
      expect(await outbox.deliver()).toEqual({ sent: 2, failed: 0, gone: 0, late: 0 });
      expect(await outbox.deliver()).toEqual({ sent: 0, failed: 0, gone: 0, late: 0 });
      expect(under.carried.map(({ to }) => to)).toEqual(['+491700000001', '+491700000002']);
      expect(under.carried[0]).toMatchObject({ channel: 'sms', template: 'phone-code', language: 'en' });
      expect(under.carried[0]!.text).toContain('481516');
      expect(await outbox.waiting()).toBe(0);
    });

    it('takes the same message once, before and after it was sent', async () => {
      expect(await outbox.enqueue(NOTICE)).toBe('enqueued');
      expect(await outbox.enqueue(NOTICE)).toBe('known');
      await outbox.deliver();
      expect(await outbox.enqueue(NOTICE)).toBe('known');
      expect(await outbox.deliver()).toMatchObject({ sent: 0 });
    });

    it('shows nothing of its own ids outside', async () => {
      await outbox.enqueue(NOTICE);
      await outbox.deliver();
      expect(JSON.stringify(under.carried)).not.toContain('enrolment-1');
    });

    it('keeps what waits across a restart', async () => {
      await outbox.enqueue(NOTICE);
      outbox = await under.restart();
      expect(await outbox.enqueue(NOTICE)).toBe('known');
      expect(await outbox.deliver()).toMatchObject({ sent: 1 });
    });

    it('tries again, later, what could not be carried', async () => {
      await outbox.enqueue(NOTICE);
      under.fail(true);
      expect(await outbox.state(NOTICE.id)).toBe('waiting');
      expect(await outbox.deliver()).toMatchObject({ sent: 0, failed: 1 });
      under.fail(false);
      expect(await outbox.deliver()).toMatchObject({ sent: 0, failed: 0 });
      under.pass(60_000);
      expect(await outbox.deliver()).toMatchObject({ sent: 1 });
      expect(await outbox.state(NOTICE.id)).toBe('over');
      expect(await outbox.state('never')).toBe('unknown');
    });

    it('sends nothing that was voided, and says what is over', async () => {
      await outbox.enqueue(NOTICE);
      expect(await outbox.void(NOTICE.id)).toBe('voided');
      expect(await outbox.void(NOTICE.id)).toBe('over');
      expect(await outbox.void('never')).toBe('unknown');
      expect(await outbox.enqueue(NOTICE)).toBe('known');
      expect(await outbox.deliver()).toMatchObject({ sent: 0 });
    });

    it('says that it is over, not voided, while it is being delivered', async () => {
      await outbox.enqueue(NOTICE);
      const delivering = outbox.deliver();
      expect(await outbox.void(NOTICE.id)).toBe('over');
      expect(await delivering).toMatchObject({ sent: 1 });
    });

    it('voids all of one key and nothing else', async () => {
      await outbox.enqueue(NOTICE);
      await outbox.enqueue({ ...NOTICE, id: 'second' });
      await outbox.enqueue({ ...NOTICE, id: 'other', key: 'oneId-b' });
      expect(await outbox.voidKey('oneId-a')).toBe(2);
      expect(await outbox.deliver()).toMatchObject({ sent: 1 });
    });

    it('drops and counts what nobody can open any more', async () => {
      await outbox.enqueue(NOTICE);
      under.destroyKey('oneId-a');
      expect(await outbox.deliver()).toEqual({ sent: 0, failed: 0, gone: 1, late: 0 });
      expect(await outbox.waiting()).toBe(0);
      expect(outbox.counts()).toMatchObject({ enqueued: 1, gone: 1, sent: 0 });
    });

    it('sends nothing whose time is over', async () => {
      await outbox.enqueue({ ...NOTICE, notAfter: '2026-11-24T15:10:00.000Z' });
      under.pass(10 * 60_000);
      expect(await outbox.deliver()).toMatchObject({ sent: 0, late: 1 });
    });

    it('remembers for a week what is over', async () => {
      await outbox.enqueue(NOTICE);
      await outbox.deliver();
      under.pass(8 * 24 * 3_600_000);
      await outbox.enqueue({ ...NOTICE, id: 'other' });
      await outbox.deliver();
      expect(await outbox.enqueue(NOTICE)).toBe('enqueued');
    });

    it.each<[string, Partial<Notice>]>([
      ['id', { id: '' }],
      ['channel', { channel: 'pigeon' as never }],
      ['template', { template: 'no-such' as never }],
      ['template', { template: 'constructor' as never }],
      ['language', { language: 'fr' as never }],
      ['to', { to: '' }],
      ['notAfter', { notAfter: 'soon' }],
      ['values', { template: 'phone-added', values: { lastTwo: '01', at: 'no date' } }],
    ])('refuses a message with a wrong %s', async (field, changes) => {
      const refused = outbox.enqueue({ ...NOTICE, ...changes });
      await expect(refused).rejects.toThrow(NoticeInvalid);
      await expect(refused).rejects.toMatchObject({ field });
      expect(await outbox.waiting()).toBe(0);
    });
  });
}
