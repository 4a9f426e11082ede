import type { World } from '../world.ts';

/** One thing that is shown. Answers with its evidence in a few words; throws where it is not so. */
export interface Step {
  readonly title: string;
  run(world: World): Promise<string>;
}
