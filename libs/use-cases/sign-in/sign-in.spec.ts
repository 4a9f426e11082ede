import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newSecret } from '#libs/identity/secrets.ts';
import { newId } from '#libs/runtime/ids.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { openTown, type Town, type TownMember } from '#libs/testing/town.ts';
import { principals } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { askForSignInCode } from './member-code.ts';
import { signInMember } from './member.ts';
import { signInPrincipal } from './principal.ts';

let town: Town;
let ada: TownMember;
beforeAll(async () => {
  town = await openTown();
  ada = await town.member('+41795550100');
});
afterAll(() => town.close());

async function codeTo(phone: string): Promise<string | undefined> {
  const { send } = await askForSignInCode(town.deps, { phone, from: '127.0.0.1' });
  await send();
  const codes = (await town.messages()).filter(({ to, template }) => to === phone && template === 'sign-in-code');
  return codes.map(({ text }) => /\b\d{6}\b/.exec(text)![0]).at(-1);
}

describe('a member who signs in', () => {
  it('given the code that came to the verified phone, gets a session that was believed by code', async () => {
    const code = await codeTo(ada.number);
    const session = await signInMember(town.deps, { phone: ada.number, code: code! });
    expect(session).toMatchObject({ kind: 'member', oneId: ada.oneId, by: 'code' });
  });

  it('given a code that was used already, is refused', async () => {
    const bob = await town.member('+41795550101');
    const code = await codeTo(bob.number);
    await signInMember(town.deps, { phone: bob.number, code: code! });
    await expect(signInMember(town.deps, { phone: bob.number, code: code! })).rejects.toMatchObject({
      code: 'code-none',
    });
  });

  it('given a number that nobody has, hears the same, and nothing is sent', async () => {
    const known = await askForSignInCode(town.deps, { phone: ada.number, from: '127.0.0.1' });
    const unknown = await askForSignInCode(town.deps, { phone: '+41795559999', from: '127.0.0.1' });
    await unknown.send();
    expect(Object.keys(unknown)).toEqual(Object.keys(known));
    expect((await town.messages()).filter(({ to }) => to === '+41795559999')).toEqual([]);
    const guess = signInMember(town.deps, { phone: '+41795559999', code: '000000' });
    await expect(guess).rejects.toMatchObject({ code: 'code-wrong' });
  });

  it('given contacts that are not read to the end, is asked to wait, and is never taken for nobody', async () => {
    const behind = { ...town.deps, contacts: { ...town.deps.contacts, reached: async () => false } as never };
    const asking = askForSignInCode(behind, { phone: ada.number, from: '127.0.0.1' });
    await expect(asking).rejects.toMatchObject({ name: 'ContactsBehind' });
  });
});

describe('a principal who signs in', () => {
  it('given its secret, gets its roles; given another secret or another name, the same refusal', async () => {
    const { deps } = town;
    const principal = newId();
    const { secret, hash } = newSecret();
    await deps.keyring.make([`principal-${principal}`]);
    const at = isoNow(deps.clock);
    const who = { actor: 'system', about: { who: 'system/test' } } as const;
    await decideOn(
      deps,
      principals,
      `principal-${principal}`,
      [
        { type: 'InvitePrincipal', at, name: 'Eve', contact: 'eve@example.org' },
        { type: 'BindCredential', at, secretHash: hash },
        { type: 'GrantRole', at, role: 'auditor' },
      ],
      who,
    );
    const session = await signInPrincipal(deps, { principal, secret, from: '127.0.0.1' });
    expect(session).toEqual({ kind: 'principal', principal, grants: [{ role: 'auditor' }] });
    for (const wrong of [
      { principal, secret: newSecret().secret },
      { principal: newId(), secret },
      { principal: 'none', secret },
    ]) {
      const refused = signInPrincipal(deps, { ...wrong, from: '127.0.0.1' });
      await expect(refused).rejects.toMatchObject({ code: 'sign-in-refused' });
    }
  });
});
