import { isoNow } from '#libs/runtime/clock.ts';
import { newId } from '#libs/runtime/ids.ts';
import { whoOf, type PrincipalCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import type { Deps } from '../deps.ts';
import { merchants } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';

interface Asked {
  readonly caller: PrincipalCaller;
  readonly request: Request;
}

export interface RegisterMerchant extends Asked {
  readonly name: string;
  /** ISO 3166, two letters. */
  readonly country: string;
  /** ISO 4217. */
  readonly currency: string;
}

/** A company that will run devices. What it may do with palms its contracts say. */
export async function registerMerchant(
  deps: Deps,
  input: RegisterMerchant,
): Promise<{ merchant: string; position: bigint }> {
  const { caller, request, name, country, currency } = input;
  const who = whoOf(caller);
  const { plan } = await claim(deps, request, who, async () => {
    const [merchant] = await deps.keyring.reserve('merchant');
    return { merchant: merchant! };
  });
  const command = { type: 'RegisterMerchant', at: isoNow(deps.clock), name, country, currency } as const;
  const { position } = await decideOn(deps, merchants, `merchant-${plan.merchant}`, command, who);
  return { merchant: plan.merchant, position };
}

export interface OpenSite extends Asked {
  readonly merchant: string;
  readonly name: string;
  readonly place: string;
  /** IANA name. */
  readonly timeZone: string;
}

export async function openSite(deps: Deps, input: OpenSite): Promise<{ site: string; position: bigint }> {
  const { caller, request, merchant, name, place, timeZone } = input;
  const who = whoOf(caller);
  const { plan } = await claim(deps, request, who, async () => ({ site: newId() }));
  const command = { type: 'OpenSite', at: isoNow(deps.clock), site: plan.site, name, place, timeZone } as const;
  const { position } = await decideOn(deps, merchants, `merchant-${merchant}`, command, who);
  return { site: plan.site, position };
}

export async function closeSite(
  deps: Deps,
  { caller, request, merchant, site }: Asked & { readonly merchant: string; readonly site: string },
): Promise<{ position: bigint }> {
  const who = whoOf(caller);
  await claim(deps, request, who, async () => ({ merchant, site }));
  const command = { type: 'CloseSite', at: isoNow(deps.clock), site } as const;
  const { position } = await decideOn(deps, merchants, `merchant-${merchant}`, command, who);
  return { position };
}

export interface SignContract extends Asked {
  readonly merchant: string;
  /** Of `purposes` in libs/domain/merchant/state.ts. */
  readonly purposes: readonly string[];
}

export async function signContract(deps: Deps, input: SignContract): Promise<{ contract: string; position: bigint }> {
  const { caller, request, merchant, purposes } = input;
  const who = whoOf(caller);
  const at = isoNow(deps.clock);
  const { plan } = await claim(deps, request, who, async () => ({ contract: newId(), from: at }));
  const command = { type: 'SignContract', at, contract: plan.contract, purposes, from: plan.from } as const;
  const { position } = await decideOn(deps, merchants, `merchant-${merchant}`, command, who);
  return { contract: plan.contract, position };
}

export async function endContract(
  deps: Deps,
  { caller, request, merchant, contract }: Asked & { readonly merchant: string; readonly contract: string },
): Promise<{ position: bigint }> {
  const who = whoOf(caller);
  await claim(deps, request, who, async () => ({ merchant, contract }));
  const command = { type: 'EndContract', at: isoNow(deps.clock), contract } as const;
  const { position } = await decideOn(deps, merchants, `merchant-${merchant}`, command, who);
  return { position };
}
