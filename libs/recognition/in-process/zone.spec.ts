import { afterEach, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/runtime/ids.ts';
import { sceneOf, ticketOf } from '../drawn-scene.ts';
import { drawnBytes, drawnReaderOf, drawnShape, drawnZone, entryOf, newPlace } from '../drawn-zone.ts';
import { startMatchingIndex } from '../matching/matching-index.ts';
import type { Recognition } from '../port.ts';
import { recognitionContract } from '../recognition.contract.ts';
import { startZone } from './zone.ts';

recognitionContract('in this process', async (parts) => startZone(parts));

describe('a zone with two live model versions', () => {
  const newer = { ...drawnShape, modelVersion: 'drawn-2' };
  const running: Recognition[] = [];
  afterEach(() => Promise.all(running.splice(0).map((zone) => zone.close())));

  const start = async () => {
    const drawn = await drawnZone();
    await drawn.parts.index.close();
    const zone = startZone({
      ...drawn.parts,
      index: startMatchingIndex({ shapes: [newer, drawnShape], deadlineMs: 10_000 }),
      models: [
        { shape: newer, reader: drawnReaderOf(newer) },
        { shape: drawnShape, reader: drawnReaderOf(drawnShape) },
      ],
    });
    running.push(zone);
    zone.passed(1n, true);
    return { drawn, zone, scene: sceneOf(zone, drawn) };
  };

  it('meets whoever was enrolled by the older one, enrols by the newer, and takes the one for the other', async () => {
    const { drawn, zone, scene } = await start();
    const [anna, place] = [newId(), newPlace(newId())];
    const sealed = await drawn.vault.seal(place, drawnBytes(1, 'left'));
    expect(await zone.palmEnrolled(entryOf(anna, 'left', place, sealed))).toBe('matchable');
    const binding = scene.bindingOf('pay');
    const ticket = ticketOf(await scene.identify({ person: 1 }, { binding }));
    expect(await zone.redeem(ticket, binding)).toMatchObject({ oneId: anna, evidence: { model: 'drawn-1' } });

    expect(await scene.enrol(newId(), 1, 'left')).toMatchObject({ outcome: 'known' });
    const anew = await scene.enrol(anna, 1, 'left', place);
    if (anew.outcome !== 'accepted') throw new Error(anew.outcome);
    expect(anew.modelVersion).toBe('drawn-2');
    const entry = { ...entryOf(anna, 'left', place, anew.sealed), modelVersion: 'drawn-2' };
    expect(await zone.palmEnrolled(entry)).toBe('matchable');
    expect(zone.ready()).toMatchObject({ palms: 1, modelVersions: ['drawn-2', 'drawn-1'] });
    const again = scene.bindingOf('pay');
    const second = ticketOf(await scene.identify({ person: 1 }, { binding: again }));
    expect(await zone.redeem(second, again)).toMatchObject({ oneId: anna, evidence: { model: 'drawn-2' } });
  });

  it('answers nothing about a palm of a version that it does not hold', async () => {
    const { drawn, zone } = await start();
    const place = newPlace(newId());
    const sealed = await drawn.vault.seal(place, drawnBytes(1, 'left'));
    const entry = { ...entryOf(newId(), 'left', place, sealed), modelVersion: 'drawn-9' };
    await expect(zone.palmEnrolled(entry)).rejects.toMatchObject({ name: 'NotNow' });
  });
});
