import { NotNow, type Recognition } from '#libs/recognition/port.ts';

type Told = (call: 'identify' | 'enrol', outcome: string, seconds: number) => void;

/** The zone, with what its two calls that read a palm took, and how they ended. */
export function timedRecognition(zone: Recognition, told: Told): Recognition {
  return {
    ...zone,
    enrol: (request) => timed('enrol', told, () => zone.enrol(request)),
    identify: (request) => timed('identify', told, () => zone.identify(request)),
  };
}

async function timed<Answer extends { readonly outcome: string }>(
  call: 'identify' | 'enrol',
  told: Told,
  run: () => Promise<Answer>,
): Promise<Answer> {
  const began = performance.now();
  const tell = (outcome: string): void => told(call, outcome, (performance.now() - began) / 1_000);
  try {
    const answer = await run();
    tell(answer.outcome);
    return answer;
  } catch (error) {
    tell(error instanceof NotNow ? 'not-now' : 'failed');
    throw error;
  }
}
