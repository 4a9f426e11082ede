import { afterAll, describe, expect, it } from '@jest/globals';
import { sealCapture } from '#libs/device-protocol/seal-capture.ts';
import { drawPalm } from '#libs/testing/palms/palm-picture.ts';
import { newId } from '#libs/runtime/ids.ts';
import { acceptedOf, picture, refused, sceneOf, ticketOf } from '../drawn-scene.ts';
import { drawnZone, entryOf, newPlace } from '../drawn-zone.ts';
import { startMatchingIndex } from '../matching/matching-index.ts';
import { CODE_BYTES, VECTOR_LENGTH } from '../palm/compare.ts';
import { MODEL_VERSION } from '../palm/model-version.ts';
import { palmReader } from '../palm/palm-reader.ts';
import { loadCalibration } from '../palm/threshold.ts';
import type { Recognition } from '../port.ts';
import { believedPolicy } from './believed-policy.ts';
import { startZone } from './zone.ts';

describe('a zone with the true reader, model and policy, in front of drawn palms', () => {
  const running: Recognition[] = [];
  afterAll(() => Promise.all(running.map((zone) => zone.close())));

  const start = async () => {
    const shape = { modelVersion: MODEL_VERSION, dimensions: VECTOR_LENGTH, codeBytes: CODE_BYTES };
    const policy = believedPolicy({
      calibrations: [loadCalibration()],
      falsePositiveIdentificationRate: 0.001,
      limitWithoutNearInfrared: { EUR: 5_000 },
    });
    const drawn = await drawnZone(policy);
    await drawn.parts.index.close();
    const index = startMatchingIndex({ shapes: [shape], deadlineMs: 10_000 });
    const models = [{ shape, reader: palmReader({ deadlineMs: 20_000 }) }] as const;
    const zone = startZone({ ...drawn.parts, index, models });
    running.push(zone);
    zone.passed(1n, true);
    const { bindingOf } = sceneOf(zone, drawn);
    const requestFor = async (bytes: Uint8Array, purpose: 'enrol' | 'pay') => {
      const key = await zone.captureKey();
      const binding = bindingOf(purpose);
      const capture = await sealCapture({ visible: Uint8Array.from(bytes) }, key, binding);
      const unsent = await drawn.till.request(key, picture({ person: 0 }), binding);
      return drawn.till.resend({ ...unsent, capture }, binding);
    };
    return { zone, requestFor };
  };

  it('knows a palm again in another picture, and nobody in the picture of another palm or of none', async () => {
    const { zone, requestFor } = await start();
    const palmOf = (person: string, capture: number) => drawPalm({ person, hand: 'left', capture });
    const enrol = async (person: string, oneId: string) => {
      const place = newPlace(oneId);
      const request = await requestFor(await palmOf(person, 1), 'enrol');
      const { sealed, modelVersion } = acceptedOf(await zone.enrol({ ...request, oneId, hand: 'left', place }));
      return zone.palmEnrolled({ ...entryOf(oneId, 'left', place, sealed), modelVersion });
    };
    const [anna, ben] = [newId(), newId()];
    expect([await enrol('anna', anna), await enrol('ben', ben)]).toEqual(['matchable', 'matchable']);

    const request = await requestFor(await palmOf('ben', 2), 'pay');
    const redeemed = await zone.redeem(ticketOf(await zone.identify(request)), request.binding);
    expect(redeemed).toMatchObject({ outcome: 'redeemed', oneId: ben, evidence: { model: MODEL_VERSION } });

    expect(await zone.identify(await requestFor(await palmOf('carl', 1), 'pay'))).toEqual({ outcome: 'nobody' });
    const noPicture = await requestFor(Buffer.from('no picture'), 'pay');
    expect(await zone.identify(noPicture)).toEqual(refused('unreadable'));
  });
});
