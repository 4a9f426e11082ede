import { expect } from '../report.ts';
import type { Company, World } from '../world.ts';
import type { Step } from './step.ts';

interface Plan {
  readonly name: string;
  readonly place: string;
  readonly purposes: readonly string[];
  /** Kind by name. */
  readonly devices: Readonly<Record<string, 'till' | 'gate' | 'door' | 'reader'>>;
}

const COMPANIES: Readonly<Record<string, Plan>> = {
  shop: {
    name: 'Corner Shop',
    place: 'Lindenstrasse 4, Berlin',
    purposes: ['pay', 'visit', 'loyalty'],
    devices: { till: 'till', gate: 'gate' },
  },
  office: { name: 'Office Tower', place: 'Hafenplatz 1, Hamburg', purposes: ['badge'], devices: { door: 'door' } },
  gym: { name: 'Gym on the Hill', place: 'Am Berg 7, Kassel', purposes: ['subscription'], devices: { door: 'door' } },
  registry: { name: 'Registry Office', place: 'Rathaus, Mainz', purposes: ['age'], devices: { desk: 'reader' } },
};

export const setUp: Step = {
  title: 'two admins, an auditor, companies with contracts and devices',
  run: async (world) => {
    const second = await principal(world, { name: 'Second Admin', role: 'admin' });
    world.notes.put('second admin', world.principal(second));
    world.notes.put('auditor', world.principal(await principal(world, { name: 'Auditor', role: 'auditor' })));
    for (const [name, plan] of Object.entries(COMPANIES)) world.notes.put(name, await company(world, plan));
    const devices = await devicesFound(world);
    expect(devices === 5, `five devices wanted, ${devices} found`);
    return 'first admin shown at the start; 4 companies, 5 devices activated by code';
  },
};

/** As the admin finds them, by company: the instance may have others. */
async function devicesFound(world: World): Promise<number> {
  const found = Object.keys(COMPANIES).map((name) => {
    const { merchant } = world.notes.get<Company>(name);
    return world.admin.get<{ items: readonly unknown[] }>(`/admin/v1/devices?merchant=${merchant}`);
  });
  return (await Promise.all(found)).reduce((sum, { items }) => sum + items.length, 0);
}

async function principal(world: World, asked: { name: string; role: string; merchant?: string; subscriber?: string }) {
  const body = { contact: 'demo@example.com', ...asked };
  return world.admin.post<{ principal: string; secret: string }>('/admin/v1/principals', body);
}

async function company(world: World, plan: Plan): Promise<Company> {
  const { admin } = world;
  const { merchant } = await admin.post<{ merchant: string }>('/admin/v1/merchants', {
    name: plan.name,
    country: 'DE',
    currency: 'EUR',
  });
  const { site } = await admin.post<{ site: string }>(`/admin/v1/merchants/${merchant}/sites`, {
    name: plan.name,
    place: plan.place,
    timeZone: 'Europe/Berlin',
  });
  await admin.post(`/admin/v1/merchants/${merchant}/contracts`, { purposes: plan.purposes });
  const credential = await principal(world, { name: plan.name, role: 'merchant', merchant });
  const api = world.principal(credential);
  api.seen(admin.position ?? null);
  const devices: Record<string, Company['devices'][string]> = {};
  for (const [name, kind] of Object.entries(plan.devices)) {
    const asked = { site, kind, name, nearInfrared: false };
    const { activationCode } = await api.post<{ activationCode: string }>('/merchant/v1/devices', asked);
    devices[name] = await world.device(activationCode);
  }
  admin.seen(api.position ?? null);
  return { merchant, site, api, devices };
}
